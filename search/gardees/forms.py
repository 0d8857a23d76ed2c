"""The name of a kept search, and how often it tells what is new."""

from typing import Any

from django import forms

from collectivites.models import Agent
from search.enums import FrequenceAlerte
from search.models import RechercheGardee

FREQUENCES = [
    (FrequenceAlerte.QUOTIDIENNE, "Chaque jour|les jours ouvrés"),
    (FrequenceAlerte.HEBDOMADAIRE, "Chaque semaine|le jour que vous avez choisi"),
    (FrequenceAlerte.JAMAIS, "Jamais|la recherche est seulement gardée"),
]


class GardeeForm(forms.ModelForm):
    frequence = forms.ChoiceField(
        label="Être prévenu·e de ce qui est nouveau",
        choices=FREQUENCES,
        widget=forms.RadioSelect,
        initial=FrequenceAlerte.HEBDOMADAIRE,
        error_messages={"required": "Choisissez une réponse, par exemple «\u00a0Chaque semaine\u00a0»."},
    )

    class Meta:
        model = RechercheGardee
        fields = ["nom", "frequence"]
        labels = {"nom": "Son nom"}
        help_texts = {"nom": "Vous seul le lisez, et vos alertes le reprennent."}
        error_messages = {
            "nom": {
                "required": "Donnez-lui un nom, par exemple «\u00a0Délibérations, urbanisme\u00a0».",
                "max_length": "Cent vingt caractères au plus\u00a0: il y en a %(show_value)d.",
            }
        }

    def __init__(self, *args: Any, agent: Agent, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.agent = agent
        self.fields["nom"].widget.attrs["autocomplete"] = "off"

    def clean_nom(self) -> str:
        """One’s own searches are told apart by their names, here and in the mail."""
        nom = self.cleaned_data["nom"]
        others = RechercheGardee.objects.filter(agent=self.agent, nom=nom).exclude(pk=self.instance.pk)
        if others.exists():
            raise forms.ValidationError("Vous gardez déjà une recherche sous ce nom\u00a0: donnez-en un autre.")
        return nom
