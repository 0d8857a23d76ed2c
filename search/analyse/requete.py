"""What somebody typed, as groups of roots that any engine can run."""

import re
from dataclasses import dataclass, field

from search.analyse.mots import SIGLES, VIDES, join_references, mots, racine
from search.analyse.synonymes import Synonymes
from search.engines.base import Groupe, Terme

MAX_CHARS, MAX_GROUPS, MIN_BEGINNING = 200, 12, 3
_PIECE = re.compile(r'(?P<moins>(?:(?<=\s)|^)-)?(?:"(?P<phrase>[^"]*)"|(?P<mot>[^\s"]+))')
_QUOTES = str.maketrans({"«": '"', "»": '"', "“": '"', "”": '"', "„": '"'})


@dataclass(frozen=True)
class Demandee:
    """One thing that was typed: its words as folded, the group they make, and what they may be replaced by."""

    mots: tuple[str, ...]
    groupe: Groupe
    exacte: bool = False
    vide: bool = False

    @property
    def racines(self) -> tuple[str, ...]:
        return tuple(map(racine, self.mots))

    @property
    def may_begin(self) -> bool:
        """Whether it may be the beginning of a word: a sigle is whole."""
        alone = len(self.mots) == 1 and not (self.exacte or self.vide)
        return alone and len(self.mots[0]) >= MIN_BEGINNING and self.mots[0] not in SIGLES


@dataclass(frozen=True)
class Requete:
    """What was typed (`texte`, one line, 200 characters at most), what it asks for and what it rules out.

    `synonymes` are those it was read with: its other spellings are read with the same.
    """

    texte: str
    demandees: tuple[Demandee, ...] = ()
    exclus: Groupe = ()
    coupee: bool = False
    synonymes: Synonymes = field(default=Synonymes(), compare=False, repr=False)

    @property
    def groupes(self) -> tuple[Groupe, ...]:
        return tuple(one.groupe for one in self.demandees)

    @property
    def cle(self) -> str:
        """The same for two ways to write the same thing: roots, in their order."""
        return " ".join(root for one in self.demandees for root in one.racines)[:250]

    @property
    def mots_cherches(self) -> frozenset[str]:
        """Roots to show in the results wherever they stand, those of synonyms included."""
        alone = (terme for terme in self._termes if terme.debut or len(terme.racines) == 1)
        return frozenset(root for terme in alone for root in terme.racines)

    @property
    def suites_cherchees(self) -> frozenset[tuple[str, ...]]:
        """Roots to show where they follow one another: « plan local d’urbanisme », not each of its words."""
        return frozenset(terme.racines for terme in self._termes if len(terme.racines) > 1 and not terme.debut)

    @property
    def _termes(self) -> list[Terme]:
        return [terme for groupe in self.groupes for terme in groupe]

    @property
    def is_simple(self) -> bool:
        """Without quotes, exclusion nor star: what may be corrected and relaxed."""
        return not self.exclus and not any(one.exacte for one in self.demandees)

    @property
    def commencees(self) -> tuple[Groupe, ...]:
        """The groups, each of their plain words being also how a word may begin: « urba », « compta »."""
        return tuple(
            (*one.groupe, Terme(one.mots, debut=True)) if one.may_begin else one.groupe for one in self.demandees
        )

    @property
    def debuts_cherches(self) -> frozenset[str]:
        """How words begin that are to be shown in the results."""
        return frozenset(terme.racines[-1] for terme in self._termes if terme.debut and len(terme.racines) == 1)


def clean(text: str) -> tuple[str, bool]:
    """On one line, without control characters, cut at 200 characters; and whether it was cut."""
    printable = "".join(c if c.isprintable() else " " for c in text[: MAX_CHARS * 2])
    line = " ".join(printable.split())
    return line[:MAX_CHARS].rstrip(), len(line) > MAX_CHARS or len(text) > MAX_CHARS * 2


@dataclass
class _Lecture:
    """The pieces of a query, read one after the other."""

    synonymes: Synonymes
    demandees: list[Demandee] = field(default_factory=list)
    exclus: list[Terme] = field(default_factory=list)
    suite: list[str] = field(default_factory=list)
    majuscules: set[str] = field(default_factory=set)

    def flush(self) -> None:
        """Plain words that follow one another: the longest expression that has synonyms first.

        « CA » and « CET » in capitals are what they stand for; « ça » and « cet » are words of grammar, and so are the
        letters of these sigles in the texts.
        """
        words, self.suite = self.suite, []
        at = 0
        while at < len(words):
            length, others = self.synonymes.longest(words[at:])
            taken = tuple(words[at : at + length])
            hollow = length == 1 and _names_nothing(taken[0])
            if hollow and taken[0] not in self.majuscules:
                others = ()
            own = [] if hollow and others else [Terme(tuple(map(racine, taken)))]
            groupe = _unique([*own, *(Terme(other) for other in others)])
            self.demandees.append(Demandee(taken, groupe, vide=hollow and not others))
            at += length

    def phrase(self, words: tuple[str, ...], *, star: bool = False) -> None:
        self.flush()
        self.demandees.append(Demandee(words, (Terme(tuple(map(racine, words)), star),), exacte=True))

    def begin(self, word: str) -> None:
        """`secretair*`: roots that begin so, or the root of what is typed if the word was whole."""
        self.flush()
        self.demandees.append(Demandee((word,), (Terme((word,), debut=True), Terme((racine(word),))), exacte=True))

    def compound(self, words: list[str]) -> None:
        """« mini-pelle »: the words in their order, or written as one; both may have synonyms."""
        if self.synonymes.longest(words)[0] > 1:
            self.suite.extend(words)
            return
        self.flush()
        joined = "".join(words)
        roots = _unique([Terme(tuple(map(racine, words))), Terme((racine(joined),))])
        others = [Terme(other) for other in self.synonymes.of((joined,))]
        for at, word in enumerate(words):
            before, after = tuple(map(racine, words[:at])), tuple(map(racine, words[at + 1 :]))
            others += [Terme((*before, *other, *after)) for other in self.synonymes.of((word,))]
        self.demandees.append(Demandee(tuple(words), _unique([*roots, *others])))


def _names_nothing(word: str) -> bool:
    return word in VIDES or len(word) == 1 and not word.isdigit()


def _unique(termes: list[Terme]) -> Groupe:
    return tuple(dict.fromkeys(termes))


def lire(text: str, synonymes: Synonymes) -> Requete:
    """Reads what was typed: words, « phrases » between quotes, -exclusions, beginnings with a star.

    Words that name nothing (le, de…) count only in a phrase, or when there is nothing else.
    """
    line, cut = clean(text)
    reading = _Lecture(synonymes)
    straight = join_references(line.translate(_QUOTES))
    if straight.count('"') % 2:
        straight = straight.replace('"', " ")
    for piece in _PIECE.finditer(straight):
        _read(piece, reading)
    reading.flush()
    meaningful = [one for one in reading.demandees if not one.vide]
    kept = tuple(meaningful or reading.demandees)
    return Requete(line, kept[:MAX_GROUPS], tuple(reading.exclus), cut or len(kept) > MAX_GROUPS, synonymes)


def _read(piece: re.Match[str], reading: _Lecture) -> None:
    quoted = piece["phrase"] is not None
    words = list(mots(piece["phrase"] if quoted else piece["mot"]))
    if not words:
        return
    if piece["moins"]:
        reading.exclus.append(Terme(tuple(map(racine, words))))
    elif quoted:
        reading.phrase(tuple(words))
    elif piece["mot"].endswith("*") and len(words) == 1 and len(words[0]) > 1:
        reading.begin(words[0])
    elif len(words) > 1:
        reading.compound(words)
    else:
        if piece["mot"].isupper():
            reading.majuscules.update(words)
        reading.suite.extend(words)
