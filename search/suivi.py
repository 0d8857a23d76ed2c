"""What the page tells of a search once it is shown: that it was done, and that a result was followed.

A read writes nothing: the page sends it by itself. What it may say is signed when the page is made, for one person,
and counts once.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

from django.core import signing
from django.core.cache import cache

if TYPE_CHECKING:
    from search.chercher import Reponse

SALT = "search.suivi"
LIFETIME = timedelta(hours=12)


@dataclass(frozen=True)
class Suivi:
    """A search that was shown: what was typed, and how many results hold all of it."""

    cle: str
    requete: str
    total: int
    agent: int

    def sign(self) -> str:
        return signing.dumps([self.cle, self.requete, self.total, self.agent], salt=SALT)

    def first_time(self, act: str) -> bool:
        """True once per page shown and per act: a page sent again counts no more."""
        return cache.add(f"{SALT}.{act}.{self.cle}", 1, timeout=LIFETIME.total_seconds())


def jeton(reponse: "Reponse", total: int, agent: int) -> str:
    """What a page may tell of the search that it shows, with `total` results; empty when no word was asked."""
    if not reponse.requete.demandees:
        return ""
    return Suivi(uuid4().hex, typed(reponse), answers(reponse, total), agent).sign()


def typed(reponse: "Reponse") -> str:
    """The words as they were typed, rather than the other spelling that was run in their place."""
    return reponse.corrigee_de or reponse.requete.texte


def answers(reponse: "Reponse", total: int) -> int:
    """How many answers what was typed has: another spelling is none, most of the words is none, pinned results are."""
    if reponse.corrigee_de:
        return 0
    return (0 if reponse.relachee else total) or len(reponse.epingles)


def read(value: str, agent: int) -> Suivi | None:
    """None for what we did not sign, for this person, these last hours."""
    try:
        suivi = Suivi(*signing.loads(value or "", salt=SALT, max_age=LIFETIME))
    except (signing.BadSignature, TypeError, ValueError):
        return None
    return suivi if suivi.agent == agent else None
