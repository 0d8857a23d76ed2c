"""Lines of the history, written in the transaction of the act that they tell."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from formations.enums import Acte
from formations.models import Inscription, Mouvement, SessionFormation
from formations.places import ecritures

if TYPE_CHECKING:
    from collectivites.models import Agent


def line(
    acte: Acte,
    inscription: Inscription,
    auteur: "Agent | None",
    *,
    de: str = "",
    motif: str = "",
    **donnees: object,
) -> Mouvement:
    """What has happened to a seat; `de` is the state that it leaves."""
    return Mouvement(
        session_id=inscription.session_id,
        inscription=inscription,
        acte=acte,
        de=de,
        vers=inscription.statut,
        auteur=auteur,
        collectivite_id=inscription.collectivite_id,
        motif=motif,
        donnees=donnees,
    )


def session_line(
    acte: Acte, session: SessionFormation, auteur: "Agent | None", *, de: str = "", motif: str = "", **donnees: object
) -> Mouvement:
    return Mouvement(
        session=session, acte=acte, de=de, vers=session.statut, auteur=auteur, motif=motif, donnees=donnees
    )


def write(lines: Iterable[Mouvement]) -> None:
    ecritures.insert(list(lines))
