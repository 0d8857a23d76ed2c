"""French typography: spaces that do not break, and, for print, only characters that our fonts can draw."""

import re
import unicodedata

from anyascii import anyascii

NBSP, NARROW_NBSP, NB_HYPHEN = "\u00a0", "\u202f", "\u2011"

MOIS = "janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre"
_UNITES = f"h|m|km|cm|mm|kg|t|V|A|ans?|jours?|demi-journées?|heures?|mois|pages?|{MOIS}"

_SPACING = [
    (re.compile("'"), "’"),
    (re.compile(r" (?=[;!?])"), NARROW_NBSP),
    (re.compile(r" (?=[:»€%])|(?<=«) "), NBSP),
    (re.compile(r"\b(n°|art\.|articles?|M\.|Mme|L\.|R\.|page) (?=\d|[LR]\.)"), rf"\1{NBSP}"),
    (re.compile(r"(?<=\d) (?=\d{3}\b)"), NARROW_NBSP),
    (re.compile(rf"(?<=\d) (?=\d\d\b|(?:{_UNITES})\b)"), NBSP),
    (re.compile(rf"\b(h|1er|{MOIS}) (?=\d|(?:{MOIS})\b)"), rf"\1{NBSP}"),
    (re.compile(r" × "), f"{NBSP}×{NBSP}"),
    (re.compile(r"\b([Vv]ice)-(?=\w)"), rf"\1{NB_HYPHEN}"),
]

# Every character that the text and the title fonts of extranet/imprimes/polices draw, in all their weights.
_DRAWN = (
    r"\n\u0020-\u007e\u00a0-\u00a3\u00a5-\u00ac\u00ae-\u00b4\u00b6-\u0107\u010a-\u0113\u0116-\u011b\u011e-\u0123"
    r"\u0126\u0127\u012a\u012b\u012e-\u0133\u0136\u0137\u0139-\u013e\u0141-\u0148\u0150-\u0155\u0158-\u015b"
    r"\u015e-\u0161\u0164\u0165\u016a\u016b\u016e-\u017e\u0218-\u021b\u0237\u02c6\u02c7\u02da\u02dc\u02dd"
    r"\u1e80-\u1e85\u1e9e\u1ef2\u1ef3\u2009\u2010\u2011\u2013\u2014\u2018-\u201a\u201c-\u201e\u2020\u2022\u2026"
    r"\u202f\u2039\u203a\u2044\u20ac\u20b9\u2113\u2122\u2212"
)
DRAWN = re.compile(f"[{_DRAWN}]")
_UNDRAWN = re.compile(f"[^{_DRAWN}]")
_NOT_WRITTEN = {"Cc", "Cf", "Mn", "Me", "So", "Sk"}


def space(text: str) -> str:
    """Put the spaces, apostrophes and hyphens that a French printer would, so that « 8 h 30 » is never cut in two.

    Source: Lexique des règles typographiques en usage à l'Imprimerie nationale. Running it twice changes nothing.
    """
    for pattern, replacement in _SPACING:
        text = pattern.sub(replacement, text)
    return text


class Montrable(Exception):
    """An exception whose French sentence may be shown as it is: it is spaced here, and written plainly where raised."""

    def __init__(self, sentence: str) -> None:
        super().__init__(space(sentence))


def drawable(text: str) -> str:
    """The same text in NFC with only characters of our fonts: pictograms go, other scripts are romanised.

    A name in Greek or Chinese stays readable (« Πέτρος » becomes « Petros »); what has no equivalent becomes « ? ».
    """
    text = unicodedata.normalize("NFC", text)
    if not _UNDRAWN.search(text):
        return text
    return re.sub(r"(?<=\S) {2,}", " ", _UNDRAWN.sub(lambda match: _romanised(match[0]), text)).strip()


def _romanised(character: str) -> str:
    category = unicodedata.category(character)
    if category[0] == "Z" or character == "\t":
        return " "
    if category in _NOT_WRITTEN or "\U0001f000" <= character <= "\U0001faff":
        return ""
    return anyascii(character) or "?"
