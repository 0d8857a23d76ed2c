"""What the resources bring to the other pages and to the commands."""

from typing import TYPE_CHECKING

from extranet.lib.apports import Genre, Onglet
from ressources.installation import install, plant
from ressources.models.ressource import GENRE

if TYPE_CHECKING:
    from wagtail.models import Page


def onglet() -> Onglet:
    return Onglet("ressources", "Ressources", "/ressources/", "folder-fill", ordre=10)


def genres() -> list[Genre]:
    return [Genre(GENRE, "ressources", "Ressources", "ressources", "file-earmark-text-fill", ordre=10)]


def installer() -> None:
    install()


def planter(accueil: "Page") -> None:
    plant(accueil)
