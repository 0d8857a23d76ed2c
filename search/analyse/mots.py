"""Words and their roots: the only analysis there is, for what is indexed and for what is asked, on every engine.

An engine receives roots made here, letters and digits between spaces, and compares them as they are: the three find the
same things. `ANALYSE` numbers the rules and lists; entries indexed under another number are indexed anew.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from Stemmer import Stemmer

from extranet.lib.pliage import LIGATURES

DATA = Path(__file__).resolve().parent.parent / "data"
RULES = 5  # to be raised when a rule of this file changes

_WORD = re.compile(r"[^\W_]+(?:['’ʼ][^\W_]+)*")
_APOSTROPHES = re.compile("['’ʼ]")
_ELISIONS = frozenset(["l", "d", "j", "m", "t", "s", "n", "c", "qu", "jusqu", "lorsqu", "puisqu", "quoiqu", "presqu"])
# « L. 2121-7 », « L 2121-7 », « R.486 »: the letter of a code stays with its number; « a 300 habitants » is none.
_REFERENCE = re.compile(r"\b(?:([LRDlrd])(?:\.\s?|\s)|(A)(?:\.\s?|\s(?=\*?\d{2,4}-\d)))(\*?\d{2,4})")
# « secrétaire général·e », « élu(e)s »: the ending beside the word is no word, and would part the words of a phrase.
_INCLUSIVE = re.compile(r"(?<=[^\W\d_])(?:(?:[·•‧][^\W\d_]{1,5}){1,2}\b|\((?:e|s|es|ne|nes|le|les|ère|trice|euse)\)s?)")
# What the stemmer was told with accents: « foncière » is « foncier », « agréée » is « agréé ». And what it parts:
# « fossoyeuse » is « fossoyeur », while « joyeuse » is no trade.
_FEMININES = (
    (re.compile(r"(?<=\w{5})ee(s?)$"), r"e\1"),
    (re.compile(r"(?<=\w{2})iere(s?)$"), r"ier\1"),
    (re.compile(r"^(?!joy|soy|ennuy|cray|giboy|larmoy)(\w{2,})yeuse(s?)$"), r"\1yeur\2"),
)
_VERIFIER = re.compile(r"ifi$")
_NOT_PLAIN = re.compile(r"[^a-z0-9]+")
# Ends the root of a word that the lists do not hold, when it would be the root of one that they hold.
A_PART = "0"
# A word longer than this names nothing: a key, an address, a line of figures without spaces.
MAX_LENGTH = 40


def lines_of(name: str) -> Iterator[str]:
    """The lines of a list of `search/data/`, without its comments."""
    for line in (DATA / name).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            yield line


def _exceptions() -> dict[str, str]:
    pairs = (line.split(":") for line in lines_of("exceptions.txt"))
    return {form: root.strip() for root, forms in pairs for form in forms.split()}


EXCEPTIONS = _exceptions()
SIGLES = frozenset(word for line in lines_of("sigles.txt") for word in line.split())
VIDES = frozenset(word for line in lines_of("mots_vides.txt") for word in line.split())
_KEPT = SIGLES.union(EXCEPTIONS.values())
_LISTS = repr((RULES, sorted(EXCEPTIONS.items()), sorted(SIGLES)))
ANALYSE = int.from_bytes(sha256(_LISTS.encode()).digest()[:3])
_STEMMER = Stemmer("french")


def plier(text: str) -> str:
    """Lower case, without accents nor ligatures; the length may change."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", text.translate(LIGATURES))
    return "".join(c for c in plain if not unicodedata.combining(c)).translate(LIGATURES).lower()


@lru_cache(200_000)
def _plain_words(surface: str) -> tuple[str, ...]:
    """« l’Étang » gives (« etang »,); « aujourd’hui » gives two words."""
    *before, last = _APOSTROPHES.split(surface)
    parts = [*(part for part in map(plier, before) if part not in _ELISIONS), plier(last)]
    plain = (_NOT_PLAIN.sub("", part)[:MAX_LENGTH] for part in parts)
    return tuple(part for part in plain if part)


def join_references(text: str) -> str:
    """« L. 2121-7 » becomes « L2121-7 », as many write it; « élu·e·s » becomes « élu »."""
    return _INCLUSIVE.sub("", _REFERENCE.sub(r"\1\2\3", unicodedata.normalize("NFC", text)))


def mots(text: str) -> Iterator[str]:
    """The folded words of a text, in their order; those of an alphabet without a folded form are left out."""
    for surface in _WORD.findall(join_references(text)):
        yield from _plain_words(surface)


def formes(text: str) -> Iterator[tuple[str, str]]:
    """The folded words of a text, each with how it is written there, in lower case."""
    for surface in _WORD.findall(join_references(text)):
        yield from _written(surface)


@lru_cache(200_000)
def _written(surface: str) -> tuple[tuple[str, str], ...]:
    written = _APOSTROPHES.split(surface)[-1].lower()
    return tuple((word, written if plier(written) == word else word) for word in _plain_words(surface))


def replace_words(text: str, swaps: Mapping[str, str]) -> str:
    """The text with some of its words, given folded, written otherwise."""

    def other(match: re.Match[str]) -> str:
        last = _APOSTROPHES.split(match[0])[-1]
        return match[0].removesuffix(last) + swaps.get(plier(last), last)

    return _WORD.sub(other, text)


@lru_cache(200_000)
def racine(word: str) -> str:
    """The root of a folded word. Sigles, numbers, references and words of two letters are their own.

    A family of the exceptions is exactly its forms, and a sigle stands alone: « dicter » never finds DICT.
    """
    if word in EXCEPTIONS:
        return EXCEPTIONS[word]
    if len(word) < 3 or word in SIGLES or any(c.isdigit() for c in word):
        return word
    for feminine, masculine in _FEMININES:
        word = feminine.sub(masculine, word)
    root = _VERIFIER.sub("if", _STEMMER.stemWord(word))
    return root + A_PART if root in _KEPT else root


def racines(text: str) -> str:
    """The roots of a text, as the engines store them."""
    return " ".join(map(racine, mots(text)))
