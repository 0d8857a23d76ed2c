"""What an agent follows, as codes: « theme:3 », « reseau:12 »."""

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import QuerySet

from collectivites.models import Agent, Reseau, Theme
from notifications.models import Abonnement

if TYPE_CHECKING:
    from collections.abc import Iterable

# What may be followed, and what it is called under its name.
GENRES: dict[str, tuple[type[models.Model], str]] = {"theme": (Theme, "thème"), "reseau": (Reseau, "réseau")}


class SuiviRefuse(Exception):
    """What was asked to be followed does not exist, or may not be seen; the text may be shown."""


@dataclass(frozen=True)
class Suivi:
    """A thing followed, as it is shown."""

    code: str
    libelle: str
    genre: str


def code_of(objet: models.Model) -> str:
    """« theme:3 » for that theme. Raises KeyError for what cannot be followed."""
    return f"{_genres_by_model()[type(objet)]}:{objet.pk}"


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
        if genre in GENRES and pk.isascii() and pk.isdigit() and len(pk) < 10:
            ids[genre].append(int(pk))
    found = {}
    for genre, pks in ids.items():
        model, word = GENRES[genre]
        objects = model._default_manager
        queryset = objects.visible_to(agent) if hasattr(objects, "visible_to") else objects.all()
        found |= {f"{genre}:{o.pk}": Suivi(f"{genre}:{o.pk}", str(o), word) for o in queryset.filter(pk__in=pks)}
    return [found[code] for code in codes if code in found]


def _genres_by_model() -> dict[type[models.Model], str]:
    return {model: genre for genre, (model, _) in GENRES.items()}
