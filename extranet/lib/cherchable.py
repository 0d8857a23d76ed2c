"""What can be found by the search: an object that gives its own entry, written in the transaction of its `save()`."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django.apps import apps
from django.db import models, transaction

from extranet.lib.apports import Entree, contributions


def reindex(objets: Iterable["Cherchable"]) -> None:
    """Writes the entries of these objects anew: after a bulk write, or when what they say elsewhere has changed."""
    objets = list(objets)
    for index in contributions("indexer") if objets else ():
        index(objets)


def unindex(objets: Iterable["Cherchable"]) -> None:
    """Removes their entries, in the transaction that removes them."""
    objets = list(objets)
    for forget in contributions("desindexer"):
        forget(objets)


def all_models() -> list[type["Cherchable"]]:
    """The models whose objects have an entry, from the ground of the house to its top."""
    return [
        model
        for config in reversed(list(apps.get_app_configs()))
        for model in config.get_models()
        if issubclass(model, Cherchable)
    ]


class Nomme(models.Model):
    """Base of what is named in the entry of others: a poste in that of its agent. Put first among the bases.

    What bypasses `save()` and `delete()` (`bulk_create`, `update`, a many-to-many set afterwards) calls `reindex`.
    """

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        with transaction.atomic():
            super().save(*args, **kwargs)
            reindex(self.porteurs())

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        with transaction.atomic():
            bearers = list(self.porteurs())
            deleted = super().delete(*args, **kwargs)
            reindex(bearers)
            return deleted

    def porteurs(self) -> Iterable["Cherchable"]:
        """The objects whose entry names this one."""
        return ()


class Cherchable(Nomme):
    """Base of an object with an entry, written in the transaction of its `save()`, after its many-to-many rows, and
    removed by any deletion, that of a parent page or of a whole queryset too (`collectivites.indexation`).

    `genre` is the kind of its entries, unique to the model; `hors_entree` are fields that its entry says nothing of.
    """

    genre: ClassVar[str]
    hors_entree: ClassVar[frozenset[str]] = frozenset()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        with transaction.atomic():
            super().save(*args, **kwargs)
            written = kwargs.get("update_fields")
            if written is None:
                reindex([self])
            elif not self.hors_entree.issuperset(written):
                # What is in memory may not be what is stored: a draft saves some columns of its page, not the others.
                reindex(type(self).to_index().filter(pk=self.pk))

    @classmethod
    def to_index(cls) -> models.QuerySet:
        """The objects to index, with what their entries read beside them."""
        return cls._default_manager.all()

    def entree(self) -> Entree | None:
        """The entry of this object; None when it is not to be found at all."""
        raise TypeError(f"{type(self).__name__} does not say what the search is given of it")
