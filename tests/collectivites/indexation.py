"""Many objects made for a test, and their entries written once: half of what making them takes."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from unittest.mock import patch

from extranet.lib.cherchable import Cherchable, reindex


@contextmanager
def indexed_at_once() -> Iterator[None]:
    """Entries are written at the end of the block, from the rows as they are then."""
    wanted: dict[type[Cherchable], set[int]] = {}

    def note(objets: Iterable[Cherchable]) -> None:
        for one in objets:
            wanted.setdefault(type(one), set()).add(one.pk)

    with patch("extranet.lib.cherchable.reindex", note):
        yield
    for model, keys in wanted.items():
        reindex(model.to_index().filter(pk__in=keys))
