"""Names of everything are plain: what a form of the admin is sent with marks that nobody sees is kept without them."""

from datetime import date

import pytest
from django.urls import reverse

from collectivites.models import (
    Agent,
    Collectivite,
    Expertise,
    Fonction,
    Habilitation,
    Reseau,
    RoleTransversal,
    Secteur,
    Theme,
    TypeHabilitation,
)
from home.models import ActualitePage, AidePage, PageStandard
from tests.admin.formulaires import errors, send
from tests.admin.test_relecture import page_data
from tests.distribution import Distribution
from tests.ressources.pages import news
from tests.sessions import open_session

pytestmark = pytest.mark.django_db

SALE, NET = "Eau\n\u202epo\u200btable\u2028ici", "Eau potable ici"


def made(distribution: Distribution, kind: type) -> object:
    """One thing of each list, whose name is then written by the form."""
    agent: Agent = distribution.agent_a
    return {
        Reseau: lambda: Reseau.objects.create(nom="Les eaux", slug="les-eaux"),
        Theme: lambda: Theme.objects.create(nom="Les eaux", slug="les-eaux"),
        Secteur: lambda: Secteur.objects.create(nom="Les eaux"),
        Fonction: lambda: Fonction.objects.create(code="eaux", libelle="Les eaux", famille="technique"),
        RoleTransversal: lambda: RoleTransversal.objects.create(code="eaux", libelle="Les eaux"),
        TypeHabilitation: lambda: TypeHabilitation.objects.create(code="eaux", libelle="Les eaux"),
        Expertise: lambda: Expertise.objects.create(agent=agent, libelle="Les eaux"),
        Collectivite: lambda: distribution.a,
        Habilitation: lambda: Habilitation.objects.create(
            agent=agent, type=TypeHabilitation.objects.first(), obtenue_le=date(2024, 1, 1)
        ),
    }[kind]()


@pytest.mark.parametrize(
    ("kind", "liste", "champ"),
    [
        (Reseau, "reseaux", "nom"),
        (Reseau, "reseaux", "objet"),
        (Theme, "themes", "nom"),
        (Theme, "themes", "description"),
        (Secteur, "secteurs", "nom"),
        (Fonction, "fonctions", "libelle"),
        (RoleTransversal, "roles_transversaux", "libelle"),
        (TypeHabilitation, "types_habilitation", "libelle"),
        (TypeHabilitation, "types_habilitation", "source"),
        (Expertise, "expertises", "libelle"),
        (Collectivite, "collectivites", "nom"),
        (Collectivite, "collectivites", "adresse"),
        (Habilitation, "habilitations", "numero"),
    ],
)
def test_a_name_is_kept_plain(distribution: Distribution, kind: type, liste: str, champ: str) -> None:
    thing = made(distribution, kind)
    url = reverse(f"admin_{liste}:edit", args=[thing.pk])
    response = send(open_session(distribution.administrateur), url, **{champ: SALE})
    assert errors(response) == ""
    thing.refresh_from_db()
    assert getattr(thing, champ) == NET


def test_the_title_of_a_page_is_kept_plain(distribution: Distribution) -> None:
    page = news(distribution.a)
    url = reverse("wagtailadmin_pages:edit", args=[page.pk])
    sent = page_data(distribution, title=SALE, **{"action-publish": "1"})
    assert open_session(distribution.administrateur).post(url, sent).status_code == 302
    page = ActualitePage.objects.get(pk=page.pk)
    assert (page.title, page.draft_title) == (NET, NET)


def test_a_title_that_nobody_sees_is_no_title(distribution: Distribution) -> None:
    page = news(distribution.a)
    url = reverse("wagtailadmin_pages:edit", args=[page.pk])
    response = open_session(distribution.administrateur).post(url, page_data(distribution, title="\u200b\u202e"))
    assert response.status_code == 200
    assert "title" in response.context["form"].errors


def test_a_page_made_by_the_program_too(distribution: Distribution) -> None:
    page = AidePage.objects.get().add_child(instance=PageStandard(title=SALE, slug="eau"))
    assert page.title == NET
