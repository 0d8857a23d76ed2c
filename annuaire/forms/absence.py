"""The form of an absence."""

from typing import Any

from django import forms
from django.db.models import CharField, F, Value
from django.db.models.functions import Concat
from django.utils import timezone

from annuaire.fiche import absences
from collectivites.models import Absence, Agent
from extranet.lib.pliage import Fold, words

JOUR = {"required": "Choisissez un jour.", "invalid": "Choisissez un jour, par exemple le 12 octobre."}
MONTRES = 5


class AbsenceForm(forms.ModelForm):
    """From a half-day to a half-day, and who answers: a colleague of the list, else anybody of the annuaire by name."""

    autre = forms.CharField(
        label="Ou une autre personne de l’annuaire",
        max_length=160,
        required=False,
        help_text="Son prénom et son nom, par exemple d’une commune voisine.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    class Meta:
        model = Absence
        fields = ("date_debut", "moment_debut", "date_fin", "moment_fin", "remplacant")
        labels = {"date_debut": "Du", "moment_debut": "À partir du", "date_fin": "Au", "moment_fin": "Jusqu’au"}
        widgets = {
            "date_debut": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
            "date_fin": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        }
        error_messages = {"date_debut": JOUR, "date_fin": JOUR}

    def __init__(self, *args: Any, lecteur: Agent, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lecteur = lecteur
        field = self.fields["remplacant"]
        known = Agent.objects.filter(pk=self.instance.remplacant_id) if self.instance.remplacant_id else None
        near = absences.colleagues(self.instance.agent, lecteur)
        field.queryset = near | known.distinct() if known is not None else near
        field.label, field.empty_label = "Qui répond pendant ce temps", "Personne n’est encore désigné"
        field.error_messages = {"invalid_choice": "Cette personne n’est plus dans l’annuaire. Choisissez-en une autre."}

    def clean_date_fin(self) -> Any:
        end = self.cleaned_data["date_fin"]
        if end < timezone.localdate():
            raise forms.ValidationError("Cette absence est déjà finie. Choisissez un jour à venir.")
        return end

    def clean_autre(self) -> Agent | None:
        typed = self.cleaned_data["autre"]
        asked = words(typed)
        if not asked:
            return None
        found = Agent.objects.visible_to(self.lecteur).exclude(pk=self.instance.agent_id)
        found = found.annotate(plie=Fold(Concat(F("prenom"), Value(" "), F("nom"), output_field=CharField())))
        for word in asked:
            found = found.filter(plie__contains=word)
        people = list(found.order_by("nom", "prenom")[: MONTRES + 1])
        exact = [one for one in people if words(one.nom_complet) == asked]
        if len(people) == 1 or len(exact) == 1:
            return (exact or people)[0]
        if not people:
            raise forms.ValidationError(f"Personne ne s’appelle «\u00a0{typed}\u00a0» dans l’annuaire.")
        names = ", ".join(one.nom_complet for one in people[:MONTRES])
        raise forms.ValidationError(f"Plusieurs personnes répondent à ce nom\u00a0: {names}. Précisez.")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("autre"):
            cleaned["remplacant"] = cleaned["autre"]
        if cleaned.get("date_debut") and cleaned.get("date_fin") and cleaned["date_fin"] < cleaned["date_debut"]:
            self.add_error("date_fin", "L’absence finit après avoir commencé. Choisissez un jour plus tard.")
        return cleaned

    def _post_clean(self) -> None:
        super()._post_clean()
        if not self.errors and (other := absences.overlapping(self.instance)):
            self.add_error("date_debut", f"Une absence est déjà notée\u00a0: {other.periode}. Modifiez-la plutôt.")
