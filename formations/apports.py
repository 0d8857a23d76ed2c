"""What the training brings to the other pages, to `veille` and to the commands."""

from datetime import timedelta
from typing import TYPE_CHECKING

from extranet.lib.apports import AFaire, Echeance, Genre, Onglet
from formations.adresses import CATALOGUE
from formations.inscrire import visas
from formations.installation import install, plant
from formations.models.page import GENRE
from formations.places import echeances as delais

if TYPE_CHECKING:
    from wagtail.models import Page

    from collectivites.models import Agent, Collectivite


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
        Echeance("visas-demandes", visas.ask_all, every=timedelta(minutes=15)),
    ]


def a_faire(agent: "Agent", collectivite: "Collectivite | None") -> list[AFaire]:
    return visas.todo(agent)
