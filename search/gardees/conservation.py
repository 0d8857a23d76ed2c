"""What kept searches hold about a person, how it ends, and what becomes of it when two cards, or two communes,
are merged.
"""

from typing import TYPE_CHECKING
from urllib.parse import quote_plus

from django.db.models import Q, QuerySet

from extranet.lib.apports import Traitement
from search.gardees.listes import at_place, listes
from search.models import Nouveaute, RechercheGardee
from search.models.gardee import CRITERES

if TYPE_CHECKING:
    from collectivites.models import Agent, Collectivite

TRAITEMENT = Traitement(
    code="alertes",
    intitule="Recherches gardées et alertes",
    finalite="Retrouver ses filtres, et être prévenu·e de ce qui arrive dans ce que l’on suit.",
    base_legale="Mission d’intérêt public des collectivités (RGPD, art. 6.1.e)",
    personnes="Personnes ayant un compte",
    donnees=(
        "Le nom donné à la recherche, ses mots et ses filtres, la fréquence choisie, et ce qui a déjà été annoncé, "
        "pour ne pas le répéter."
    ),
    source="Les personnes qui gardent une recherche",
    destinataires="La personne seule",
    conservation="Jusqu’à ce qu’elle supprime sa recherche\u00a0; au plus tard, avec sa fiche.",
)


def held_about(agent: "Agent") -> dict[str, list[dict]]:
    """Ready for JSON. One query beside that of the lists."""
    kept = RechercheGardee.objects.filter(agent=agent).for_list()
    return {
        "recherches_gardees": [
            {
                "nom": one.nom,
                "liste": listes()[one.liste].libelle if one.liste in listes() else one.liste,
                "criteres": one.criteres,
                "frequence": one.get_frequence_display(),
                "gardee_le": one.created_at.isoformat(),
                "derniere_alerte": one.alertee_le.isoformat() if one.alertee_le else None,
            }
            for one in kept
        ]
    }


def erase(agent: "Agent") -> None:
    RechercheGardee.objects.filter(agent=agent).delete()


def merge(garde: "Agent", retire: "Agent") -> None:
    """The searches of `retire` become those of `garde`. Two that ask for the same thing become one, which knows what
    either has told; what `garde` chose wins.
    """
    own = {(one.liste, one.parametres): one for one in RechercheGardee.objects.filter(agent=garde)}
    for one in RechercheGardee.objects.filter(agent=retire):
        same = own.get((one.liste, one.parametres))
        if same is not None:
            _join(same, one)
    RechercheGardee.objects.filter(agent=retire).update(agent=garde)


def _join(same: RechercheGardee, one: RechercheGardee) -> None:
    told = same.nouveautes.values_list("cle", flat=True)
    one.nouveautes.exclude(cle__in=list(told)).update(recherche=same)
    if same.depart is not None:
        same.depart = sorted({*same.depart, *(one.depart or [])})
        same.save(update_fields=["depart"])
    one.delete()


def take_over(garde: "Collectivite", retiree: "Collectivite") -> None:
    """What was asked of `retiree` is asked of `garde`. Its alert begins again: what `garde` had already is no news."""
    for one in _naming(retiree):
        parametres = at_place(one, retiree, garde)
        if parametres == one.parametres:
            continue
        same = RechercheGardee.objects.filter(agent=one.agent_id, liste=one.liste, parametres=parametres).first()
        if same is not None:
            _join(same, one)
            continue
        one.parametres, one.depart, one.empechement = parametres, None, ""
        one.criteres = one.criteres.replace(retiree.nom, garde.nom)[:CRITERES]
        one.save(update_fields=["parametres", "depart", "empechement", "criteres"])


def _naming(*places: "Collectivite") -> QuerySet[RechercheGardee]:
    """Those whose parameters may name one of them; a name inside another word is there too."""
    asked = Q(pk__in=[])
    for place in places:
        for name in (place.slug, place.nom):
            asked |= Q(parametres__contains=quote_plus(name))
    return RechercheGardee.objects.filter(asked).order_by("pk")


def beside_places(garde: "Collectivite", retiree: "Collectivite") -> list[QuerySet]:
    """The searches that a merge of the two rewrites, or joins, and what they have told."""
    keys = list(_naming(garde, retiree).values_list("pk", flat=True))
    return [RechercheGardee.objects.filter(pk__in=keys), Nouveaute.objects.filter(recherche__in=keys)]


def beside(*agents: "Agent") -> list[QuerySet]:
    """What two searches made one have told."""
    return [Nouveaute.objects.filter(recherche__agent__in=agents)]
