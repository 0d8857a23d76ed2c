"""A session as its organiser writes it: its training, its seats, its place."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone

from collectivites.models import Collectivite
from extranet.lib.francais import date_longue, heure
from extranet.lib.pliage import Fold
from extranet.lib.typographie import space
from formations.models import FormationPage, SessionFormation
from formations.models.session import PLACES_MAX
from formations.organiser.creer import contacts
from formations.places import empreintes
from formations.places.delais import starts_at

MOMENT, JOUR = "%Y-%m-%dT%H:%M", "%Y-%m-%d"
ANNEES = 10
# What comes before a session, and what is wrong with it after.
APRES = {
    "ouverture": "les inscriptions ouvrent avant.",
    "cloture": "les inscriptions finissent avant, ou à ce moment.",
    "limite_desistement": "on se retire avant, ou ce jour-là.",
    "quota_leve_le": "le quota est levé avant, ou à ce moment.",
}
DATES = tuple(APRES)


# What is wrong with a field, as one says it.
_PLACES = f"Donnez un nombre de places, de 1 à {PLACES_MAX}."
_MINIMUM = "Donnez un nombre d’inscrits, 0 si la session a lieu de toute façon."
_QUOTA = "Donnez un nombre de places par commune, une au moins, ou laissez vide."
_COUT = "Donnez un montant en euros, par exemple 310 ou 12,50."
_MOMENT = "Écrivez un jour et une heure, par exemple 12/10/2026 17:00."
MESSAGES = {
    "capacite": dict.fromkeys(("required", "invalid", "min_value", "max_value"), _PLACES),
    "minimum": dict.fromkeys(("required", "invalid", "min_value", "max_value"), _MINIMUM),
    "quota_commune": dict.fromkeys(("invalid", "min_value", "max_value"), _QUOTA),
    "cout": dict.fromkeys(("invalid", "max_digits", "max_decimal_places", "max_whole_digits"), _COUT),
    **{name: {"invalid": _MOMENT} for name in ("quota_leve_le", "ouverture", "cloture")},
    "limite_desistement": {"invalid": "Écrivez une date, par exemple 12/10/2026."},
}


class Quand(forms.DateTimeInput):
    def __init__(self) -> None:
        super().__init__(format=MOMENT, attrs={"type": "datetime-local"})


class SessionForm(forms.ModelForm):
    """What is not half-days. Of a session that exists, or of a new one with its `formation`."""

    lien = forms.URLField(
        label="Lien de la visio",
        max_length=500,
        required=False,
        assume_scheme="https",
        help_text="Lu par les seuls inscrits.",
        error_messages={
            "invalid": "Collez l’adresse entière de la visio, par exemple https://visio.exemple.fr/salle.",
            "max_length": "Cette adresse est trop longue\u00a0: cinq cents signes au plus.",
        },
    )

    class Meta:
        model = SessionFormation
        fields = [
            *("capacite", "minimum", "quota_commune", "quota_leve_le", "ouverture", "cloture", "limite_desistement"),
            *("lieu", "lieu_nom", "lieu_adresse", "acces", "distanciel", "lien", "formateur", "repas", "cout"),
            "contact",
        ]
        widgets = {
            "quota_leve_le": Quand,
            "ouverture": Quand,
            "cloture": Quand,
            "limite_desistement": forms.DateInput(format=JOUR, attrs={"type": "date"}),
            "acces": forms.Textarea(attrs={"rows": 2}),
        }
        error_messages = MESSAGES
        help_texts = {
            "quota_commune": "Vide\u00a0: pas de quota.",
            "quota_leve_le": "Ensuite, les places libres vont à la liste d’attente.",
            "ouverture": "Vide\u00a0: dès que la session est ouverte.",
            "limite_desistement": "Vide\u00a0: calculée d’après les réglages.",
            "acces": "Stationnement, entrée, ce qu’il faut apporter.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lieu"].queryset = Collectivite.objects.members().order_by(Fold("nom"))
        self.fields["lieu"].empty_label = self.fields["contact"].empty_label = "Choisir"
        self.fields["contact"].queryset = contacts()
        for name in ("quota_leve_le", "ouverture", "cloture"):
            self.fields[name].input_formats = [MOMENT, *self.fields[name].input_formats]
        for field in self.fields.values():
            field.help_text = space(str(field.help_text))
        self.fields["capacite"].widget.attrs["min"] = max(1, self.instance.occupees)

    def clean_capacite(self) -> int:
        wanted, held = self.cleaned_data["capacite"], self.instance.occupees
        if self.instance.pk and wanted < held:
            raise forms.ValidationError(
                space(f"{held} places sont déjà prises : on ne peut pas descendre au-dessous. Gardez {held} ou plus.")
            )
        return wanted

    def clean_cout(self) -> Decimal | None:
        cost = self.cleaned_data["cout"]
        if cost is not None and cost < 0:
            raise forms.ValidationError("Un coût est un montant en euros, 0 si la formation ne coûte rien.")
        return cost

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        self._check_years(given)
        if given.get("quota_leve_le") and not given.get("quota_commune"):
            self.add_error("quota_commune", space("Une date de levée va avec un quota : dites combien de places."))
        if given.get("distanciel") is False and given.get("lien"):
            self.add_error("lien", space("Un lien est donné : cochez « en visio », ou enlevez-le."))
        capacite, minimum = given.get("capacite"), given.get("minimum")
        if capacite and minimum and minimum > capacite:
            self.add_error("minimum", "Le minimum ne dépasse pas le nombre de places.")
        quota = given.get("quota_commune")
        if capacite and quota and quota > capacite:
            self.add_error("quota_commune", space(f"La session a {capacite} places : une commune n’en a pas plus."))
        ouverture, cloture = given.get("ouverture"), given.get("cloture")
        if ouverture and cloture and cloture <= ouverture:
            self.add_error("cloture", "Les inscriptions finissent après avoir commencé.")
        if cloture and not self.instance.pk and cloture <= timezone.now():
            self.add_error("cloture", space("Cette date est passée : personne ne pourrait s’inscrire."))
        if begins := starts_at(self.instance):
            self.check_dates(begins)
        return given

    def _check_years(self, given: dict[str, Any]) -> None:
        """Databases and clocks refuse the first years, and the last ones."""
        today = timezone.localdate()
        for name in DATES:
            value = given.get(name)
            if value and not today.year - ANNEES <= value.year <= today.year + ANNEES:
                self.add_error(name, space("Cette date est bien loin : vérifiez l’année."))

    def check_dates(self, begins: datetime) -> bool:
        """What comes before a session is not after it begins; False when it is. Its half-days may be just typed."""
        first = timezone.localdate(begins)
        for name, wrong in APRES.items():
            value = self.cleaned_data.get(name)
            late = value and (value > begins if isinstance(value, datetime) else value > first)
            if late or (name == "ouverture" and value == begins):
                self.add_error(name, space(f"La session commence le {date_longue(begins)} à {heure(begins)} : {wrong}"))
        return not self.errors

    def fields_given(self) -> dict[str, Any]:
        """What was written, by name; the act decides."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields}

    @classmethod
    def read(cls, session: SessionFormation) -> str:
        """The marks of what the form shows of a session."""
        return empreintes.of_fields(session, cls.Meta.fields)


class FormationForm(forms.Form):
    """Of which training: a sheet that is published."""

    formation = forms.ModelChoiceField(
        label="Formation",
        queryset=FormationPage.objects.none(),
        empty_label="Choisir",
        help_text="Sa fiche dit à qui elle s’adresse et ce qu’elle délivre.",
        error_messages={"required": "Choisissez la fiche de la formation."},
    )

    def __init__(self, *args: Any, agent: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["formation"].queryset = (
            FormationPage.objects.open_to(agent).filter(archivee_le=None).order_by("title")
        )
