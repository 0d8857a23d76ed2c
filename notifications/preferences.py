"""Which kinds of notification exist, and how each agent wants to receive them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import TYPE_CHECKING

from collectivites.contexte import tabs
from collectivites.models import Absence
from extranet.lib.apports import Sorte, collect
from notifications.enums import Frequence
from notifications.models import Preference, Rythme

if TYPE_CHECKING:
    from collectivites.models import Agent


@dataclass(frozen=True)
class Espace:
    """An area of the extranet as the inbox and the digests name it."""

    cle: str
    libelle: str
    icone: str


@cache
def sortes() -> Mapping[str, Sorte]:
    """The kinds that the installed apps declare (`apports.sortes`), by code."""
    return {sorte.code: sorte for sorte in collect("sortes")}


def sortes_for(agent: "Agent") -> dict[str, Sorte]:
    """The kinds that this agent may receive: those whose preference is asked."""
    return {code: sorte for code, sorte in sortes().items() if sorte.pour(agent)}


def sorte_of(code: str) -> Sorte:
    """The kind of that code; one that its app no longer declares keeps a name."""
    return sortes().get(code) or Sorte(code=code, area="accueil", libelle="Autre message")


@cache
def espaces() -> Mapping[str, Espace]:
    """The areas in the order of the menu, by key."""
    known = {"accueil": Espace("accueil", "Accueil", "house-door-fill")}
    known |= {tab.area: Espace(tab.area, tab.libelle, tab.icone) for tab in tabs()}
    return known


def espace_of(area: str) -> Espace:
    return espaces().get(area) or Espace(area, area.capitalize(), "bell-fill")


def frequences_of(agent: "Agent") -> dict[str, str]:
    """What this agent receives, kind by kind, of those that may come. One query beside those of the kinds."""
    chosen = dict(Preference.objects.filter(agent=agent).values_list("sorte", "frequence"))
    return {
        code: sorte.frequence if sorte.imposee else chosen.get(code, sorte.frequence)
        for code, sorte in sortes_for(agent).items()
    }


def choose(agent: "Agent", sorte: str, frequence: str) -> None:
    """Keeps a choice; what the kind proposes is kept too, since the proposal may change one day and not the choice."""
    Preference.objects.update_or_create(agent=agent, sorte=sorte, defaults={"frequence": frequence})


def rythme_of(agent: "Agent") -> Rythme:
    """The agent’s rhythm, or the ordinary one, not saved."""
    return Rythme.objects.filter(agent=agent).first() or Rythme(agent=agent)


def on_pause(day: date) -> frozenset[int]:
    """Ids of the agents away that day who asked for silence meanwhile. One query."""
    awake = Rythme.objects.filter(pause_absences=False).values("agent")
    return frozenset(Absence.objects.on(day).exclude(agent__in=awake).values_list("agent_id", flat=True))


class FrequencesParAgent:
    """The frequency of one kind for many agents: one query for all, since most keep the proposal."""

    def __init__(self, sorte: Sorte, *, urgente: bool) -> None:
        self.imposed = urgente or sorte.imposee
        self.proposed = sorte.frequence
        self.chosen: dict[int, str] = {}
        if not self.imposed:
            self.chosen = dict(Preference.objects.filter(sorte=sorte.code).values_list("agent_id", "frequence"))

    def of(self, agent_id: int) -> str:
        return Frequence.IMMEDIATE if self.imposed else self.chosen.get(agent_id, self.proposed)
