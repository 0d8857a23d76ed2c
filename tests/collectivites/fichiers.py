"""Files of agents sent as their lines, in a territory of seven communes."""

from io import BytesIO

from collectivites.importation.agents import Rapport, import_agents
from tests.collectivites.factories import CollectiviteFactory

TITLES = "Nom;Prénom;Commune;Fonction;Courriel;Téléphone;Présence"


def make_places() -> None:
    for nom in ("Foucherans", "Tavaux", "Jouhe", "Rainans", "Gevry", "Le Deschaux", "Saint-Aubin"):
        CollectiviteFactory(nom=nom, slug=nom.lower().replace(" ", "-"))


def read(*lines: str, titles: str = TITLES, encoding: str = "utf-8", **options: object) -> Rapport:
    return import_agents(BytesIO("\n".join([titles, *lines]).encode(encoding)), **options)


def write(*lines: str, **options: object) -> Rapport:
    return read(*lines, write=True, **options)
