"""The things that notifications tell about, read through the only gate when a mail leaves."""

from collections import defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.apps import apps
from django.db import models

if TYPE_CHECKING:
    from collectivites.models import Agent

Reference = tuple[str, str]


def reference(objet: models.Model) -> Reference:
    """Its label and id. Raises TypeError for a model without gate: what cannot be asked must not be told."""
    if not hasattr(type(objet)._default_manager, "visible_to"):
        raise TypeError(f"{objet._meta.label} n’a pas de visible_to.")
    return objet._meta.label_lower, str(objet.pk)


def readable(references: Iterable[Reference], agent: "Agent") -> dict[Reference, models.Model]:
    """Those that `agent` may still see, published ones only for pages; by `open_to` where a model has it, which adds
    those who look after the thing. One query per model.
    """
    ids = defaultdict(set)
    for label, pk in references:
        ids[label].add(pk)
    found = {}
    for label, pks in ids.items():
        try:
            model = apps.get_model(label)
        except LookupError:
            continue
        things = model._default_manager
        gate = things.open_to if hasattr(things, "open_to") else things.visible_to
        queryset = gate(agent).filter(pk__in=pks)
        if hasattr(queryset, "live"):
            queryset = queryset.live()
        found.update({(label, str(objet.pk)): objet for objet in queryset})
    return found
