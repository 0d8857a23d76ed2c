"""What the training brings to the other pages, to `veille` and to the commands."""

from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils.module_loading import import_string

from extranet.lib.apports import Echeance, Genre, Onglet
from formations.adresses import CATALOGUE
from formations.installation import install, plant
from formations.models.page import GENRE
from formations.places import echeances as delais

if TYPE_CHECKING:
    from wagtail.models import Page

    from collectivites.demo import Monde


def onglet() -> Onglet:
    return Onglet("formations", "Formations", CATALOGUE, "mortarboard", ordre=40)


def genres() -> list[Genre]:
    return [Genre(GENRE, "formations", "Formations", "formations", "mortarboard", ordre=25)]


def installer() -> None:
    install()


def planter(accueil: "Page") -> None:
    plant(accueil)


def demo(monde: "Monde") -> None:
    """Loaded when asked for: it is not for a process that serves pages."""
    import_string("formations.demo.load")(monde)


def echeances() -> list[Echeance]:
    return [
        Echeance("places-echues", delais.expire_due, every=timedelta(minutes=10)),
        Echeance("places-liberees", delais.sweep_all, every=timedelta(hours=1)),
    ]
