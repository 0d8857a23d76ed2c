"""Seats and ranks of those who have left the mairie that asked for them: it is told, and has five working days.

They are its seats: it names somebody else, or the seat goes to the next one. Nothing is taken from a session that has
begun.
"""

from datetime import date

from django.db.models import Exists, Max, OuterRef, QuerySet
from django.urls import reverse
from django.utils import timezone

from collectivites.models import Poste
from extranet.lib.francais import jour
from extranet.lib.jours_ouvres import working_day_after
from extranet.lib.typographie import space
from formations.models import Inscription
from formations.places.retraits import DEPART, desister
from formations.prevenir import mots
from formations.prevenir.nouvelles import ICONE
from formations.prevenir.personnes import keepers
from formations.prevenir.sortes import COMMUNE
from formations.refus import InscriptionRefusee
from notifications.envoi import notify

# Working days that the mairie has after the last day of the poste.
DELAI = 5


def follow() -> int:
    """Each day, by `veille`: tells once, gives back when the delay is over. Returns how many were given back."""
    given, today = 0, timezone.localdate()
    for one in left_behind():
        limit = working_day_after(one.depart or today, DELAI)
        if one.depart is None or limit < today:
            given += _give_back(one)
        elif one.is_held:
            _tell(one, limit)
    return given


def left_behind() -> QuerySet[Inscription]:
    """Requests to come of people who no longer work where they are for, each with `depart`, the last day there."""
    there = Poste.objects.filter(agent=OuterRef("agent"), collectivite=OuterRef("collectivite")).order_by()
    ahead = Inscription.objects.open().coming().filter(~Exists(there.not_ended()))
    last = there.values("agent").annotate(last=Max("date_fin")).values("last")
    return ahead.annotate(depart=last).for_list().order_by("pk")


def _give_back(one: Inscription) -> bool:
    """False when somebody has answered for it meanwhile, or the session has begun: its presences tell the rest."""
    try:
        desister(one, None, DEPART)
    except InscriptionRefusee:
        return False
    return True


def _tell(one: Inscription, limit: date) -> None:
    notify(
        keepers(one.collectivite),
        COMMUNE,
        space(f"{one.agent.nom_complet} n’est plus {one.collectivite.a_nom} : une place à reprendre"),
        texte=space(
            f"{mots.nom(one.session)}. Inscrivez un collègue à sa place jusqu’au {jour(limit)} ; "
            "elle va ensuite à la personne suivante."
        ),
        url=reverse("formations:inscription_remplacer", args=[one.pk]),
        action="Remplacer",
        icone=ICONE,
        collectivite=one.collectivite,
        objet=one.session,
        cle=f"place-depart-{one.pk}",
    )
