"""Pages in the admin, by what is shown: a title reserved to others, or a draft of others, is in no answer at all.

Every address of the admin is asked for such a page, then the lists, searches, choosers and exports that show many.
"""

import pytest
from django.contrib.auth.models import Group
from django.http import HttpResponse
from django.test import Client
from wagtail.models import GroupApprovalTask, Page

from collectivites.diffusion import TOUTES, code_collectivite
from collectivites.enums import Domaine
from collectivites.models import Agent
from home.models import ActualitePage, ActualitesPage, HomePage
from tests.acces.monde import Monde, adresses, make_monde, url_of
from tests.acces.test_admin import PORTES
from tests.distribution import Distribution
from tests.ressources.pages import news
from tests.sessions import open_session

pytestmark = [pytest.mark.django_db, pytest.mark.lent]

EDITEURS = (Domaine.CONTENU, Domaine.ADMINISTRATION)
AUTRES = [domaine for domaine in Domaine if domaine not in EDITEURS]
MARQUE = "Zibeline"  # in the titles and addresses that are not for everybody
POUR_TOUS = "Mangouste"

# Doors that show several pages, or take them from the query.
LISTES = [
    "/admin/",
    "/admin/pages/",
    "/admin/pages/{home}/",
    "/admin/pages/{news}/",
    "/admin/pages/{news}/results/",
    "/admin/pages/{news}/?q={mot}",
    "/admin/pages/{news}/?search_all=1&q={mot}",
    "/admin/pages/{news}/?ordering=ord",
    "/admin/pages/search/?q={mot}",
    "/admin/pages/search/results/?q={mot}&content_type=home.actualitepage",
    "/admin/pages/usage/home/actualitepage/",
    "/admin/pages/usage/home/actualitepage/results/?q={mot}",
    "/admin/choose-page/{news}/",
    "/admin/choose-page/{news}/?page_type=home.actualitepage",
    "/admin/choose-page/?page_type=home.actualitepage",
    "/admin/choose-page/search/?q={mot}",
    "/admin/choose-page/search/?q={mot}&page_type=home.actualitepage",
    "/admin/api/main/pages/",
    "/admin/api/main/pages/?search={mot}",
    "/admin/api/main/pages/?child_of={news}&for_explorer=1",
    "/admin/api/main/pages/?descendant_of={home}&fields=*",
    "/admin/reports/site-history/",
    "/admin/reports/site-history/?export=xlsx",
    "/admin/reports/site-history/results/?label={mot}",
    "/admin/reports/aging-pages/",
    "/admin/reports/locked/",
    "/admin/reports/page-types-usage/",
    "/admin/reports/workflow/",
    "/admin/reports/workflow_tasks/",
]
PAR_NUMERO = [
    "/admin/choose-page/{page}/",
    "/admin/choose-page/chosen-multiple/?id={page}",
    "/admin/pages/{page}/?q=a",
    "/admin/bulk/wagtailcore/page/delete/?id={page}",
    "/admin/bulk/wagtailcore/page/publish/?id={page}",
    "/admin/bulk/wagtailcore/page/move/?id={page}",
    "/admin/bulk/wagtailcore/page/unpublish/?id=all&childOf={news}",
    "/admin/bulk/wagtailcore/page/delete/?id=all",
    "/admin/api/main/pages/?translation_of={page}",
    "/admin/api/main/pages/?ancestor_of={page}",
    "/admin/api/main/pages/find/?html_path={path}",
    "/admin/pages/{news}/copy/?next=/admin/pages/{page}/",
]


@pytest.fixture
def reservee(distribution: Distribution) -> ActualitePage:
    """Online, for commune B only."""
    page = news(distribution.b, title=f"{MARQUE} réservée", codes=[code_collectivite(distribution.b.pk)])
    page.save_revision(user=distribution.administrateur, log_action=True).publish(user=distribution.administrateur)
    page.refresh_from_db()
    return page


@pytest.fixture
def brouillon(distribution: Distribution) -> ActualitePage:
    """For all, but not published yet."""
    page = news(distribution.b, title=f"{MARQUE} en brouillon", codes=[TOUTES], live=False)
    page.save_revision(user=distribution.administrateur, log_action=True)
    return page


@pytest.fixture
def reprise(distribution: Distribution) -> ActualitePage:
    """Online for all, under a title that its next draft changes."""
    page = news(distribution.b, title=f"{POUR_TOUS} d’aujourd’hui", codes=[TOUTES])
    page.title = f"{MARQUE} de demain"
    page.save_revision(user=distribution.administrateur, log_action=True)
    return page


@pytest.fixture
def monde(distribution: Distribution, reservee: ActualitePage, brouillon: object, reprise: object) -> Monde:
    """Where the reserved page is under review, and locked."""
    monde = make_monde(distribution, reservee)
    Page.objects.filter(pk=reservee.pk).update(locked=True, locked_by=distribution.administrateur)
    return monde


def said(response: HttpResponse) -> str:
    """All that an answer tells, where it leads included."""
    body = b"".join(response) if response.streaming else response.content
    return response.get("Location", "") + body.decode(errors="replace").lower()


def filled(address: str, page: ActualitePage, mot: str = MARQUE) -> str:
    places = {"home": HomePage.objects.get().pk, "news": ActualitesPage.objects.get().pk}
    return address.format(page=page.pk, path=page.url_path.replace("/accueil", ""), mot=mot, **places)


def tells(client: Client, url: str) -> bool:
    """True when the answer names a marked page, by more than the word that was searched for."""
    text = said(client.get(url))
    words = [f"{MARQUE} {end}".lower() for end in ("réservée", "en brouillon", "de demain")]
    words += [f"{MARQUE}-reservee".lower(), f"{MARQUE}-en-brouillon".lower()]
    return any(word in text or word.encode("ascii", "backslashreplace").decode() in text for word in words)


# One domain on PostgreSQL too: what a list asks of the database does not hang on the domain.
@pytest.mark.parametrize(
    "domaine", [pytest.param(one, marks=pytest.mark.un_moteur if rank else []) for rank, one in enumerate(AUTRES)]
)
def test_no_address_of_the_admin_tells_a_reserved_title(
    monde: Monde, reservee: ActualitePage, brouillon: ActualitePage, domaine: Domaine
) -> None:
    client = open_session(monde.responsables[domaine])
    asked = [url_of(adresse, monde) for adresse in adresses() if not PORTES.match(adresse.nom)]
    asked += [filled(address, page) for address in LISTES + PAR_NUMERO for page in (reservee, brouillon)]
    assert [url for url in asked if url and tells(client, url)] == []


def test_a_page_that_is_not_seen_does_not_exist(
    monde: Monde, reservee: ActualitePage, brouillon: ActualitePage
) -> None:
    client = open_session(monde.responsables[Domaine.FORMATIONS])
    for page in (reservee, brouillon):
        for end in ("", "edit/", "history/", "usage/", "copy/", "move/", "delete/", "view_draft/", "workflow_history/"):
            assert client.get(f"/admin/pages/{page.pk}/{end}").status_code == 404, end
        assert client.post(f"/admin/pages/{page.pk}/lock/").status_code == 404
        assert client.get(f"/admin/choose-page/{page.pk}/").status_code == 404
        assert client.get(f"/admin/api/main/pages/{page.pk}/").status_code == 404


@pytest.mark.parametrize("domaine", EDITEURS)
def test_whoever_may_edit_sees_them(monde: Monde, reservee: ActualitePage, domaine: Domaine) -> None:
    client = open_session(monde.responsables[domaine])
    # What tells nothing to anybody: no page of theirs, nothing by this way.
    silent = {"/admin/", "/admin/pages/", "/admin/pages/{home}/", "/admin/choose-page/?page_type=home.actualitepage"}
    for address in LISTES:
        if address not in silent and "export=" not in address:
            assert tells(client, filled(address, reservee)), address
    for end in ("edit/", "history/", "usage/", "delete/"):
        assert tells(client, f"/admin/pages/{reservee.pk}/{end}"), end


@pytest.mark.parametrize("domaine", Domaine)
def test_what_is_for_all_is_seen_by_all(monde: Monde, reprise: ActualitePage, domaine: Domaine) -> None:
    client = open_session(monde.responsables[domaine])
    for address in (
        "/admin/pages/{news}/",
        "/admin/pages/search/?q={mot}",
        "/admin/choose-page/{news}/",
        "/admin/choose-page/search/?q={mot}",
        "/admin/choose-page/chosen-multiple/?id={page}",
        "/admin/api/main/pages/?child_of={news}&for_explorer=1",
        "/admin/pages/usage/home/actualitepage/",
    ):
        text = said(client.get(filled(address, reprise, POUR_TOUS)))
        assert f"{POUR_TOUS} d".lower() in text, address


def test_one_s_own_draft_is_seen(monde: Monde, brouillon: ActualitePage) -> None:
    author = monde.responsables[Domaine.MATERIEL]
    ActualitePage.objects.filter(pk=brouillon.pk).update(owner=author)
    for domaine, seen in ((Domaine.MATERIEL, True), (Domaine.FORMATIONS, False)):
        client = open_session(monde.responsables[domaine])
        for address in ("/admin/pages/{news}/", "/admin/pages/search/?q={mot}", "/admin/choose-page/search/?q={mot}"):
            assert tells(client, filled(address, brouillon)) is seen, (domaine, address)
        assert client.get(f"/admin/pages/{brouillon.pk}/edit/").status_code == (200 if seen else 404)


def test_a_reader_of_commune_b_sees_what_is_for_it(
    monde: Monde, distribution: Distribution, reservee: ActualitePage
) -> None:
    """The diffusion decides in the admin too: the same responsable, with a poste in B."""
    agent: Agent = monde.responsables[Domaine.FORMATIONS]
    poste = distribution.secretaire_b.postes.get()
    agent.postes.create(collectivite=distribution.b, fonction=poste.fonction, date_debut=poste.date_debut)
    client = open_session(agent)
    assert tells(client, filled("/admin/pages/{news}/", reservee))
    assert client.get(f"/admin/pages/{reservee.pk}/edit/").status_code != 200


def test_whoever_must_review_a_page_sees_it(monde: Monde, reservee: ActualitePage) -> None:
    client = open_session(monde.responsables[Domaine.FORMATIONS])
    task = GroupApprovalTask.objects.get(groups__name=Domaine.CONTENU.label)
    task.groups.set([Group.objects.get(name=Domaine.FORMATIONS.label)])
    assert tells(client, filled("/admin/pages/{news}/", reservee))
    assert tells(client, f"/admin/pages/{reservee.pk}/edit/")
