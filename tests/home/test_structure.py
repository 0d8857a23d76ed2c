"""The tree of pages: what may stand where, at which address, and what nobody moves."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import Http404
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page, get_page_models

from collectivites.pages.structure import PageUnique, reserved_slugs
from home.enums import Conformite
from home.models import (
    AccessibilitePage,
    ActualitePage,
    ActualitesPage,
    AidePage,
    DonneesPersonnellesPage,
    HomePage,
    MentionsLegalesPage,
    PageStandard,
)
from tests.distribution import Distribution
from tests.home.factories import make_actualite, make_page_standard
from tests.sessions import open_session

pytestmark = pytest.mark.django_db

UNIQUES = [HomePage, ActualitesPage, AidePage, MentionsLegalesPage, DonneesPersonnellesPage, AccessibilitePage]


def test_each_type_says_where_it_lives():
    """Left out, `parent_page_types` would let a page be made anywhere."""
    open_types = [
        model.__name__
        for model in get_page_models()
        if model is not Page and getattr(model, "parent_page_types", None) is None
    ]
    assert open_types == []


def test_what_may_be_made_where():
    def allowed(parent: type[Page]) -> set[str]:
        return {model.__name__ for model in parent.allowed_subpage_models() if model is not Page}

    uniques = {model.__name__ for model in UNIQUES} - {"HomePage"}
    assert allowed(HomePage) >= uniques | {"PageStandard"}
    assert "ActualitePage" not in allowed(HomePage)
    assert allowed(ActualitesPage) == {"ActualitePage"}
    assert allowed(AidePage) == {"PageStandard"}
    assert all(not allowed(model) for model in (ActualitePage, PageStandard, MentionsLegalesPage, AccessibilitePage))


@pytest.mark.parametrize("model", UNIQUES)
def test_a_fixed_page_is_there_once(model: type[PageUnique]):
    page = model.objects.get()
    assert page.slug == model.SLUG
    assert not model.can_create_at(page.get_parent().specific)


@pytest.mark.parametrize("model", UNIQUES)
def test_a_fixed_page_keeps_its_address(model: type[PageUnique]):
    page = model.objects.get()
    page.slug = "ailleurs"
    page.title = "Autre titre"
    page.save()
    page.refresh_from_db()
    assert (page.title, page.slug) == ("Autre titre", model.SLUG)


@pytest.mark.parametrize("model", UNIQUES)
def test_nobody_takes_a_fixed_page_away(model: type[PageUnique], distribution: Distribution):
    rights = model.objects.get().permissions_for_user(distribution.administrateur)
    assert rights.can_edit()
    assert rights.can_publish()
    refused = [rights.can_delete(), rights.can_unpublish(), rights.can_move(), rights.can_copy()]
    assert refused == [False] * 4


def test_the_admin_refuses_to_delete_a_fixed_page(distribution: Distribution):
    page = AidePage.objects.get()
    client = open_session(distribution.administrateur)
    client.post(reverse("wagtailadmin_pages:delete", args=[page.pk]), {"confirm": "oui"})
    assert AidePage.objects.filter(pk=page.pk, live=True).exists()


def test_wagtail_restrictions_are_not_offered(distribution: Distribution):
    page = make_actualite(distribution.a)
    assert not page.permissions_for_user(distribution.administrateur).can_set_view_restrictions()


@pytest.mark.parametrize("slug", ["recherche", "sante", "admin", "connexion", "static", "notifications"])
def test_reserved_addresses(slug: str):
    assert slug in reserved_slugs()
    page = PageStandard(title="Une page", slug=slug)
    with pytest.raises(ValidationError, match="choisissez-en une autre"):
        HomePage.objects.get().add_child(instance=page)


def test_an_ordinary_address_is_free():
    page = HomePage.objects.get().add_child(instance=PageStandard(title="Règlement", slug="reglement"))
    assert page.get_url() == "/reglement/"


class TestDates:
    """Wagtail changes `live` only when `publish_scheduled` runs; our pages obey their dates at once."""

    @pytest.mark.parametrize(
        ("dates", "online"),
        [
            ({}, True),
            ({"expire_at": timedelta(minutes=1)}, True),
            ({"expire_at": timedelta(minutes=-1)}, False),
            ({"go_live_at": timedelta(minutes=1)}, False),
            ({"go_live_at": timedelta(minutes=-1), "expire_at": timedelta(minutes=1)}, True),
        ],
    )
    def test_online(self, dates: dict[str, timedelta], online: bool):
        moments = {name: timezone.now() + delta for name, delta in dates.items()}
        page = make_page_standard("Une page", **moments)
        assert page.is_online() is online
        assert PageStandard.objects.online().filter(pk=page.pk).exists() is online
        if not online:
            with pytest.raises(Http404):
                page.route(RequestFactory().get("/"), [])

    def test_a_draft_is_not_online(self):
        page = make_page_standard("Brouillon", live=False)
        assert not page.is_online()
        assert not PageStandard.objects.online().filter(pk=page.pk).exists()


class TestConformite:
    """No state but « non conforme » without an audit."""

    AUDIT = {"date_audit": timezone.localdate(), "audit_par": "Un cabinet"}

    def declare(self, **fields: object) -> None:
        page = AccessibilitePage.objects.get()
        for name, value in fields.items():
            setattr(page, name, value)
        page.save()

    def test_true_until_an_audit(self):
        assert AccessibilitePage.objects.get().etat == Conformite.NON

    @pytest.mark.parametrize(
        "fields",
        [
            {"etat": Conformite.PARTIELLE},
            {"etat": Conformite.TOTALE, "taux": 100},
            {"etat": Conformite.PARTIELLE, "taux": 49, **AUDIT},
            {"etat": Conformite.PARTIELLE, "taux": 100, **AUDIT},
            {"etat": Conformite.TOTALE, "taux": 99, **AUDIT},
        ],
    )
    def test_refused_without_proof(self, fields: dict):
        with pytest.raises(ValidationError, match=r"audit|critères"):
            self.declare(**fields)

    @pytest.mark.parametrize(("etat", "taux"), [(Conformite.PARTIELLE, 50), (Conformite.TOTALE, 100)])
    def test_accepted_with_an_audit(self, etat: Conformite, taux: int):
        self.declare(etat=etat, taux=taux, **self.AUDIT)
        assert AccessibilitePage.objects.get().etat == etat

    def test_the_database_refuses_too(self):
        with pytest.raises(IntegrityError), transaction.atomic():
            AccessibilitePage.objects.update(etat=Conformite.TOTALE)


@pytest.mark.parametrize("model", [*UNIQUES, ActualitePage, PageStandard])
def test_every_type_has_its_preview(model: type[Page], distribution: Distribution):
    if model is ActualitePage:
        make_actualite(distribution.a, "Brouillon à relire", live=False)
    page = model.objects.first()
    client = open_session(distribution.administrateur)
    response = client.get(reverse("wagtailadmin_pages:view_draft", args=[page.pk]))
    assert response.status_code == 200
    content = response.content.decode()
    assert "<h1" in content
    assert model is HomePage or page.title in content
