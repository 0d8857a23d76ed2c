"""Lines of the history, written in the transaction of the act that they tell."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from formations.enums import Acte
from formations.models import Inscription, Mouvement, SessionFormation
from formations.places import ecritures, empreintes

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


def changed_line(session: SessionFormation, auteur: "Agent | None", changed: Mapping[str, object]) -> Mouvement:
    """What is about to be written of a session, by field: numbers and dates before and after, texts by their name."""
    names = {name: str(session._meta.get_field(name).verbose_name) for name in changed}
    values = {}
    for name, after in changed.items():
        both = getattr(session, name), after
        if any(isinstance(value, int | Decimal | date) for value in both):
            values[names[name]] = [empreintes.words(value) for value in both]
    return session_line(Acte.SESSION_MODIFIEE, session, auteur, champs=sorted(names.values()), valeurs=values)


def write(lines: Iterable[Mouvement]) -> None:
    ecritures.insert(list(lines))
