"""What stands around a seat, read in one statement once the locks are held."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import connection
from django.utils import timezone

from formations.enums import ACTIVES, ATTENDUES, StatutInscription
from formations.models import SessionFormation

_ACTIVES = ", ".join(f"'{one.value}'" for one in ACTIVES)


@dataclass
class Situation:
    """Of some people in a session: who is in it already, who is taken elsewhere, what their communes hold."""

    deja: dict[int, str] = field(default_factory=dict)  # agent → state
    pris: dict[int, int] = field(default_factory=dict)  # agent → another session, on the same half-day
    double: dict[int, int] = field(default_factory=dict)  # agent → another session of the training, with a seat to come
    communes: dict[int, tuple[int | None, int]] = field(default_factory=dict)  # collectivité → quota, seats held
    attendent: bool = False

    def _held(self, session: SessionFormation, collectivite: int) -> tuple[int | None, int]:
        """Quota and seats of the commune; without a row yet, the quota of the session."""
        return self.communes.get(collectivite) or (None if session.quotas_leves else session.quota_commune, 0)

    def quota_of(self, session: SessionFormation, collectivite: int) -> int | None:
        return self._held(session, collectivite)[0]

    def room_for(self, session: SessionFormation, collectivite: int) -> bool:
        """Under the quota of the commune."""
        quota, held = self._held(session, collectivite)
        return quota is None or held < quota

    def place(self, session: SessionFormation, collectivite: int) -> None:
        """One more seat, as the triggers have just counted it."""
        quota, held = self._held(session, collectivite)
        self.communes[collectivite] = (quota, held + 1)
        session.occupees += 1


def read(session: SessionFormation, agents: Iterable[int]) -> Situation:
    people = list(agents)
    marks = ", ".join(["%s"] * len(people)) or "NULL"
    sql = f"""
        SELECT 1, i.agent_id, i.session_id, 0, i.statut FROM formations_inscription i
            JOIN formations_sessionformation o ON o.id = i.session_id
            WHERE i.agent_id IN ({marks}) AND i.statut IN ({_ACTIVES})
            AND o.formation_id = %s AND (o.id = %s OR o.date_fin >= %s)
        UNION ALL SELECT 2, p.agent_id, i.session_id, 0, '' FROM formations_creneau c
            JOIN formations_demijourneeprise p ON p.demi_journee = c.demi_journee
            JOIN formations_inscription i ON i.id = p.inscription_id
            WHERE c.session_id = %s AND i.session_id <> %s AND p.agent_id IN ({marks})
        UNION ALL SELECT 3, collectivite_id, quota, occupees, '' FROM formations_sessioncommune WHERE session_id = %s
        UNION ALL SELECT 4, 0, 0, 0, '' WHERE EXISTS (SELECT 1 FROM formations_inscription
            WHERE session_id = %s AND statut = '{StatutInscription.ATTENTE.value}')
    """  # noqa: S608 - marks and our own states
    pk, found = session.pk, Situation()
    today = connection.ops.adapt_datefield_value(timezone.localdate())
    with connection.cursor() as cursor:
        cursor.execute(sql, [*people, session.formation_id, pk, today, pk, pk, *people, pk, pk])
        for kind, key, first, second, word in cursor.fetchall():
            match kind:
                case 1 if first == pk:
                    found.deja[key] = word
                case 1 if word in ATTENDUES:
                    found.double[key] = first
                case 2:
                    found.pris[key] = first
                case 3:
                    found.communes[key] = (first, second)
                case 4:
                    found.attendent = True
    return found
