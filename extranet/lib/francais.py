"""Dates, numbers and telephone numbers as a French reader expects them, in screens, mails and exports.

Spaces inside one of them do not break: U+00A0, and U+202F between thousands.
"""

import datetime
import re
from decimal import Decimal, InvalidOperation

from django.utils import dateformat, timezone

NBSP = "\u00a0"
NNBSP = "\u202f"
EN_LETTRES = (
    *("zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit"),
    *("neuf", "dix", "onze", "douze", "treize", "quatorze", "quinze", "seize"),
)
MOIS_COURTS = ["janv.", "févr.", "mars", "avril", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."]


def _as_date(value: datetime.date | datetime.datetime | None) -> datetime.date | None:
    """The day of a value in the local time zone; None for what is not a date."""
    if isinstance(value, datetime.datetime):
        return timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    return value if isinstance(value, datetime.date) else None


def _day_number(day: datetime.date) -> str:
    return "1er" if day.day == 1 else str(day.day)


def jour(value: datetime.date | None) -> str:
    """« 12 octobre », « 1er mars 2027 »: the year is written when it is not the current one."""
    day = _as_date(value)
    if day is None:
        return ""
    texte = f"{_day_number(day)}{NBSP}{dateformat.format(day, 'F')}"
    return texte if day.year == timezone.localdate().year else f"{texte}{NBSP}{day.year}"


def date_longue(value: datetime.date | None) -> str:
    """« lundi 12 octobre », « lundi 1er mars 2027 »."""
    day = _as_date(value)
    return f"{dateformat.format(day, 'l')} {jour(day)}" if day else ""


def date_courte(value: datetime.date | None) -> str:
    """« lun. 12 oct. », for narrow columns."""
    day = _as_date(value)
    if day is None:
        return ""
    return f"{dateformat.format(day, 'l')[:3]}.{NBSP}{_day_number(day)}{NBSP}{mois_court(day)}"


def mois_court(value: datetime.date | None) -> str:
    """« oct. », « mai », « juil. »: the abbreviations of the calendar leaf."""
    day = _as_date(value)
    if day is None:
        return ""
    return MOIS_COURTS[day.month - 1]


def date_relative(value: datetime.date | None) -> str:
    """« aujourd’hui », « hier », « demain », else the long date."""
    day = _as_date(value)
    if day is None:
        return ""
    proches = {0: "aujourd’hui", -1: "hier", 1: "demain"}
    return proches.get((day - timezone.localdate()).days) or date_longue(day)


def heure(value: datetime.datetime | datetime.time | None) -> str:
    """« 8 h », « 8 h 30 »."""
    if isinstance(value, datetime.datetime) and timezone.is_aware(value):
        value = timezone.localtime(value)
    if not isinstance(value, datetime.datetime | datetime.time):
        return ""
    minutes = f"{NBSP}{value.minute:02d}" if value.minute else ""
    return f"{value.hour}{NBSP}h{minutes}"


def moment(value: datetime.datetime | None) -> str:
    """« hier, 17 h 12 »: the relative day and the time."""
    if not isinstance(value, datetime.datetime):
        return ""
    return f"{date_relative(value)}, {heure(value)}"


def _digits(value: str | None) -> str:
    """The ten national digits of a French number, or what was given without its separators."""
    brut = re.sub(r"[\s.\-()\u00a0\u202f]", "", str(value or ""))
    return re.sub(r"^(?:\+33|0033)(?:0(?=\d{9}$))?(?=\d{9}$)", "0", brut)


def telephone(value: str | None) -> str:
    """« 03 53 01 00 00 »; a short or foreign number is given back as it is."""
    chiffres = _digits(value)
    if re.fullmatch(r"0\d{9}", chiffres):
        return NBSP.join(re.findall("..", chiffres))
    return str(value or "")


def tel(value: str | None) -> str:
    """The number as a `tel:` link wants it: « +33353010000 »; a short number (15, 3919) stays short."""
    chiffres = _digits(value)
    return f"+33{chiffres[1:]}" if re.fullmatch(r"0\d{9}", chiffres) else chiffres


def milliers(value: int | float | Decimal | None) -> str:
    """« 6 180 », with a narrow space between thousands; decimals, if any, after a comma."""
    try:
        nombre = Decimal(str(value))
    except InvalidOperation:
        return str(value or "")
    entier, _, decimales = f"{nombre:,f}".partition(".")
    return entier.replace(",", NNBSP) + (f",{decimales}" if decimales.strip("0") else "")


def euros(value: int | float | Decimal | None) -> str:
    """« 6 180 € », « 12,50 € »: cents are written when there are some, always two digits."""
    try:
        montant = Decimal(str(value)).quantize(Decimal("0.01"))
    except InvalidOperation:
        return str(value or "")
    if montant == montant.to_integral_value():
        return f"{milliers(montant.to_integral_value())}{NBSP}€"
    entier, _, centimes = f"{montant:,f}".partition(".")
    return f"{entier.replace(',', NNBSP)},{centimes}{NBSP}€"


def poids(octets: int | None) -> str:
    """« 84 Ko », « 12,4 Mo »: thousands of bytes as people count them, one decimal under a hundred megabytes."""
    if not octets:
        return f"0{NBSP}Ko"
    if octets < 1_000_000:
        return f"{milliers(max(1, round(octets / 1000)))}{NBSP}Ko"
    megas = octets / 1_000_000
    return f"{milliers(round(megas, 1) if megas < 100 else round(megas))}{NBSP}Mo"


def en_lettres(value: int | None, genre: str = "m") -> str:
    """« quatre », up to seize, then figures; `en_lettres:"f"` writes « une »."""
    if not isinstance(value, int) or value < 0:
        return str(value or "")
    if value == 1 and genre == "f":
        return "une"
    return EN_LETTRES[value] if value < len(EN_LETTRES) else milliers(value)
