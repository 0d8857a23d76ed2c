"""What the training brings to the other pages, to `veille` and to the commands."""

from datetime import timedelta
from typing import TYPE_CHECKING

from extranet.lib.apports import AFaire, Boucle, Echeance, Genre, Lien, Onglet, Sorte
from formations.adresses import CATALOGUE
from formations.installation import install, plant
from formations.models.page import GENRE
from formations.organiser import tableau as organiser
from formations.places import echeances as delais
from formations.prevenir import menaces, mouvements
from formations.prevenir.sortes import SORTES

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
        Echeance("sessions-menacees", menaces.warn_threatened, heure="7:00"),
    ]


def boucles() -> list[Boucle]:
    """Who has just been promoted, or must give a visa, is told while the page is still open."""
    return [Boucle("formations-annonces", mouvements.Annonceur().tell_due, mouvements.PAUSE)]


def sortes() -> list[Sorte]:
    return list(SORTES)


def a_faire(agent: "Agent", collectivite: "Collectivite | None") -> list[AFaire]:
    return organiser.todo(agent)


def actions_rapides(agent: "Agent", collectivite: "Collectivite | None") -> list[Lien]:
    return organiser.actions(agent)
