"""The form of every page in the admin: it refers only to what its editor may choose."""

from functools import cache
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.forms.models import ModelChoiceField, ModelMultipleChoiceField
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.blocks import BlockField
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Page

from collectivites.droits import can_manage_file
from collectivites.models import Agent
from collectivites.viewsets.pages import only_seen
from extranet.lib.renvois import Renvoi, in_each_block, without


@cache
def refusals() -> dict[type[models.Model], str]:
    """What a page may refer to, and what is said of one that its editor may not choose."""
    return {
        get_document_model(): (
            "ce document n’est pas de ceux que vous pouvez choisir. Prenez-en un autre, ou retirez-le."
        ),
        get_image_model(): (
            "cette image n’est pas de celles que vous pouvez choisir. Prenez-en une autre, ou retirez-la."
        ),
        Page: "ce lien mène à une page que vous ne voyez pas. Choisissez-en une autre, ou retirez le lien.",
    }


class PageForm(WagtailAdminPageForm):
    """Wagtail's choosers show what one may choose; nothing asks again when the form comes back, hand-made or pasted.

    A page gives its readers its files and the addresses of the pages it links to: what is newly referred to must be
    the editor's to choose or to see. What the page already held stays, whoever changes the words around it.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.refus: dict[str, str] = {}
        if not self.is_bound:
            return
        known: set[Renvoi] = set()
        for name, field in self.fields.items():
            known.update(*(held for _, held in places(field, self.initial.get(name))))
        for name, field in self.fields.items():
            self._refuse(name, field, known)

    def _refuse(self, name: str, field: forms.Field, known: set[Renvoi]) -> None:
        """Looks at what was sent before it is cleaned: a form with another mistake is shown again all the same."""
        sent = field.widget.value_from_datadict(self.data, self.files, self.add_prefix(name))
        refused: set[Renvoi] = set()
        for place, held in places(field, sent):
            for model, pk in held - known:
                if not may_refer_to(self.for_user, model, pk):
                    refused.add((model, pk))
                    why = next(words for kind, words in refusals().items() if issubclass(model, kind))
                    self.refus[name] = f"{place}\u00a0: {why}"
        if refused:
            kept = without(field.block, sent, refused) if isinstance(field, BlockField) else None
            field.bound_data = lambda data, initial: kept

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for name, message in self.refus.items():
            self._errors.pop(name, None)
            self.add_error(name, ValidationError(message, code="renvoi"))
        return cleaned


def places(field: forms.Field, value: Any) -> list[tuple[str, set[Renvoi]]]:
    """The places of a field that refer to something, in words, with what they refer to."""
    if isinstance(field, BlockField):
        return list(in_each_block(value)) if value else []
    if isinstance(field, ModelChoiceField) and issubclass(field.queryset.model, tuple(refusals())) and value:
        each = value if isinstance(field, ModelMultipleChoiceField) else [value]
        return [(str(field.label), {(field.queryset.model, str(getattr(one, "pk", one))) for one in each if one})]
    return []


def may_refer_to(agent: Agent, model: type[models.Model], pk: str) -> bool:
    if not pk.isdecimal() or len(pk) > 18:
        return False
    if issubclass(model, Page):
        return only_seen(Page.objects.filter(pk=pk), agent).exists()
    if issubclass(model, (get_document_model(), get_image_model())):
        found = model.objects.filter(pk=pk).first()
        return found is not None and can_manage_file(agent, found)
    return True
