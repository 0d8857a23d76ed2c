"""Times of the day as people type and read them: « 8 h 30 », « 8 h 30 à 12 h »."""

import re
from datetime import time

from extranet.lib.francais import heure
from extranet.lib.typographie import Montrable

_HEURE = re.compile(r"(\d{1,2})\s*(?:[h:.]\s*(\d{2})?)?(?:\s*min)?", re.IGNORECASE)
_BETWEEN = re.compile(r"\s*(?:à|a|-|–|—|/|>)\s*", re.IGNORECASE)


class HoraireIllisible(Montrable, ValueError):
    """What was typed is not a time of the day; the text may be shown."""


def parse_heure(text: str) -> time:
    """« 8 h 30 », « 8h30 », « 08:30 », « 8 h », « 8 » give a time; anything else raises HoraireIllisible."""
    match = _HEURE.fullmatch(text.strip())
    try:
        return time(int(match[1]), int(match[2] or 0))
    except (TypeError, ValueError):
        raise HoraireIllisible(f"« {text.strip()} » n’est pas une heure, écrivez par exemple « 8 h 30 ».") from None


def parse_plage(text: str) -> tuple[time, time]:
    """« 8 h 30 à 12 h », « 8h30-12h », « de 8:30 à 12:00 »: two times, the second after the first."""
    bounds = _BETWEEN.split(re.sub(r"^\s*de\s+", "", text, flags=re.IGNORECASE).strip())
    if len(bounds) != 2:
        raise HoraireIllisible(f"« {text.strip()} » n’est pas un horaire, écrivez par exemple « 8 h 30 à 12 h ».")
    debut, fin = map(parse_heure, bounds)
    if fin <= debut:
        raise HoraireIllisible(f"« {text.strip()} » finit avant d’avoir commencé.")
    return debut, fin


def plage(debut: time, fin: time) -> str:
    """« 8 h 30 à 12 h »."""
    return f"{heure(debut)} à {heure(fin)}"
