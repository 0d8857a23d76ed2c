"""What the lending brings to the other pages, to `veille` and to the commands."""

from typing import TYPE_CHECKING

from extranet.lib.apports import Echeance, Genre, Lien, Onglet
from materiel import adresses, registre
from materiel.installation import install, plant
from materiel.models.page import GENRE

if TYPE_CHECKING:
    from wagtail.models import Page

    from collectivites.models import Agent


def onglet() -> Onglet:
    return Onglet("materiel", "Matériel", "/materiel/", "tools", ordre=50)


def liens_pied(agent: "Agent | None") -> list[Lien]:
    """The way to lend, for those who may."""
    if agent is None or not any(poste.gestionnaire for poste in agent.postes_en_cours):
        return []
    return [Lien("Prêter un matériel", adresses.PROPOSER, "tools", "materiel")]


def genres() -> list[Genre]:
    return [Genre(GENRE, "materiel", "Matériel", "materiel", "tools", ordre=30)]


def installer() -> None:
    install()


def planter(accueil: "Page") -> None:
    plant(accueil)


def echeances() -> list[Echeance]:
    return [Echeance("registre-passe", registre.purge, heure="0:20")]
