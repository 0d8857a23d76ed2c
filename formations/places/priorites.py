"""Who passes before the others in a waiting list: the organiser decides, and says why. Ranks do not change."""

from typing import TYPE_CHECKING

from extranet.lib.tour import rejoue
from formations.enums import Acte, StatutInscription
from formations.models import Inscription, SessionFormation
from formations.places import histoire
from formations.places.promotion import promote
from formations.places.retraits import reread
from formations.places.verrous import lock, places
from formations.refus import InscriptionRefusee

if TYPE_CHECKING:
    from collectivites.models import Agent


@rejoue
def donner(inscription: Inscription, auteur: "Agent", motif: str) -> Inscription:
    """Served before the others; between those who have priority, by rank. Takes no seat from anybody.

    Raises InscriptionRefusee without a reason, SessionChangee for whoever waits no more.
    """
    if not motif.strip():
        raise InscriptionRefusee("Dites pourquoi cette personne passe avant.")
    with places():
        session = lock(inscription.session_id)
        one = reread(inscription, (StatutInscription.ATTENTE,))
        give(session, [one], auteur, motif)
        return one


@rejoue
def retirer(inscription: Inscription, auteur: "Agent", motif: str) -> Inscription:
    """Back to the order of the ranks. Raises InscriptionRefusee without a reason, SessionChangee as above."""
    if not motif.strip():
        raise InscriptionRefusee("Dites pourquoi la priorité est retirée.")
    with places():
        session = lock(inscription.session_id)
        one = reread(inscription, (StatutInscription.ATTENTE,))
        _write(session, [one], auteur, motif, 0)
        return one


def give(session: SessionFormation, waiting: list[Inscription], auteur: "Agent | None", motif: str) -> None:
    """To several at once; the session is locked, and they wait for it."""
    _write(session, waiting, auteur, motif, 1)


def _write(
    session: SessionFormation, waiting: list[Inscription], auteur: "Agent | None", motif: str, priorite: int
) -> None:
    lines = []
    for one in waiting:
        one.priorite, one.priorite_motif = priorite, motif if priorite else ""
        one.save(update_fields=["priorite", "priorite_motif"])
        lines.append(histoire.line(Acte.PRIORITE, one, auteur, de=one.statut, motif=motif, priorite=priorite))
    histoire.write(lines)
    promote(session)
