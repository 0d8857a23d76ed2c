"""What is told under a photo, large or on its sheet: one way to say it."""

from ressources.models import Photo, VersionFichier
from ressources.phototheque import rendus
from ressources.phototheque.grille import Vue
from ressources.rappels import keepers_of


def said_of(photo: Photo, version: VersionFichier) -> dict[str, object]:
    """With the sizes that one may take, and whom to ask to be taken off it. Reads the head of the file."""
    original = rendus.size_of(version.file)
    return {
        "vue": Vue(photo, photo.page, version),
        "original": original,
        "web": rendus.reduced(original, rendus.WEB.cote) if original else None,
        "gardiens": keepers_of(photo.page)[0][:1],
    }
