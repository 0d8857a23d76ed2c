"""Who will read what is deposited or changed: asked the same way everywhere."""

from collections.abc import Iterable
from typing import Any

from django import forms

from collectivites.models import Agent, Collectivite
from ressources.lecteurs import COMMUNES, RESEAUX, Lectorat, codes_for, lectorat, offered, reseaux_of


class LecteursForm(forms.Form):
    """« Qui pourra les lire ? »"""

    qui = forms.ChoiceField(
        label="Qui pourra lire ces documents",
        widget=forms.RadioSelect,
        error_messages={"required": "Dites qui pourra lire ces documents."},
    )
    communes = forms.ModelMultipleChoiceField(
        label="Les collectivités choisies",
        queryset=Collectivite.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    reseaux = forms.ModelMultipleChoiceField(
        label="Les réseaux choisis", queryset=None, widget=forms.CheckboxSelectMultiple, required=False
    )

    def __init__(self, *args: Any, agent: Agent, en_place: Iterable[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine = reseaux_of(agent, en_place)
        self.fields["qui"].choices = offered(agent, mine, en_place)
        self.fields["communes"].queryset = Collectivite.objects.members().order_by("nom")
        self.fields["reseaux"].queryset = agent.adhesions.model.reseau.field.related_model.objects.filter(
            pk__in=[reseau.pk for reseau in mine]
        )
        self.fields["reseaux"].initial = [reseau.pk for reseau in mine[:1]]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("qui") == COMMUNES and not cleaned.get("communes"):
            self.add_error("communes", "Cochez au moins une collectivité.")
        if cleaned.get("qui") == RESEAUX and not cleaned.get("reseaux"):
            self.add_error("reseaux", "Cochez au moins un réseau.")
        return cleaned

    @property
    def codes(self) -> list[str]:
        """The diffusion chosen, as far as it is known."""
        data = getattr(self, "cleaned_data", {})
        return codes_for(data.get("qui", ""), data.get("communes") or (), data.get("reseaux") or ())

    @property
    def lectorat(self) -> Lectorat:
        if not self.is_bound:
            return lectorat([str(self.get_initial_for_field(self.fields["qui"], "qui"))])
        self.is_valid()
        return lectorat(self.codes)
