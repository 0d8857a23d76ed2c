"""What a census, a need, a line of the plan and a wish ask."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils import timezone

from collectivites.champs import NomFormField
from collectivites.models import Agent, Theme, TypeHabilitation
from formations.enums import Priorite, StatutLigne
from formations.forms.champs import AgentsField
from formations.models import BesoinFormation, Campagne, FormationPage
from formations.models.session import PLACES_MAX

if TYPE_CHECKING:
    from collections.abc import Iterable

DATE = {"format": "%Y-%m-%d", "attrs": {"type": "date"}}
RETENIR, ECARTER = StatutLigne.RETENUE.value, StatutLigne.ECARTEE.value


class CampagneForm(forms.ModelForm):
    """A census: its year, its last day, a word to the communes."""

    class Meta:
        model = Campagne
        fields = ("titre", "annee", "repondre_avant", "mot")
        widgets = {"repondre_avant": forms.DateInput(**DATE), "mot": forms.Textarea(attrs={"rows": 3})}
        labels = {"annee": "Pour l’année", "repondre_avant": "Réponses jusqu’au", "mot": "Un mot aux communes"}

    def clean_repondre_avant(self) -> Any:
        day = self.cleaned_data["repondre_avant"]
        if day < timezone.localdate():
            raise forms.ValidationError("Ce jour est passé\u00a0: choisissez une date à venir.")
        return day


class BesoinForm(forms.ModelForm):
    """A need of a commune, in one screen."""

    agents = AgentsField(
        label="Lesquels, si vous le savez",
        queryset=Agent.objects.none(),
        required=False,
        help_text="Leur rang sera gardé quand une session s’organisera.",
    )

    class Meta:
        model = BesoinFormation
        fields = ("intitule", "effectif", "titre", "theme", "echeance", "priorite", "agents", "mot")
        widgets = {"echeance": forms.DateInput(**DATE), "priorite": forms.RadioSelect}
        labels = {
            "intitule": "De quelle formation avez-vous besoin\u00a0?",
            "echeance": "Avant le",
            "titre": "Pour obtenir ou garder un titre",
        }
        error_messages = {
            "intitule": {"required": "Dites la formation, par exemple «\u00a0CACES R482\u00a0»."},
            "effectif": {"required": "Dites combien d’agents, un au moins."},
        }

    def __init__(self, *args: Any, people: "Iterable[Agent]", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agents"].queryset = Agent.objects.filter(pk__in=[one.pk for one in people])
        self.fields["agents"].choices = [(one.pk, one.nom_complet) for one in people]
        self.fields["titre"].queryset = TypeHabilitation.objects.all()
        self.fields["titre"].empty_label = "Aucun titre"
        self.fields["theme"].queryset = Theme.objects.all()
        self.fields["theme"].empty_label = "Je ne sais pas"
        self.fields["priorite"].choices = [(one.value, one.label.capitalize()) for one in Priorite]

    def clean_effectif(self) -> int:
        """The row is checked by the act, too late for a sentence beside the field."""
        number = self.cleaned_data["effectif"]
        if not 1 <= number <= PLACES_MAX:
            raise forms.ValidationError(f"Donnez un nombre de 1 à {PLACES_MAX}.")
        return number

    def clean_echeance(self) -> Any:
        day = self.cleaned_data.get("echeance")
        if day and day < timezone.localdate():
            raise forms.ValidationError("Ce jour est passé\u00a0: choisissez une date à venir.")
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        named, number = len(cleaned.get("agents") or ()), cleaned.get("effectif")
        if number is not None and named > number:
            self.add_error("effectif", f"Vous avez coché {named} personnes\u00a0: écrivez {named} au moins.")
        return cleaned

    def _post_clean(self) -> None:
        """The act checks the row, with the census and the commune that the form does not know."""


class NommerForm(forms.Form):
    """People named once the line has become a session."""

    agents = AgentsField(
        label="Qui sera formé\u00a0?",
        queryset=Agent.objects.none(),
        error_messages={"required": "Cochez au moins une personne."},
    )

    def __init__(self, *args: Any, people: "Iterable[Agent]", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = list(people)
        self.fields["agents"].queryset = Agent.objects.filter(pk__in=[one.pk for one in people])
        self.fields["agents"].choices = [(one.pk, one.nom_complet) for one in people]


class DecisionForm(forms.Form):
    """Kept, or set aside with the reason."""

    statut = forms.ChoiceField(
        label="Votre décision",
        choices=[(RETENIR, "Retenir au plan"), (ECARTER, "Ne pas retenir")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez de retenir ou non."},
    )
    reponse = NomFormField(
        label="Un mot aux communes",
        max_length=300,
        required=False,
        help_text="Obligatoire si vous ne retenez pas\u00a0: elles le liront.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("statut") == ECARTER and not cleaned.get("reponse"):
            self.add_error("reponse", "Dites aux communes pourquoi cette formation n’est pas retenue.")
        return cleaned


class FicheForm(forms.Form):
    """The sheet of the session: one that exists, or a new one to be written."""

    formation = forms.ModelChoiceField(
        label="La fiche du catalogue",
        queryset=FormationPage.objects.none(),
        required=False,
        empty_label="Une nouvelle fiche, à compléter",
        help_text="La plus proche de ce besoin est proposée.",
    )

    def __init__(self, *args: Any, pages: "Iterable[FormationPage]", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        pages = list(pages)
        self.fields["formation"].queryset = FormationPage.objects.filter(pk__in=[one.pk for one in pages])
        first = [("", "Une nouvelle fiche, à compléter")]
        self.fields["formation"].choices = first + [(one.pk, one.title) for one in pages]


class SouhaitForm(forms.Form):
    """« Demander une formation »."""

    intitule = NomFormField(
        label="Quelle formation\u00a0?",
        max_length=150,
        error_messages={"required": "Dites la formation, par exemple «\u00a0Excel, aller plus loin\u00a0»."},
    )
    theme = forms.ModelChoiceField(
        label="Thème", queryset=Theme.objects.all(), required=False, empty_label="Je ne sais pas"
    )
    detail = forms.CharField(
        label="Ce que vous voulez savoir faire",
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class RefusForm(forms.Form):
    """Why a wish does not become a session."""

    reponse = NomFormField(
        label="Votre réponse",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Dites pourquoi\u00a0: ceux qui la demandaient le liront."},
    )
