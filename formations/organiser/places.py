"""The seats of a session as its organiser reads them: taken, held, free; those of each commune."""

from dataclasses import dataclass

from extranet.lib.pliage import Fold
from formations.enums import ATTENDUES, StatutInscription
from formations.models import Inscription, SessionFormation


@dataclass(frozen=True)
class Part:
    """The seats of a commune, against its quota if there is one."""

    collectivite: object
    occupees: int
    quota: int | None

    @property
    def atteint(self) -> bool:
        return self.quota is not None and self.occupees >= self.quota


@dataclass(frozen=True)
class Places:
    """`confirmees` and `tenues` are what is taken; `autres` communes have a single seat each."""

    session: SessionFormation
    confirmees: int
    tenues: int
    parts: list[Part]
    autres: int

    @property
    def prises(self) -> int:
        return self.session.occupees

    @property
    def manque(self) -> int:
        return max(0, self.session.minimum - self.session.occupees)


def places_of(session: SessionFormation, inscriptions: list[Inscription]) -> Places:
    """One query more, for the communes. Those with one seat are counted together when there are several."""
    held = sum(one.statut in (StatutInscription.TENUE, StatutInscription.OFFERTE) for one in inscriptions)
    rows = session.communes.filter(occupees__gt=0).select_related("collectivite")
    parts = [
        Part(row.collectivite, row.occupees, row.quota) for row in rows.order_by("-occupees", Fold("collectivite__nom"))
    ]
    single = [part for part in parts if part.occupees == 1 and not part.atteint]
    if len(single) < 3:
        single = []
    shown = [part for part in parts if part not in single]
    return Places(session, session.occupees - held, held, shown, len(single))


def expected(inscriptions: list[Inscription]) -> list[Inscription]:
    return [one for one in inscriptions if one.statut in ATTENDUES]
