"""A portrait comes, replaces another, goes: its row, its three files and the proof of the consent move together."""

import io
import logging
import secrets
from datetime import timedelta
from typing import TYPE_CHECKING

from django.core.files import File
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from PIL import Image, ImageOps

from annuaire.models import Photo
from annuaire.photos import consentement
from collectivites.journal import record
from collectivites.models import Agent
from extranet.lib.stockage import is_full, store
from extranet.lib.uploads import FichierRefuse, clean_picture

if TYPE_CHECKING:
    from collections.abc import Iterable

logger = logging.getLogger(__name__)

DOSSIER = "portraits"
# Under it, nobody is recognised once printed.
MIN_SIDE = 120
MAX_SIDE = 1400  # of what is cut: more than twice the largest size kept
# Faces are above the middle of a portrait.
CENTRE = (0.5, 0.35)
# An upload under way has its files before its row.
REPIT = timedelta(hours=1)
PLEIN = "Le disque du serveur est plein\u00a0: cette photo n’a pas été gardée. Prévenez l’équipe de l’extranet."
TAILLES = {
    "fichier": (640, "WEBP", {"quality": 82, "method": 4}),
    "vignette": (192, "WEBP", {"quality": 80, "method": 4}),
    "imprimable": (236, "JPEG", {"quality": 88, "optimize": True}),
}


@transaction.atomic
def deposit(agent: Agent, sent: File, by: Agent) -> Photo:
    """The portrait of `agent`, with the proof of the agreement recorded by `by`; takes the place of the former one.

    Raises FichierRefuse: then nothing is kept, neither file nor consent, and the former photo stays.
    """
    contents = square_sizes(sent)
    Agent.objects.select_for_update().get(pk=agent.pk)
    former = Photo.objects.filter(agent=agent).first()
    if former is not None:
        _forget(former)
    photo = Photo(agent=agent, consentement=consentement.agree(agent, by), cle=new_key())
    try:
        for name, content in contents.items():
            extension = TAILLES[name][1].lower().replace("jpeg", "jpg")
            store(getattr(photo, name), ContentFile(content), extension)
        photo.save()
    except Exception as error:
        _remove(file.name for file in photo.fichiers() if file)
        if isinstance(error, OSError) and is_full(error):
            raise FichierRefuse(PLEIN) from error
        raise
    record("photo.remplacee" if former else "photo.deposee", agent, agent=by, consentement=photo.consentement_id)
    return photo


@transaction.atomic
def withdraw(agent: Agent, by: Agent) -> bool:
    """The photo and its files go, the proof of what was accepted and taken back stays. False: there was none."""
    photo = Photo.objects.select_for_update(of=("self",)).select_related("consentement").filter(agent=agent).first()
    if photo is None:
        return False
    proof = consentement.take_back(photo.consentement, by)
    _forget(photo)
    record("photo.retiree", agent, agent=by, consentement=proof.pk)
    return True


def drop(agent: Agent) -> None:
    """The photo of somebody who is erased, inside the caller's transaction; their consents stay, under no name."""
    for photo in Photo.objects.filter(agent=agent):
        _forget(photo)


def new_key() -> str:
    """A word that nobody guesses; its letter, so that an address never takes it for a number."""
    return f"p{secrets.token_hex(15)}"


def square_sizes(sent: File) -> dict[str, bytes]:
    """The picture cut square around where a face is, in each size of TAILLES. Raises FichierRefuse."""
    with Image.open(clean_picture(sent, max_side=MAX_SIDE)) as image:
        if min(image.size) < MIN_SIDE:
            raise FichierRefuse(
                f"Cette photo est trop petite ou trop étroite\u00a0: il faut au moins {MIN_SIDE} points de côté pour "
                "vous reconnaître. Choisissez-en une autre."
            )
        whole = _on_white(image)
    side = min(*whole.size, max(size for size, _, _ in TAILLES.values()))
    cut = ImageOps.fit(whole, (side, side), Image.Resampling.LANCZOS, centering=CENTRE)
    return {name: _encoded(cut, *how) for name, how in TAILLES.items()}


def sweep() -> int:
    """Removes the files that no photo knows: an upload cut short, a disk that refused to delete. Returns how many."""
    storage = Photo._meta.get_field("fichier").storage
    try:
        names = [f"{DOSSIER}/{name}" for name in storage.listdir(DOSSIER)[1]]
    except FileNotFoundError:
        return 0
    known = {name for row in Photo.objects.values_list(*TAILLES) for name in row}
    limit = timezone.now() - REPIT
    lost = [name for name in names if name not in known and storage.get_modified_time(name) < limit]
    _remove(lost)
    return len(lost)


def _forget(photo: Photo) -> None:
    names = [file.name for file in photo.fichiers() if file]
    photo.delete()
    transaction.on_commit(lambda: _remove(names))


def _remove(names: "Iterable[str]") -> None:
    storage = Photo._meta.get_field("fichier").storage
    for name in names:
        try:
            storage.delete(name)
        except OSError:
            # Nobody can read it without its row; `sweep` tries again.
            logger.exception("Le fichier %s n’a pas pu être supprimé.", name)


def _on_white(image: Image.Image) -> Image.Image:
    if not image.has_transparency_data:
        return image.convert("RGB")
    seen = image.convert("RGBA")
    ground = Image.new("RGBA", seen.size, "white")
    return Image.alpha_composite(ground, seen).convert("RGB")


def _encoded(cut: Image.Image, size: int, kind: str, options: dict[str, int]) -> bytes:
    shrunk = cut if cut.width <= size else cut.resize((size, size), Image.Resampling.LANCZOS)
    buffer = io.BytesIO()
    shrunk.save(buffer, kind, **options)
    return buffer.getvalue()
