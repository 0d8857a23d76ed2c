"""What a merge has moved, row by row, so that it can be put back.

The rows that may move are read before and after; what differs is kept as plain values. Undoing gives each field its
former value if it still has the one that the merge gave it: what somebody has changed since stays as they left it.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import IntegrityError, models, transaction
from django.db.models import ForeignKey, Q
from wagtail.fields import StreamField
from wagtail.models import Page, ReferenceIndex

from extranet.lib.cherchable import Cherchable, Nomme, reindex

Row = dict[str, Any]
Key = tuple[str, Any]


@dataclass(frozen=True)
class Bilan:
    """What undoing has put back, and what it has left, since somebody had changed it."""

    remises: int
    laissees: int


class Releve:
    """The rows of some querysets before an act; `differences()` after it."""

    def __init__(self, watched: Callable[[], Iterable[models.QuerySet]]) -> None:
        self.watched = watched
        self.before = _rows_of(watched())

    def differences(self) -> list[dict[str, Any]]:
        """Ready for JSON: what changed, went or came. Empty values are kept: they are put back too."""
        after = _rows_of(self.watched())
        gone = [key for key in self.before if key not in after]
        after |= _rows_of(_by_key(gone))
        changes = [_difference(key, self.before.get(key), after.get(key)) for key in self.before | after]
        return [change for change in changes if change]


def naming(model: type[models.Model], pks: Iterable[int], *, but: Iterable[str] = ()) -> list[models.QuerySet]:
    """The rows of every app with a foreign key to one of these; `but` are « app.model.field » left alone."""
    pks, skipped, by_model = list(pks), set(but), {}
    for label, field in foreign_keys(model):
        if f"{label}.{field.name}" not in skipped:
            asked = by_model.setdefault(field.model, [Q()])
            asked[0] |= Q(**{f"{field.name}__in": pks})
    return [one._base_manager.filter(asked) for one, (asked,) in by_model.items()]


def foreign_keys(model: type[models.Model]) -> list[tuple[str, ForeignKey]]:
    """Every column that names a row of `model`: foreign keys, one-to-one, tables of many-to-many."""
    relations = model._meta.get_fields(include_hidden=True)
    fields = [one.field for one in relations if one.auto_created and not one.concrete and one.field.concrete]
    return [(field.model._meta.label_lower, field) for field in fields if isinstance(field, ForeignKey)]


@transaction.atomic
def undo(changes: list[dict[str, Any]]) -> Bilan:
    """Puts back what has not changed since. A value that is taken meanwhile is left, and counted."""
    waiting, left = list(changes), 0
    while waiting:
        refused = []
        for change in waiting:
            try:
                with transaction.atomic():
                    left += _put_back(change)
            except IntegrityError:
                # Another row of the list may hold the place: it goes first.
                refused.append(change)
        if len(refused) == len(waiting):
            left += len(refused)
            break
        waiting = refused
    follow(changes)
    return Bilan(len(changes) - left, left)


def _put_back(change: dict[str, Any]) -> bool:
    """True when part of it was left as it is now."""
    model = apps.get_model(change["modele"])
    before, after = change["avant"], change["apres"]
    rows = model._base_manager.filter(pk=change["cle"])
    now = next(iter(_rows_of([rows]).values()), None)
    if after is None:
        if now is not None or not _parents_are_there(model, before):
            return True
        _insert(model, before)
        return False
    if now is None:
        return before is not None
    if before is None:
        untouched = now == after
        if untouched:
            rows.delete()
        return not untouched
    same = {name: value for name, value in before.items() if now[name] == after[name]}
    if same:
        rows.update(**{name: _field(model, name).to_python(value) for name, value in same.items()})
    return len(same) < len(before)


def _insert(model: type[models.Model], row: Row) -> None:
    """As it was, its date of creation too: a raw save writes no value of its own."""
    model(**{name: _field(model, name).to_python(value) for name, value in row.items()}).save_base(
        raw=True, force_insert=True
    )


def _parents_are_there(model: type[models.Model], row: Row) -> bool:
    return all(
        row[field.attname] is None
        or field.related_model._base_manager.filter(**{field.target_field.attname: row[field.attname]}).exists()
        for field in model._meta.local_concrete_fields
        if isinstance(field, ForeignKey)
    )


def _rows_of(querysets: Iterable[models.QuerySet]) -> dict[Key, Row]:
    found: dict[Key, Row] = {}
    for rows in querysets:
        model = rows.model
        # `comptes_par_la_base`: what triggers count from other rows follows those that are put back.
        counted = getattr(model, "comptes_par_la_base", frozenset())
        fields = [f for f in model._meta.local_concrete_fields if not isinstance(f, StreamField)]
        names = [f.attname for f in fields if f.name not in counted]
        pk = model._meta.pk.attname
        for values in rows.order_by().values(*names):
            row = {name: _plain(value) for name, value in values.items()}
            found[model._meta.label_lower, row[pk]] = row
    return found


def _by_key(keys: Iterable[Key]) -> list[models.QuerySet]:
    by_model: dict[str, list] = {}
    for label, pk in keys:
        by_model.setdefault(label, []).append(pk)
    return [apps.get_model(label)._base_manager.filter(pk__in=pks) for label, pks in by_model.items()]


def _difference(key: Key, before: Row | None, after: Row | None) -> dict[str, Any] | None:
    if before == after:
        return None
    if before and after:
        names = [name for name in before if before[name] != after[name]]
        before, after = ({name: row[name] for name in names} for row in (before, after))
    return {"modele": key[0], "cle": key[1], "avant": before, "apres": after}


def _plain(value: Any) -> Any:
    """As JSON holds it, to the last microsecond."""
    match value:
        case datetime() | date() | time():
            return value.isoformat()
        case Decimal() | UUID():
            return str(value)
    return value


def _field(model: type[models.Model], attname: str) -> models.Field:
    return next(field for field in model._meta.local_concrete_fields if field.attname == attname)


def follow(changes: list[dict[str, Any]]) -> None:
    """What is written beside these rows, and that a bulk write forgets: the search, and Wagtail's « used by »."""
    by_model: dict[str, list] = {}
    for change in changes:
        by_model.setdefault(change["modele"], []).append(change["cle"])
    for label, pks in by_model.items():
        model = apps.get_model(label)
        rows = model._base_manager.filter(pk__in=pks)
        if issubclass(model, Cherchable):
            reindex(model.to_index().filter(pk__in=pks))
        elif issubclass(model, Nomme):
            # By kind too: the bearers of one row are not all of one model.
            bearers = {(type(one), one.pk): one for row in rows for one in row.porteurs()}
            reindex(bearers.values())
        if not (model._meta.auto_created or issubclass(model, Page)) and ReferenceIndex.model_is_indexable(model):
            for row in rows:
                ReferenceIndex.create_or_update_for_object(row)
