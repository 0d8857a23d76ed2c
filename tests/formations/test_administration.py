"""The sheets in the admin: responsables write them, and a revision never changes what stands beside them."""

import pytest
from django.urls import reverse
from django.utils import timezone
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

from collectivites.enums import Domaine
from collectivites.models import Theme, TypeHabilitation
from formations.models import (
    FormationPage,
    FormationsPage,
    PublicFormation,
    ReglagesFormation,
    RegleVisa,
    SessionFormation,
)
from tests.admin.test_relecture import responsable_of
from tests.distribution import Distribution
from tests.formations.factories import book, make_formation, make_session, worker
from tests.sessions import open_session

pytestmark = pytest.mark.django_db


def add_path() -> str:
    return reverse("wagtailadmin_pages:add", args=["formations", "formationpage", FormationsPage.objects.get().pk])


def words(**changed: object) -> dict:
    data = nested_form_data(
        {
            "title": "Habilitation électrique",
            "slug": "habilitation-electrique",
            "accroche": "Ce qu’un agent a le droit de faire.",
            "theme": Theme.objects.get(slug="sante-securite").pk,
            "duree_heures": "14",
            "objectifs": "Reconnaître les dangers\nRéagir",
            "corps": streamfield([("texte", rich_text("<p>Deux jours.</p>"))]),
            "prerequis": "",
            "nature": "initiale",
            "titre_delivre": TypeHabilitation.objects.get(code="electrique-bs").pk,
            "organisme": "Électro-Prévention",
            "type_organisme": "prive",
            "declaration": "",
            "cout": "310",
            "paye_par": "epci",
            "a_apporter": "",
            **changed,
        }
    )
    return {**data, "diffusion": ["toutes"], "publics": [PublicFormation.objects.get(code="techniques").pk]}


@pytest.fixture
def responsable(distribution: Distribution) -> object:
    return responsable_of(distribution, Domaine.FORMATIONS)


def test_a_responsable_writes_a_sheet_and_publishes_it(distribution: Distribution, responsable: object) -> None:
    client = open_session(responsable)
    assert 'name="duree_heures"' in client.get(add_path()).text
    response = client.post(add_path(), words(**{"action-publish": "1"}))
    assert response.status_code == 302, response.context["form"].errors
    page = FormationPage.objects.visible_to(distribution.agent_a).get()
    assert [one.code for one in page.publics.all()] == ["techniques"]
    assert page.lignes_objectifs == ["Reconnaître les dangers", "Réagir"]
    assert page.adresse == page.url == "/formations/habilitation-electrique/"


def test_others_do_not(distribution: Distribution) -> None:
    assert open_session(distribution.gestionnaire_a).post(add_path(), words()).status_code in {302, 403, 404}
    assert not FormationPage.objects.exists()


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"slug": "calendrier"}, "slug"),
        ({"slug": "inscriptions"}, "slug"),
        ({"nature": "recyclage", "titre_delivre": ""}, "titre_delivre"),
        ({"duree_heures": "0"}, "duree_heures"),
        ({"title": "   "}, "title"),
    ],
)
def test_what_cannot_stand_is_refused_at_its_field(responsable: object, changed: dict, field: str) -> None:
    response = open_session(responsable).post(add_path(), words(**{"action-publish": "1", **changed}))
    assert response.status_code == 200
    assert field in response.context["form"].errors
    assert not FormationPage.objects.exists()


def test_an_old_draft_published_leaves_sessions_and_seats_as_they_are(distribution: Distribution) -> None:
    page = make_formation("Budget")
    old = page.save_revision()
    session = make_session(page, capacite=4)
    for _ in range(2):
        book(session, worker(distribution.a))
    before = SessionFormation.objects.values().get(pk=session.pk)
    seats = list(session.inscriptions.order_by("pk").values())
    page.title = "Budget communal"
    page.save_revision().publish()
    old.publish()
    assert FormationPage.objects.get().title == "Budget"
    assert SessionFormation.objects.values().get(pk=session.pk) == before
    assert list(session.inscriptions.order_by("pk").values()) == seats


def test_a_sheet_with_sessions_is_not_deleted(responsable: object) -> None:
    kept, free = make_session().formation, make_formation("Jamais donnée")
    client = open_session(responsable)
    for page, still in ((kept, True), (free, False)):
        client.post(reverse("wagtailadmin_pages:delete", args=[page.pk]))
        assert FormationPage.objects.filter(pk=page.pk).exists() is still


class TestLists:
    def test_a_responsable_keeps_publics_and_rules(self, distribution: Distribution, responsable: object) -> None:
        client = open_session(responsable)
        for name in ("sessions_formation", "publics_formation", "regles_visa"):
            assert client.get(reverse(f"admin_{name}:index")).status_code == 200, name
        added = {"libelle": "Bibliothécaires", "code": "bibliotheques", "ordre": "90", "fonctions": []}
        assert client.post(reverse("admin_publics_formation:add"), added).status_code == 302
        assert PublicFormation.objects.filter(code="bibliotheques").exists()
        rule = {"collectivite": distribution.a.pk, "politique": "sans", "viseur": "", "suppleant": ""}
        assert client.post(reverse("admin_regles_visa:add"), rule).status_code == 302
        assert RegleVisa.objects.get().politique == "sans"

    def test_sessions_are_read_there_and_run_on_the_site(self, responsable: object) -> None:
        session = make_session()
        client = open_session(responsable)
        assert session.numero in client.get(reverse("admin_sessions_formation:index")).text
        shown = client.get(reverse("admin_sessions_formation:inspect", args=[session.pk]))
        assert shown.status_code == 200
        assert "/edit/" not in shown.text

    def test_the_settings(self, responsable: object) -> None:
        path = reverse("wagtailsettings:edit", args=["formations", "reglagesformation"])
        client = open_session(responsable)
        form = client.get(path, follow=True)
        assert form.status_code == 200
        assert "visa attendu sous" in form.text.lower()
        assert ReglagesFormation.load().visa_jours == 5


def test_an_archived_sheet_stays_so_when_its_draft_is_published() -> None:
    page = make_formation()
    draft = page.save_revision()
    FormationPage.objects.filter(pk=page.pk).update(archivee_le=timezone.now())
    type(draft).objects.get(pk=draft.pk).publish()
    assert FormationPage.objects.get(pk=page.pk).archivee_le is not None
