"""Dates, hours and numbers as an act writes them: with their year, and in letters where the custom wants it."""

from datetime import date

from django.utils import dateformat

from extranet.lib.francais import NBSP

_UNITES = (
    *("zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze"),
    *("treize", "quatorze", "quinze", "seize", "dix-sept", "dix-huit", "dix-neuf"),
)
_DIZAINES = ("", "", "vingt", "trente", "quarante", "cinquante", "soixante", "soixante", "quatre-vingt", "quatre-vingt")


def date_entiere(day: date) -> str:
    """« 3 mars 2027 », « 1er mars 2027 », whatever the year."""
    number = "1er" if day.day == 1 else str(day.day)
    return f"{number}{NBSP}{dateformat.format(day, 'F')}{NBSP}{day.year}"


def jour_et_date(day: date) -> str:
    """« mercredi 3 mars 2027 »."""
    return f"{dateformat.format(day, 'l')} {date_entiere(day)}"


def date_en_lettres(day: date) -> str:
    """« deux mille vingt-sept, le trois mars »: what follows « L’an » at the head of a délibération."""
    number = "premier" if day.day == 1 else nombre_en_lettres(day.day)
    return f"{nombre_en_lettres(day.year)}, le {number} {dateformat.format(day, 'F')}"


def nombre_en_lettres(number: int) -> str:
    """Under ten thousand, in the traditional spelling: « deux mille vingt et un », « quatre-vingt-onze »."""
    if number < 20:
        return _UNITES[number]
    if number < 100:
        return _dizaines(number)
    if number < 1000:
        return _grouped(number, 100, "cent")
    return _grouped(number, 1000, "mille")


def _dizaines(number: int) -> str:
    ten, unit = divmod(number, 10)
    word = _DIZAINES[ten]
    if ten in {7, 9}:
        unit += 10
    if not unit:
        return f"{word}s" if ten == 8 else word
    if unit in {1, 11} and ten < 8:
        return f"{word} et {_UNITES[unit]}"
    return f"{word}-{_UNITES[unit]}"


def _grouped(number: int, step: int, word: str) -> str:
    """« cent », « deux cents », « deux cent trois »; « mille » never changes."""
    count, rest = divmod(number, step)
    head = word if count == 1 else f"{nombre_en_lettres(count)} {word}"
    if not rest:
        return f"{head}s" if word == "cent" and count > 1 else head
    return f"{head} {nombre_en_lettres(rest)}"
