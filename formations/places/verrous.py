"""The locks of the seats, always in this order: sessions by key, then people by key.

Every act that changes a seat takes the lock of its session, and reads in the next statement: a count read in the
statement that locks is the one of before (READ COMMITTED).
"""

from collections.abc import Iterable
from contextlib import contextmanager
from typing import TYPE_CHECKING

from extranet.lib.contraintes import told_as
from extranet.lib.tour import tour
from formations.models import SessionFormation
from formations.places import ecritures
from formations.refus import GARDES, InscriptionRefusee

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def places() -> "Iterator[None]":
    """One act on seats, at its turn, as a whole; a guard of the database that it hits is a refusal in words."""
    with told_as(GARDES, InscriptionRefusee), tour():
        yield


def lock(pk: int) -> SessionFormation:
    """The session as it stands, until the end of the transaction."""
    return lock_all([pk])[pk]


def lock_all(pks: Iterable[int]) -> dict[int, SessionFormation]:
    """By key, in the order of the keys. Raises InscriptionRefusee when one of them is gone."""
    wanted = sorted(set(pks))
    found = ecritures.lock_sessions(wanted)
    if len(found) != len(wanted):
        raise InscriptionRefusee("Cette session n’existe plus.")
    return found


def lock_agents(pks: Iterable[int]) -> None:
    """After the sessions: two sessions on the same half-day would otherwise place one person twice."""
    ecritures.lock_agents(sorted(set(pks)))
