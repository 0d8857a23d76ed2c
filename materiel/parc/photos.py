"""Photos of the things: cleaned as they arrive, kept until a sheet shows them, forgotten if none does."""

from collections.abc import Iterable
from datetime import timedelta
from typing import TYPE_CHECKING

from django.core.files import File
from django.db import transaction
from django.utils import timezone
from wagtail.images import get_image_model
from wagtail.models import Collection, ReferenceIndex

from extranet.lib.stockage import is_full
from extranet.lib.typographie import space
from extranet.lib.uploads import FichierRefuse, clean_picture
from materiel.installation import ATTENTE, COLLECTION
from materiel.models import MaterielPage
from materiel.models.page import PHOTOS_MAX

if TYPE_CHECKING:
    from wagtail.images.models import AbstractImage

    from collectivites.models import Agent

# As long as a form that was left open may be sent.
PATIENCE = timedelta(days=7)
TROP = f"Une fiche montre {PHOTOS_MAX} photos au plus. Retirez-en une, puis ajoutez la nouvelle."
PLEIN = "Le disque du serveur est plein\u00a0: cette photo n’a pas été gardée. Prévenez l’équipe de l’extranet."


def receive(agent: "Agent", sent: File) -> "AbstractImage":
    """A photo, upright and without the place where it was taken; waits for its sheet. Raises FichierRefuse."""
    content = clean_picture(sent)
    model = get_image_model()
    photo = model(
        title=content.name[:200],
        description="Photo du matériel",
        file=content,
        collection=_collection(ATTENTE),
        uploaded_by_user=agent,
    )
    photo._set_image_file_metadata()
    try:
        photo.save()
    except OSError as error:
        if not is_full(error):
            raise
        raise FichierRefuse(PLEIN) from error
    return photo


def chosen(agent: "Agent", pks: Iterable[str], page: MaterielPage | None = None) -> list["AbstractImage"]:
    """The photos of these keys, in their order: those that this person has just sent, and those of the sheet."""
    wanted = [int(pk) for pk in pks if pk.isdecimal() and len(pk) < 18]
    found = {one.pk: one for one in waiting_of(agent).filter(pk__in=wanted)}
    found |= {one.pk: one for one in photos_of(page)} if page is not None else {}
    return [found[pk] for pk in dict.fromkeys(wanted) if pk in found]


def waiting_of(agent: "Agent") -> object:
    return get_image_model().objects.filter(uploaded_by_user=agent, collection__name=ATTENTE)


def photos_of(page: MaterielPage) -> list["AbstractImage"]:
    return [block.value["image"] for block in page.photos if block.value["image"] is not None]


def show(page: MaterielPage, photos: list["AbstractImage"]) -> None:
    """Puts them on the sheet, the first one first; legends already written stay. The sheet is not saved here."""
    legends = {block.value["image"].pk: block.value["legende"] for block in page.photos if block.value["image"]}
    page.photos = [("photo", {"image": one, "legende": legends.get(one.pk, "")}) for one in photos[:PHOTOS_MAX]]
    kept = _collection(COLLECTION)
    for one in photos:
        if one.collection_id == kept.pk and one.pk in legends:
            continue
        one.collection, one.title, one.description = kept, page.title[:200], space(page.title)[:255]
        one.save(update_fields=["collection", "title", "description"])


@transaction.atomic
def forget_waiting() -> int:
    """Those that no sheet took within the week."""
    old = get_image_model().objects.filter(collection__name=ATTENTE, created_at__lt=timezone.now() - PATIENCE)
    left = [one for one in old if not ReferenceIndex.get_references_to(one).exists()]
    for one in left:
        one.delete()
    return len(left)


def _collection(nom: str) -> Collection:
    return Collection.objects.get(name=nom)
