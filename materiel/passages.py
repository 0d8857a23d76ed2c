"""How a loan goes from a state to another: locked, checked against what was read, written in the journal."""

from typing import TYPE_CHECKING

from django.utils import timezone

from collectivites.journal import record
from extranet.lib.francais import moment
from materiel.enums import EN_ATTENTE, Cote, StatutPret, StatutProposition
from materiel.models import Engagement, Message, Pret
from materiel.pourvus import tell_need
from materiel.refus import PretRefuse
from materiel.registre import now_index, release

if TYPE_CHECKING:
    from collectivites.models import Agent, Collectivite

DESSUS = "materiel__page", "materiel__collectivite", "materiel__categorie", "preteur", "emprunteur", "demandeur"


class PretChange(PretRefuse):
    """The loan is no longer what was on the screen."""


def locked(pret: Pret) -> Pret:
    """The loan as it stands, until the end of the transaction: always before the ledger."""
    return Pret.objects.select_for_update(of=("self",)).select_related(*DESSUS).get(pk=pret.pk)


def stamp(pret: Pret) -> str:
    """What somebody who answers has read: sent back by the form, so that an old tab answers nothing new."""
    words = (pret.statut, f"{pret.statut_le:%y%m%d%H%M%S%f}", pret.materiel_id, pret.quantite)
    return ".".join(str(word) for word in (*words, pret.debut.index, pret.fin.index))


def expect(pret: Pret, statuts: tuple[StatutPret, ...], vu: str = "") -> None:
    """Raises PretChange when it is in another state, or no longer as it was read."""
    if pret.statut not in statuts:
        raise PretChange(
            f"Le prêt n° {pret.numero} est « {pret.get_statut_display()} » ({moment(pret.statut_le)}) : "
            "ceci ne s’y applique plus. Relisez-le."
        )
    if vu and vu != stamp(pret):
        raise PretChange(
            f"Le prêt n° {pret.numero} a changé depuis que vous avez ouvert cette page. Rien n’est fait : relisez-le."
        )


def move(
    pret: Pret, statut: StatutPret, acte: str, agent: "Agent | None", cote: Cote | None = None, **donnees: object
) -> None:
    """Saves the whole loan in its new state: the only way to another one. What was proposed of it before it was handed
    over, given back or ended is void then.
    """
    if statut != pret.statut and statut not in EN_ATTENTE:
        void_proposals(pret)
    pret.statut, pret.statut_le = statut, timezone.now()
    pret.save()
    if pret.besoin_id:
        tell_need(pret.besoin_id)
    note(pret, acte, agent, cote, **donnees)


def note(
    pret: Pret, acte: str, agent: "Agent | None", cote: Cote | None = None, *, mot: str = "", **donnees: object
) -> None:
    """A line of the journal, which is one of the thread too; the word that goes with it is a message."""
    if mot and agent is not None:
        Message.objects.create(pret=pret, auteur=agent, cote=cote or "", texte=mot)
    record(f"pret.{acte}", pret, agent=agent, collectivite=place_of(pret, cote), **donnees)


def place_of(pret: Pret, cote: Cote | None) -> "Collectivite | None":
    return {Cote.PRETEUR: pret.preteur, Cote.EMPRUNTEUR: pret.emprunteur}.get(cote)


def side_of(pret: Pret, agent: "Agent | None") -> Cote | None:
    """For whom an act is done: gestionnaires first, since one may work on both sides; None for what acts by itself."""
    if agent is None:
        return None
    if agent.manages(pret.preteur):
        return Cote.PRETEUR
    return Cote.EMPRUNTEUR if agent.manages(pret.emprunteur) else pret.cote_of(agent)


def held(pret: Pret) -> Engagement | None:
    """What the loan takes from now on: its last engagement, once a part was given back."""
    return pret.engagements.held().order_by("-fin", "-pk").first()


def let_go(pret: Pret) -> list[tuple[Engagement, int, int]]:
    """Gives back all that the loan takes. Returns what is free again, to be offered to those who wait."""
    freed = []
    for engagement in pret.engagements.held().select_related("materiel"):
        freed.append((engagement, max(engagement.debut, now_index()), engagement.fin))
        release(engagement)
    return freed


def void_proposals(pret: Pret, statut: StatutProposition = StatutProposition.CADUQUE) -> int:
    return pret.propositions.filter(statut=StatutProposition.EN_ATTENTE).update(statut=statut)
