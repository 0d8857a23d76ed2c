"""One element of an état des lieux in the form, and the photos that go with what is seen."""

from typing import Any

from django import forms
from django.core.files import File

from collectivites.champs import NomFormField
from extranet.lib.uploads import FichierRefuse, clean_picture
from materiel.constats.elements import ElementPrevu
from materiel.constats.passation import Vu
from materiel.enums import EtatElement

PHOTO_COTE = 1600
PHOTOS_MAX = 8
TROP = f"{PHOTOS_MAX} photos au plus ici. Gardez les plus parlantes."
# Asked, but this thing has none or it does not leave: nothing is written of it.
SANS_OBJET = "sans"
# What is said of an element, here and on the device before it is sent.
PHRASES = {
    "etat": "Dites dans quel état il est.",
    "abime": "Écrivez ce que vous voyez, par exemple «\u00a0trois sangles sur quatre\u00a0».",
    "manque": "Écrivez ce qui manque, par exemple «\u00a0trois sangles sur quatre\u00a0».",
    "compte": "Vous en comptez {vu} sur {prevu}\u00a0: choisissez «\u00a0Manque\u00a0».",
}


def cleaned(files: list[File]) -> tuple[File, ...]:
    """Upright, shrunk, without place nor device. Raises ValidationError."""
    if len(files) > PHOTOS_MAX:
        raise forms.ValidationError(TROP)
    try:
        return tuple(clean_picture(one, max_side=PHOTO_COTE) for one in files)
    except FichierRefuse as refusal:
        raise forms.ValidationError(str(refusal)) from refusal


class ElementForm(forms.Form):
    """An element. Its name is that of the list when the form was opened, which may be days ago."""

    nom = NomFormField(max_length=120, widget=forms.HiddenInput)
    prevu = forms.IntegerField(min_value=1, max_value=9999, widget=forms.HiddenInput)
    etat = forms.ChoiceField(
        label="État",
        choices=EtatElement,
        widget=forms.RadioSelect,
        error_messages={"required": PHRASES["etat"]},
    )
    vu = forms.IntegerField(label="Combien vous en comptez", min_value=0, max_value=9999, required=False)
    note = forms.CharField(
        label="Ce que vous voyez",
        max_length=500,
        required=False,
        strip=True,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(
        self,
        *args: Any,
        photos: list[File] = (),
        attendu: ElementPrevu | None = None,
        facultatif: bool = False,
        **kwargs: Any,
    ) -> None:
        """`facultatif`: it may be said « sans objet »; not at a return, where all that left is looked at."""
        super().__init__(*args, **kwargs)
        self.photos, self.attendu, self.facultatif = photos, attendu, facultatif
        if facultatif:
            self.fields["etat"].choices = [*EtatElement.choices, (SANS_OBJET, "sans objet")]

    @property
    def champ_photos(self) -> str:
        return self.add_prefix("photos")

    @property
    def ouvert(self) -> bool:
        return self.is_bound and bool(set(self.errors) - {"etat"})

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        etat, vu, prevu = given.get("etat"), given.get("vu"), given.get("prevu") or 1
        if etat in {EtatElement.ABIME, EtatElement.MANQUE} and not given.get("note"):
            self.add_error("note", PHRASES[etat])
        if vu is not None and vu < prevu and etat in {EtatElement.BON, EtatElement.USE}:
            self.add_error("etat", PHRASES["compte"].format(vu=vu, prevu=prevu))
        try:
            given["photos"] = cleaned(self.photos)
        except forms.ValidationError as refusal:
            self.add_error(None, refusal)
        return given

    @property
    def seen(self) -> Vu | None:
        given = self.cleaned_data
        if given["etat"] == SANS_OBJET:
            return None
        count = given["vu"]
        return Vu(
            given["nom"],
            EtatElement(given["etat"]),
            given["prevu"],
            given["prevu"] if count is None and given["etat"] == EtatElement.BON else count,
            given["note"],
            given["photos"],
        )
