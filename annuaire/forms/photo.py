"""The form of a portrait."""

from typing import Any

from django import forms


class PhotoForm(forms.Form):
    """A picture and the agreement without which nothing is kept. `pour` is whose portrait it is, unless one’s own."""

    photo = forms.FileField(
        label="La photo",
        max_length=255,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp,image/heic,.heic"}),
        help_text="Un visage de face, 15\u00a0Mo au plus. Elle est coupée en carré\u00a0; le lieu et l’appareil sont "
        "effacés.",
        error_messages={"required": "Choisissez une photo sur votre appareil."},
    )
    accord = forms.BooleanField(
        label="J’ai lu ce texte et je l’accepte",
        error_messages={"required": "Cochez cette case\u00a0: sans accord, aucune photo n’est gardée."},
    )

    def __init__(self, *args: Any, pour: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if pour:
            self.fields["accord"].label = f"J’ai l’accord écrit de {pour} sur ce texte, et je le conserve"
