"""Forms of the conventions: signing, sending the signed paper, agreeing for a year."""

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils import timezone

from collectivites.champs import NomFormField
from collectivites.models import Collectivite
from extranet.lib.pliage import Fold
from extranet.lib.uploads import FichierRefuse, check_document
from materiel.contrats.copies import Papier, wrong_day
from materiel.contrats.signatures import place_of
from materiel.enums import Cote
from materiel.models import Convention

if TYPE_CHECKING:
    from django.core.files import File

SCANS = frozenset({"pdf", "jpg", "jpeg", "png"})
SCAN_OCTETS = 20 * 1024 * 1024
DATE = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
PRETONS, EMPRUNTONS = "preteur", "emprunteur"


class SignatureForm(forms.Form):
    """« J’ai lu »: the fingerprint says what was on the screen."""

    cote = forms.ChoiceField(choices=Cote, widget=forms.HiddenInput)
    lu = forms.CharField(max_length=64, widget=forms.HiddenInput)
    accord = forms.BooleanField(error_messages={"required": "Cochez cette case pour signer."})

    def __init__(self, *args: Any, phrase: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["accord"].label = phrase


class ScanForm(forms.Form):
    """The signed paper, with who signed it for each party that has not signed here."""

    fichier = forms.FileField(
        label="La convention signée, scannée",
        help_text="PDF ou photo lisible, 20\u00a0Mo au plus.",
        widget=forms.ClearableFileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png"}),
    )

    def __init__(self, *args: Any, convention: Convention, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.convention = convention
        done = {one.cote for one in convention.signatures.all()}
        self.cotes = [cote for cote in Cote if cote not in done]
        for cote in self.cotes:
            place = place_of(convention, cote)
            said = convention.donnees.get(cote, {})
            known = said.get("represente", "")
            initial = "" if known.startswith("(") else known
            self.fields[f"nom_{cote}"] = NomFormField(
                label=f"Qui a signé pour {place.nom}", max_length=170, initial=initial
            )
            self.fields[f"qualite_{cote}"] = NomFormField(
                label="Sa qualité",
                max_length=120,
                initial="" if said.get("qualite", "").startswith("(") else said.get("qualite", ""),
            )
            self.fields[f"le_{cote}"] = forms.DateField(label="Le", widget=DATE, initial=timezone.localdate)

    def clean_fichier(self) -> "File":
        fichier = self.cleaned_data["fichier"]
        try:
            self.nom = check_document(fichier, accepted=SCANS, max_bytes=SCAN_OCTETS)
        except FichierRefuse as refusal:
            raise forms.ValidationError(str(refusal)) from refusal
        return fichier

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        for cote in self.cotes:
            le = given.get(f"le_{cote}")
            if le is not None and (wrong := wrong_day(self.convention, le)):
                self.add_error(f"le_{cote}", wrong)
        return given

    @property
    def papiers(self) -> list[Papier]:
        given = self.cleaned_data
        return [
            Papier(cote, given[f"nom_{cote}"], given[f"qualite_{cote}"], given[f"le_{cote}"]) for cote in self.cotes
        ]


class CopieForm(forms.Form):
    """« Est-ce bien notre convention ? »: `lue` says which copy was on the screen."""

    lue = forms.CharField(max_length=255, widget=forms.HiddenInput)
    motif = forms.CharField(
        label="Si ce n’est pas elle, pourquoi",
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="L’autre commune le lira.",
    )


class CadreForm(forms.Form):
    """With whom, in which direction, from when."""

    sens = forms.ChoiceField(label="Qui prête", widget=forms.RadioSelect, choices=[])
    autre = forms.ModelChoiceField(
        label="Avec quelle collectivité",
        queryset=Collectivite.objects.none(),
        empty_label="Choisir",
        error_messages={"required": "Choisissez l’autre collectivité."},
    )
    du = forms.DateField(label="À partir du", widget=DATE, initial=timezone.localdate)
    avec_conducteur = forms.BooleanField(
        label="Pour des matériels avec le conducteur du propriétaire",
        required=False,
        help_text="Le concours d’un agent a d’autres règles\u00a0: il a sa propre convention.",
    )

    def __init__(self, *args: Any, place: Collectivite, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.place = place
        self.fields["sens"].choices = [
            (PRETONS, f"{place.nom} prête|pour tous vos prêts à cette collectivité"),
            (EMPRUNTONS, f"{place.nom} emprunte|pour tout ce qu’elle vous prête"),
        ]
        self.fields["autre"].queryset = Collectivite.objects.members().exclude(pk=place.pk).order_by(Fold("nom"))

    def clean_du(self) -> date:
        du = self.cleaned_data["du"]
        today = timezone.localdate()
        if not today - timedelta(days=31) <= du <= today + timedelta(days=366):
            raise forms.ValidationError("Choisissez une date entre le mois dernier et l’année prochaine.")
        return du

    @property
    def parties(self) -> tuple[Collectivite, Collectivite]:
        """Lender, borrower."""
        other = self.cleaned_data["autre"]
        return (self.place, other) if self.cleaned_data["sens"] == PRETONS else (other, self.place)

    @property
    def au(self) -> date:
        """The eve of its anniversary."""
        du = self.cleaned_data["du"]
        try:
            return du.replace(year=du.year + 1) - timedelta(days=1)
        except ValueError:  # 29 February
            return date(du.year + 1, 2, 28)
