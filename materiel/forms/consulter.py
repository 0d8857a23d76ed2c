"""What a reader asks of the board and of a sheet: dates, a number, and for the owner, days to keep."""

from datetime import date
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from extranet.lib.demi_journees import DemiJournee, Moment
from extranet.lib.typographie import space
from materiel.enums import Nature
from materiel.models import Materiel
from materiel.registre import horizon_index
from materiel.registre.regles import LOIN, ORDRE, obstacle_of_dates

PLUS_GRAND = 100_000
NOMBRE = "Un nombre entier, à partir de 1."
DATE = {"invalid": "Cette date ne se lit pas. Écrivez-la comme 17/10/2026."}
DEBUTS = [(Moment.MATIN, "dès le matin"), (Moment.APRES_MIDI, "à partir de l’après-midi")]
FINS = [(Moment.APRES_MIDI, "jusqu’au soir"), (Moment.MATIN, "jusqu’à midi")]
GARDES = [
    (Nature.USAGE, "Pour nous|travaux, fête, astreinte"),
    (Nature.ENTRETIEN, "Entretien ou réparation|il revient à une date connue"),
    (Nature.HORS_SERVICE, "Hors service|en panne, on ne sait pas encore jusqu’à quand"),
]


def date_field(label: str, **options: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        error_messages=DATE | options.pop("error_messages", {}),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        **options,
    )


def number_field(label: str, **options: Any) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        min_value=1,
        max_value=PLUS_GRAND,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), NOMBRE) | {"required": NOMBRE},
        **options,
    )


class PeriodeForm(forms.Form):
    """Dates that may both be missing; of one alone, both. `debut` and `fin` are half-days, None without dates.

    `NOMS` are the fields of the first day, the last one, and their moments when there are.
    """

    NOMS: ClassVar[tuple[str, str, str, str]] = ("du", "au", "", "")
    debut: DemiJournee | None = None
    fin: DemiJournee | None = None

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        first_name, last_name, *moments = self.NOMS
        first, last = given.get(first_name) or given.get(last_name), given.get(last_name) or given.get(first_name)
        if first is None or self.errors.keys() & {first_name, last_name}:
            return given
        debut = DemiJournee(first, Moment(given.get(moments[0]) or Moment.MATIN))
        fin = DemiJournee(last, Moment(given.get(moments[1]) or Moment.APRES_MIDI))
        against = obstacle_of_dates(debut, fin, timezone.localdate())
        if against is None:
            self.debut, self.fin = debut, fin
        else:
            self.add_error(last_name if against.code in {ORDRE, LOIN} else first_name, space(against.phrase))
        return given


class FiltreForm(PeriodeForm):
    """The bar of the board: whole days."""

    quoi = forms.CharField(
        label="Quoi",
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": "Barrières, nacelle, sono…"}),
    )
    du, au = date_field("Du", required=False), date_field("Au", required=False)
    combien = number_field("Combien", required=False)


class DatesForm(PeriodeForm):
    """The dates asked of one thing, to the half-day, under the names of the request of a loan."""

    NOMS: ClassVar[tuple[str, str, str, str]] = ("date_debut", "date_fin", "moment_debut", "moment_fin")

    date_debut = date_field("Du", required=False)
    moment_debut = forms.ChoiceField(label="À partir du", required=False, choices=DEBUTS)
    date_fin = date_field("Au", required=False)
    moment_fin = forms.ChoiceField(label="Jusqu’au", required=False, choices=FINS)
    quantite = number_field("Combien", required=False)


class GardeForm(forms.Form):
    """Days that an owner keeps for itself, or during which the thing is away."""

    nature = forms.ChoiceField(
        label="Pourquoi",
        choices=GARDES,
        widget=forms.RadioSelect,
        error_messages={"required": "Dites pourquoi vous gardez ces dates."},
    )
    du = date_field("Du", error_messages={"required": "Dites à partir de quel jour."})
    moment_du = forms.ChoiceField(label="À partir du", choices=DEBUTS)
    sans_fin = forms.BooleanField(label="Jusqu’à nouvel ordre", required=False)
    au = date_field("Au", required=False)
    moment_au = forms.ChoiceField(label="Jusqu’au", choices=FINS)
    quantite = number_field("Combien")
    motif = forms.CharField(
        label="Pour quoi faire",
        required=False,
        max_length=200,
        help_text="Lu par les agents de votre commune seulement.",
    )

    def __init__(self, *args: Any, materiel: Materiel, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.materiel = materiel
        self.fields["quantite"].help_text = f"Vous en avez {materiel.stock}." if materiel.stock > 1 else ""
        if materiel.stock <= 1:
            self.fields["quantite"].widget = forms.HiddenInput()

    def clean_quantite(self) -> int:
        asked = self.cleaned_data["quantite"]
        if asked > self.materiel.stock:
            raise ValidationError(f"Il n’y en a que {self.materiel.stock}.")
        return asked

    def clean_du(self) -> date:
        day = self.cleaned_data["du"]
        if day < timezone.localdate():
            raise ValidationError("Cette date est passée. Choisissez-en une à partir d’aujourd’hui.")
        return day

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        if given.get("sans_fin") or self.errors:
            return given
        if given.get("au") is None:
            self.add_error("au", "Dites jusqu’à quel jour, ou cochez «\u00a0Jusqu’à nouvel ordre\u00a0».")
            return given
        against = obstacle_of_dates(self.debut, self.fin, timezone.localdate())
        if against is not None:
            self.add_error("au", space(against.phrase))
        return given

    @property
    def debut(self) -> DemiJournee:
        return DemiJournee(self.cleaned_data["du"], Moment(self.cleaned_data["moment_du"]))

    @property
    def fin(self) -> DemiJournee:
        """What has no end goes to the end of what is written; the night carries it further."""
        if self.cleaned_data["sans_fin"]:
            return DemiJournee.at(horizon_index())
        return DemiJournee(self.cleaned_data["au"], Moment(self.cleaned_data["moment_au"]))
