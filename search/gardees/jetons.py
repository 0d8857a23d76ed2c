"""The addresses of a mail that stop an alert, or all those of a person, without login: the signature is the right.

They can do nothing else, and the page asks once more: a mailbox that follows links stops nothing.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.core import signing
from django.db.models import QuerySet

from search.models import RechercheGardee

SALT = "search.gardees"
# The mail is read late, or found again: long enough for both.
DUREE = timedelta(days=365)


@dataclass(frozen=True)
class Arret:
    """What an address stops: one kept search, or all those of an agent."""

    recherche: int | None = None
    agent: int | None = None

    def sign(self) -> str:
        return signing.dumps([self.recherche, self.agent], salt=SALT)

    @property
    def recherches(self) -> QuerySet[RechercheGardee]:
        kept = RechercheGardee.objects.for_list()
        return kept.filter(pk=self.recherche) if self.recherche else kept.filter(agent=self.agent)


def read(jeton: str) -> Arret | None:
    """None for what we did not sign. Raises SignatureExpired past DUREE."""
    try:
        recherche, agent = signing.loads(jeton, salt=SALT, max_age=DUREE)
    except signing.SignatureExpired:
        raise
    except (signing.BadSignature, TypeError, ValueError):
        return None
    return Arret(recherche, agent)
