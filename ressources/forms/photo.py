"""What is asked of a photo: what it shows, where, when, who is on it and whether they agree."""

from typing import Any

from django import forms
from django.utils import timezone

from collectivites.champs import NomFormField
from collectivites.models import Collectivite
from extranet.lib.francais import jour
from ressources.enums import AVEC_ACCORD, Licence, Personnes
from ressources.models import Photo
from ressources.models.photo import ACCORD_REQUIS, why_not_taken

QUI = [
    (Personnes.AUCUNE, "Personne | un lieu, un objet, des gens de dos ou au loin"),
    (Personnes.PUBLIC, "Une foule | un événement public, aucun portrait"),
    (Personnes.ACCORD, "Des adultes d’accord | ils se reconnaissent, ils acceptent"),
    (Personnes.MINEURS, "Des mineurs | leurs parents ont signé"),
]


def said_of(photo: Photo) -> str:
    """« Sur la fiche : des adultes, qui sont d’accord (les six agents, par courriel), jusqu’au 3 mars 2027. »"""
    until = f" ({photo.accord}), jusqu’au {jour(photo.accord_fin)}" if photo.accord_fin else ""
    return f"Sur la fiche\u00a0: {photo.get_personnes_display()}{until}."


def _date(label: str, **options: Any) -> forms.DateField:
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return forms.DateField(label=label, widget=widget, required=False, **options)


class ChampsPhoto(forms.Form):
    """Of one photo. None is required by itself: `clean_photo` says which are, once it is known to be a photo."""

    description = NomFormField(
        label="Ce qu’on y voit",
        max_length=400,
        required=False,
        error_messages={
            "max_length": "Dites ce qu’on y voit en quatre cents caractères au plus\u00a0: il y en a %(show_value)d."
        },
        help_text="Lu à qui ne voit pas la photo\u00a0: «\u00a0Le lavoir sous la neige, au soleil couchant.\u00a0»",
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    personnes = forms.ChoiceField(
        label="Qui s’y reconnaît",
        choices=QUI,
        widget=forms.RadioSelect,
        required=False,
        error_messages={"invalid_choice": "Choisissez une de ces réponses."},
    )
    accord = NomFormField(
        label="Qui est d’accord, et comment",
        max_length=300,
        required=False,
        help_text="«\u00a0Les six agents, par courriel\u00a0», «\u00a0les parents, par écrit\u00a0»",
    )
    accord_fin = _date("Leur accord vaut jusqu’au", help_text="Ensuite, la photo ne se montre plus.")
    lieu = NomFormField(label="Lieu", max_length=120, required=False)
    prise_le = _date("Prise le")

    def clean_photo(self, nom: str) -> None:
        """Says what is missing of the photo `nom`, or cannot be."""
        data = self.cleaned_data
        if data.get("prise_le") and (why := why_not_taken(data["prise_le"])):
            self.add_error("prise_le", f"«\u00a0{nom}\u00a0»\u00a0: {why}")
        if not data.get("description") and "description" not in self.errors:
            self.add_error("description", f"Dites ce qu’on voit sur «\u00a0{nom}\u00a0».")
        if not data.get("personnes") and "personnes" not in self.errors:
            self.add_error("personnes", f"Dites qui se reconnaît sur «\u00a0{nom}\u00a0».")
        if data.get("personnes") not in AVEC_ACCORD:
            return
        if not data.get("accord") and "accord" not in self.errors:
            self.add_error("accord", f"Dites qui est d’accord pour «\u00a0{nom}\u00a0», et comment.")
        fin = data.get("accord_fin")
        if "accord_fin" not in self.errors and (fin is None or fin < timezone.localdate()):
            self.add_error("accord_fin", f"Donnez le dernier jour, à venir, de l’accord pour «\u00a0{nom}\u00a0».")

    @property
    def values_photo(self) -> dict[str, Any]:
        """What goes on the row: an agreement that nobody has to give is left out."""
        data = self.cleaned_data
        agreed = data["personnes"] in AVEC_ACCORD
        return {
            **{name: data[name] for name in ("description", "personnes", "lieu", "prise_le")},
            "accord": data["accord"] if agreed else "",
            "accord_fin": data["accord_fin"] if agreed else None,
        }


class PhotosForm(forms.Form):
    """Asked once for all the photos of a deposit."""

    credit = NomFormField(
        label="Crédit",
        max_length=250,
        help_text="Qui l’a prise\u00a0: écrit sous la photo quand on la publie.",
        error_messages={"required": "Donnez le crédit\u00a0: qui a pris ces photos."},
    )
    licence = forms.ChoiceField(label="Qui peut la reprendre", choices=[(one, one.label) for one in Licence])
    commune = forms.ModelChoiceField(
        label="Commune", queryset=Collectivite.objects.none(), required=False, empty_label="Non précisée"
    )
    lieu = NomFormField(
        label="Même lieu pour toutes", max_length=120, required=False, help_text="Place, rue, bâtiment, hameau."
    )

    def __init__(self, data: Any = None, *, collectivite: Collectivite) -> None:
        initial = {"credit": collectivite.nom, "licence": Licence.INTERNE, "commune": collectivite.pk}
        super().__init__(data, prefix="photos", initial=initial)
        self.fields["licence"].choices = [(value, said[:1].upper() + said[1:]) for value, said in Licence.choices]
        self.fields["commune"].queryset = Collectivite.objects.members().order_by("nom")


class PhotoForm(ChampsPhoto):
    """On the page where a sheet is changed."""

    commune = forms.ModelChoiceField(
        label="Commune", queryset=Collectivite.objects.none(), required=False, empty_label="Non précisée"
    )

    def __init__(self, data: Any, *, photo: Photo | None, titre: str) -> None:
        self.titre, self.is_known = titre, photo is not None
        names = ("description", "personnes", "accord", "accord_fin", "lieu", "prise_le")
        initial = {name: getattr(photo, name) for name in names} | {"commune": photo.collectivite_id} if photo else {}
        super().__init__(data, prefix="photo", initial=initial)
        present = [photo.collectivite_id] if photo else []
        places = Collectivite.objects.members() | Collectivite.objects.filter(pk__in=present)
        self.fields["commune"].queryset = places.order_by("nom")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        self.clean_photo(self.titre)
        return cleaned

    @property
    def values(self) -> dict[str, Any]:
        return self.values_photo | {"collectivite": self.cleaned_data["commune"]}


class RetraitAccordForm(forms.Form):
    motif = NomFormField(
        label="Pourquoi",
        max_length=250,
        help_text="Gardé dans l’historique. Ne nommez personne.",
        error_messages={"required": "Dites pourquoi, par exemple «\u00a0Une personne ne veut plus paraître\u00a0»."},
    )


class RenouvellementForm(forms.Form):
    """« They agree again »: of those who must, in which words and until when."""

    accord = NomFormField(label="Qui est d’accord, et comment", max_length=300, required=False)
    accord_fin = _date("Leur accord vaut jusqu’au")

    def __init__(self, data: Any, *, photo: Photo) -> None:
        self.asked = photo.personnes in AVEC_ACCORD
        super().__init__(data, initial={"accord": photo.accord})
        if not self.asked:
            self.fields.clear()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.asked and not cleaned.get("accord") and "accord" not in self.errors:
            self.add_error("accord", ACCORD_REQUIS)
        fin = cleaned.get("accord_fin")
        if self.asked and "accord_fin" not in self.errors and (fin is None or fin < timezone.localdate()):
            self.add_error("accord_fin", "Donnez le dernier jour de l’accord, à venir.")
        return cleaned
