"""Fields of the ground floor. No model is imported: the models import this module."""

from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.apps import apps
from django.db import models

from extranet.lib.noms import plain

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


class NomFormField(forms.CharField):
    """A name as somebody types or pastes it, kept plain; a name of invisible marks only is no name."""

    def to_python(self, value: Any) -> str:
        return super().to_python(plain(value) if isinstance(value, str) else value)


class NomField(models.CharField):
    """A name, plain however it came: a form, an import, `save` or `bulk_create` (see `extranet.lib.noms.plain`)."""

    def to_python(self, value: Any) -> Any:
        return plain(value) if isinstance(value, str) else super().to_python(value)

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        kept = self.to_python(super().pre_save(model_instance, add))
        setattr(model_instance, self.attname, kept)
        return kept

    def formfield(self, **kwargs: Any) -> forms.Field:
        return super().formfield(**{"form_class": NomFormField, **kwargs})

    def deconstruct(self) -> tuple:
        """The database holds an ordinary text: no migration need know of this class."""
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs
