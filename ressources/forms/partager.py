"""Giving a document to somebody: a word to colleagues, or a link without account."""

from typing import Any

from django import forms

from collectivites.champs import NomFormField
from collectivites.models import Agent
from extranet.lib.francais import poids
from ressources.models import VersionFichier
from ressources.partages.envois import MAX_DESTINATAIRES, colleagues
from ressources.partages.liens import DUREES

MOT_MAX = 400


class EnvoiForm(forms.Form):
    """To whom, and a word. `q` looks for somebody, and is not sent."""

    q = forms.CharField(
        label="Chercher une personne",
        required=False,
        max_length=80,
        help_text="Son prénom ou son nom.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "type": "search"}),
    )
    destinataires = forms.ModelMultipleChoiceField(
        queryset=Agent.objects.none(),
        required=False,
        error_messages={
            "invalid_choice": "Une de ces personnes n’est plus dans l’annuaire. Choisissez de nouveau.",
            "invalid_pk_value": "Une de ces personnes n’est plus dans l’annuaire. Choisissez de nouveau.",
        },
    )
    mot = forms.CharField(
        label="Votre mot",
        required=False,
        max_length=MOT_MAX,
        help_text="Lu par ceux à qui vous l’envoyez.",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"max_length": "Quatre cents caractères au plus\u00a0: il y en a %(show_value)d."},
    )

    def __init__(self, *args: Any, agent: Agent, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["destinataires"].queryset = colleagues(agent)

    def clean_destinataires(self) -> list[Agent]:
        chosen = list(self.cleaned_data["destinataires"].order_by("nom", "prenom", "pk"))
        if not chosen:
            raise forms.ValidationError("Cochez au moins une personne\u00a0: cherchez-la par son nom.")
        if len(chosen) > MAX_DESTINATAIRES:
            raise forms.ValidationError(f"Dix personnes au plus à la fois\u00a0: il y en a {len(chosen)}.")
        return chosen


class PartageForm(forms.Form):
    """Which file, for how long, and for whom, so that its author knows later which link is which."""

    fichier = forms.ChoiceField(
        label="Quel fichier",
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choisissez le fichier à donner.",
            "invalid_choice": "Ce fichier n’est plus en ligne. Choisissez-en un autre.",
        },
    )
    jours = forms.TypedChoiceField(
        label="Pendant combien de temps",
        coerce=int,
        choices=[(jours, f"{jours}\u00a0jours") for jours in DUREES],
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez une durée."},
    )
    destinataire = NomFormField(
        label="À qui le donnez-vous",
        max_length=150,
        required=False,
        help_text="Pour vous y retrouver dans vos liens\u00a0: «\u00a0Bureau d’études de la station\u00a0». "
        "Lu par ceux qui s’occupent de la fiche, jamais par qui ouvre le lien.",
    )

    def __init__(self, *args: Any, versions: list[VersionFichier], **kwargs: Any) -> None:
        first = versions[0].pk if len(versions) == 1 else None
        super().__init__(*args, initial={"jours": DUREES[0], "fichier": first}, **kwargs)
        self.versions = {str(version.pk): version for version in versions}
        self.fields["fichier"].choices = [
            (pk, f"{version.fichier}|{version.nom}, {poids(version.taille)}") for pk, version in self.versions.items()
        ]

    @property
    def version(self) -> VersionFichier:
        return self.versions[self.cleaned_data["fichier"]]
