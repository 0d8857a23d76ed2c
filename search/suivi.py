"""What the page tells of a search once it is shown: that it was done, and that a result was followed.

A read writes nothing: the page sends it by itself. What it may say is signed when the page is made, for one person,
and counts once.
"""

from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

from django.core import signing
from django.core.cache import cache

SALT = "search.suivi"
LIFETIME = timedelta(hours=12)


@dataclass(frozen=True)
class Suivi:
    """A search that was shown: what was asked, and how many results it gave."""

    cle: str
    requete: str
    total: int
    agent: int

    def sign(self) -> str:
        return signing.dumps([self.cle, self.requete, self.total, self.agent], salt=SALT)

    def first_time(self, act: str) -> bool:
        """True once per page shown and per act: a page sent again counts no more."""
        return cache.add(f"{SALT}.{act}.{self.cle}", 1, timeout=LIFETIME.total_seconds())


def shown(requete: str, total: int, agent: int) -> Suivi:
    return Suivi(uuid4().hex, requete, total, agent)


def read(value: str, agent: int) -> Suivi | None:
    """None for what we did not sign, for this person, these last hours."""
    try:
        suivi = Suivi(*signing.loads(value or "", salt=SALT, max_age=LIFETIME))
    except (signing.BadSignature, TypeError, ValueError):
        return None
    return suivi if suivi.agent == agent else None
