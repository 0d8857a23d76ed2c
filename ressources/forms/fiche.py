"""Forms of a sheet: its words, its archive, a review's decision and remarks."""

from datetime import date
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.text import slugify

from collectivites.champs import NomFormField
from collectivites.enums import Strate
from collectivites.models import Agent, Theme
from ressources.enums import Licence, Source
from ressources.forms.consulter import slug_of
from ressources.forms.deposer import referents
from ressources.forms.lecteurs import LecteursForm
from ressources.lecteurs import answer_of
from ressources.models import PublicVise, RessourcePage, TypeRessource
from ressources.relecture import MOTIFS
from ressources.verification import why_too_far

if TYPE_CHECKING:
    from django.http import QueryDict

PUBLIER, RENVOYER = "publier", "renvoyer"
# Fields of the page that the form writes as they are.
SIMPLES = (
    *("resume", "theme", "type", "strate", "mots_cles", "source", "source_precision", "source_url"),
    *("reference_texte", "date_effet", "verifie_par", "verifie_le", "a_verifier_avant", "avant_adoption"),
    *("referent", "remplacee_par", "licence", "credit", "lecture_suivie", "a_remplir"),
)


def _date(label: str, **options: Any) -> forms.DateField:
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return forms.DateField(label=label, widget=widget, required=False, **options)


class FicheForm(LecteursForm):
    """All that the site lets one write of a sheet; its body, longer, is written in the admin."""

    titre = NomFormField(label="Titre", max_length=250)
    resume = NomFormField(
        label="À quoi ça sert", max_length=400, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    theme = forms.ModelChoiceField(label="Thème", queryset=Theme.objects.all())
    type = forms.ModelChoiceField(label="Type", queryset=TypeRessource.objects.all())
    publics = forms.ModelMultipleChoiceField(
        label="Métiers concernés",
        queryset=PublicVise.objects.all(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    avant_adoption = forms.CharField(
        label="Avant de l’adopter",
        help_text="Ce qu’une commune doit vérifier\u00a0; une ligne par point.",
        widget=forms.Textarea(attrs={"rows": 4}),
        required=False,
        max_length=4000,
    )
    a_remplir = forms.BooleanField(label="C’est un modèle à compléter", required=False)
    mots_cles = NomFormField(label="Mots-clés", max_length=300, required=False, help_text="Séparés par des virgules.")
    strate = forms.ChoiceField(label="Taille de commune", choices=[("", "Toutes"), *Strate.choices], required=False)
    reference_texte = NomFormField(
        label="Référence de texte", max_length=200, required=False, help_text="«\u00a0CGCT, article L. 2121-7\u00a0»"
    )
    date_effet = _date("Date d’effet")
    verifie_par = NomFormField(label="Vérifié par", max_length=150, required=False)
    verifie_le = _date("Vérifié le")
    a_verifier_avant = _date("À vérifier avant le")
    referent = forms.ModelChoiceField(label="Qui répond aux questions", queryset=Agent.objects.none(), required=False)
    remplacee_par = forms.CharField(
        label="Remplacée par",
        max_length=500,
        required=False,
        help_text="Ouvrez la fiche qui la remplace, puis copiez son adresse. Ceux qui ont pris un fichier ici seront "
        "prévenus.",
    )
    source = forms.ChoiceField(label="Source", choices=Source)
    source_precision = NomFormField(label="Précision sur la source", max_length=200, required=False)
    source_url = forms.URLField(label="Adresse de l’original", max_length=300, required=False, assume_scheme="https")
    licence = forms.ChoiceField(label="Licence", choices=Licence)
    credit = NomFormField(label="Crédit", max_length=250, required=False)
    lecture_suivie = forms.BooleanField(
        label="Lecture suivie", help_text="Chaque lecteur dit «\u00a0J’ai lu\u00a0» à chaque version.", required=False
    )
    base = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: "QueryDict | None", *, page: RessourcePage, draft: RessourcePage, agent: Agent) -> None:
        initial = {name: getattr(draft, name) for name in SIMPLES} | answer_of(draft.diffusion)
        initial |= {"titre": draft.title, "publics": list(draft.publics.all()), "base": page.latest_revision_id}
        self.codes_en_place, self.remplacante = list(draft.diffusion), draft.remplacee_par
        self.autres = RessourcePage.objects.visible_to(agent).exclude(pk=page.pk)
        shown = self.autres.filter(pk=draft.remplacee_par_id).first()
        initial["remplacee_par"] = shown.adresse if shown else ""
        super().__init__(data, agent=agent, en_place=self.codes_en_place, initial=initial)
        self.fields["referent"].queryset = referents(agent, page.collectivite, present=draft.referent_id)

    def clean_titre(self) -> str:
        titre = self.cleaned_data["titre"]
        if not slugify(titre):
            raise forms.ValidationError("Donnez un titre avec des mots.")
        return titre

    def clean_a_verifier_avant(self) -> date | None:
        day = self.cleaned_data["a_verifier_avant"]
        if day and (why := why_too_far(day)):
            raise forms.ValidationError(why)
        return day

    def clean_remplacee_par(self) -> RessourcePage | None:
        """Left as it was, it stays, were it a sheet that this person does not see."""
        if "remplacee_par" not in self.changed_data:
            return self.remplacante
        adresse = self.cleaned_data["remplacee_par"]
        found = self.autres.filter(slug=slug_of(adresse)).first() if adresse else None
        if adresse and found is None:
            raise forms.ValidationError(
                "Cette adresse ne mène à aucune autre fiche que vous voyez. Ouvrez la fiche, puis copiez son adresse."
            )
        return found

    @property
    def values(self) -> dict[str, Any]:
        """What goes on the page. An answer left as it was keeps a diffusion that mixes several."""
        data = self.cleaned_data
        kept = not {"qui", "communes", "reseaux"} & set(self.changed_data)
        return {
            **{name: data[name] for name in SIMPLES},
            "title": data["titre"],
            "publics": list(data["publics"]),
            "diffusion": self.codes_en_place if kept else self.codes,
        }


class ArchiveForm(forms.Form):
    motif = NomFormField(
        label="Pourquoi",
        max_length=250,
        help_text="Gardé dans l’historique de la fiche, et dit à ceux qui ont téléchargé le document.",
        error_messages={"required": "Dites pourquoi, par exemple «\u00a0Le service n’existe plus\u00a0»."},
    )


class RetraitForm(forms.Form):
    motif = NomFormField(
        label="Pourquoi",
        max_length=250,
        help_text="Lu par ceux qui l’ont téléchargé\u00a0: «\u00a0La loi du 3 mars a changé la procédure.\u00a0»",
        error_messages={"required": "Dites pourquoi\u00a0: ceux qui l’ont téléchargé le liront."},
    )


class DecisionForm(forms.Form):
    """Publish, or send back with a reason."""

    decision = forms.ChoiceField(
        label="Votre décision",
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez de publier ou de renvoyer."},
    )
    motif = forms.ChoiceField(
        label="Motif", choices=[("", "Choisissez un motif"), *((motif, motif) for motif in MOTIFS)], required=False
    )
    mot = forms.CharField(
        label="Un mot pour l’auteur", required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, data: "QueryDict | None", *, choices: list[tuple[str, str]]) -> None:
        super().__init__(data)
        self.fields["decision"].choices = choices

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("decision") == RENVOYER:
            if not cleaned.get("motif"):
                self.add_error("motif", "Choisissez le motif\u00a0: son auteur le lira.")
            elif cleaned["motif"] == MOTIFS[-1] and not cleaned.get("mot"):
                self.add_error("mot", "Expliquez ce qu’il faut changer.")
        return cleaned


class RemarqueForm(forms.Form):
    endroit = NomFormField(label="Où", max_length=120, required=False, help_text="«\u00a0Page 4, article 6\u00a0»")
    remarque = forms.CharField(
        label="Ajouter une remarque", max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Écrivez votre remarque."},
    )  # fmt: skip
