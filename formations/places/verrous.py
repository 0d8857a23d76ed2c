"""The locks of the seats, always in this order: sessions by key, then people by key.

Every act that changes a seat takes the lock of its session, and reads in the next statement: a count read in the
statement that locks is the one of before (READ COMMITTED).
"""

from collections.abc import Iterable
from contextlib import contextmanager
from typing import TYPE_CHECKING

from collectivites.models import Agent
from extranet.lib.contraintes import refuse_on
from extranet.lib.tour import tour
from formations.models import SessionFormation
from formations.refus import GARDES, InscriptionRefusee

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def places() -> "Iterator[None]":
    """One act on seats, at its turn, as a whole; a guard of the database that it hits is a refusal in words."""
    with tour(), refuse_on(GARDES, InscriptionRefusee):
        yield


def lock(pk: int) -> SessionFormation:
    """The session as it stands, until the end of the transaction."""
    return lock_all([pk])[pk]


def lock_all(pks: Iterable[int]) -> dict[int, SessionFormation]:
    """By key, in the order of the keys. Raises InscriptionRefusee when one of them is gone."""
    wanted = sorted(set(pks))
    rows = SessionFormation.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=wanted).order_by("pk")
    found = {session.pk: session for session in rows}
    if len(found) != len(wanted):
        raise InscriptionRefusee("Cette session n’existe plus.")
    return found


def lock_agents(pks: Iterable[int]) -> None:
    """After the sessions: two sessions on the same half-day would otherwise place one person twice."""
    rows = Agent.objects.select_for_update(no_key=True).filter(pk__in=sorted(set(pks))).order_by("pk")
    list(rows.values_list("pk", flat=True))
