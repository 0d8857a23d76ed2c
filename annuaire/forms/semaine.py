"""The week of a poste in a form: one line a half-day, two when even and odd weeks differ."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms

from annuaire.fiche.semaine import Creneau
from collectivites.models import Poste
from extranet.lib.demi_journees import GRILLE, Case, Jour, Moment, Semaine, week_summary

SEMAINES = [
    ("", "Non"),
    (Semaine.TOUTES, "Oui"),
    (Semaine.PAIRES, "Semaines paires"),
    (Semaine.IMPAIRES, "Semaines impaires"),
]
AUTRE = {Semaine.PAIRES: Semaine.IMPAIRES, Semaine.IMPAIRES: Semaine.PAIRES}
DIMANCHE = tuple(Case(Jour.DIMANCHE, moment) for moment in Moment)


@dataclass(frozen=True)
class Ligne:
    """A line of the week: its half-day and the names of its three fields."""

    case: Case
    rang: int
    prefixe: str

    @property
    def noms(self) -> tuple[str, str, str]:
        return f"{self.prefixe}_semaine", f"{self.prefixe}_debut", f"{self.prefixe}_fin"

    @property
    def titre(self) -> str:
        return f"{self.case}, l’autre semaine" if self.rang else str(self.case)


def lines_of(poste: Poste, slots: list[Creneau], data: Mapping | None) -> list[Ligne]:
    """Monday to Saturday, Sunday when it is worked; a second line where even and odd weeks may differ."""
    cells: dict[tuple, list[Creneau]] = {}
    for slot in slots:
        cells.setdefault((slot.jour, slot.moment), []).append(slot)
    lines = []
    for case in (*GRILLE, *DIMANCHE):
        known = cells.get((case.jour, case.moment), [])
        for rang in (0, 1):
            line = Ligne(case, rang, f"p{poste.pk}_{case.jour.value}_{case.moment.value}_{rang}")
            sunday = case.jour == Jour.DIMANCHE
            if _is_due(rang, known, sunday=sunday) if data is None else line.noms[0] in data:
                lines.append(line)
    return lines


def _is_due(rang: int, known: list[Creneau], *, sunday: bool) -> bool:
    if rang == 0:
        return bool(known) or not sunday
    return len(known) > 1 or (len(known) == 1 and known[0].semaine != Semaine.TOUTES)


def fields_of(line: Ligne, slots: list[Creneau]) -> Iterator[tuple[str, forms.Field, Any]]:
    """Name, field and first value of the three fields of a line."""
    known = [slot for slot in slots if (slot.jour, slot.moment) == (line.case.jour, line.case.moment)]
    slot = known[line.rang] if line.rang < len(known) else None
    words = line.titre.capitalize()
    semaine = forms.ChoiceField(
        label=words, choices=SEMAINES, required=False, widget=forms.Select(attrs={"aria-label": f"{words}, présence"})
    )
    yield line.noms[0], semaine, slot.semaine if slot else ""
    for name, word, value in zip(line.noms[1:], ("de", "à"), (slot and slot.debut, slot and slot.fin), strict=True):
        hour = forms.TimeField(
            label=f"{words}, {word}",
            required=False,
            widget=forms.TimeInput(format="%H:%M", attrs={"type": "time", "aria-label": f"{words}, {word}"}),
            error_messages={"invalid": "Écrivez une heure, par exemple 8:30."},
        )
        yield name, hour, value


def read(lines: list[Ligne], cleaned: Mapping[str, Any]) -> tuple[list[Creneau], list[tuple[str, str]]]:
    """The half-days that the lines say, and what is wrong: the name of a field, and why."""
    found: list[Creneau] = []
    wrong: list[tuple[str, str]] = []
    for line in lines:
        name, *hours = line.noms
        semaine, debut, fin = (cleaned.get(one) or None for one in line.noms)
        if not semaine:
            if debut or fin:
                wrong.append((name, f"{line.titre.capitalize()}\u00a0: dites quelles semaines, ou effacez les heures."))
            continue
        if bool(debut) != bool(fin) or (debut and fin <= debut):
            wrong.append((hours[0], f"{line.titre.capitalize()}\u00a0: donnez les deux heures, dans l’ordre."))
            continue
        same = [one.semaine for one in found if (one.jour, one.moment) == (line.case.jour, line.case.moment)]
        if same and same != [AUTRE.get(semaine)]:
            wrong.append((name, f"{line.titre.capitalize()}\u00a0: choisissez l’autre semaine, ou «\u00a0Non\u00a0»."))
            continue
        found.append(Creneau(int(line.case.jour), str(line.case.moment), str(semaine), debut, fin))
    return found, wrong


def cells_of(lines: list[Ligne]) -> set[tuple[int, str]]:
    """The half-days that these lines are about."""
    return {(int(line.case.jour), str(line.case.moment)) for line in lines}


def summary(slots: list[Creneau]) -> str:
    """« lun. à ven. »; nothing when no day is known."""
    return week_summary({Case(Jour(slot.jour), Moment(slot.moment)) for slot in slots})
