"""What the resources bring to the other pages, to `veille` and to the commands."""

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.http import QueryDict
from django.urls import reverse
from django.utils.module_loading import import_string

from extranet.lib.apports import (
    AFaire,
    Chiffre,
    Echeance,
    Encart,
    Gardable,
    Genre,
    Lien,
    Onglet,
    Sorte,
    Suivable,
    Traitement,
)
from ressources import annonces, copies, demandes, echanges, menage, personnes, quarantaine, rappels, tableau
from ressources.analyse import pending_count, quarantined_count
from ressources.gardable import gardable
from ressources.installation import install, plant
from ressources.models import QuestionReponse, TypeRessource
from ressources.models.ressource import GENRE
from ressources.partages import envois
from ressources.partages import personnes as partages
from ressources.permissions import can_deposit
from ressources.phototheque import accords
from ressources.questions import publier
from ressources.tasks import request_pending

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from wagtail.models import Page

    from collectivites.demo import Monde
    from collectivites.models import Agent, Collectivite


def onglet() -> Onglet:
    return Onglet("ressources", "Ressources", "/ressources/", "journal-bookmark-fill", ordre=10)


def gardables() -> list[Gardable]:
    return [gardable()]


def genres() -> list[Genre]:
    return [
        Genre(GENRE, "ressources", "Ressources", "ressources", "file-earmark-text", ordre=10),
        Genre(QuestionReponse.genre, "questions", "Questions", "ressources", "question-circle", ordre=12),
    ]


def installer() -> None:
    install()


def planter(accueil: "Page") -> None:
    plant(accueil)


def demo(monde: "Monde") -> None:
    """Loaded when asked for: what draws and writes its files is not for a process that serves pages."""
    import_string("ressources.demo.load")(monde)


def actions_rapides(agent: "Agent", collectivite: "Collectivite | None") -> list[Lien]:
    if not can_deposit(agent, collectivite):
        return []
    return [Lien("Déposer un document", "/ressources/deposer/", "file-earmark-plus-fill", "ressources")]


def recours(agent: "Agent", texte: str) -> list[Lien]:
    """A document that nobody has shared yet may be asked for."""
    if not agent.codes_lecture:
        return []
    query = QueryDict(mutable=True)
    query["objet"] = texte[:200]
    address = f"{reverse('ressources:demande_create')}?{query.urlencode()}"
    return [Lien("Demander un document", address, "question-circle", "ressources")]


def a_faire(agent: "Agent", collectivite: "Collectivite | None") -> list[AFaire]:
    return tableau.todo(agent)


def encarts_accueil(agent: "Agent", collectivite: "Collectivite | None") -> list[Encart]:
    return [tableau.new_documents(agent)] if agent.codes_lecture else []


def encarts_agent(agent: "Agent", lecteur: "Agent") -> list[Encart]:
    return tableau.shared_by(agent, lecteur)


def encarts_collectivite(collectivite: "Collectivite", lecteur: "Agent") -> list[Encart]:
    return tableau.shared_by_place(collectivite, lecteur)


def chiffres(collectivite: "Collectivite", annee: int) -> list[Chiffre]:
    return tableau.figures(collectivite, annee)


def sortes() -> list[Sorte]:
    return [
        Sorte(
            copies.SORTE,
            "ressources",
            "Votre copie est périmée",
            "Un document que vous avez pris est remplacé ou retiré.",
            frequence="quotidien",
        ),
        Sorte(
            annonces.SORTE,
            "ressources",
            "Nouveau document",
            "Dans un thème ou d’un type que vous suivez.",
            frequence="quotidien",
        ),
        Sorte(
            annonces.SORTE_LECTURE,
            "ressources",
            "Document à lire",
            "On vous demande de dire que vous l’avez lu.",
            frequence="quotidien",
        ),
        Sorte(
            rappels.SORTE,
            "ressources",
            "Document à vérifier",
            "La date de vérification d’un document que vous suivez arrive.",
            frequence="quotidien",
        ),
        Sorte(
            echanges.SORTE,
            "ressources",
            "Question sur un document",
            "Une question, un retour ou une erreur sur ce que vous suivez ou connaissez, et les réponses aux vôtres.",
        ),
        Sorte(
            demandes.SORTE,
            "ressources",
            "Document demandé",
            "Une commune cherche un document que vous pourriez avoir, ou l’on répond à votre demande.",
        ),
        Sorte(
            envois.SORTE,
            "ressources",
            "Document signalé",
            "Un collègue vous envoie la fiche d’un document.",
        ),
        Sorte(
            accords.SORTE,
            "ressources",
            "Photo qui ne se montre plus",
            "L’accord des personnes d’une photo que vous suivez est retiré, fini, ou près de l’être.",
        ),
        Sorte(
            quarantaine.SORTE,
            "ressources",
            "Virus trouvé",
            "Dans un document que vous avez déposé, dont vous répondez ou que vous avez pris.",
            imposee=True,
        ),
    ]


def suivables() -> list[Suivable]:
    return [Suivable("type", TypeRessource, "type de document")]


def echeances() -> list[Echeance]:
    five, ten = timedelta(minutes=5), timedelta(minutes=10)
    return [
        Echeance("copies-perimees", copies.tell_holders, every=ten),
        Echeance("ressources-nouvelles", annonces.announce_pending, every=five),
        Echeance("lectures-demandees", annonces.ask_readings, every=five),
        Echeance("documents-a-analyser", request_pending, every=ten),
        Echeance("verifications", rappels.remind, heure="6:30"),
        Echeance("questions-a-verifier", publier.remind, heure="6:35"),
        Echeance("fiabilite", rappels.refresh_reliability, heure="0:10"),
        Echeance("accords-photos", accords.watch, heure="6:35"),
        Echeance("ressources-menage", menage.tidy, heure="3:50"),
    ]


def sante() -> dict[str, str | int]:
    return {"documents_a_analyser": pending_count(), "documents_en_quarantaine": quarantined_count()}


def donnees_personnelles(agent: "Agent") -> dict:
    return personnes.held_about(agent) | partages.held_about(agent)


@transaction.atomic
def effacer(agent: "Agent") -> None:
    personnes.erase(agent)
    partages.erase(agent)


@transaction.atomic
def fusionner(garde: "Agent", retire: "Agent") -> None:
    partages.close_twins(garde, retire)
    personnes.merge(garde, retire)


def reprendre(garde: "Collectivite", retiree: "Collectivite") -> None:
    personnes.take_over(garde, retiree)
    partages.take_over(garde, retiree)


def restent_du_lieu() -> dict[str, str]:
    return {f"ressources.{name}.collectivite": "dit par la commune d’alors" for name in personnes.PASSES}


def temoins_reprise(garde: "Collectivite", retiree: "Collectivite") -> list["QuerySet"]:
    return [personnes.revisions_of(retiree)]


def temoins_fusion(garde: "Agent", retire: "Agent") -> list["QuerySet"]:
    return [personnes.revisions_naming(retire)]


def traitements() -> list[Traitement]:
    return [*personnes.TRAITEMENTS, *partages.TRAITEMENTS]
