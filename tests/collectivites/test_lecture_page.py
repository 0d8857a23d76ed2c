"""The reading gate of pages (`before_serve_page`): served, refused with a name to ask, or unknown."""

import pytest
from django.test import Client

from collectivites.diffusion import ELUS, EPCI, TOUTES, code_collectivite, code_reseau, ids_of
from collectivites.models import Poste
from collectivites.refus import PageReservee
from home.models import ActualitePage
from tests.collectivites.factories import AdhesionFactory, CollectiviteFactory, PosteFactory, ReseauFactory
from tests.distribution import Distribution
from tests.home.factories import make_actualite
from tests.sessions import open_session

pytestmark = pytest.mark.django_db

SECRET = "Mutation confidentielle"


@pytest.fixture
def page(distribution: Distribution) -> ActualitePage:
    return make_actualite(distribution.a, SECRET, diffusion=[code_collectivite(distribution.a.pk)])


def test_readers(distribution: Distribution, page: ActualitePage) -> None:
    for agent in (distribution.agent_a, distribution.partage_ab):
        response = open_session(agent).get(page.url)
        assert response.status_code == 200
        assert SECRET in response.content.decode()


def test_others_learn_whom_to_ask_and_never_the_title(distribution: Distribution, page: ActualitePage) -> None:
    for agent in (distribution.secretaire_b, distribution.elue_b, distribution.responsable, distribution.sans_poste):
        response = open_session(agent).get(page.url)
        body = response.content.decode()
        assert response.status_code == 403
        assert "réservée à la mairie d’Aval" in body
        assert SECRET not in body


def test_who_may_be_asked_is_named_with_a_way_to_reach_them(distribution: Distribution, page: ActualitePage) -> None:
    Poste.objects.filter(agent=distribution.gestionnaire_a).update(telephone="03 53 01 00 41")
    body = open_session(distribution.secretaire_b).get(page.url).content.decode()
    assert "Gisele Aval" in body
    assert "tel:+33353010041" in body


def test_strangers_are_sent_to_the_login_page(page: ActualitePage) -> None:
    response = Client().get(page.url)
    assert response.status_code == 302
    assert response["Location"].startswith("/connexion/")


def test_a_draft_is_unknown_to_all(distribution: Distribution) -> None:
    draft = make_actualite(distribution.a, SECRET, live=False, diffusion=[TOUTES])
    for agent in (distribution.agent_a, distribution.secretaire_b):
        assert open_session(agent).get(draft.url).status_code == 404


def test_a_draft_for_others_is_unknown_too(distribution: Distribution) -> None:
    draft = make_actualite(distribution.a, SECRET, live=False, diffusion=[code_collectivite(distribution.a.pk)])
    assert open_session(distribution.secretaire_b).get(draft.url).status_code == 404


def test_leaving_closes_the_page_on_the_next_request(distribution: Distribution, page: ActualitePage) -> None:
    client = open_session(distribution.agent_a)
    assert client.get(page.url).status_code == 200
    poste = distribution.agent_a.postes.get()
    poste.end(poste.date_debut)
    assert client.get(page.url).status_code == 403


def test_leaving_a_network_closes_its_pages(distribution: Distribution) -> None:
    adhesion = AdhesionFactory(agent=distribution.agent_a, reseau=ReseauFactory(nom="Zéro phyto"))
    page = make_actualite(distribution.a, SECRET, diffusion=[code_reseau(adhesion.reseau_id)])
    client = open_session(distribution.agent_a)
    assert client.get(page.url).status_code == 200
    adhesion.date_fin = adhesion.date_debut
    adhesion.save()
    refused = client.get(page.url)
    assert refused.status_code == 403
    assert "au réseau « Zéro phyto »" in refused.content.decode().replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("codes", "words"),
    [
        ([ELUS], "aux élus"),
        ([EPCI], "aux agents de l’intercommunalité"),
        ([ELUS, EPCI], "aux élus, aux agents de l’intercommunalité"),
        (["c:0", "r:0", "c:²", "c:"], "à d’autres lecteurs"),
    ],
)
def test_to_whom_in_words(codes: list[str], words: str) -> None:
    assert PageReservee(codes).a_qui == words


def test_names_in_a_sentence() -> None:
    """« à la mairie du Deschaux », « au Grand Dole », and who keeps their doors today."""
    deschaux = CollectiviteFactory(nom="Le Deschaux", slug="le-deschaux")
    epci = CollectiviteFactory(epci=True, nom="Grand Dole", slug="grand-dole")
    gestionnaire = PosteFactory(collectivite=deschaux, gestionnaire=True)
    PosteFactory(collectivite=deschaux, gestionnaire=True, date_fin="2021-01-01")
    refusal = PageReservee([code_collectivite(deschaux.pk), code_collectivite(epci.pk)])
    assert refusal.a_qui == "au Grand Dole, à la mairie du Deschaux"
    assert refusal.contacts == [gestionnaire]


def test_codes_that_name_nothing() -> None:
    assert ids_of(["c:1", "r:2", "c:x", "c:", "c:-3", "c:²", "toutes"], "c") == [1]
