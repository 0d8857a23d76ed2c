"""A session as its organiser writes it: its training, its seats, its place; its half-days, several at once."""

import re
from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone

from collectivites.models import Collectivite
from extranet.lib.demi_journees import DemiJournee, Moment
from extranet.lib.francais import date_longue, heure
from extranet.lib.typographie import space
from formations.models import Creneau, FormationPage, SessionFormation
from formations.organiser.creer import contacts, following_days
from formations.places import empreintes
from formations.places.dates import Horaire
from formations.places.delais import starts_at

MOMENT, JOUR = "%Y-%m-%dT%H:%M", "%Y-%m-%d"
HEURES = {Moment.MATIN: (time(9), time(12)), Moment.APRES_MIDI: (time(13, 30), time(16, 30))}
JOURS_MAX, LOIN, ANNEES = 20, 1100, 10
# What comes before a session, and what is wrong with it after.
APRES = {
    "ouverture": "les inscriptions ouvrent avant.",
    "cloture": "les inscriptions finissent avant, ou à ce moment.",
    "limite_desistement": "on se retire avant, ou ce jour-là.",
    "quota_leve_le": "le quota est levé avant, ou à ce moment.",
}
DATES = tuple(APRES)


# A number of days: more digits are no number of days, and thousands are no number at all.
ENTIER = re.compile(r"[0-9]{1,3}")


class Heure(forms.TimeInput):
    def __init__(self) -> None:
        super().__init__(format="%H:%M", attrs={"type": "time", "step": 300})


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
        help_texts = {
            "quota_commune": "Vide\u00a0: pas de quota.",
            "quota_leve_le": "Ensuite, les places libres vont à la liste d’attente.",
            "ouverture": "Vide\u00a0: dès que la session est ouverte.",
            "limite_desistement": "Vide\u00a0: calculée d’après les réglages.",
            "acces": "Stationnement, entrée, ce qu’il faut apporter.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lieu"].queryset = Collectivite.objects.members().order_by("nom")
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
        error_messages={"max_value": "Vingt jours au plus.", "min_value": "Un jour au moins."},
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
