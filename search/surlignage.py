"""The words found, marked in a title and in the best passage of a text.

One pattern per query finds candidates without accents or capitals in the text as it is written; the analysis confirms
them. Tokenising whole texts instead takes three times longer.
"""

import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise, product

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from extranet.lib.feuillets import bounds_of, place_of
from search.analyse.mots import A_PART, EXCEPTIONS, VIDES, mots, racine

LONGUEUR = 220
# Read first; when nothing is found there, as much again, up to LIMITE: a text without a match costs 4 ms a 60 000.
TRANCHE, LIMITE = 60_000, 240_000
_ACCENTS = {"a": "aàâäáã", "c": "cç", "e": "eéèêë", "i": "iîïíì", "n": "nñ", "o": "oôöóòõ", "u": "uûüùú", "y": "yÿý"}
# In a pattern, the letter of a code before its number, « L. 2121 » as much as « L2121 ».
_REFERENCE = re.compile(r"(?:(?<=\|)|^)(\[a[^]]*\]\S{0,12}?|[lrd])(?=\d)")
_STOPS = re.compile(r"[\s?!:;,.»)–-]*")
_COMBINING = "[\u0300-\u036f]?"


@dataclass(frozen=True)
class Extrait:
    """The best passage, its words marked, and where it stands, « page 3 », when its file has several parts."""

    html: SafeString
    lieu: str = ""


class Surligneur:
    """Marks the roots of a query; made once per search."""

    def __init__(
        self,
        roots: frozenset[str],
        debuts: frozenset[str] = frozenset(),
        suites: frozenset[tuple[str, ...]] = frozenset(),
    ) -> None:
        """`debuts`: how words may begin as well; `suites`: roots that count only one after the other.

        A lone letter or figure beside other words marks nothing by itself.
        """
        meaning = frozenset(tuple(root for root in suite if root not in VIDES) or suite for suite in suites)
        roots |= {suite[0] for suite in meaning if len(suite) == 1}
        self.roots = frozenset(root for root in roots if root not in VIDES and len(root) > 1) or roots
        self.debuts = tuple(debuts)
        self.suites = frozenset(suite for suite in meaning if len(suite) > 1)
        self.every = self.roots.union(*self.suites)
        self.pattern = _pattern(self.every | debuts) if self.every else None

    def titre(self, text: str) -> SafeString:
        return self._mark(text, self._matches(text))

    def extrait(self, text: str) -> Extrait | None:
        """The passage that holds most of the roots; None when the text holds none of them."""
        for start in range(0, min(len(text), LIMITE), TRANCHE):
            if found := self._matches(text, start, start + TRANCHE):
                return self._best(text, found)
        return None

    def surfaces(self, text: str) -> list[str]:
        """The words of the text that have one of the roots, as they are written."""
        return [match[0] for match in self._matches(text, end=TRANCHE)]

    def _matches(self, text: str, start: int = 0, end: int | None = None) -> list[re.Match[str]]:
        if self.pattern is None:
            return []
        candidates = self.pattern.finditer(text, start, len(text) if end is None else min(end, len(text)))
        found = [match for match in candidates if self._has(match[0], self.every)]
        return self._in_order(text, found) if self.suites else found

    def _has(self, surface: str, roots: frozenset[str]) -> bool:
        return any(racine(word) in roots or word.startswith(self.debuts) for word in mots(surface))

    def _in_order(self, text: str, found: list[re.Match[str]]) -> list[re.Match[str]]:
        """Without the words of a suite that do not follow one another, unless they are looked for by themselves."""
        kept = {at for at, match in enumerate(found) if self._has(match[0], self.roots)}
        held = [frozenset(map(racine, mots(match[0]))) for match in found]
        for at, suite in product(range(len(found)), self.suites):
            run = range(at, at + len(suite))
            if run.stop <= len(found) and all(root in held[n] for root, n in zip(suite, run, strict=True)):
                gaps = pairwise(found[at : run.stop])
                if all(VIDES.issuperset(mots(text[one.end() : other.start()])) for one, other in gaps):
                    kept.update(run)
        return [match for at, match in enumerate(found) if at in kept]

    def _best(self, text: str, found: list[re.Match[str]]) -> Extrait:
        at = _densest(found)
        start, end = _window(text, found[at].start())
        inside = [match for match in found if start <= match.start() and match.end() <= end]
        html = self._mark(text[start:end], inside, shift=start)
        before, after = "… " if start else "", " …" if end < len(text) else ""
        lieu = place_of(text, found[at].start())
        return Extrait(mark_safe(f"{before}{html}{after}"), lieu)  # noqa: S308 - `html` is escaped piece by piece

    def _mark(self, text: str, found: list[re.Match[str]], shift: int = 0) -> SafeString:
        pieces, at = [], 0
        for match in found:
            start, end = match.start() - shift, match.end() - shift
            pieces += [escape(text[at:start]), "<mark>", escape(text[start:end]), "</mark>"]
            at = end
        return mark_safe("".join([*pieces, escape(text[at:])]))  # noqa: S308 - every piece is escaped


def _densest(found: list[re.Match[str]]) -> int:
    """Index of the match that begins the passage with the most distinct words, then the most words, then the first."""
    best, at, last = (0, 0), 0, 0
    held: Counter[str] = Counter()
    for first, match in enumerate(found):
        while last < len(found) and found[last].end() <= match.start() + LONGUEUR - 40:
            held[_key(found[last][0])] += 1
            last += 1
        if (weight := (len(held), held.total())) > best:
            best, at = weight, first
        if held:
            held[_key(match[0])] -= 1
            held += Counter()
    return at


@lru_cache(10_000)
def _key(surface: str) -> str:
    return next((racine(word) for word in mots(surface)), surface)


def _window(text: str, start: int) -> tuple[int, int]:
    """From a little before the first word to LONGUEUR further, between two words, inside one page."""
    first, limit = bounds_of(text, start)
    begin = max(first, start - 40)
    if begin and not text[begin - 1].isspace():
        space = re.compile(r"\s").search(text, begin, start)
        begin = space.end() if space else start
        begin += len(_STOPS.match(text, begin, start)[0])  # « ? » ends the sentence before
    end = min(begin + LONGUEUR, limit)
    if end < limit:
        cut = max(text.rfind(" ", start, end), text.rfind("\n", start, end))
        end = cut if cut > start + 60 else end
    return begin, end


@lru_cache(64)
def _pattern(roots: frozenset[str]) -> re.Pattern[str]:
    """Words that may have one of these roots, accents and capitals aside.

    The last letter of a longer root is left out, since the stemmer may have changed it; irregular forms are added.
    """
    irregular = [form for form, root in EXCEPTIONS.items() if root in roots]
    plain = [root.removesuffix(A_PART) or root for root in roots]
    starts = [root[:-1] if len(root) > 4 else root for root in plain]
    forms = "|".join(map(_loose, sorted({*starts, *irregular}, key=lambda form: (-len(form), form))))
    forms = _REFERENCE.sub(r"\1(?:\.\\s?|\\s)?", forms)
    return re.compile(rf"(?<![^\W_])(?:{forms})[^\W_]*", re.IGNORECASE)


def _loose(form: str) -> str:
    letters = []
    for letter in form.replace("oe", "œ").replace("ae", "æ"):
        if letter == "œ":
            letters.append(f"(?:œ|o{_COMBINING}e{_COMBINING})")
        elif letter == "æ":
            letters.append(f"(?:æ|a{_COMBINING}e{_COMBINING})")
        elif letter in _ACCENTS:
            letters.append(f"[{_ACCENTS[letter]}]{_COMBINING}")
        else:
            letters.append(re.escape(letter))
    return "".join(letters)
