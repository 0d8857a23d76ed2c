"""Reference lists that every territory starts with: fonctions, roles, themes, kinds of habilitation, groups of rights.

They are read from `collectivites/data/`. A territory edits them afterwards: what exists is never changed.
"""

import csv
from collections.abc import Iterator
from pathlib import Path

from django.contrib.auth.models import Group
from django.db import models, transaction

from collectivites.enums import Domaine
from collectivites.models import Fonction, RoleTransversal, Theme, TypeHabilitation

DATA = Path(__file__).resolve().parent / "data"


def rows_of(name: str, folder: Path = DATA) -> Iterator[dict[str, str]]:
    """The rows of a list of the `data/` of an app."""
    with (folder / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


@transaction.atomic
def install_lists() -> None:
    """Adds what is missing, known by its code; a code or a label that exists is left as the territory wrote it."""
    fill(Fonction, "fonctions.csv", "code", "libelle", ["famille"])
    fill(RoleTransversal, "roles.csv", "code", "libelle")
    fill(Theme, "themes.csv", "slug", "nom", ["description"])
    fill(TypeHabilitation, "habilitations.csv", "code", "libelle", ["source", "duree_mois", "tolerance_mois"])
    for domaine in Domaine:
        Group.objects.get_or_create(name=domaine.label)


def fill(
    model: type[models.Model], name: str, key: str, label: str, fields: list[str] = (), *, folder: Path = DATA
) -> None:
    """Makes the missing rows of `model`; `ordre` is the rank in the file, ten by ten, to leave room between."""
    known = set(model.objects.values_list(key, flat=True)) | set(model.objects.values_list(label, flat=True))
    rows = [(rank, row) for rank, row in enumerate(rows_of(name, folder), 1) if not known & {row[key], row[label]}]
    model.objects.bulk_create(
        model(
            **{key: row[key], label: row[label], "ordre": 10 * rank},
            **{field: row[field] or model._meta.get_field(field).get_default() for field in fields},
        )
        for rank, row in rows
    )
