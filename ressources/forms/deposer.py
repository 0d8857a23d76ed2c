"""Forms of a deposit: what is asked once for all its documents, and what each of them answers."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import Q
from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.text import slugify

from collectivites.champs import NomFormField
from collectivites.models import Agent, Collectivite, Theme
from extranet.lib.mois import add_months
from ressources.enums import EtatDepot
from ressources.forms.lecteurs import LecteursForm
from ressources.forms.photo import ChampsPhoto, PhotosForm, said_of
from ressources.models import Fichier, FichierDepose, Photo, ReglagesRessources, RessourcePage, TypeRessource
from ressources.permissions import can_edit
from ressources.remplir.controle import Controle
from ressources.soumission import Commun, Fiche
from ressources.verification import why_too_far

if TYPE_CHECKING:
    from django.db.models import QuerySet

VERSION, AUTRE = "version", "autre"


class DepotForm(LecteursForm):
    """What is asked once for all the documents of a deposit."""

    a_verifier_avant = forms.DateField(
        label="À vérifier avant le",
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"required": "Donnez la date avant laquelle quelqu’un relira ces documents."},
    )
    referent = forms.ModelChoiceField(label="Qui répond aux questions", queryset=Agent.objects.none(), empty_label=None)

    def __init__(self, *args: Any, agent: Agent, collectivite: Collectivite, **kwargs: Any) -> None:
        super().__init__(*args, agent=agent, **kwargs)
        reglages = ReglagesRessources.load()
        self.fields["qui"].initial = "toutes"
        self.fields["a_verifier_avant"].initial = add_months(timezone.localdate(), reglages.mois_verification)
        self.fields["a_verifier_avant"].help_text = f"Nous vous le rappelons {reglages.jours_rappel}\u00a0jours avant."
        field = self.fields["referent"]
        field.queryset = referents(agent, collectivite)
        field.label_from_instance = lambda one: f"Vous, {one}" if one == agent else str(one)
        field.initial = agent.pk
        field.help_text = f"Si cette personne part, les gestionnaires {collectivite.de_nom} prennent la suite."

    def clean_a_verifier_avant(self) -> date:
        day = self.cleaned_data["a_verifier_avant"]
        if day <= timezone.localdate():
            raise ValidationError("Cette date est passée. Donnez-en une à venir.")
        if why := why_too_far(day):
            raise ValidationError(why)
        return day

    @property
    def commun(self) -> Commun:
        data = self.cleaned_data
        return Commun(tuple(self.codes), data["a_verifier_avant"], data["referent"])


def referents(agent: Agent, collectivite: Collectivite, *, present: int | None = None) -> "QuerySet[Agent]":
    """Colleagues in office there, oneself, and the one who answers at `present`."""
    colleagues = Agent.objects.in_office().of(collectivite).values("pk")
    return Agent.objects.filter(Q(pk__in=colleagues) | Q(pk__in=[agent.pk, present])).order_by("nom", "prenom")


class LigneForm(forms.Form):
    """One document: proposed from its words, corrected by the person."""

    is_photo = False

    titre = NomFormField(label="Titre", max_length=250, required=False)
    theme = forms.ModelChoiceField(label="Thème", queryset=Theme.objects.all(), empty_label="Choisir", required=False)
    type = forms.ModelChoiceField(
        label="Type", queryset=TypeRessource.objects.all(), empty_label="Choisir", required=False
    )
    changements = NomFormField(
        label="Ce qui change",
        max_length=500,
        required=False,
        help_text="Lu par ceux qui ont l’ancienne version\u00a0: «\u00a0Les tarifs de 2027, et l’article 4.\u00a0»",
    )
    modele = forms.BooleanField(
        label="C’est un modèle à remplir",
        help_text="Chaque commune le prendra rempli avec sa fiche\u00a0; le modèle vierge reste là.",
        required=False,
    )
    jumeau = forms.ChoiceField(
        label="Est-ce une nouvelle version ?",
        choices=[(VERSION, "Oui"), (AUTRE, "Non, c’est un autre document")],
        widget=forms.RadioSelect,
        required=False,
    )
    memes_personnes = forms.BooleanField(label="Ces réponses valent aussi pour ce nouveau fichier", required=False)

    def __init__(self, data: QueryDict | None = None, *, ligne: FichierDepose, agent: Agent) -> None:
        self.ligne, self.remplace = ligne, replaced_by(ligne, agent)
        self.controle = Controle.from_json(ligne.controle)
        initial = {
            "titre": ligne.titre_propose,
            "theme": ligne.theme_propose_id,
            "type": ligne.type_propose_id,
            "jumeau": VERSION if self.remplace else AUTRE,
            "modele": self.controle.is_modele,
        }
        super().__init__(data, prefix=f"f{ligne.pk}", initial=initial)
        if self.controle.is_vide:
            del self.fields["modele"]
        if self.decrite is None:
            del self.fields["memes_personnes"]
        else:
            asked = self.fields["memes_personnes"]
            asked.help_text = f"{said_of(self.decrite)} Sinon, changez-les d’abord sur la fiche."
        if self.ajoute_a is not None:
            self.fields["titre"] = NomFormField(label="Ce que c’est", max_length=150, required=False)
        if self.remplace is not None:
            last = self.remplace.next_numero - 1
            self.fields["changements"].label = f"Ce qui change depuis la version {last}"

    @property
    def fixe(self) -> bool:
        """The document that it replaces was chosen before the file was sent."""
        return self.ligne.version_de_id is not None

    @property
    def ajoute_a(self) -> RessourcePage | None:
        """The sheet that gains a file, when the deposit is for that: neither its theme nor its type is asked."""
        return self.ligne.depot.nouvelle_version_de if self.ligne.depot.ajout else None

    @property
    def decrite(self) -> Photo | None:
        """What the sheet that this file may go to says of who is on its photo: they were not asked of this one."""
        page = self.ajoute_a or (self.remplace.page if self.remplace else None)
        return getattr(page, "photo", None)

    @property
    def joins_photo(self) -> bool:
        return self.decrite is not None and (self.is_version or self.ajoute_a is not None)

    @property
    def intitule(self) -> str:
        return (self["titre"].value() or "").strip() or self.ligne.nom

    @property
    def is_open(self) -> bool:
        unclear = bool(self.controle.fautes)
        return bool(self.manque or self.fixe or self.ajoute_a or unclear or self.is_bound and self.errors)

    @property
    def is_version(self) -> bool:
        if self.fixe or self.ajoute_a is not None:
            return self.fixe
        chosen = self["jumeau"].value() if self.is_bound else self.initial["jumeau"]
        return self.remplace is not None and chosen == VERSION

    def clean(self) -> dict[str, Any]:
        cleaned, nom = super().clean(), self.ligne.nom
        if cleaned.get("modele") and not self.controle.is_modele:
            phrase = self.controle.fautes[0].phrase
            self.add_error(
                "modele", f"«\u00a0{nom}\u00a0» n’est pas encore un modèle. {phrase[:1].upper()}{phrase[1:]}"
            )
        if self.joins_photo and not cleaned.get("memes_personnes"):
            self.add_error("memes_personnes", f"Dites si ces réponses valent pour «\u00a0{nom}\u00a0».")
        if self.is_version:
            return cleaned
        if not slugify(cleaned.get("titre") or ""):
            self.add_error("titre", f"Donnez un titre à «\u00a0{nom}\u00a0».")
        asked = () if self.ajoute_a else (("theme", "un thème"), ("type", "un type"))
        for name, article in asked:
            if not cleaned.get(name) and name not in self.errors:
                self.add_error(name, f"Choisissez {article} pour «\u00a0{nom}\u00a0».")
        return cleaned

    @property
    def manque(self) -> list[str]:
        """« le titre », « le thème »: what nobody could propose."""
        words = {"memes_personnes": "la réponse sur les personnes"} if self.joins_photo else {}
        if not self.is_version:
            words |= {"titre": "le titre"}
            words |= {} if self.ajoute_a else {"theme": "le thème", "type": "le type"}
        return [word for name, word in words.items() if not self[name].value()]

    @property
    def manque_dit(self) -> str:
        """« le titre, le thème et le type »."""
        *first, last = self.manque
        return f"{', '.join(first)} et {last}" if first else last

    @property
    def resume(self) -> str:
        """« Cimetière, délibération ou arrêté »: what is folded."""
        if self.manque:
            return f"{self.manque_dit.capitalize()} à donner"
        if self.is_version:
            return f"Nouvelle version de «\u00a0{self.remplace.page.title}\u00a0»"
        if self.ajoute_a is not None:
            return f"Un fichier de plus dans «\u00a0{self.ajoute_a.title}\u00a0»"
        theme, kind = (self.fields[name].to_python(self[name].value()) for name in ("theme", "type"))
        return f"{theme}, {str(kind).lower()}"

    @property
    def fiche(self) -> Fiche:
        data, modele = self.cleaned_data, bool(self.cleaned_data.get("modele"))
        if self.is_version:
            return Fiche(version_de=self.remplace, changements=data.get("changements") or "", modele=modele)
        if self.ajoute_a is not None:
            return Fiche(data["titre"], ajoute_a=self.ajoute_a, modele=modele)
        autres = {"a_remplir": True} if modele else {}
        return Fiche(data["titre"], data["theme"], data["type"], modele=modele, autres=autres)


def fautes(form: forms.Form, answers: list[LigneForm]) -> list[tuple[str, str]]:
    """What is to be corrected in all the forms, with where it stands on the page."""
    found = []
    for one in [form, *answers]:
        for name, errors in one.errors.items() if one.is_bound else ():
            bound = None if name == NON_FIELD_ERRORS else one[name]
            found.append(((bound.id_for_label or f"{bound.auto_id}_0") if bound else "", str(errors[0])))
    return found


def replaced_by(ligne: FichierDepose, agent: Agent) -> Fichier | None:
    """The Fichier that this one may be a version of: chosen beforehand, else that of a twin one may change, unless the
    bytes are those of its last version.
    """
    if ligne.version_de_id or ligne.depot.ajout:
        return ligne.version_de
    twin = ligne.jumeau
    if twin is None or not can_edit(agent, twin.fichier.page):
        return None
    last = twin.fichier.versions.first()
    return twin.fichier if last is not None and last.sha256 != ligne.sha256 else None


class LignePhotoForm(ChampsPhoto, LigneForm):
    """A photo: what it shows and who is on it too, unless it is the file of a sheet that says so already.

    `photos` answers once for all those of the deposit. Filed under another type than « Photo », it is a document.
    """

    photos: PhotosForm | None = None
    is_photo = True

    def __init__(self, data: QueryDict | None = None, *, ligne: FichierDepose, agent: Agent) -> None:
        super().__init__(data, ligne=ligne, agent=agent)
        self.initial["prise_le"] = ligne.prise_le

    @cached_property
    def is_described(self) -> bool:
        kind = self.fields["type"].queryset.filter(pk=_key(self["type"].value())).first()
        return bool(not self.is_version and self.ajoute_a is None and kind and kind.is_photo)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.is_described:
            self.clean_photo(self.ligne.nom)
        return cleaned

    @property
    def manque(self) -> list[str]:
        words = (
            {"description": "la description", "personnes": "la réponse sur les personnes"} if self.is_described else {}
        )
        return super().manque + [word for name, word in words.items() if not self[name].value()]

    @property
    def fiche(self) -> Fiche:
        fiche = super().fiche
        if not self.is_described or self.photos is None:
            return fiche
        shared = self.photos.cleaned_data
        autres = {"credit": shared["credit"], "licence": shared["licence"]}
        values = self.values_photo
        values |= {"lieu": values["lieu"] or shared["lieu"], "collectivite": shared["commune"]}
        return replace(fiche, autres=autres, photo=values)


def described_of(answers: "Iterable[LigneForm]") -> list[LignePhotoForm]:
    return [one for one in answers if isinstance(one, LignePhotoForm) and one.is_described]


def _key(value: object) -> int | None:
    text = str(value or "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def forms_of(lines: list[FichierDepose], agent: Agent, data: QueryDict | None = None) -> Iterator[LigneForm]:
    """Those of the lines that may be sent."""
    sent = (line for line in lines if line.etat != EtatDepot.REFUSE)
    return ((LignePhotoForm if line.is_photo else LigneForm)(data, ligne=line, agent=agent) for line in sent)
