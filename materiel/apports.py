"""What the lending brings to the other pages, to `veille` and to the commands."""

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.module_loading import import_string

from extranet.lib.apports import AFaire, Chiffre, Echeance, Encart, Gardable, Genre, Lien, Onglet, Sorte, Traitement
from materiel import adresses, annonces, annonces_contrat, encarts, personnes, registre, reprise, tableau
from materiel.entraide import besoins
from materiel.installation import install, plant
from materiel.models.page import GENRE
from materiel.parc import photos
from materiel.permissions import can_ask
from materiel.prets import attente, expirations, retards
from materiel.suivi import relances
from materiel.vitrine.gardable import gardable

if TYPE_CHECKING:
    from wagtail.models import Page

    from collectivites.demo import Monde
    from collectivites.models import Agent, Collectivite


def onglet() -> Onglet:
    return Onglet("materiel", "Matériel", "/materiel/", "tools", ordre=50)


def actions_rapides(agent: "Agent", collectivite: "Collectivite | None") -> list[Lien]:
    """For those who may borrow for the collectivité acted for."""
    return [Lien("Emprunter du matériel", adresses.BOARD, "tools", "materiel")] if can_ask(agent, collectivite) else []


def liens_pied(agent: "Agent | None") -> list[Lien]:
    """The way to lend, for those who may."""
    if agent is None or not any(poste.gestionnaire for poste in agent.postes_en_cours):
        return []
    return [Lien("Prêter un matériel", adresses.PROPOSER, "tools", "materiel")]


def recours(agent: "Agent", texte: str) -> list[Lien]:
    """What nobody lends may be looked for."""
    if not any(poste.gestionnaire for poste in agent.postes_en_cours):
        return []
    return [Lien("Publier un besoin de matériel", adresses.besoin(texte[:120], None, None), "pin-angle", "materiel")]


def gardables() -> list[Gardable]:
    return [gardable()]


def genres() -> list[Genre]:
    return [Genre(GENRE, "materiel", "Matériel", "materiel", "tools", ordre=30)]


def installer() -> None:
    install()


def planter(accueil: "Page") -> None:
    plant(accueil)


def demo(monde: "Monde") -> None:
    """Loaded when asked for: it is not for a process that serves pages."""
    import_string("materiel.demo.load")(monde)


def echeances() -> list[Echeance]:
    five, ten = timedelta(minutes=5), timedelta(minutes=10)
    return [
        Echeance("registre-passe", registre.purge, heure="0:20"),
        Echeance("registre-horizon", registre.extend, heure="0:25"),
        Echeance("prets-expires", expirations.expire_due, every=ten),
        Echeance("prets-attendus", attente.sweep, every=ten),
        Echeance("prets-en-retard", retards.watch, every=timedelta(hours=1)),
        Echeance("prets-rappels", relances.remind, heure="6:40"),
        Echeance("besoins-annonces", besoins.announce_pending, every=five),
        Echeance("photos-en-attente", photos.forget_waiting, heure="2:40"),
    ]


def sortes() -> list[Sorte]:
    return [*annonces.SORTES, *annonces_contrat.sortes(), *besoins.SORTES]


def a_faire(agent: "Agent", collectivite: "Collectivite | None") -> list[AFaire]:
    return tableau.todo(agent)


def encarts_accueil(agent: "Agent", collectivite: "Collectivite | None") -> list[Encart]:
    return tableau.running(agent, collectivite)


def encarts_agent(agent: "Agent", lecteur: "Agent") -> list[Encart]:
    return encarts.kept_by(agent, lecteur)


def encarts_collectivite(collectivite: "Collectivite", lecteur: "Agent") -> list[Encart]:
    return encarts.lent_by(collectivite, lecteur)


def chiffres(collectivite: "Collectivite", annee: int) -> list[Chiffre]:
    return tableau.figures(collectivite, annee)


def donnees_personnelles(agent: "Agent") -> dict:
    return personnes.held_about(agent)


@transaction.atomic
def effacer(agent: "Agent") -> None:
    personnes.erase(agent)


@transaction.atomic
def fusionner(garde: "Agent", retire: "Agent") -> None:
    personnes.merge(garde, retire)


@transaction.atomic
def reprendre(garde: "Collectivite", retiree: "Collectivite") -> None:
    reprise.take_over(garde, retiree)


def traitements() -> list[Traitement]:
    return personnes.TRAITEMENTS
