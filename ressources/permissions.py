"""Who may read a file, deposit one, change a sheet or review it."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.contrib.contenttypes.models import ContentType
from django.db import models
from wagtail.models import Page, ReferenceIndex

from collectivites.diffusion import AvecDiffusion
from collectivites.droits import can_manage_file
from collectivites.enums import Domaine
from collectivites.models import Agent
from ressources.enums import SERVIS, Confiance
from ressources.models import Declinaison, DocumentPrive, ImagePrivee, ReglagesRessources, RessourcePage, VersionFichier

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from collectivites.models import Collectivite

    Reader = Agent | AnonymousUser


def can_read_document(agent: "Reader", document: DocumentPrive) -> bool:
    """A document is read by whoever may read something that uses it, and by those who manage its collection.

    A file that nothing uses, or that only drafts use, is read by its managers alone.
    """
    return can_manage_file(agent, document) or is_used_where_readable(agent, document)


def can_read_image(agent: "Reader", image: ImagePrivee) -> bool:
    """An image, at the sizes the pages show it, follows the same rule as a document; so do those who write with it."""
    return can_manage_file(agent, image) or is_used_where_readable(agent, image) or is_written_with(agent, image)


def is_written_with(agent: "Reader", image: ImagePrivee) -> bool:
    """An image that this person has sent, or that a draft of theirs shows: they see what they are about to publish."""
    if not agent.is_authenticated or not agent.codes_lecture:
        return False
    if image.uploaded_by_user_id == agent.pk:
        return True
    return any(_may_edit_one(agent, kind, pks) for kind, pks in _uses(image).items())


def _may_edit_one(agent: "Reader", kind: ContentType, pks: list[str]) -> bool:
    """By `editable_by` of the QuerySet of the thing; what has none is edited in the admin, by who manages files."""
    model = kind.model_class()
    things = model._default_manager.all() if model else None
    return hasattr(things, "editable_by") and things.editable_by(agent).filter(pk__in=pks).exists()


def can_read_rendition(agent: "Reader", rendition: Declinaison) -> bool:
    """As its image; the « original » size, which Wagtail’s admin makes, as the original."""
    rule = can_read_original if rendition.filter_spec == "original" else can_read_image
    return rule(agent, rendition.image)


def can_read_original(agent: "Reader", image: ImagePrivee) -> bool:
    """The image as it was sent, larger than what pages show, is for those who manage its collection."""
    return can_manage_file(agent, image)


def is_used_where_readable(agent: "Reader", file: DocumentPrive | ImagePrivee) -> bool:
    """True when a thing that uses the file, as published, may be read by `agent`. One query by kind of thing."""
    return any(_may_read_one(agent, kind, pks) for kind, pks in _uses(file).items())


def _uses(file: DocumentPrive | ImagePrivee) -> dict[ContentType, list[str]]:
    """The keys of what uses the file, by kind of thing."""
    uses: dict[int, list[str]] = {}
    for content_type, pk in ReferenceIndex.get_references_to(file).values_list("content_type", "object_id").distinct():
        uses.setdefault(content_type, []).append(pk)
    return {ContentType.objects.get_for_id(kind): pks for kind, pks in uses.items()}


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


def can_deposit(agent: "Reader", collectivite: "Collectivite | None") -> bool:
    """Every agent and élu·e, for a collectivité where they have a poste in force."""
    if not agent.is_authenticated or collectivite is None:
        return False
    return any(poste.collectivite_id == collectivite.pk for poste in agent.postes_en_cours)


def can_edit(agent: "Reader", page: RessourcePage) -> bool:
    """Its author, its référent·e, the gestionnaires of the collectivité it comes from, the responsables."""
    return RessourcePage.objects.editable_by(agent).filter(pk=page.pk).exists()


def kept_still(pairs: Iterable[tuple[Agent, RessourcePage]]) -> set[tuple[int, int]]:
    """The pairs of which `can_edit` says yes today, by key, for a list of them. Two queries whatever their number."""
    pairs = list(pairs)
    Agent.read_ahead(agent for agent, _ in pairs)
    return {(agent.pk, page.pk) for agent, page in pairs if _keeps(agent, page)}


def _keeps(agent: Agent, page: RessourcePage) -> bool:
    """The rule of `editable_by`, for a page and a person already read. No query when the rights were read ahead."""
    if not agent.postes_en_cours or agent.efface_le:
        return False
    own = agent.pk in {page.owner_id, page.referent_id}
    return own or agent.answers_for(Domaine.RESSOURCES) or agent.manages(page.collectivite)


def can_review(agent: "Reader") -> bool:
    """The responsables of the resources read what the others deposit, publish it or send it back."""
    return agent.is_authenticated and agent.answers_for(Domaine.RESSOURCES)


def publishes_at_once(agent: "Agent", collectivite: "Collectivite") -> bool:
    """Responsables always; the gestionnaires of the collectivité, or everybody, when the territory trusts them."""
    if can_review(agent):
        return True
    trusted = ReglagesRessources.load().confiance
    if trusted == Confiance.TOUS:
        return can_deposit(agent, collectivite)
    return trusted == Confiance.GESTIONNAIRES and agent.manages(collectivite)


def can_read_version(agent: "Reader", version: VersionFichier) -> bool:
    """What is published and in the open, by the readers of its resource; the rest by those who may edit that one.

    What an antivirus has not cleared is given to nobody.
    """
    if version.examen not in SERVIS:
        return False
    page = version.fichier.page
    if version.is_served and RessourcePage.objects.visible_to(agent).filter(pk=page.pk).exists():
        return True
    return can_edit(agent, page)


def can_see_log(agent: "Reader", page: RessourcePage) -> bool:
    """Who took which version, by commune: the référent·e, its author, and the responsables."""
    if not agent.is_authenticated or not agent.codes_lecture:
        return False
    return can_review(agent) or agent.pk in {page.referent_id, page.owner_id}
