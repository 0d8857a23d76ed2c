"""Why a search gives what it gives: how its words were read, and what each result weighs."""

from dataclasses import dataclass, field, replace
from itertools import islice
from typing import TYPE_CHECKING

from search.analyse.mots import mots, racine
from search.analyse.requete import Demandee, Requete, lire
from search.chercher import Pese, Reponse, chercher, peser, propositions
from search.engines import moteur
from search.engines.base import Terme
from search.lecteur import Lecteur
from search.models import SearchEntry, Synonyme
from search.synonymes import in_force

if TYPE_CHECKING:
    from collectivites.models import Agent

MONTRES, SPELLINGS = 20, 3


@dataclass(frozen=True)
class Lecture:
    """One thing that was typed: its words, their roots, and what is looked for in their place as well."""

    mots: str
    racines: str
    equivalents: list[str]
    remarque: str = ""


@dataclass(frozen=True)
class Ligne:
    """A result: its rank, its entry, what its text scores, what raises it; no text when only the pin gives it."""

    rang: int
    entree: SearchEntry
    pese: Pese
    epinglee: bool = False
    trouvee: bool = True


@dataclass(frozen=True)
class Explication:
    reponse: Reponse
    lectures: list[Lecture]
    exclus: list[str]
    orthographes: list[str] = field(default_factory=list)
    lignes: list[Ligne] = field(default_factory=list)

    @property
    def epinglees(self) -> int:
        """How many are shown because they are pinned, and for no other reason."""
        return sum(not ligne.trouvee for ligne in self.lignes)


def expliquer(text: str, pour: "Agent", par: "Agent") -> Explication:
    """The search of `pour` as `par` may see it: no entry, number nor word of what `par` may not find."""
    lecteur, own = Lecteur.of(pour), Lecteur.of(par)
    lecteur = replace(lecteur, audiences=lecteur.audiences & own.audiences)
    asked = lire(text, in_force())
    reponse = chercher(text, lecteur)
    names = _expressions()
    return Explication(
        reponse,
        [_read(one, names) for one in asked.demandees],
        [" ".join(terme.racines) for terme in asked.exclus],
        _spellings(asked, reponse),
        _lines(reponse, lecteur),
    )


def _expressions() -> dict[tuple[str, ...], str]:
    """The expressions of the table of synonyms by their roots, as they are written there."""
    listed = [one for row in Synonyme.objects.order_by("-pk") for one in row.listed]
    return {tuple(map(racine, mots(one))): one for one in listed}


def _read(one: Demandee, names: dict[tuple[str, ...], str]) -> Lecture:
    others = [terme for terme in one.groupe if terme.racines != one.racines or terme.debut]
    said = "mots exacts" if one.exacte else "mots de grammaire" if one.vide else ""
    words, roots = " ".join(one.mots), " ".join(one.racines)
    return Lecture(words, roots, [names.get(terme.racines) or _term(terme) for terme in others], said)


def _term(terme: Terme) -> str:
    return " ".join(terme.racines) + ("…" if terme.debut else "")


def _spellings(asked: Requete, reponse: Reponse) -> list[str]:
    """Other spellings that give something to this reader."""
    if reponse.demande is None or not asked.is_simple:
        return []
    demande = replace(reponse.demande, groupes=asked.groupes, filtres={}, minimum=0)
    return list(islice(propositions(moteur(), asked, demande), SPELLINGS))


def _lines(reponse: Reponse, lecteur: Lecteur) -> list[Ligne]:
    """The first results, pinned ones first as on the page, those that the words do not find among them."""
    if reponse.demande is None:
        return []
    weighed = {one.pk: one for one in peser(moteur().search(reponse.demande).rangs, reponse.requete, lecteur)}
    keys = list(dict.fromkeys([*reponse.epingles, *reponse.rangs]))[:MONTRES]
    seen = SearchEntry.objects.filter(audience__in=lecteur.audiences).exclude(pk__in=lecteur.sans)
    entries = seen.defer("texte").in_bulk(keys)
    nothing, found = Pese(0, 0, [], 1, 0), set(reponse.rangs)
    return [
        Ligne(rank, entries[key], weighed.get(key, nothing), key in reponse.epingles, key in found)
        for rank, key in enumerate(keys, 1)
        if key in entries
    ]
