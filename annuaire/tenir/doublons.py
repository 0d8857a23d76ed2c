"""Who may be in the directory twice: the same address, or the same name and a commune in common."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations

from django.db import transaction
from django.db.models import Prefetch, QuerySet

from annuaire.enums import GenreFusion
from annuaire.models import Distinction, Fusion
from collectivites.journal import record
from collectivites.models import Agent, Collectivite, Poste
from extranet.lib.pliage import fold

Pair = tuple[int, int]
ADRESSE, NOM = "la même adresse", "le même nom et une commune en commun"


@dataclass
class Proposition:
    """Two cards that look like one, with why."""

    un: Agent
    autre: Agent
    raison: str


def find_pairs() -> dict[Pair, str]:
    """The pairs of ids, the lower first, with the reason. Five queries, whatever the size of the directory.

    An address that three cards have is the mailbox of a town hall: it says nothing.
    """
    people = {pk: rest for pk, *rest in _cards().values_list("pk", "prenom", "nom", "email")}
    by_address, by_name, places = defaultdict(set), defaultdict(list), defaultdict(set)
    for pk, (prenom, nom, email) in people.items():
        by_name[_name_key(prenom, nom)].append(pk)
        if email:
            by_address[email].add(pk)
    for pk, place, address in Poste.objects.values_list("agent_id", "collectivite_id", "courriel"):
        places[pk].add(place)
        if address and pk in people:
            by_address[address.lower()].add(pk)
    for shared in Collectivite.objects.exclude(courriel="").values_list("courriel", flat=True):
        by_address.pop(shared.lower(), None)
    found = dict.fromkeys(_pairs(same for same in by_name.values() if len(same) > 1), NOM)
    found = {pair: why for pair, why in found.items() if places[pair[0]] & places[pair[1]]}
    found |= dict.fromkeys(_pairs(same for same in by_address.values() if len(same) == 2), ADRESSE)
    for apart in Distinction.objects.values_list("un_id", "autre_id"):
        found.pop(apart, None)
    return found


def propositions(pairs: dict[Pair, str]) -> list[Proposition]:
    """The cards of these pairs, ready to be shown."""
    cards = for_comparison(Agent.objects.filter(pk__in={pk for pair in pairs for pk in pair})).in_bulk()
    return [Proposition(cards[un], cards[autre], why) for (un, autre), why in pairs.items()]


def for_comparison(agents: QuerySet[Agent]) -> QuerySet[Agent]:
    postes = Poste.objects.select_related("collectivite", "fonction").order_by("date_fin", "pk")
    return agents.prefetch_related(Prefetch("postes", postes, to_attr="tous_les_postes"))


def search_cards(words: str) -> QuerySet[Agent]:
    """Cards that may be joined, by words of their name; all of it must be there."""
    found = [
        pk
        for pk, prenom, nom in _cards().values_list("pk", "prenom", "nom")
        if all(word in fold(f"{prenom} {nom}") for word in fold(words).split())
    ]
    return for_comparison(Agent.objects.filter(pk__in=found[:50]))


@transaction.atomic
def part(un: Agent, autre: Agent, par: Agent) -> None:
    """They are two: not proposed again."""
    un, autre = sorted((un, autre), key=lambda agent: agent.pk)
    _, new = Distinction.objects.get_or_create(un=un, autre=autre, defaults={"par": par})
    if new:
        record("agent.distingue", un, agent=par, autre=autre.pk)


def _cards() -> QuerySet[Agent]:
    """Those that are neither erased nor already joined to another."""
    gone = Fusion.objects.filter(genre=GenreFusion.AGENT, defaite_le=None)
    return Agent.objects.filter(efface_le=None).exclude(pk__in=gone.values("retire_id")).order_by("nom", "prenom", "pk")


def _name_key(prenom: str, nom: str) -> tuple[str, ...]:
    """The words of the name in any order: some registers write the family name first."""
    return tuple(sorted(fold(f"{prenom} {nom}").split()))


def _pairs(groups: Iterable[Iterable[int]]) -> Iterator[Pair]:
    for group in groups:
        yield from combinations(sorted(group), 2)
