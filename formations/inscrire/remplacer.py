"""A colleague in place of somebody: who can, who cannot and why; then the swap, with the visa that it needs."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied

from collectivites.models import Agent, Habilitation
from extranet.lib.francais import jour
from extranet.lib.pliage import Fold
from formations.enums import StatutInscription
from formations.inscrire.regles import PAS_LIBRE, RETENU, Empechement, obstacles, policies, visa_for
from formations.models import Inscription
from formations.permissions import REGLES, can_book_for, can_replace
from formations.places.remplacement import remplacer as swap
from formations.refus import InscriptionRefusee

# All that a colleague of the same commune, who does not keep their cards, is told as it is: a fonction is in the
# annuaire. Of anything else they learn that it prevents, and no more.
DITS = {"public"}
DISCRETS = {"elsewhere": PAS_LIBRE}


@dataclass
class Collegue:
    """Somebody of the same commune. `attend`: the reader may know that they are on the waiting list, which the swap
    takes them from.
    """

    agent: Agent
    fonction: str
    titre: str = ""
    attend: bool = False
    pourquoi: str = ""


def colleagues(inscription: Inscription, lecteur: Agent) -> list[Collegue]:
    """Those who can first, by the nearest end of the title that the training gives. A bounded number of queries."""
    session, place = inscription.session, inscription.collectivite
    people = list(Agent.objects.of(place).exclude(pk=inscription.agent_id).order_by(Fold("nom"), Fold("prenom")))
    known = obstacles(session, people, lecteur)
    waiting = session.inscriptions.filter(statut=StatutInscription.ATTENTE, agent__in=people)
    waits, keeps = set(waiting.values_list("agent", flat=True)), can_book_for(lecteur, place)
    ends = _ends(inscription, people) if keeps else {}
    postes = {poste.agent_id: poste for poste in place.postes.in_force().select_related("fonction").order_by("-pk")}
    found = [
        Collegue(
            one,
            postes[one.pk].libelle if one.pk in postes else "",
            f"titre valable jusqu’au {jour(ends[one.pk])}" if one.pk in ends else "",
            keeps and one.pk in waits,
            why_not(known.get(one.pk, []), waits=one.pk in waits, discreet=not keeps),
        )
        for one in people
    ]
    far = max(ends.values(), default=None)
    return sorted(found, key=lambda one: (bool(one.pourquoi), one.agent.pk not in ends, ends.get(one.agent.pk, far)))


def why_not(known: list[Empechement], *, waits: bool, discreet: bool) -> str:
    kept = [one for one in known if not (waits and one.code == "already")]
    said = [DISCRETS.get(one.code, RETENU) if discreet and one.code not in DITS else one.phrase for one in kept]
    return " ".join(dict.fromkeys(said))


def _ends(inscription: Inscription, people: list[Agent]) -> dict:
    kind = inscription.session.formation.titre_delivre_id
    held = Habilitation.objects.filter(type=kind, agent__in=people).exclude(valable_jusqu_au=None)
    return dict(held.order_by("valable_jusqu_au").values_list("agent", "valable_jusqu_au")) if kind else {}


def replace(inscription: Inscription, colleague: Agent, auteur: Agent, motif: str = "") -> Inscription:
    """The seat goes to `colleague`. Raises PermissionDenied with the rule, InscriptionRefusee with what prevents it."""
    place = inscription.collectivite
    if not can_replace(auteur, inscription) or not Agent.objects.of(place).filter(pk=colleague.pk).exists():
        raise PermissionDenied(REGLES["remplacer"])
    waits = inscription.session.inscriptions.filter(statut=StatutInscription.ATTENTE, agent=colleague).exists()
    known = obstacles(inscription.session, [colleague], auteur).get(colleague.pk, [])
    if why := why_not(known, waits=waits, discreet=not can_book_for(auteur, place)):
        raise InscriptionRefusee(f"{colleague.nom_complet} ne peut pas prendre cette place. {why}")
    visa = visa_for(auteur, colleague, place, policies([place]))
    return swap(inscription, colleague, auteur, visa, motif)
