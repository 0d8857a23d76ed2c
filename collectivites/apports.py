"""What the ground floor brings to the commands, to `veille` and to the rights of persons."""

from collectivites import cles, journal
from collectivites.communes_nouvelles import take_over
from collectivites.donnees_personnelles import personal_data
from collectivites.droits import install_rights
from collectivites.effacement import erase_departed
from collectivites.fusion import merge_rows
from collectivites.listes import install_lists
from collectivites.models import Agent, Collectivite
from extranet.lib.apports import Echeance, Genre


def installer() -> None:
    install_lists()
    install_rights()


def donnees_personnelles(agent: Agent) -> dict:
    return personal_data(agent)


def fusionner(garde: Agent, retire: Agent) -> None:
    merge_rows(garde, retire)


def reprendre(garde: Collectivite, retiree: Collectivite) -> None:
    take_over(garde, retiree)


def restent_du_lieu() -> dict[str, str]:
    return {"collectivites.territoire.epci": "l’intercommunalité ne se réunit à personne"}


def echeances() -> list[Echeance]:
    return [
        Echeance("departs-a-effacer", erase_departed, heure="3:00"),
        Echeance("cles-utilisees", cles.purge, heure="3:05"),
        Echeance("journal-ancien", journal.purge, heure="3:15"),
    ]


def genres() -> list[Genre]:
    return [
        Genre(Agent.genre, "agents", "Agents", "annuaire", "people-fill", ordre=50, fiche=True, initiales=True),
        Genre(Collectivite.genre, "communes", "Communes", "annuaire", "building-fill", ordre=60, fiche=True),
    ]
