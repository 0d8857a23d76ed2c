"""What the search brings to the other apps, to the commands and to `veille`."""

from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from extranet.lib.apports import Echeance
from search import frequences
from search.indexation import desindexer, indexer, refill
from search.models import SearchEntry
from search.synonymes import deliver
from search.vocabulaire import learn, recount

if TYPE_CHECKING:
    from collectivites.demo import Monde

__all__ = ["demo", "desindexer", "echeances", "indexer", "installer"]

PAS = timedelta(minutes=5)


def installer() -> None:
    """Synonyms never given before; an index that is empty is filled, when the search comes to an older installation."""
    deliver()
    if not SearchEntry.objects.exists():
        refresh()


def demo(monde: "Monde") -> None:
    """The ground floor writes its people in bulk; what comes after writes its own entries."""
    refresh()


def echeances() -> list[Echeance]:
    return [
        Echeance("mots-nouveaux", learn_recent, every=PAS),
        Echeance("index-de-la-nuit", refresh, heure="3:40"),
        Echeance("recherches-anciennes", frequences.purge, heure="3:25"),
    ]


def learn_recent() -> int:
    return learn(timezone.now() - 3 * PAS)


def refresh() -> int:
    """Each object gives its entry again, since time alone changes some: a poste begins, a name changes elsewhere."""
    for _done in refill():
        pass
    return recount()
