"""Form fields of the ground floor. No model is imported: the models import this module."""

from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.apps import apps

FIXED = [
    ("toutes", "Toutes les communes"),
    ("elus", "Les élus"),
    ("epci", "Les agents de l’intercommunalité"),
]


def diffusion_choices() -> list:
    """The codes in words: everybody, élus, EPCI, then each collectivité and each network. Two queries."""
    collectivites = apps.get_model("collectivites", "Collectivite").objects.members().values_list("pk", "nom")
    reseaux = apps.get_model("collectivites", "Reseau").objects.filter(actif=True).values_list("pk", "nom")
    return [
        ("Pour tous", FIXED),
        ("Membres d’un réseau", [(f"r:{pk}", nom) for pk, nom in reseaux]),
        ("Communes choisies", [(f"c:{pk}", nom) for pk, nom in collectivites]),
    ]


class DiffusionFormField(forms.MultipleChoiceField):
    """« Visible par »: codes chosen in words; at least one, since a thing without a code is seen by nobody."""

    widget = forms.SelectMultiple

    def __init__(
        self,
        *,
        choices: Iterable | Callable = diffusion_choices,
        encoder: Any = None,
        decoder: Any = None,
        **kwargs: Any,
    ) -> None:
        kwargs.setdefault(
            "error_messages", {"required": "Choisissez au moins un public : sans public, personne ne voit la page."}
        )
        kwargs.setdefault("help_text", "Ctrl ou ⌘ pour choisir plusieurs lignes.")
        super().__init__(choices=choices, **kwargs)

    def has_changed(self, initial: list | None, data: list | None) -> bool:
        return set(initial or []) != set(data or [])
