"""The decisions of an organiser: each with its reason, which those concerned will read."""

from typing import Any

from django import forms

from collectivites.champs import NomFormField
from collectivites.models import Agent, Collectivite
from extranet.lib.pliage import Fold
from formations.forms.champs import AgentsField
from formations.models import Inscription
from formations.organiser.courriels import TEXTE_MAX

DIRE = "Dites pourquoi, en quelques mots."


def _reason(label: str, help_text: str = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=help_text,
        error_messages={"required": DIRE, "max_length": "Trois cents signes au plus."},
    )


class RaisonForm(forms.Form):
    """An act that has a reason."""

    motif = _reason("Pour quelle raison", "Les personnes concernées la liront.")


class PrioriteForm(forms.Form):
    motif = forms.CharField(
        label="Pour quelle raison",
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Elle est lue par les mairies qui attendent.",
        error_messages={"required": DIRE, "max_length": "Deux cents signes au plus."},
    )


class MessageForm(forms.Form):
    objet = NomFormField(label="Objet", max_length=120, error_messages={"required": "Écrivez l’objet du message."})
    texte = forms.CharField(
        label="Message",
        max_length=TEXTE_MAX,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="Cinq cents signes au plus. Chacun le reçoit seul, sans voir les autres adresses.",
        error_messages={"required": "Écrivez le message."},
    )
    a_qui = forms.ChoiceField(
        label="À qui",
        widget=forms.RadioSelect,
        choices=[("places", "À qui a une place"), ("attente", "À qui attend"), ("tous", "À tout le monde")],
        initial="places",
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Choisissez à qui vous écrivez."),
    )

    def __init__(self, *args: Any, un: Inscription | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if un is not None:
            del self.fields["a_qui"]


class DerogationForm(forms.Form):
    """Somebody outside of the public, the prerequisites or the dates, for a reason kept in the journal."""

    agents = AgentsField(
        label="Agents",
        queryset=Agent.objects.none(),
        error_messages={
            "required": "Choisissez une personne au moins.",
            "invalid_choice": "Cette personne ne travaille plus dans cette commune.",
        },
    )
    motif = _reason("Pour quelle raison", "Gardée dans le journal de la session.")

    def __init__(self, *args: Any, commune: Collectivite, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agents"].queryset = Agent.objects.of(commune).order_by(Fold("nom"), Fold("prenom"))
        self.fields["agents"].label = f"Agents {commune.de_nom}"
