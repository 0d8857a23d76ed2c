"""Who sees what: a set of codes on the thing, a set of codes of the person, one match is enough.

    toutes      every member collectivité, syndicats and CCAS included
    c:<id>      the agents of one collectivité
    r:<id>      the members of a network
    elus        whoever has an elective fonction
    epci        the agents of the intercommunalité
    comptes     whoever has an account, even between two postes (the help); never offered as a diffusion

Codes rather than join tables: they live in a page's revision as on a plain row, in the search index as in a list, and
one indexed comparison answers (`diffusion__croise=codes`). A code left by a thing gone matches nobody.
"""

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Self

from django import forms
from django.db import models

from collectivites.champs import DiffusionFormField
from collectivites.enums import FamilleFonction

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper

    from collectivites.models import Agent

TOUTES, ELUS, EPCI, COMPTES = "toutes", "elus", "epci", "comptes"


def code_collectivite(pk: int) -> str:
    return f"c:{pk}"


def code_reseau(pk: int) -> str:
    return f"r:{pk}"


def codes_of(agent: "Agent") -> frozenset[str]:
    """What `agent` may read: the union over the postes in force; nothing without one, whatever the networks.

    Two queries at most. A leaver loses everything the next minute, since nothing is stored.
    """
    postes = agent.postes_en_cours
    if not postes or agent.efface_le:
        return frozenset()
    codes = {TOUTES}
    for poste in postes:
        codes.add(code_collectivite(poste.collectivite_id))
        if poste.fonction.famille == FamilleFonction.ELUS:
            codes.add(ELUS)
        if poste.collectivite.is_epci:
            codes.add(EPCI)
    codes.update(map(code_reseau, agent.adhesions.in_force().values_list("reseau_id", flat=True)))
    return frozenset(codes)


def reading_codes(agent: "Agent") -> frozenset[str]:
    """All that an account may find: what it reads by its postes, and what is for whoever has an account."""
    return agent.codes_lecture | {COMPTES}


# SQLite allows no subquery in a CHECK: written short, a list of codes begins by [", ends by "], and once its own ","
# are taken out, holds no comma and no other quote. A code has neither.
IS_LIST_OF_CODES = {
    "sqlite": """CASE WHEN NOT JSON_VALID({column}) THEN 0 WHEN JSON({column}) = '[]' THEN 1 ELSE
        SUBSTR(JSON({column}), 1, 2) = '["' AND SUBSTR(JSON({column}), -2) = '"]'
        AND INSTR(REPLACE(JSON({column}), '","', ''), ',') = 0
        AND LENGTH(REPLACE(JSON({column}), '","', ''))
          - LENGTH(REPLACE(REPLACE(JSON({column}), '","', ''), '"', '')) = 2
        END""",
    "postgresql": """CASE WHEN jsonb_typeof({column}) = 'array'
        THEN NOT jsonb_path_exists({column}, 'strict $[*] ? (@.type() != "string")') ELSE false END""",
}


class DiffusionField(models.JSONField):
    """A list of codes. Its form field offers them in words.

    The column itself refuses anything else, in every table that has one: in the text "toutes", each letter would be
    read as a code.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("verbose_name", "visible par")
        kwargs.setdefault("default", list)
        super().__init__(*args, **kwargs)

    def db_check(self, connection: "BaseDatabaseWrapper") -> str:
        return IS_LIST_OF_CODES[connection.vendor].format(column=connection.ops.quote_name(self.column))

    def formfield(self, **kwargs: Any) -> forms.Field:
        return models.Field.formfield(self, **{"form_class": DiffusionFormField, **kwargs})


@DiffusionField.register_lookup
class Croise(models.Lookup):
    """`diffusion__croise=codes`: at least one code in common. An empty set matches nothing."""

    lookup_name = "croise"
    prepare_rhs = False

    def _codes(self) -> list[str]:
        return sorted(self.rhs)

    def as_sqlite(self, compiler: Any, connection: "BaseDatabaseWrapper") -> tuple[str, list]:
        lhs, params = self.process_lhs(compiler, connection)
        return (
            f"EXISTS (SELECT 1 FROM json_each({lhs}) WHERE value IN (SELECT value FROM json_each(%s)))",  # noqa: S608
            [*params, json.dumps(self._codes())],
        )

    def as_postgresql(self, compiler: Any, connection: "BaseDatabaseWrapper") -> tuple[str, list]:
        lhs, params = self.process_lhs(compiler, connection)
        return f"{lhs} ?| %s::text[]", [*params, self._codes()]


class DiffusionQuerySet(models.QuerySet):
    def visible_to(self, agent: "Agent | None") -> Self:
        """The only gate for reading what has a diffusion."""
        if agent is None or not agent.is_authenticated:
            return self.none()
        codes = agent.codes_lecture
        return self.filter(diffusion__croise=codes) if codes else self.none()


class AvecDiffusion(models.Model):
    """Base of what is shown to some only. Nobody sees a thing without a code: private by default."""

    diffusion = DiffusionField()

    class Meta:
        abstract = True

    def is_visible_to(self, agent: "Agent | None") -> bool:
        """The same rule as `visible_to`, for an object already read."""
        return agent is not None and agent.is_authenticated and not agent.codes_lecture.isdisjoint(self.diffusion)

    def is_open_to(self, agent: "Agent | None") -> bool:
        """Whether its address gives it to this person: to its readers; a class may add those who look after it."""
        return self.is_visible_to(agent)


def ids_of(codes: Iterable[str], prefix: str) -> list[int]:
    """The ids behind the codes « c:… » or « r:… »."""
    return [int(code[2:]) for code in codes if code.startswith(f"{prefix}:") and code[2:].isdecimal()]
