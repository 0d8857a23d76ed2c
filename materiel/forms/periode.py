"""From a half-day to another, as a form asks it."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone

from extranet.lib.demi_journees import DemiJournee, Moment
from extranet.lib.francais import date_longue
from materiel.models.pret import Periode
from materiel.registre import RESERVABLE
from materiel.registre.regles import (
    DUREE,
    ENTRETIEN,
    LOIN,
    MAIRIE,
    ORDRE,
    PAPIER,
    PART,
    PASSE,
    PREAVIS,
    PRIS,
    Obstacle,
)

# A loan under way may have begun long ago; nothing began before.
PASSE_LOINTAIN = timedelta(days=366)
# Which field each reason is about.
CHAMPS = {
    **dict.fromkeys((PASSE, PREAVIS, PRIS, MAIRIE, ENTRETIEN), "date_debut"),
    **dict.fromkeys((ORDRE, DUREE, LOIN, PAPIER), "date_fin"),
    PART: "quantite",
}


def _day(label: str, message: str) -> forms.DateField:
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return forms.DateField(label=label, widget=widget, error_messages={"required": message, "invalid": message})


class PeriodeForm(forms.Form):
    """Whole days unless one says otherwise."""

    date_debut = _day("Du", "Dites à partir de quel jour.")
    moment_debut = forms.ChoiceField(
        label="À partir du",
        choices=[(Moment.MATIN, "le matin"), (Moment.APRES_MIDI, "l’après-midi")],
        initial=Moment.MATIN,
    )
    date_fin = _day("Au", "Dites jusqu’à quel jour.")
    moment_fin = forms.ChoiceField(
        label="Jusqu’au",
        choices=[(Moment.APRES_MIDI, "le soir"), (Moment.MATIN, "midi")],
        initial=Moment.APRES_MIDI,
    )

    @staticmethod
    def initial_of(period: Periode) -> dict[str, Any]:
        names = ("date_debut", "moment_debut", "date_fin", "moment_fin")
        return {name: getattr(period, name) for name in names}

    # What was written, kept when a rule then says no to it.
    debut: DemiJournee | None = None
    fin: DemiJournee | None = None

    def is_dated(self) -> bool:
        """Both ends are known: the rules may be asked."""
        return self.debut is not None and self.fin is not None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        self._check_plausible()
        self.debut, self.fin = self._half_day("debut"), self._half_day("fin")
        if self.is_dated() and self.fin < self.debut:
            self.add_error("date_fin", "Le retour vient avant le départ. Vérifiez les deux dates.")
        return cleaned

    def _check_plausible(self) -> None:
        """What nobody means is told here: the rules count the open days up to a date."""
        today = timezone.localdate()
        for name in ("date_debut", "date_fin"):
            day = self.cleaned_data.get(name)
            if day and day > today + RESERVABLE:
                self.add_error(name, f"On réserve jusqu’au {date_longue(today + RESERVABLE)} au plus tard.")
            elif day and day < today - PASSE_LOINTAIN:
                self.add_error(name, "Cette date est passée. Choisissez-en une à partir d’aujourd’hui.")

    def _half_day(self, end: str) -> DemiJournee | None:
        day, moment = self.cleaned_data.get(f"date_{end}"), self.cleaned_data.get(f"moment_{end}")
        return DemiJournee(day, Moment(moment)) if day and moment else None

    def add_obstacle(self, obstacle: Obstacle) -> None:
        name = CHAMPS.get(obstacle.code)
        self.add_error(name if name in self.fields else None, obstacle.phrase)
