"""Accessories as people write them: one a line, « 3 godets (450 €) »."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.core.exceptions import ValidationError

from extranet.lib.francais import euros
from extranet.lib.noms import plain
from materiel.models import Accessoire, Materiel

_LINE = re.compile(
    r"(?:(?P<nombre>\d+)\s*[x×]?\s+)?(?P<nom>.+?)(?:\s*\((?P<valeur>[\d\s\u202f]+(?:[.,]\d{1,2})?)\s*€?\))?"
)
MAX = 40


@dataclass(frozen=True)
class Piece:
    """An accessory, how many of them, and what it costs to replace one (euros), when it is said."""

    nom: str
    nombre: int = 1
    valeur: Decimal | None = None


def parse(text: str) -> list[Piece]:
    """Raises ValidationError, naming the line."""
    pieces = [_piece(line) for line in (plain(one) for one in text.splitlines()) if line]
    if len(pieces) > MAX:
        raise ValidationError(f"Une fiche compte {MAX} accessoires au plus. Réunissez les plus petits.")
    noms = [one.nom for one in pieces]
    if twice := next((nom for nom in noms if noms.count(nom) > 1), None):
        raise ValidationError(f"«\u00a0{twice}\u00a0» figure deux fois. Gardez une ligne, avec le nombre.")
    return pieces


def _piece(line: str) -> Piece:
    found = _LINE.fullmatch(line)
    nom, nombre = found["nom"].strip(), int(found["nombre"] or 1)
    valeur = Decimal(re.sub(r"\s", "", found["valeur"]).replace(",", ".")) if found["valeur"] else None
    if len(nom) > 120 or not 1 <= nombre <= 1000 or (valeur or 0) > 1_000_000:
        raise ValidationError(
            f"La ligne «\u00a0{line[:40]}\u00a0» n’est pas comprise. Écrivez par exemple "
            "«\u00a02\u00a0rampes (80\u00a0€)\u00a0»."
        )
    return Piece(nom, nombre, valeur)


def as_text(accessoires: Iterable[Accessoire]) -> str:
    """The lines that `parse` reads back."""
    return "\n".join(map(_line, accessoires))


def _line(one: Accessoire) -> str:
    number = f"{one.nombre} " if one.nombre > 1 else ""
    return f"{number}{one.nom}" + (f" ({euros(one.valeur)})" if one.valeur is not None else "")


def write(materiel: Materiel, pieces: list[Piece]) -> bool:
    """The accessories are those, in that order. True when something changed."""
    before = [Piece(one.nom, one.nombre, one.valeur) for one in materiel.accessoires.all()]
    if before == pieces:
        return False
    materiel.accessoires.exclude(nom__in=[one.nom for one in pieces]).delete()
    for rank, one in enumerate(pieces):
        Accessoire.objects.update_or_create(
            materiel=materiel, nom=one.nom, defaults={"nombre": one.nombre, "valeur": one.valeur, "ordre": rank}
        )
    return True
