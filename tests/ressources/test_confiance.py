"""Who publishes without a review: trusted for the collectivité of the sheet, whatever one they act for."""

import pytest

from collectivites.models import Agent
from ressources import relecture
from ressources.enums import Confiance, StatutVersion
from ressources.models import Depot, ReglagesRessources, RessourcePage, VersionFichier
from tests.distribution import Distribution
from tests.ressources.deposes import Deposant, reglement
from tests.ressources.factories import make_ressource
from tests.sessions import open_session

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(distribution: Distribution) -> RessourcePage:
    """Of Aval; Simone, who manages Bourg, answers for it."""
    ReglagesRessources.objects.update_or_create(pk=1, defaults={"confiance": Confiance.GESTIONNAIRES})
    page = make_ressource("Règlement", collectivite=distribution.a, referent=distribution.secretaire_b)
    page.save_revision(user=distribution.secretaire_b)
    return page


def deposit_version(agent: Agent, page: RessourcePage) -> str:
    """A new version of its file; what the page said."""
    client = open_session(agent)
    place = agent.postes.get().collectivite
    depot = Depot.objects.create(auteur=agent, collectivite=place, nouvelle_version_de=page)
    deposant = Deposant(client, depot.pk)
    deposant.drop("v2.pdf", reglement())
    shown = client.get(deposant.page).content.decode()
    response = client.post(deposant.page, deposant.answers(), follow=True)
    return shown + response.content.decode()


def test_trusted_at_home_one_is_reviewed_elsewhere(distribution: Distribution, page: RessourcePage) -> None:
    html = deposit_version(distribution.secretaire_b, page)
    assert VersionFichier.objects.get(numero=2).statut == StatutVersion.A_RELIRE
    assert list(relecture.awaiting()) == [page]
    assert "Votre document est à relire." in html
    assert "Envoyer à la relecture" in html


def test_its_own_gestionnaires_publish_at_once(distribution: Distribution, page: RessourcePage) -> None:
    html = deposit_version(distribution.gestionnaire_a, page)
    assert VersionFichier.objects.get(numero=2).statut == StatutVersion.PUBLIEE
    assert "Votre document est en ligne." in html
