"""What a reader writes: a note, a question, « ma commune l’utilise », a document that is missing."""

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django import forms
from django.core.exceptions import ValidationError
from django.core.files import File

from collectivites.models import Theme
from extranet.lib.extraction import on_disk, read_text
from extranet.lib.uploads import FichierRefuse, check_document, check_reading
from ressources.enums import GenreEchange
from ressources.models import DemandeDocument, Echange, Favori, Reprise, RessourcePage

if TYPE_CHECKING:
    from collectivites.models import Agent

ACTES = frozenset({"pdf", "docx", "odt"})
ACTE_MAX = 10 * 1024 * 1024
_GENRES = [
    (GenreEchange.QUESTION, "Une question"),
    (GenreEchange.REMARQUE, "Un retour d’expérience"),
    (GenreEchange.SIGNALEMENT, "Une erreur|Lue seulement par ceux qui tiennent la fiche"),
]


TEXTE = {
    "required": "Écrivez votre message.",
    "max_length": "Deux mille caractères au plus\u00a0: il y en a %(show_value)d.",
}


class FavoriForm(forms.ModelForm):
    class Meta:
        model = Favori
        fields = ["note"]
        help_texts = {"note": "Vous seul la lisez."}


class EchangeForm(forms.ModelForm):
    genre = forms.ChoiceField(label="Vous écrivez", choices=_GENRES, widget=forms.RadioSelect)

    class Meta:
        model = Echange
        fields = ["genre", "texte", "endroit"]
        labels = {"texte": "Votre message", "endroit": "À quel endroit du document"}
        help_texts = {"endroit": "«\u00a0Page 4, article 6\u00a0»"}
        widgets = {"texte": forms.Textarea(attrs={"rows": 4})}
        error_messages = {"texte": TEXTE}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"genre": GenreEchange.QUESTION})
        super().__init__(*args, **kwargs)


class ReponseForm(forms.ModelForm):
    class Meta:
        model = Echange
        fields = ["texte"]
        labels = {"texte": "Votre réponse"}
        widgets = {"texte": forms.Textarea(attrs={"rows": 3})}
        error_messages = {"texte": TEXTE}


class RepriseForm(forms.ModelForm):
    acte = forms.FileField(
        label="L’acte adopté",
        required=False,
        widget=forms.FileInput,
        help_text="PDF, DOCX ou ODT, 10 Mo au plus. Les lecteurs de la fiche l’ouvriront.",
    )
    telephone = forms.RegexField(
        r"^[0-9+ .()\-]{6,20}$",
        label="À qui téléphoner",
        required=False,
        error_messages={"invalid": "Écrivez un numéro, par exemple 03 53 01 00 12."},
    )

    class Meta:
        model = Reprise
        fields = ["mot", "telephone", "acte"]

    def clean_acte(self) -> File | None:
        sent = self.cleaned_data.get("acte")
        if not sent or "acte" not in self.changed_data:
            return None
        try:
            sent.name = check_document(sent, accepted=ACTES, max_bytes=ACTE_MAX)
            with on_disk(sent) as path:
                check_reading(sent.name, read_text(path, sent.name.rpartition(".")[2].lower()))
        except FichierRefuse as refusal:
            raise ValidationError(str(refusal), code="refuse") from refusal
        return sent


class DemandeForm(forms.ModelForm):
    theme = forms.ModelChoiceField(
        Theme.objects.all(),
        label="Thème",
        required=False,
        empty_label="Je ne sais pas",
        help_text="Ceux qui connaissent ce thème seront prévenus.",
    )

    class Meta:
        model = DemandeDocument
        fields = ["objet", "precision", "theme"]
        help_texts = {"objet": "Par exemple «\u00a0règlement de la salle des fêtes\u00a0»."}
        widgets = {"precision": forms.Textarea(attrs={"rows": 3})}
        error_messages = {
            "objet": {
                "required": "Dites ce que vous cherchez, par exemple «\u00a0modèle d’arrêté de circulation\u00a0»."
            }
        }


class ReponseDemandeForm(forms.Form):
    """One of the sheets proposed, or the address of another."""

    proposee = forms.ChoiceField(label="Une de ces fiches répond-elle\u00a0?", required=False, widget=forms.RadioSelect)
    adresse = forms.CharField(
        label="Ou l’adresse d’une autre fiche",
        required=False,
        max_length=500,
        help_text="Ouvrez la fiche, puis copiez son adresse.",
    )
    reponse = forms.CharField(label="Un mot", required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, agent: "Agent", proposees: list[RessourcePage], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.agent = agent
        self.fields["proposee"].choices = [(page.pk, f"{page.title}|{page.collectivite.nom}") for page in proposees]
        if not proposees:
            del self.fields["proposee"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        visible = RessourcePage.objects.open_to(self.agent)
        if slug := slug_of(cleaned.get("adresse", "")):
            cleaned["page"] = visible.filter(slug=slug).first()
            if cleaned["page"] is None:
                self.add_error(
                    "adresse", "Cette adresse ne mène à aucune fiche que vous voyez. Copiez-la depuis la fiche."
                )
        elif cleaned.get("proposee"):
            cleaned["page"] = visible.filter(pk=cleaned["proposee"]).first()
        elif cleaned.get("adresse"):
            self.add_error("adresse", "Ce n’est pas l’adresse d’une fiche. Ouvrez-la, puis copiez son adresse.")
        elif not self.errors:
            self.add_error(None, "Choisissez une fiche, ou donnez son adresse.")
        return cleaned


class ClotureForm(forms.Form):
    reponse = forms.CharField(
        label="Pourquoi",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Lu par ceux qui cherchaient.",
        error_messages={"required": "Dites pourquoi, en une phrase\u00a0: ceux qui cherchaient la liront."},
    )


def slug_of(adresse: str) -> str:
    """Of « https://…/ressources/reglement-du-cimetiere/?x=1 »; empty for another address."""
    parts = [part for part in urlsplit(adresse.strip()).path.split("/") if part]
    return parts[1] if len(parts) == 2 and parts[0] == "ressources" else ""
