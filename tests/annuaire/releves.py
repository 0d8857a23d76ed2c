"""All that the database holds, to be compared; and its rows, given to one of two at random."""

import random
from collections.abc import Container

from django.apps import apps
from django.db import IntegrityError, models, transaction

from collectivites.reprises import _rows_of, foreign_keys
from extranet.lib.cherchable import all_models, reindex
from search.models import SearchEntry

# What a merge may add, or what follows the rest.
ASIDE = {"collectivites.entreejournal", "notifications.courriel", "wagtailcore.referenceindex"}
# The history of the sessions, and what the triggers write of the seats: tests/formations/test_reunions.py.
ASIDE |= {"formations.mouvement", "formations.demijourneeprise", "formations.sessioncommune"}
OURS = ("annuaire", "collectivites", "formations", "home", "materiel", "notifications")
OURS += ("ressources", "search", "wagtailcore")


def everything() -> dict:
    """Every row of every app, as plain values."""
    shown = [m for m in apps.get_models(include_auto_created=True) if m._meta.app_label in OURS and m._meta.managed]
    return _rows_of(m._base_manager.all() for m in shown if m._meta.label_lower not in ASIDE and not search_row(m))


def search_row(model: type[models.Model]) -> bool:
    """Entries are written again each time, under another key; they are compared by what they say."""
    return model._meta.app_label == "search" and model._meta.model_name != "questionrecherche"


def entries() -> set[tuple]:
    return set(SearchEntry.objects.values_list("kind", "objet", "titre", "detail", "url"))


def refresh() -> None:
    """The search, after rows have moved under it."""
    for model in all_models():
        reindex(model.to_index())


def scatter(garde: models.Model, retire: models.Model, dice: random.Random, left: Container[str] = ()) -> int:
    """Rows of every app take one of the two, at random, wherever the database lets them."""
    done = 0
    for label, field in foreign_keys(type(garde)):
        if f"{label}.{field.name}" in left:
            continue
        for pk in field.model._base_manager.values_list("pk", flat=True)[:20]:
            if dice.random() < 0.6:
                try:
                    with transaction.atomic():
                        one = dice.choice((garde, retire))
                        done += field.model._base_manager.filter(pk=pk).update(**{field.attname: one.pk})
                except IntegrityError:
                    continue
    return done
