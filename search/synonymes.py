"""The synonyms in force, read again as soon as one has changed."""

from functools import lru_cache

from django.db.models import Count, Max

from search.analyse.synonymes import Synonymes
from search.models import Synonyme


def in_force() -> Synonymes:
    """One small query tells whether the table has changed; it is read again only then."""
    state = Synonyme.objects.aggregate(n=Count("pk"), last=Max("updated_at"), key=Max("pk"))
    return _table(tuple(state.values()))


@lru_cache(1)
def _table(_state: tuple) -> Synonymes:
    return Synonymes.of_lists((one.listed, one.sens_unique) for one in Synonyme.objects.order_by("pk"))
