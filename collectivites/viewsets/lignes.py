"""A form with rows under it: the presences of a poste, the opening hours of a town hall."""

from typing import Any

from django.db import models
from django.forms import BaseInlineFormSet
from wagtail.admin.forms.models import WagtailAdminModelForm

from collectivites.viewsets.base import AjoutView, ModificationView


class AvecLignesForm(WagtailAdminModelForm):
    """The rows are checked and saved with the form, in the same transaction."""

    lignes_class: type[BaseInlineFormSet]
    lignes_titre = ""
    lignes_aide = ""

    def __init__(self, data: Any = None, files: Any = None, **kwargs: Any) -> None:
        super().__init__(data, files, **kwargs)
        self.lignes = self.lignes_class(data, instance=self.instance, prefix="lignes")

    def is_valid(self) -> bool:
        valid = super().is_valid()
        return self.lignes.is_valid() and valid

    @property
    def changed_data(self) -> list[str]:
        return [*super().changed_data, *(["lignes"] if self.is_bound and self.lignes.has_changed() else [])]

    def save(self, commit: bool = True) -> models.Model:
        objet = super().save(commit=commit)
        self.lignes.instance = objet
        if commit:
            self.lignes.save()
        return objet


class AjoutAvecLignesView(AjoutView):
    template_name = "collectivites/admin/formulaire_lignes.html"


class ModificationAvecLignesView(ModificationView):
    template_name = "collectivites/admin/formulaire_lignes.html"
