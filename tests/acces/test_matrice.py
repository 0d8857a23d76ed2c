"""Every address × the cast. An address without a row fails, and so does a row without an address."""

from dataclasses import fields

import pytest
from django.test import Client
from django.urls import NoReverseMatch, reverse
from wagtail.models import Page, get_page_models

from collectivites.models import Agent
from collectivites.pages.structure import PagePublique
from notifications.models import Veille
from tests.acces.adresses import Adresse, all_adresses
from tests.acces.matrice import MATRICE, PAGES, Ligne
from tests.acces.objets import Objets, make_objets
from tests.distribution import Distribution
from tests.sessions import open_session

# Pages of the tree have their own rows, one per type and state.
BY_PAGE = "wagtail_serve"
# Rights are decided before the database is asked: three of them say on PostgreSQL that every page answers there.
AUX_DEUX = {"administrateur", "gestionnaire_a", "anonyme"}
ROLES = [field.name for field in fields(Distribution) if field.name not in {"a", "b", "epci"}]


@pytest.fixture
def objets(distribution: Distribution) -> Objets:
    return make_objets(distribution)


def listed() -> list[Adresse]:
    return [a for a in all_adresses() if not a.is_admin and a.nom != BY_PAGE]


def test_every_address_has_its_row() -> None:
    assert {a.nom for a in listed()} == set(MATRICE)


def test_every_type_of_page_has_its_row(objets: Objets) -> None:
    """Public pages are served by views of their own, which are addresses."""
    ours = {model for model in get_page_models() if model is not Page and not issubclass(model, PagePublique)}
    assert {type(getattr(objets, nom)) for nom in PAGES} == ours


def status(path: str, agent: Agent | None) -> int:
    response = (open_session(agent) if agent else Client()).get(path)
    list(response)  # a file is closed once read
    return response.status_code


def address_of(nom: str, ligne: Ligne, objets: Objets) -> str:
    try:
        return reverse(nom, kwargs=ligne.arguments(objets) if ligne.arguments else None)
    except NoReverseMatch:
        return f"/{nom}"


@pytest.mark.parametrize(
    "role", [pytest.param(role, marks=[] if role in AUX_DEUX else pytest.mark.un_moteur) for role in ROLES]
)
def test_what_each_role_gets(role: str, objets: Objets) -> None:
    """Each address in a fresh session, so that none of them changes what the next one answers."""
    Veille.objects.create(pk="essai")  # so that `/sante/` is sound
    agent = objets.cast.roles()[role]
    paths = {nom: address_of(nom, ligne, objets) for nom, ligne in MATRICE.items()}
    paths |= {nom: getattr(objets, nom).get_url() for nom in PAGES}
    found = {nom: status(path, agent) for nom, path in paths.items()}
    expected = {nom: ligne.expected(role) for nom, ligne in (MATRICE | PAGES).items()}
    assert {nom: code for nom, code in found.items() if code != expected[nom]} == {}


def test_every_role_is_played(distribution: Distribution) -> None:
    assert list(distribution.roles()) == ROLES
