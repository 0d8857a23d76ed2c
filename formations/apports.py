"""What the training brings to the other pages, to `veille` and to the commands."""

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.http import urlencode
from django.utils.module_loading import import_string

from extranet.lib.apports import (
    AFaire,
    Boucle,
    Chiffre,
    Echeance,
    Encart,
    Gardable,
    Genre,
    Lien,
    Onglet,
    Sorte,
    Traitement,
)
from formations import encarts, menage, personnes, reprise
from formations.adresses import CATALOGUE, SOUHAITS
from formations.catalogue.gardable import gardable
from formations.inscrire import tableau as inscrire
from formations.inscrire import visas
from formations.installation import install, plant
from formations.models.page import GENRE
from formations.organiser import tableau as organiser
from formations.places import echeances as delais
from formations.plan import campagnes
from formations.plan import tableau as plan
from formations.prevenir import annonces_session, departs, menaces, mouvements
from formations.prevenir import sortes as kinds
from formations.seances import convocations, rappels
from formations.titres import rappels as fins
from formations.titres import tableau as titres
from formations.traitements import TRAITEMENTS

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from wagtail.models import Page

    from collectivites.demo import Monde
    from collectivites.models import Agent, Collectivite


def onglet() -> Onglet:
    return Onglet("formations", "Formations", CATALOGUE, "mortarboard", ordre=40)


def gardables() -> list[Gardable]:
    return [gardable()]


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
    five, ten = timedelta(minutes=5), timedelta(minutes=10)
    return [
        Echeance("places-echues", delais.expire_due, every=ten),
        Echeance("places-liberees", delais.sweep_all, every=timedelta(hours=1)),
        Echeance("visas-demandes", visas.ask_all, every=timedelta(minutes=15)),
        Echeance("formations-menage", menage.forget_due, heure="0:35"),
        Echeance("sessions-publiees", annonces_session.tell_published, every=timedelta(minutes=30)),
        Echeance("formations-departs", departs.follow, heure="6:40"),
        Echeance("titres-rappels", fins.remind_due, heure="6:50"),
        Echeance("sessions-menacees", menaces.warn_threatened, heure="7:00"),
        Echeance("formations-rappels", rappels.remind, heure="7:00"),
        Echeance("campagnes-rappels", campagnes.remind_due, heure="7:10"),
        Echeance("formations-convocations", convocations.send_due, every=timedelta(hours=1)),
        Echeance("formations-rendez-vous", convocations.update_due, every=five),
    ]


def boucles() -> list[Boucle]:
    """Who has just been promoted, or must give a visa, is told while the page is still open."""
    return [Boucle("formations-annonces", mouvements.Annonceur().tell_due, mouvements.PAUSE)]


def sortes() -> list[Sorte]:
    return kinds.SORTES


def a_faire(agent: "Agent", collectivite: "Collectivite | None") -> list[AFaire]:
    rooms = (inscrire, visas, titres, plan, organiser)
    return [thing for room in rooms for thing in room.todo(agent)]


def actions_rapides(agent: "Agent", collectivite: "Collectivite | None") -> list[Lien]:
    return organiser.actions(agent)


def encarts_accueil(agent: "Agent", collectivite: "Collectivite | None") -> list[Encart]:
    return inscrire.next_training(agent)


def encarts_agent(agent: "Agent", lecteur: "Agent") -> list[Encart]:
    return encarts.of_person(agent, lecteur)


def encarts_collectivite(collectivite: "Collectivite", lecteur: "Agent") -> list[Encart]:
    return encarts.at_place(collectivite, lecteur)


def chiffres(collectivite: "Collectivite", annee: int) -> list[Chiffre]:
    return encarts.figures(collectivite, annee)


def liens_pied(agent: "Agent | None") -> list[Lien]:
    """Whoever works somewhere may ask for a training."""
    if agent is None or not agent.codes_lecture:
        return []
    return [Lien("Proposer une formation", f"{SOUHAITS}#demander", "mortarboard", "formations")]


def recours(agent: "Agent", texte: str) -> list[Lien]:
    """A training that nobody gives yet may be asked for, in the words of the search."""
    if not agent.codes_lecture:
        return []
    address = f"{SOUHAITS}?{urlencode({'texte': texte[:150]})}#demander"
    return [Lien("Demander une formation", address, "lightbulb", "formations")]


def donnees_personnelles(agent: "Agent") -> dict:
    return personnes.held_about(agent)


@transaction.atomic
def effacer(agent: "Agent") -> None:
    personnes.erase(agent)


@transaction.atomic
def fusionner(garde: "Agent", retire: "Agent") -> None:
    personnes.merge(garde, retire)


def restent() -> dict[str, str]:
    return personnes.RESTENT


def temoins_fusion(garde: "Agent", retire: "Agent") -> "list[QuerySet]":
    return personnes.beside(garde, retire)


@transaction.atomic
def reprendre(garde: "Collectivite", retiree: "Collectivite") -> None:
    reprise.take_over(garde, retiree)


def restent_du_lieu() -> dict[str, str]:
    return reprise.RESTENT


def traitements() -> list[Traitement]:
    return TRAITEMENTS
