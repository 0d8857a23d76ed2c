"""The forms of the visas: why they are refused, and the rule of a mairie."""

from typing import Any

from django import forms

from collectivites.models import Collectivite
from formations.inscrire.visas import possible
from formations.models import RegleVisa


class RefusForm(forms.Form):
    # Folded in the form that gives as well: a required field that is not shown would stop it.
    use_required_attribute = False

    motif = forms.CharField(
        label="Pourquoi refuser\u00a0?",
        max_length=300,
        error_messages={"required": "Dites pourquoi\u00a0: l’agent lira votre raison."},
        help_text="L’agent lira votre raison.",
    )


class RegleVisaForm(forms.ModelForm):
    class Meta:
        model = RegleVisa
        fields = ("politique", "viseur", "suppleant")
        widgets = {"politique": forms.RadioSelect}
        help_texts = {
            "viseur": "Vide\u00a0: toutes les personnes que la règle permet reçoivent la demande.",
            "suppleant": "Reçoit la demande si la première est absente, ou n’a pas répondu à la moitié du délai.",
        }

    def __init__(self, *args: Any, place: Collectivite, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = possible(place)
        for name in ("viseur", "suppleant"):
            field = self.fields[name]
            field.queryset, field.empty_label = people, "Personne en particulier" if name == "viseur" else "Personne"
            field.label_from_instance = lambda agent: agent.nom_complet
