"""The people of a filtered list, as whoever takes them away may read them.

A card hidden at its owner's request stays out of every paper and file, those that its owner makes included: they leave
the extranet, and are read by others.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from django.db.models import QuerySet
from django.http import HttpRequest

from annuaire.filters import AnnuaireFilterSet
from collectivites.models import Agent, Collectivite, Expertise, Fonction, Poste, Presence
from extranet.lib.demi_journees import Case, Jour, Moment, Semaine, week_summary
from extranet.lib.noms import place_sort_key
from extranet.lib.pliage import fold

CHAMPS = ("prenom", "nom", "slug", "email", "montre_mobile", "oppose_le")
FEW = 500  # so many people are named to the database; past that, it reads all the postes that answer


@dataclass(frozen=True)
class Ligne:
    """A person in a collectivité, by the postes that answer the filters, the longest week first."""

    agent: Agent
    collectivite: Collectivite
    postes: tuple[Poste, ...]

    @property
    def fonction(self) -> str:
        return ", ".join(dict.fromkeys(poste.libelle for poste in self.postes))

    @property
    def numero(self) -> str:
        return _first(poste.numero for poste in self.postes)

    @property
    def telephone(self) -> str:
        return _first(poste.telephone for poste in self.postes)

    @property
    def mobile(self) -> str:
        return _first(poste.mobile_montre for poste in self.postes)

    @property
    def adresse(self) -> str:
        return _first(poste.adresse for poste in self.postes)

    @cached_property
    def nom_range(self) -> tuple[str, str, int]:
        """By family name, accents and capitals aside."""
        return (fold(self.agent.nom), fold(self.agent.prenom), self.agent.pk)

    @cached_property
    def rang(self) -> tuple:
        """In the order of the fonctions, then by name."""
        return (min(poste.fonction.ordre for poste in self.postes), self.nom_range)


def _first(values: Iterable[str]) -> str:
    return next(filter(None, values), "")


class Emport:
    """The list that an address asks for. Nothing is read before it is used; a refused filter gives nobody."""

    def __init__(self, request: HttpRequest) -> None:
        shown = Agent.objects.visible_to(request.user).in_office().filter(oppose_le=None)
        self.agent = request.user
        self.collectivite = request.collectivite
        self.filtres = AnnuaireFilterSet(request.GET, queryset=shown, acting=request.collectivite)
        self.refuse = not self.filtres.is_valid()

    @cached_property
    def demande(self) -> dict[str, object]:
        """The filters that are on."""
        return {k: v for k, v in self.filtres.form.cleaned_data.items() if v not in (None, "", False)}

    @property
    def agents(self) -> QuerySet:
        """All in office: without a poste, there is nothing to take away."""
        return Agent.objects.none() if self.refuse else self.filtres.qs

    def _postes(self) -> QuerySet:
        answering = self.filtres.postes(self.demande)
        return Poste.objects.in_force() if answering is None else answering

    @cached_property
    def nombre(self) -> int:
        return self.agents.count()

    @cached_property
    def lignes(self) -> list[Ligne]:
        """By name, with the postes that answer."""
        return self._read(self._postes())

    def _read(self, postes: QuerySet) -> list[Ligne]:
        """Agents, collectivités and fonctions are read once each, whatever the number of postes."""
        if self.refuse:
            return []
        people = {agent.pk: agent for agent in self.agents.order_by().only(*CHAMPS)}
        places, works = Collectivite.objects.select_related("secteur").in_bulk(), Fonction.objects.in_bulk()
        if len(people) < FEW:
            postes = postes.filter(agent__in=list(people))
        by_place: dict[tuple[int, int], list[Poste]] = {}
        for poste in postes.main_first():
            if poste.agent_id in people:
                poste.agent, poste.fonction = people[poste.agent_id], works[poste.fonction_id]
                poste.collectivite = places[poste.collectivite_id]
                by_place.setdefault((poste.agent_id, poste.collectivite_id), []).append(poste)
        lines = [Ligne(people[who], places[where], tuple(postes)) for (who, where), postes in by_place.items()]
        return sorted(lines, key=lambda line: line.nom_range)

    @property
    def par_collectivite(self) -> list[tuple[Collectivite, list[Ligne]]]:
        """Each collectivité in the order of names, with its people."""
        found: dict[Collectivite, list[Ligne]] = {}
        for line in self.lignes:
            found.setdefault(line.collectivite, []).append(line)
        ordered = sorted(found.items(), key=lambda pair: (place_sort_key(pair[0].nom), pair[0].pk))
        return [(place, sorted(lines, key=lambda line: line.rang)) for place, lines in ordered]

    @property
    def par_personne(self) -> list[tuple[Agent, list[Ligne]]]:
        """Each person by name, with everywhere they work, the longest week first: a card is whole, or it is wrong."""
        found: dict[Agent, list[Ligne]] = {}
        for line in self._read(Poste.objects.in_force()):
            found.setdefault(line.agent, []).append(line)
        return list(found.items())

    @cached_property
    def jours(self) -> dict[int, str]:
        """By poste, its days in short: « lun., mar. matin », « jeu. (sem. paires) »."""
        rows = Presence.objects.filter(poste__in=[poste.pk for line in self.lignes for poste in line.postes])
        weeks: dict[int, dict[str, set[Case]]] = {}
        for poste, day, moment, week in rows.values_list("poste_id", "jour", "moment", "semaine"):
            weeks.setdefault(poste, {}).setdefault(week, set()).add(Case(Jour(day), Moment(moment)))
        return {poste: _days(by_week) for poste, by_week in weeks.items()}

    @cached_property
    def competences(self) -> dict[int, list[str]]:
        """By agent, what they show that one may ask them about."""
        found: dict[int, list[str]] = {}
        rows = Expertise.objects.montrees().filter(agent__in=self.agents.order_by().values("pk"))
        for agent, words in rows.order_by("libelle").values_list("agent_id", "libelle"):
            found.setdefault(agent, []).append(words)
        return found


def lines_of(agent: Agent) -> list[Ligne]:
    """Everywhere that one person works, the longest week first."""
    by_place: dict[Collectivite, list[Poste]] = {}
    for poste in agent.postes.in_force().select_related("collectivite", "fonction").main_first():
        by_place.setdefault(poste.collectivite, []).append(poste)
    return [Ligne(agent, place, tuple(postes)) for place, postes in by_place.items()]


def _days(by_week: dict[str, set[Case]]) -> str:
    even, odd = by_week.get(Semaine.PAIRES, set()), by_week.get(Semaine.IMPAIRES, set())
    every = by_week.get(Semaine.TOUTES, set()) | (even & odd)
    parts = [week_summary(every)] if every else []
    parts += [f"{week_summary(even - every)} (sem. paires)"] if even - every else []
    parts += [f"{week_summary(odd - every)} (sem. impaires)"] if odd - every else []
    return ", ".join(parts)
