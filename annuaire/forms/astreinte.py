"""The numbers of a collectivité that answer when it is closed."""

from typing import Any

from django import forms
from django.forms import BaseInlineFormSet, inlineformset_factory

from annuaire.models import Astreinte
from collectivites.importation.cellules import CelluleRefusee, read_telephone
from collectivites.models import Collectivite

MOST = 12


class AstreinteForm(forms.ModelForm):
    class Meta:
        model = Astreinte
        fields = ("libelle", "telephone", "horaires")
        widgets = {"telephone": forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"})}
        help_texts = {
            "libelle": "Par exemple «\u00a0Élu d’astreinte\u00a0».",
            "horaires": "Par exemple «\u00a0nuits et week-ends\u00a0».",
        }
        error_messages = {
            "libelle": {"required": "Dites qui répond, par exemple «\u00a0Élu d’astreinte\u00a0»."},
            "telephone": {"required": "Donnez le numéro, par exemple 06 39 98 01 99."},
        }

    def clean_telephone(self) -> str:
        try:
            return read_telephone(self.cleaned_data["telephone"].strip())
        except CelluleRefusee as refusal:
            raise forms.ValidationError(str(refusal)) from refusal


class LignesAstreinte(BaseInlineFormSet):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.error_messages["missing_management_form"] = "Le formulaire est arrivé incomplet. Rouvrez la page."
        self.error_messages["too_many_forms"] = f"Une collectivité donne au plus {MOST} numéros."

    def add_fields(self, form: forms.ModelForm, index: int | None) -> None:
        super().add_fields(form, index)
        if "DELETE" in form.fields:
            form.fields["DELETE"].label = "Retirer ce numéro"

    def get_unique_error_message(self, unique_check: tuple) -> str:
        return "Deux lignes portent le même nom. Distinguez-les, par exemple «\u00a0Élu, semaine 1\u00a0»."

    def get_form_error(self) -> str:
        return "Cette astreinte est déjà notée."


Astreintes = inlineformset_factory(
    Collectivite,
    Astreinte,
    form=AstreinteForm,
    formset=LignesAstreinte,
    extra=2,
    max_num=MOST,
    validate_max=True,
    can_delete_extra=False,
)
