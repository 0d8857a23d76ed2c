"""Links without account of the tests: made by somebody, opened by nobody known."""

from django.test import Client

from collectivites.diffusion import code_collectivite
from collectivites.models import Agent
from ressources.enums import Partage
from ressources.models import ReglagesRessources, RessourcePage, VersionFichier
from ressources.partages import liens
from tests.distribution import Distribution

TITRE = "Zibeline de la mairie"


def version_of(page: RessourcePage) -> VersionFichier:
    return VersionFichier.objects.current().select_related("fichier__page").get(fichier__page=page)


def share(page: RessourcePage, agent: Agent, cast: Distribution, jours: int = 7) -> str:
    place = next(iter(agent.postes_en_cours)).collectivite
    return liens.create(version_of(page), agent, place, jours=jours, destinataire="Le cabinet")[1]


def see(jeton: str) -> object:
    return Client().get(f"/partage/{jeton}/")


def take(jeton: str, client: Client | None = None) -> object:
    response = (client or Client(enforce_csrf_checks=True)).post(f"/partage/{jeton}/")
    response.data = b"".join(response.streaming_content) if response.streaming else response.content
    return response


def set_rule(rule: Partage) -> None:
    found = ReglagesRessources.load()
    found.partage = rule
    found.save()


def narrow(page: RessourcePage, cast: Distribution) -> None:
    RessourcePage.objects.filter(pk=page.pk).update(diffusion=[code_collectivite(cast.a.pk)])
