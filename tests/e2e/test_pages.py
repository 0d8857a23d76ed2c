"""Every page that links lead to, for each kind of person, on the demonstration: light, dark, at every width."""

import re
from collections.abc import Callable, Collection

import pytest
from django.utils import timezone

from collectivites.demo.execution import make_demo
from collectivites.demo.monde import Monde
from collectivites.models import Agent
from tests.e2e.browser import picture
from tests.e2e.conftest import Visitor
from tests.e2e.controles import check_page
from tests.e2e.territoire import one_of_each

Visit = Callable[..., Visitor]
STARTS = ("/", "/annuaire/?q=mar", "/recherche/?q=tavaux", "/recherche/?q=zzz")
DOORS = ("/connexion/", "/connexion/oubli/fait/", "/connexion/compte-ferme/")
LEGAL = {"home:accessibilite", "home:donnees_personnelles", "home:mentions_legales"}
# What each is sure to meet: a crawl that finds less has lost its way.
SURE = LEGAL | {
    "HomePage", "ActualitesPage", "ActualitePage", "AidePage", "PageStandard", "home:plan_du_site",
    "annuaire:index", "annuaire:agent_detail", "annuaire:collectivite_list", "annuaire:collectivite_detail",
    "annuaire:invitation_list", "annuaire:invitation_create",
    "mfa_list_webauthn", "usersessions_list", "compte_notice",
    "notifications:notification_list", "notifications:archive_list", "notifications:preferences",
    "ressources:ressource_list", "RessourcePage", "ressources:theme_detail", "ressources:depot",
    "ressources:document_list", "ressources:favori_list", "ressources:demande_list", "ressources:demande_create",
}  # fmt: skip
# The same words for every reader: judged once.
FOR_ALL = LEGAL | {"ActualitePage", "AidePage", "PageStandard", "compte_notice"}


@pytest.fixture
def demonstration(live_server: object) -> Monde:
    return make_demo(timezone.localdate())


def check_all(person: Visitor, name: str, *starts: str, but: Collection[str] = ()) -> set[str]:
    """The kinds of pages met, each one sound and with a title of its own. `visitor` hears what the browser says."""
    page, titles = person.context.new_page(), {}
    for kind in one_of_each(page, *starts):
        assert page.title() not in titles, (kind, titles[page.title()])
        titles[page.title()] = kind
        if kind not in but:
            picture(page, f"pages/{name}-{re.sub(r'[^a-zA-Z_]+', '-', kind).strip('-')}")
            check_page(page)
    return set(titles.values())


def test_every_page_of_a_secretary_is_sound(visitor: Visit, demonstration: Monde) -> None:
    assert check_all(visitor(Agent.objects.get(slug="odile-vuillermet")), "secretaire", *STARTS) >= SURE


@pytest.mark.parametrize("slug", ["nathalie-perrot", "julien-mairot"], ids=["responsable", "administrateur"])
def test_every_page_of_the_intercommunalite_is_sound(visitor: Visit, demonstration: Monde, slug: str) -> None:
    assert check_all(visitor(Agent.objects.get(slug=slug)), slug, *STARTS, but=FOR_ALL) >= SURE


def test_every_page_open_to_all_is_sound(visitor: Visit, demonstration: Monde) -> None:
    found = check_all(visitor(), "anonyme", *DOORS)
    assert found >= LEGAL | {"account_login", "account_login_password", "account_reset_password", "account_inactive"}
