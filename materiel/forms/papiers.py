"""A paper of a thing: what it is, until when, and its file."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files import File

from collectivites.champs import NomFormField
from extranet.lib.uploads import FichierRefuse
from materiel.contrats.parties import capital
from materiel.enums import TypePapier
from materiel.models import Papier
from materiel.parc.papiers import checked


class PapierForm(forms.Form):
    """A paper joined, or renewed: then its kind is that of the one it replaces."""

    type = forms.ChoiceField(
        label="Quel papier",
        choices=[("", "Choisir"), *((kind, capital(str(kind.label))) for kind in TypePapier)],
        error_messages={
            "required": "Choisissez quel papier c’est.",
            "invalid_choice": "Choisissez un papier de la liste.",
        },
    )
    libelle = NomFormField(
        label="Précision", max_length=120, required=False, help_text="Par exemple «\u00a0nacelle, rapport Apave\u00a0»."
    )
    valable_jusqu_au = forms.DateField(
        label="Valable jusqu’au",
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"invalid": "Écrivez une date, par exemple 30/06/2027."},
        help_text="Vide s’il ne finit pas\u00a0: une notice, par exemple.",
    )
    bloquant = forms.BooleanField(
        label="Suspendre les nouveaux prêts quand il est échu",
        required=False,
        help_text="Les jours qui suivent sa fin se ferment d’eux-mêmes, et se rouvrent quand vous le renouvelez.",
    )
    fichier = forms.FileField(
        label="Le fichier",
        required=False,
        help_text="PDF, photo ou document, 15\u00a0Mo au plus. Peut suivre plus tard.",
    )

    def __init__(self, *args: Any, remplace: Papier | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.remplace = remplace
        if remplace is not None:
            self.fields["type"].required = False
            self.fields["type"].disabled = True
            self.initial |= {"type": remplace.type, "libelle": remplace.libelle, "bloquant": remplace.bloquant}

    def clean_fichier(self) -> File | None:
        sent = self.cleaned_data.get("fichier")
        if sent is None:
            return None
        try:
            return checked(sent)
        except FichierRefuse as refusal:
            raise ValidationError(str(refusal)) from refusal

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("bloquant") and not cleaned.get("valable_jusqu_au") and "valable_jusqu_au" not in self.errors:
            self.add_error("valable_jusqu_au", "Pour suspendre les prêts à sa fin, donnez la date de cette fin.")
        if not (cleaned.get("fichier") or cleaned.get("valable_jusqu_au") or self.errors):
            self.add_error("fichier", "Joignez le fichier, ou donnez au moins la date de fin.")
        return cleaned
