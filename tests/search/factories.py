"""Entries for the tests of the search: given as an app gives them, readers made from codes."""

from itertools import count

from collectivites.models import Agent
from extranet.lib.apports import Entree
from search.indexation import write
from search.lecteur import Lecteur
from search.models import SearchAudience, SearchEntry
from search.poids import Lieux
from search.vocabulaire import recount

KIND = "essai"
_numbers = count(1)


def give(titre: str, texte: str = "", **fields: object) -> SearchEntry:
    """An entry of a kind that no app has, readable by all the communes unless `codes` says otherwise."""
    pk = fields.pop("pk", None) or next(_numbers)
    known = {"kind": KIND, "url": f"/essai/{pk}/", "codes": ("toutes",), **fields}
    write([Entree(pk=pk, titre=titre, texte=texte, **known)])
    return SearchEntry.objects.get(kind=known["kind"], objet=pk)


def give_many(titres: list[str], **fields: object) -> None:
    """`give` for each, in one go."""
    known = {"kind": KIND, "codes": ("toutes",), **fields}
    write(
        [Entree(pk=pk, titre=titre, url=f"/essai/{pk}/", **known) for pk, titre in zip(_numbers, titres, strict=False)]
    )


def learn_words() -> None:
    """What `veille` does at night: corrections know the words."""
    recount()


def reader(agent: Agent | None) -> Lecteur:
    """The reader as a new request makes it: an agent keeps its postes for the time of a request."""
    return Lecteur.of(Agent.objects.get(pk=agent.pk) if agent else None)


def titles(keys: list[int]) -> list[str]:
    """The titles of these entries, in their order."""
    known = SearchEntry.objects.in_bulk(keys)
    return [known[key].titre for key in keys]


def lecteur(*codes: str) -> Lecteur:
    """A reader with these codes and no place."""
    audiences = SearchAudience.objects.filter(codes__croise=codes).values_list("pk", flat=True)
    return Lecteur(frozenset(audiences), frozenset(), Lieux())
