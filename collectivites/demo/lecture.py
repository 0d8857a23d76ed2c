"""Reading the files of `collectivites/demo/data/`."""

import csv
import re
from collections.abc import Iterator
from datetime import time
from pathlib import Path
from typing import NamedTuple

from extranet.lib.demi_journees import Jour, Moment, Semaine, moment_at, parse_cases
from extranet.lib.horaires import parse_plage

DATA = Path(__file__).resolve().parent / "data"
_PLAGE = re.compile(r"\d[\dh]*-\d[\dh]*")
_PARITE = re.compile(r"\((paires|impaires)\)")


class Plage(NamedTuple):
    """A stretch of a day of the week, in the weeks it is worked."""

    jour: Jour
    moment: Moment
    debut: time
    fin: time
    semaine: Semaine


def rows_of(name: str) -> Iterator[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def parse_semaine(text: str) -> list[Plage]:
    """« lundi, jeudi 8h30-12h 13h30-17h; vendredi 8h30-12h (paires) »."""
    stretches = []
    for part in filter(None, (piece.strip() for piece in text.split(";"))):
        parity = _PARITE.search(part)
        semaine = Semaine(parity[1]) if parity else Semaine.TOUTES
        days = sorted({case.jour for case in parse_cases(_PARITE.sub("", _PLAGE.sub("", part)).strip())})
        for debut, fin in map(parse_plage, _PLAGE.findall(part)):
            moment = moment_at(debut)
            stretches += [Plage(day, moment, debut, fin, semaine) for day in days]
    return stretches
