"""Photos of the tests: real pictures, on a published sheet, with what they say of themselves."""

from datetime import date, timedelta

from django.utils import timezone

from extranet.lib.cherchable import reindex
from ressources.enums import Personnes
from ressources.models import Fichier, Photo, RessourcePage, TypeRessource, VersionFichier
from tests.ressources.factories import make_ressource, make_version, picture


def make_photo(
    titre: str = "Le lavoir",
    *,
    personnes: Personnes = Personnes.AUCUNE,
    accord: str = "",
    accord_fin: date | None = None,
    lieu: str = "",
    prise_le: date | None = None,
    description: str = "Un lavoir de pierre",
    size: tuple[int, int] = (800, 600),
    color: str = "teal",
    nom: str = "lavoir.jpg",
    **fields: object,
) -> Photo:
    """Online, for all, unless `fields` of its sheet say otherwise."""
    page = make_ressource(titre, fichiers=0, type=TypeRessource.objects.get(slug=TypeRessource.PHOTO), **fields)
    photo = Photo.objects.create(
        page=page,
        description=description,
        personnes=personnes,
        accord=accord,
        accord_fin=accord_fin,
        lieu=lieu,
        prise_le=prise_le,
    )
    kind = "PNG" if nom.endswith("png") else "JPEG"
    # Two pictures alike would be one content: the title makes each its own.
    contenu = picture(color, size, kind) + titre.encode()
    make_version(Fichier.objects.create(page=page), contenu=contenu, nom=nom)
    reindex(RessourcePage.to_index().filter(pk=page.pk))
    return photo


def version_of(photo: Photo) -> VersionFichier:
    return VersionFichier.objects.get(fichier__page=photo.page)


def agreed(days: int = 30) -> dict[str, object]:
    """People who agree, for so many days to come."""
    fin = timezone.localdate() + timedelta(days=days)
    return {"personnes": Personnes.ACCORD, "accord": "Les deux agents, par courriel", "accord_fin": fin}
