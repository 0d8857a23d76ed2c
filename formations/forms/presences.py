"""What the page of presences sends: a button a person, details of one, the signed sheet."""

from django import forms
from django.core.exceptions import ValidationError
from django.core.files import File
from django.http import QueryDict

from extranet.lib.uploads import FichierRefuse
from formations.enums import Presence
from formations.refus import InscriptionRefusee
from formations.seances.appel import Dit
from formations.seances.feuilles import checked
from formations.seances.presences import Saisie

CHOISIS = {Presence.PRESENT.value, Presence.EXCUSE.value, Presence.ABSENT.value}
NOTE_MAX = 150


def is_key(text: str) -> bool:
    """What may be the key of a row: longer, no database reads it."""
    return text.isascii() and text.isdecimal() and len(text) < 19


def by_key(data: QueryDict, prefix: str) -> dict[int, str]:
    """Every « p-12=present » by key of the inscription; what is not one is left out."""
    return {
        int(key): value
        for name, value in data.items()
        if name.startswith(prefix) and is_key(key := name.removeprefix(prefix))
    }


def saisies_of(data: QueryDict) -> dict[int, Saisie]:
    return {key: Saisie(Presence(value)) for key, value in by_key(data, "p-").items() if value in CHOISIS}


def vus_of(data: QueryDict) -> dict[int, str]:
    """The fingerprint of what was shown of each."""
    return by_key(data, "vu-")


def dits_of(data: QueryDict) -> dict[int, Dit]:
    """All as it was typed, to be shown again."""
    chosen, minutes, notes, seen = (by_key(data, prefix) for prefix in ("p-", "m-", "n-", "vu-"))
    return {
        key: Dit(chosen.get(key, ""), minutes.get(key, ""), notes.get(key, ""), seen.get(key, ""))
        for key in chosen.keys() | minutes.keys()
    }


def asked_of(data: QueryDict) -> int | None:
    """Whose details are given: the person of the button « preciser »."""
    key = data.get("preciser", "")
    return int(key) if is_key(key) else None


def precision_of(data: QueryDict) -> dict[int, Saisie]:
    """How long the person stayed, and a few words. Raises InscriptionRefusee."""
    key = asked_of(data)
    if key is None:
        return {}
    said = data.get(f"p-{key}", "")
    if said not in CHOISIS:
        raise InscriptionRefusee("Dites d’abord si la personne était là, puis précisez.")
    return {key: Saisie(Presence(said), _minutes(data, key), data.get(f"n-{key}", "")[:NOTE_MAX], precise=True)}


def _minutes(data: QueryDict, key: int) -> int | None:
    typed = data.get(f"m-{key}", "").strip()
    if not typed:
        return None
    if not (typed.isascii() and typed.isdecimal() and len(typed) < 5):
        raise InscriptionRefusee("Écrivez la durée en minutes, par exemple 90.")
    return int(typed)


class FeuilleForm(forms.Form):
    """The sheet signed by everybody, as a photo or a scan."""

    fichier = forms.FileField(
        label="La feuille signée",
        help_text="Photo ou PDF, 15\u00a0Mo au plus.",
        error_messages={"required": "Choisissez la photo ou le PDF de la feuille.", "empty": "Ce fichier est vide."},
        widget=forms.FileInput(attrs={"accept": "image/*,application/pdf"}),
    )

    def clean_fichier(self) -> File:
        try:
            return checked(self.cleaned_data["fichier"])
        except FichierRefuse as refusal:
            raise ValidationError(str(refusal)) from refusal
