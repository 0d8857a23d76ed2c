"""What the lending brings to the other pages, to `veille` and to the commands."""

from typing import TYPE_CHECKING

from extranet.lib.apports import Echeance, Genre, Onglet, Sorte
from materiel import annonces_contrat, registre
from materiel.installation import install, plant
from materiel.models.page import GENRE

if TYPE_CHECKING:
    from wagtail.models import Page


def onglet() -> Onglet:
    return Onglet("materiel", "Matériel", "/materiel/", "tools", ordre=50)


def genres() -> list[Genre]:
    return [Genre(GENRE, "materiel", "Matériel", "materiel", "tools", ordre=30)]


def installer() -> None:
    install()


def planter(accueil: "Page") -> None:
    plant(accueil)


def echeances() -> list[Echeance]:
    return [
        Echeance("registre-passe", registre.purge, heure="0:20"),
        Echeance("registre-horizon", registre.extend, heure="0:25"),
    ]


def sortes() -> list[Sorte]:
    return annonces_contrat.sortes()
