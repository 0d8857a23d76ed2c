"""What an agent follows, as codes: « theme:3 », « reseau:12 »."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import QuerySet

from collectivites.models import Agent
from extranet.lib.apports import Suivable, collect
from notifications.models import Abonnement

if TYPE_CHECKING:
    from collections.abc import Iterable


class SuiviRefuse(Exception):
    """What was asked to be followed does not exist, or may not be seen; the text may be shown."""


@dataclass(frozen=True)
class Suivi:
    """A thing followed, as it is shown."""

    code: str
    libelle: str
    genre: str


@cache
def genres() -> Mapping[str, Suivable]:
    """The kinds of things that the installed apps let follow (`apports.suivables`), by the word that begins a code."""
    return {one.genre: one for one in collect("suivables")}


def code_of(objet: models.Model) -> str:
    """« theme:3 » for that theme. Raises KeyError for what cannot be followed."""
    words = {one.modele: one.genre for one in genres().values()}
    return f"{words[type(objet)]}:{objet.pk}"


def follow(agent: Agent, code: str) -> Suivi:
    """Raises SuiviRefuse for a code that names nothing the agent may see."""
    found = described([code], agent)
    if not found:
        raise SuiviRefuse("Ce que vous voulez suivre n’existe plus.")
    Abonnement.objects.get_or_create(agent=agent, objet=code)
    return found[0]


def unfollow(agent: Agent, code: str) -> bool:
    return bool(Abonnement.objects.filter(agent=agent, objet=code).delete()[0])


def followed_by(agent: Agent) -> list[Suivi]:
    """What the agent follows and may still see. One query more than the number of kinds."""
    return described(Abonnement.objects.visible_to(agent).values_list("objet", flat=True), agent)


def followers_of(code: str) -> QuerySet[Agent]:
    """The agents in office who follow `code`; who may see what will be told is asked by `notify`."""
    return Agent.objects.in_office().filter(abonnements__objet=code)


def described(codes: "Iterable[str]", agent: Agent) -> list[Suivi]:
    """The things behind these codes that the agent may see, in the same order. One query per kind."""
    codes = list(codes)
    ids = defaultdict(list)
    for code in codes:
        genre, _, pk = code.partition(":")
        if genre in genres() and pk.isascii() and pk.isdigit() and len(pk) < 10:
            ids[genre].append(int(pk))
    found = {}
    for genre, pks in ids.items():
        word, objects = genres()[genre].libelle, genres()[genre].modele._default_manager
        queryset = objects.visible_to(agent) if hasattr(objects, "visible_to") else objects.all()
        found |= {f"{genre}:{o.pk}": Suivi(f"{genre}:{o.pk}", str(o), word) for o in queryset.filter(pk__in=pks)}
    return [found[code] for code in codes if code in found]
