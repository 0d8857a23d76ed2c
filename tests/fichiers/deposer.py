"""What a deposit does with a file, from end to end."""

from collections.abc import Callable
from pathlib import Path

from django.core.files import File
from django.core.files.base import ContentFile

from extranet.lib.extraction import Lecture, on_disk, read_text
from extranet.lib.uploads import DEPOT, PHOTOS, Extrait, check_document, check_reading, clean_picture, open_zip

Resultat = Lecture | ContentFile | list[Extrait]


def deposit(fichier: File, *, read: Callable[[Path, str], Lecture] = read_text) -> Resultat:
    """A reading, a clean picture, or the files of an archive. Raises FichierRefuse."""
    nom = check_document(fichier, accepted=DEPOT)
    extension = nom.rpartition(".")[2].lower()
    if extension in PHOTOS:
        return clean_picture(fichier)
    if extension == "zip":
        return list(open_zip(fichier))
    with on_disk(fichier) as path:
        lecture = read(path, extension)
    check_reading(nom, lecture)
    return lecture
