"""What the training brings to the other pages, to `veille` and to the commands."""

from datetime import timedelta
from typing import TYPE_CHECKING

from extranet.lib.apports import Echeance, Genre, Onglet, Sorte
from formations.adresses import CATALOGUE
from formations.installation import install, plant
from formations.models.page import GENRE
from formations.places import echeances as delais
from formations.prevenir.sortes import SORTES
from formations.seances import convocations, rappels

if TYPE_CHECKING:
    from wagtail.models import Page


def onglet() -> Onglet:
    return Onglet("formations", "Formations", CATALOGUE, "mortarboard", ordre=40)


def genres() -> list[Genre]:
    return [Genre(GENRE, "formations", "Formations", "formations", "mortarboard", ordre=25)]


def installer() -> None:
    install()


def planter(accueil: "Page") -> None:
    plant(accueil)


def echeances() -> list[Echeance]:
    return [
        Echeance("places-echues", delais.expire_due, every=timedelta(minutes=10)),
        Echeance("places-liberees", delais.sweep_all, every=timedelta(hours=1)),
        Echeance("formations-convocations", convocations.send_due, every=timedelta(hours=1)),
        Echeance("formations-rendez-vous", convocations.update_due, every=timedelta(minutes=5)),
        Echeance("formations-rappels", rappels.remind, heure="7:00"),
    ]


def sortes() -> list[Sorte]:
    return list(SORTES)
