"""Answers to a request, changes of a loan, messages: each a form of its own."""

from typing import TYPE_CHECKING, Any

from django import forms

from extranet.lib.uploads import FichierRefuse, clean_picture
from materiel.forms.periode import PeriodeForm
from materiel.models import Materiel, Pret

if TYPE_CHECKING:
    from django.http import QueryDict

ACCEPTER, PARTIE, PROPOSER, REFUSER, ATTENTE = "accepter", "partie", "proposer", "refuser", "attente"
AUTRE = "Autre"
MOTIFS = (
    "Nous en avons besoin ces jours-là.",
    "Il est en réparation.",
    "Le préavis est trop court.",
    "L’usage prévu ne lui convient pas.",
    AUTRE,
)
# What was on the screen: the state of the loan, so that an old tab answers nothing new.
VU = forms.CharField(required=False, widget=forms.HiddenInput)


def _word(label: str = "Un mot", rows: int = 0) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput()
    return forms.CharField(label=label, max_length=500, required=False, widget=widget)


class VuForm(forms.Form):
    vu = VU


class PartieForm(VuForm):
    """So many of what is asked."""

    quantite = forms.IntegerField(label="Combien en prêtez-vous\u00a0?", min_value=1)
    mot = _word()

    def __init__(self, data: "QueryDict | None" = None, *, pret: Pret, libre: int, **options: Any) -> None:
        super().__init__(data, **options)
        most = max(1, min(libre, pret.quantite))
        field = self.fields["quantite"]
        field.initial = most
        field.widget.attrs |= {"class": "ec-num", "max": most, "inputmode": "numeric"}
        field.help_text = f"{most} au plus, sur les {pret.quantite} demandés."


class RefuserForm(VuForm):
    motif = forms.ChoiceField(label="Pourquoi refuser\u00a0?", choices=[(one, one) for one in MOTIFS])
    mot = _word()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("motif") == AUTRE and not cleaned.get("mot"):
            self.add_error("mot", "Expliquez pourquoi\u00a0: l’autre commune le lira.")
        return cleaned

    @property
    def raison(self) -> str:
        motif, mot = self.cleaned_data["motif"], self.cleaned_data["mot"]
        return mot if motif == AUTRE else f"{motif} {mot}".strip()


class AttenteForm(VuForm):
    mot = _word()


class ProposerForm(PeriodeForm):
    """Other days, another number, another thing of ours."""

    vu = VU
    materiel = forms.ChoiceField(label="Matériel")
    quantite = forms.IntegerField(label="Combien", min_value=1)
    mot = _word()
    field_order = ("materiel", "quantite")

    def __init__(self, data: "QueryDict | None" = None, *, pret: Pret, nos: list[Materiel], **options: Any) -> None:
        """`nos`: the things of the same kind that the owner may propose, that of the loan among them."""
        initial = {**self.initial_of(pret), "quantite": pret.quantite, "materiel": pret.materiel_id}
        super().__init__(data, initial=initial | options.pop("initial", {}), **options)
        self.nos = {str(one.pk): one for one in nos}
        self.fields["materiel"].choices = [(pk, one.nom) for pk, one in self.nos.items()]
        self.fields["quantite"].widget.attrs["class"] = "ec-num"

    def clean_materiel(self) -> Materiel:
        return self.nos[self.cleaned_data["materiel"]]


class ChangementForm(PeriodeForm):
    """What one wants changed; once handed over, only the end."""

    vu = VU
    quantite = forms.IntegerField(label="Combien", min_value=1)
    mot = _word("Pourquoi", 2)

    def __init__(self, data: "QueryDict | None" = None, *, pret: Pret, remis: bool = False, **options: Any) -> None:
        initial = {**self.initial_of(pret), "quantite": pret.quantite}
        super().__init__(data, initial=initial | options.pop("initial", {}), **options)
        if remis:
            for name in ("date_debut", "moment_debut", "quantite"):
                del self.fields[name]
        elif pret.materiel.stock <= 1:
            del self.fields["quantite"]
        self.pret = pret

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if "date_debut" not in self.fields:
            self.debut = self.pret.debut
        return cleaned

    @property
    def combien(self) -> int:
        return self.cleaned_data.get("quantite") or self.pret.quantite


class AnnulerForm(VuForm):
    motif = forms.CharField(
        label="Pourquoi",
        max_length=300,
        error_messages={"required": "Dites pourquoi\u00a0: l’autre commune le lira."},
        widget=forms.TextInput(),
    )


class PropositionForm(forms.Form):
    """The answer of the other side; `lue` is the proposal that it has read."""

    lue = forms.IntegerField(widget=forms.HiddenInput)
    mot = _word()


class MessageForm(forms.Form):
    texte = forms.CharField(
        label="Votre message", max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    photo = forms.FileField(
        label="Joindre une photo",
        required=False,
        widget=forms.ClearableFileInput(attrs={"accept": "image/*,.heic,.heif"}),
        error_messages={"empty": "Cette photo est vide. Prenez-la de nouveau."},
    )

    def clean_photo(self) -> Any:
        """Made anew: upright, without place nor device."""
        photo = self.cleaned_data.get("photo")
        if not photo:
            return None
        try:
            return clean_picture(photo)
        except FichierRefuse as refusal:
            raise forms.ValidationError(str(refusal)) from None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not self.errors and not cleaned.get("texte") and not cleaned.get("photo"):
            self.add_error("texte", "Écrivez votre message, ou joignez une photo.")
        return cleaned
