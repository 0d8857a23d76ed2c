"""Who may read a file."""

from typing import TYPE_CHECKING

from django.contrib.contenttypes.models import ContentType
from django.db import models
from wagtail.models import Page, ReferenceIndex

from collectivites.diffusion import AvecDiffusion
from collectivites.droits import can_manage_file
from ressources.models import Declinaison, DocumentPrive, ImagePrivee

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from collectivites.models import Agent

    Reader = Agent | AnonymousUser


def can_read_document(agent: "Reader", document: DocumentPrive) -> bool:
    """A document is read by whoever may read something that uses it, and by those who manage its collection.

    A file that nothing uses, or that only drafts use, is read by its managers alone.
    """
    return can_manage_file(agent, document) or is_used_where_readable(agent, document)


def can_read_image(agent: "Reader", image: ImagePrivee) -> bool:
    """An image, at the sizes the pages show it, follows the same rule as a document."""
    return can_manage_file(agent, image) or is_used_where_readable(agent, image)


def can_read_rendition(agent: "Reader", rendition: Declinaison) -> bool:
    """As its image; the « original » size, which Wagtail’s admin makes, as the original."""
    rule = can_read_original if rendition.filter_spec == "original" else can_read_image
    return rule(agent, rendition.image)


def can_read_original(agent: "Reader", image: ImagePrivee) -> bool:
    """The image as it was sent, larger than what pages show, is for those who manage its collection."""
    return can_manage_file(agent, image)


def is_used_where_readable(agent: "Reader", file: DocumentPrive | ImagePrivee) -> bool:
    """True when a thing that uses the file, as published, may be read by `agent`. One query by kind of thing."""
    uses: dict[int, list[str]] = {}
    for content_type, pk in ReferenceIndex.get_references_to(file).values_list("content_type", "object_id").distinct():
        uses.setdefault(content_type, []).append(pk)
    return any(_may_read_one(agent, ContentType.objects.get_for_id(kind), pks) for kind, pks in uses.items())


def _may_read_one(agent: "Reader", kind: ContentType, pks: list[str]) -> bool:
    """The thing says who reads it: by `visible_to` of its QuerySet, else by its own `is_visible_to`, else nobody does.

    A page without either is for everybody with a poste in force, as the site serves it.
    """
    model = kind.model_class()
    if model is None:
        return False
    things = _published(model).filter(pk__in=pks)
    if hasattr(things, "visible_to"):
        return things.visible_to(agent).exists()
    if issubclass(model, AvecDiffusion) or hasattr(model, "is_visible_to"):
        return any(thing.is_visible_to(agent) for thing in things)
    if issubclass(model, Page):
        return agent.is_authenticated and bool(agent.codes_lecture) and things.exists()
    return False


def _published(model: type[models.Model]) -> models.QuerySet:
    things = model._default_manager.all()
    return things.filter(live=True) if issubclass(model, Page) else things
