"""Withdrawing, archiving, transferring: the reason, and the collectivité that receives."""

from typing import Any

from django import forms

from collectivites.champs import NomFormField
from collectivites.models import Collectivite
from extranet.lib.pliage import Fold
from materiel.enums import StatutMateriel


class StatutForm(forms.Form):
    """« Est-il encore prêté ? »"""

    statut = forms.ChoiceField(
        label="Est-il encore prêté\u00a0?",
        widget=forms.RadioSelect,
        choices=[
            (StatutMateriel.EN_SERVICE, "Oui|vos voisins peuvent le demander"),
            (StatutMateriel.RETIRE, "Plus pour l’instant|la fiche reste lisible, les prêts en cours continuent"),
            (StatutMateriel.ARCHIVE, "Plus jamais|la fiche disparaît des listes, son histoire reste"),
        ],
        error_messages={"required": "Choisissez une réponse.", "invalid_choice": "Choisissez une des trois réponses."},
    )
    motif = NomFormField(
        label="Pourquoi",
        max_length=200,
        required=False,
        help_text="Noté au journal\u00a0: «\u00a0vendu\u00a0», «\u00a0en panne\u00a0».",
    )


class TransfertForm(forms.Form):
    receveur = forms.ModelChoiceField(
        label="À quelle collectivité",
        queryset=Collectivite.objects.none(),
        empty_label="Choisir",
        error_messages={
            "required": "Choisissez la collectivité qui le reçoit.",
            "invalid_choice": "Cette collectivité n’est pas du territoire. Choisissez-en une autre.",
        },
    )
    motif = NomFormField(
        label="Pourquoi", max_length=200, required=False, help_text="Noté au journal des deux collectivités."
    )

    def __init__(self, *args: Any, proprietaire: Collectivite, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["receveur"].queryset = (
            Collectivite.objects.members().exclude(pk=proprietaire.pk).order_by(Fold("nom"))
        )
