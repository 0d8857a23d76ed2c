"""How a list is to be printed."""

from collections.abc import Mapping

from django import forms

from annuaire.enums import Ordre, Papier
from collectivites.champs import NomFormField

TITRE_MAX = 80


class ImprimeForm(forms.Form):
    """Read in the address: what it does not say, or says wrong, is what is ordinary. Always valid."""

    titre = NomFormField(label="Titre", max_length=TITRE_MAX, required=False)
    ordre = forms.ChoiceField(label="Classement", choices=Ordre.choices, required=False, widget=forms.RadioSelect)
    papier = forms.ChoiceField(label="Papier", choices=Papier.choices, required=False, widget=forms.RadioSelect)

    def __init__(self, data: Mapping[str, str]) -> None:
        ordre, papier = data.get("ordre", ""), data.get("papier", "")
        super().__init__(
            {
                "titre": data.get("titre", "")[:TITRE_MAX],
                "ordre": ordre if ordre in Ordre.values else Ordre.COMMUNE.value,
                "papier": papier if papier in Papier.values else Papier.A4.value,
            }
        )
        self.full_clean()

    @property
    def par_nom(self) -> bool:
        return self.cleaned_data["ordre"] == Ordre.NOM
