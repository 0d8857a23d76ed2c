"""The half-days of a session as its organiser writes them, several at once."""

import re
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any

from django import forms
from django.utils import timezone

from extranet.lib.demi_journees import DemiJournee, Moment
from extranet.lib.francais import date_longue
from extranet.lib.typographie import space
from formations.forms.session import JOUR
from formations.models import Creneau, SessionFormation
from formations.organiser.creer import following_days
from formations.places.dates import Horaire

HEURES = {Moment.MATIN: (time(9), time(12)), Moment.APRES_MIDI: (time(13, 30), time(16, 30))}
JOURS_MAX, LOIN = 20, 1100
# A number of days: more digits are no number of days, and thousands are no number at all.
ENTIER = re.compile(r"[0-9]{1,3}")


class Heure(forms.TimeInput):
    def __init__(self) -> None:
        super().__init__(format="%H:%M", attrs={"type": "time", "step": 300})


def _hour(label: str) -> forms.TimeField:
    wrong = "Écrivez une heure, par exemple 9:00."
    return forms.TimeField(label=label, required=False, widget=Heure(), error_messages={"invalid": wrong})


def _of_the_day(name: str, label: str) -> forms.Field:
    return Creneau._meta.get_field(name).formfield(label=label, required=False, help_text="")


class JourForm(forms.Form):
    """A day: its morning, its afternoon, or both; an hour left empty leaves the half-day out."""

    jour = forms.DateField(
        label="Jour",
        required=False,
        widget=forms.DateInput(format=JOUR, attrs={"type": "date"}),
        error_messages={"invalid": "Écrivez une date, par exemple 12/10/2026."},
    )
    matin_de, matin_a = _hour("Matin"), _hour("jusqu’à")
    apres_midi_de, apres_midi_a = _hour("Après-midi"), _hour("jusqu’à")
    salle = _of_the_day("salle", "Salle, si elle change d’un jour à l’autre")
    formateur = _of_the_day("formateur", "Qui anime ce jour-là, si ce n’est pas toujours la même personne")

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        day, today = given.get("jour"), timezone.localdate()
        if not day or self.errors:
            return given
        if day < today:
            self.add_error("jour", space(f"Le {date_longue(day)} est passé : choisissez une date à venir."))
        elif (day - today).days > LOIN:
            self.add_error("jour", space("Cette date est bien loin : vérifiez l’année."))
        for moment in Moment:
            self._check(moment)
        if not self.errors and not list(self.moments()):
            self.add_error("matin_de", "Donnez les heures du matin, de l’après-midi, ou des deux.")
        return given

    def _check(self, moment: Moment) -> None:
        begins, ends = self._hours(moment)
        if bool(begins) != bool(ends):
            self.add_error(f"{moment.value}_a", "Donnez les deux heures, ou aucune.")
        elif begins and ends <= begins:
            self.add_error(f"{moment.value}_a", "La demi-journée finit après avoir commencé.")

    def _hours(self, moment: Moment) -> tuple[time | None, time | None]:
        return self.cleaned_data.get(f"{moment.value}_de"), self.cleaned_data.get(f"{moment.value}_a")

    def moments(self) -> Iterator[tuple[Moment, time, time]]:
        for moment in Moment:
            begins, ends = self._hours(moment)
            if begins and ends:
                yield moment, begins, ends


class RepeterForm(forms.Form):
    """The first day again, so that a week is written in one line."""

    jours = forms.IntegerField(
        label="Nombre de jours",
        min_value=1,
        max_value=JOURS_MAX,
        initial=1,
        required=False,
        help_text="Le premier jour compris.",
        error_messages={
            "invalid": "Donnez un nombre de jours.",
            "max_value": "Vingt jours au plus.",
            "min_value": "Un jour au moins.",
        },
    )
    rythme = forms.ChoiceField(
        label="Répéter",
        choices=[("suite", "les jours ouvrés qui suivent"), ("semaine", "le même jour chaque semaine")],
        required=False,
    )


class HorairesForm:
    """The half-days of a session: a few days, the first of which may be repeated. `is_valid`, then `horaires`."""

    def __init__(self, data: Any = None, *, initial: "list[dict[str, Any]] | None" = None, vides: int = 2) -> None:
        known = initial or []
        number = len(known) + vides if known else 1 + vides
        if data is not None:
            asked = data.get("nb_jours", "")
            number = min(max(number, int(asked) if ENTIER.fullmatch(asked) else 0), JOURS_MAX + vides)
        blanks = [_usual() for _ in range(number - len(known))]
        self.jours = [JourForm(data, prefix=f"j{n}", initial=one) for n, one in enumerate([*known, *blanks])]
        self.repeter = RepeterForm(data, prefix="r")
        self.connus = len(known)
        self.erreur = ""
        self.horaires: list[Horaire] = []

    def is_valid(self, *, required: bool = True) -> bool:
        """False with the errors on the days, or in `erreur`; nothing that was typed is lost."""
        fine = all([one.is_valid() for one in self.jours] + [self.repeter.is_valid()])
        if not fine:
            self.erreur = "Corrigez les dates ou les heures signalées."
            return False
        rows = [row for row in self.jours if row.cleaned_data.get("jour")]
        self.horaires = [one for n, row in enumerate(rows) for one in self._of(row, first=n == 0)]
        seen = [one.demi for one in self.horaires]
        twice = next((demi for demi in seen if seen.count(demi) > 1), None)
        if twice is not None:
            self.erreur = space(f"Le {twice} est écrit deux fois.")
        elif required and not self.horaires:
            self.jours[0].add_error("jour", "Donnez un jour au moins.")
            self.erreur = "Donnez une demi-journée au moins."
        return not self.erreur

    def _of(self, row: JourForm, *, first: bool) -> Iterator[Horaire]:
        days = [row.cleaned_data["jour"]]
        given = self.repeter.cleaned_data
        if first and (given.get("jours") or 1) > 1:
            days = following_days(days[0], given["jours"], weekly=given.get("rythme") == "semaine")
        for day in days:
            for moment, begins, ends in row.moments():
                half = DemiJournee(day, moment)
                yield Horaire(half, begins, ends, row.cleaned_data["salle"], row.cleaned_data["formateur"])

    def starts_at(self) -> datetime | None:
        """Of the half-days that are valid; None without any."""
        first = min(self.horaires, key=lambda one: one.demi, default=None)
        return timezone.make_aware(datetime.combine(first.demi.date, first.debut)) if first else None

    @property
    def errors(self) -> bool:
        return bool(self.erreur)


def _usual() -> dict[str, Any]:
    """Both half-days: one empties what is too much."""
    hours = {f"{moment.value}_de": begins for moment, (begins, _) in HEURES.items()}
    return hours | {f"{moment.value}_a": ends for moment, (_, ends) in HEURES.items()}


def days_of(session: SessionFormation) -> list[dict[str, Any]]:
    """The half-days of a session, as the rows of the form."""
    rows: dict[date, dict[str, Any]] = {}
    for one in session.creneaux.all():
        row = rows.setdefault(one.date, {"jour": one.date, "salle": one.salle, "formateur": one.formateur})
        row |= {f"{one.moment.value}_de": one.heure_debut, f"{one.moment.value}_a": one.heure_fin}
    return list(rows.values())
