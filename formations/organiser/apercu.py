"""What dates would do, before they are fixed: who would have a seat, who is taken elsewhere, who would wait."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from formations.models import DemiJourneePrise, Inscription, SessionFormation
from formations.places.en_poste import in_office

if TYPE_CHECKING:
    from formations.places.dates import Horaire


@dataclass(frozen=True)
class Prise:
    """Somebody who follows another training on one of these half-days."""

    inscription: Inscription
    titre: str


@dataclass
class Apercu:
    """`bloquent` hold a seat already and forbid these dates; `ailleurs` wait, and keep their rank."""

    placees: list[Inscription] = field(default_factory=list)
    attendent: list[Inscription] = field(default_factory=list)
    ailleurs: list[Prise] = field(default_factory=list)
    bloquent: list[Prise] = field(default_factory=list)


def preview(session: SessionFormation, horaires: "Sequence[Horaire]") -> Apercu:
    """Nothing is written nor locked: what is fixed afterwards decides. Five queries."""
    rows = session.inscriptions.select_related("agent", "collectivite")
    seats, waiting, found = list(rows.placed().order_by("pk")), list(rows.waiting()), Apercu()
    taken = _taken(session, horaires, [one.agent_id for one in (*seats, *waiting)])
    found.bloquent = [Prise(one, taken[one.agent_id]) for one in seats if one.agent_id in taken]
    here = set(in_office(waiting))
    held = {row.collectivite_id: row.occupees for row in session.communes.all()}
    left, quota = session.libres, None if session.quotas_leves else session.quota_commune
    for one in waiting:
        if one.agent_id in taken:
            found.ailleurs.append(Prise(one, taken[one.agent_id]))
        elif one in here and left > 0 and (quota is None or held.get(one.collectivite_id, 0) < quota):
            found.placees.append(one)
            held[one.collectivite_id] = held.get(one.collectivite_id, 0) + 1
            left -= 1
        else:
            found.attendent.append(one)
    return found


def _taken(session: SessionFormation, horaires: "Sequence[Horaire]", agents: list[int]) -> dict[int, str]:
    rows = DemiJourneePrise.objects.filter(demi_journee__in=[one.demi.index for one in horaires], agent__in=agents)
    return dict(
        rows.exclude(inscription__session=session).values_list("agent", "inscription__session__formation__title")
    )
