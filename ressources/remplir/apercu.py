"""A model as it will be written: its words with the values in them, without its layout."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby

from ressources.remplir.champs import cased, find
from ressources.remplir.formats import Modele
from ressources.remplir.paragraphes import BALISE, CORPS, ENTETE, PIED, Paragraphe

# Of a value that nobody has given, and of one that is written.
MANQUE, VALEUR = "manque", "valeur"
# What stands first on the page comes first.
_ORDRE = {ENTETE: 0, CORPS: 1, PIED: 2}


@dataclass(frozen=True)
class Bout:
    """Some words; `genre` is empty for those of the model."""

    texte: str
    genre: str = ""


@dataclass(frozen=True)
class Bloc:
    """A paragraph, or a table with its rows of cells, each of them bits of text."""

    genre: str
    zone: str
    bouts: list[Bout] = field(default_factory=list)
    lignes: list[list[list[Bout]]] = field(default_factory=list)


def blocks(modele: Modele, values: Mapping[str, str]) -> list[Bloc]:
    """The head, the body, the foot; what is empty and what is said twice are left out."""
    shown = [one for one in modele.paragraphes if one.texte.strip() and not one.is_double]
    shown.sort(key=lambda one: _ORDRE[one.zone])
    found = []
    for table, group in groupby(shown, key=lambda one: (one.zone, one.case[0] if one.case else 0)):
        zone, number = table
        if number:
            found.append(Bloc("tableau", zone, lignes=list(_rows(list(group), values))))
        else:
            found += [Bloc("titre" if one.is_titre else "texte", zone, bits(one.texte, values)) for one in group]
    return found


def _rows(group: list[Paragraphe], values: Mapping[str, str]) -> Iterator[list[list[Bout]]]:
    for _, row in groupby(group, key=lambda one: one.case[1]):
        yield [
            [
                bit
                for rank, one in enumerate(cell)
                for bit in [*([Bout("\n")] if rank else []), *bits(one.texte, values)]
            ]
            for _, cell in groupby(row, key=lambda one: one.case[2])
        ]


def bits(texte: str, values: Mapping[str, str]) -> list[Bout]:
    """The words between the fields, and what each field becomes; one that is missing says its name."""
    found, at = [], 0
    for balise in BALISE.finditer(texte):
        found.append(Bout(texte[at : balise.start()]))
        ecrit, at = balise[1].strip(), balise.end()
        champ = find(ecrit)
        value = values.get(champ.code) if champ else None
        found.append(Bout(cased(ecrit, value), VALEUR) if value else Bout(champ.libelle if champ else ecrit, MANQUE))
    return [bit for bit in [*found, Bout(texte[at:])] if bit.texte]
