"""What one says of a seat that one has: why one leaves it, who takes it, how to receive its person."""

from typing import Any

from django import forms

from collectivites.champs import NomFormField
from extranet.lib.typographie import space
from formations.enums import Covoiturage
from formations.forms.inscription import AccueilForm


class RetraitForm(forms.Form):
    """The reason is read by the organiser and, when it was a gestionnaire who left, by the person."""

    motif = NomFormField(
        label="Pourquoi",
        max_length=300,
        help_text=space("En quelques mots, sans rien de médical : « absence imprévue », « poste vacant »."),
        error_messages={"required": "Dites pourquoi, en quelques mots."},
    )


class PrecisionsForm(AccueilForm):
    """Meal, carpooling, a need: what is typed of it takes the place of the former one, which is not shown."""

    prive_besoin = forms.CharField(
        label="Un besoin particulier",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off"}),
        help_text="Accessibilité, allergie, aménagement. Seuls les responsables des formations liront ce message.",
    )
    effacer = forms.BooleanField(label="Effacer le besoin déjà noté", required=False)

    def __init__(self, *args: Any, repas: str, note: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        self.offer_meal(repas)
        if not note:
            del self.fields["effacer"]
        else:
            self.fields["prive_besoin"].help_text = space(
                "Un besoin est noté. Ce que vous écrivez ici le remplace ; laissez vide pour le garder."
            )

    def said(self, *, repas: bool) -> dict[str, Any]:
        """The words of `inscrire.precisions.change`; `repas` as it is where no meal is served."""
        given = self.cleaned_data
        return {
            "repas": given.get("repas", repas),
            "covoiturage": Covoiturage(given["covoiturage"]),
            "places": given["covoiturage_places"],
            "besoin": given["prive_besoin"],
            "effacer": given.get("effacer", False),
        }
