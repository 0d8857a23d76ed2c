"""What puts a result before another, in one place. `tests/search/test_classement.py` holds the orders they must give.

The score of an entry is that of its text, flattened, times one plus the sum of what follows, times the weight that the
object gives itself (`Entree.boost`).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from search.analyse.mots import SIGLES, VIDES, mots, racine
from search.engines.base import Groupe

# Only the best by their text are weighed again; the others keep the order of the engine.
FENETRE = 200

# Engines spread the scores of texts unlike one another, and PostgreSQL counts each word of a synonym. Raised to this
# power they no longer decide alone: over the queries of `tests/search/data`, the mean of 1 ÷ place of the first good
# fiche went from 0.955 to 0.970 on SQLite and from 0.948 to 0.971 on PostgreSQL, words of grammar left out of titles.
ECRASEMENT = 0.5

TITRE_EXACT = 2.5  # the title is what was asked, neither more nor less
TITRE_PHRASE = 0.6  # the words follow one another in the title
TITRE_COMPLET = 0.5  # the title holds all the words, in any order
TITRE_SIGLE = 1.5  # a sigle that was typed stands in the title as it is
TITRE_SYNONYME = 0.4  # or what stands for them: below the sigle as it was typed
TITRE_TEL_QUEL = 0.25  # in the forms that were typed: « travaux » is no « travail », though each finds the other
FICHE_NOMMEE = 1.5  # the whole name of a card was typed, with something else: « mairie Tavaux », « tel Crissey »
FICHE_DECRITE = 0.5  # the card says what was typed of what it is: « maire de Tavaux », « secrétaire de mairie »
SA_FICHE = 1.3  # the card of one's own collectivité, « mairie », or of who is there what was typed, « maire »
SA_COMMUNE = 0.15  # of a collectivité the reader works for
SON_SECTEUR = 0.07
RECENT = 0.30  # of today; it fades by two thirds in four years
DUREE_ANNEES = 4.0

_VIDES = frozenset(map(racine, VIDES))


@dataclass(frozen=True)
class Candidat:
    """What the ranking reads of an entry; `detail` is what a card says under its name, empty for what is no card."""

    pk: int
    titre: str
    commune: str
    date: date | None
    boost: float
    detail: str = ""


@dataclass(frozen=True)
class Cherche:
    """What was typed: words and roots in their order, and `groupes`, what may stand for them, if anything may."""

    mots: tuple[str, ...]
    racines: tuple[str, ...]
    groupes: Sequence[Groupe] = ()


@dataclass(frozen=True)
class Lieux:
    """Where the reader works, by name."""

    communes: frozenset[str] = frozenset()
    secteur: frozenset[str] = frozenset()

    @property
    def toutes(self) -> frozenset[str]:
        return self.communes | self.secteur


@dataclass(frozen=True)
class Raison:
    """Why a result stands where it does, for the page of the admin that explains it.

    With `plein`, its text counts as the best: engines weigh a sigle less than the words it stands for.
    """

    libelle: str
    valeur: float
    plein: bool = False


def raisons(candidat: Candidat, cherche: Cherche, lieux: Lieux, today: date) -> list[Raison]:
    """What raises an entry for a reader, each with its share."""
    found = []
    if titled := _title(candidat.titre, cherche.racines, cherche.groupes) or _card(candidat, cherche.racines, lieux):
        found.append(titled)
    if cherche.mots and _words(candidat.titre).issuperset(cherche.mots):
        found.append(Raison("les mots sont écrits ainsi dans le titre", TITRE_TEL_QUEL))
    if candidat.commune in lieux.communes:
        found.append(Raison("de votre collectivité", SA_COMMUNE))
    elif candidat.commune in lieux.secteur:
        found.append(Raison("de votre secteur", SON_SECTEUR))
    if candidat.date:
        years = max(0, (today - candidat.date).days) / 365.25
        found.append(Raison("récent", RECENT * math.exp(-years / DUREE_ANNEES)))
    return found


def score(text: float, candidat: Candidat, reasons: list[Raison]) -> float:
    """`text` is 1 for the best text of the answer."""
    text = 1 if any(reason.plein for reason in reasons) else max(text, 0)
    return text**ECRASEMENT * (1 + sum(reason.valeur for reason in reasons)) * candidat.boost


def _title(titre: str, roots: tuple[str, ...], groupes: Sequence[Groupe]) -> Raison | None:
    """Words of grammar do not count: « acte de naissance » is looked for as « acte naissance »."""
    if not roots:
        return None
    held, asked = _roots(titre), _meaning(roots)
    if held == asked:
        return Raison("le titre est la recherche", TITRE_EXACT, plein=True)
    if set(asked) <= set(held) and not SIGLES.isdisjoint(asked):
        return Raison("le sigle est dans le titre", TITRE_SIGLE, plein=True)
    if _follow(held, asked):
        return Raison("les mots se suivent dans le titre", TITRE_PHRASE)
    if set(asked) <= set(held):
        return Raison("tous les mots dans le titre", TITRE_COMPLET)
    if groupes and all(any(_follow(held, _meaning(terme.racines)) for terme in groupe) for groupe in groupes):
        return Raison("des synonymes de tous les mots dans le titre", TITRE_SYNONYME)
    return None


def _card(candidat: Candidat, roots: tuple[str, ...], lieux: Lieux) -> Raison | None:
    """Of somebody or some place, what they are counts as their name: two words of it, or one among one's own."""
    if not candidat.detail or not roots:
        return None
    held, asked = _roots(candidat.titre), _meaning(roots)
    if set(held) <= set(asked):
        return Raison("le nom de la fiche est dans la recherche", FICHE_NOMMEE, plein=True)
    own, said = candidat.commune in lieux.communes, _roots(candidat.detail)
    if own and (candidat.titre == candidat.commune or said[: len(asked)] == asked):
        return Raison("la fiche est de votre collectivité", SA_FICHE, plein=True)
    if set(asked) <= {*held, *said}:
        return Raison("la fiche dit tous les mots", FICHE_DECRITE, plein=own or len(asked) > 1)
    return None


@lru_cache(1_000)
def _meaning(roots: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(root for root in roots if root not in _VIDES) or roots


def _follow(held: tuple[str, ...], roots: tuple[str, ...]) -> bool:
    """Whether these roots stand in the title, one after the other."""
    return any(held[at : at + len(roots)] == roots for at in range(len(held) - len(roots) + 1))


@lru_cache(20_000)
def _roots(titre: str) -> tuple[str, ...]:
    return _meaning(tuple(map(racine, mots(titre))))


@lru_cache(20_000)
def _words(titre: str) -> frozenset[str]:
    return frozenset(mots(titre))
