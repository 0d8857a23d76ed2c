"""The sheets in the admin: their thing is made with them, and a revision never changes it."""

import pytest
from django.urls import reverse
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

from materiel import registre
from materiel.enums import Mode
from materiel.models import Categorie, Materiel, MaterielPage
from tests.distribution import Distribution
from tests.materiel.factories import EngagementFactory, board, make_materiel
from tests.sessions import open_session

pytestmark = pytest.mark.django_db


def words(place, **changed):
    data = nested_form_data(
        {
            "title": "Nacelle 12 m",
            "slug": "nacelle-12-m",
            "accroche": "",
            "collectivite": place.pk,
            "categorie": Categorie.objects.get(code="levage").pk,
            "stock": "1",
            "photos": streamfield([]),
            "corps": streamfield([("texte", rich_text("<p>Automotrice.</p>"))]),
            **changed,
        }
    )
    return {**data, "diffusion": ["toutes"]}


def send(agent, path, data):
    return open_session(agent).post(path, data)


def test_a_responsable_makes_the_sheet_and_its_thing(distribution: Distribution):
    path = reverse("wagtailadmin_pages:add", args=["materiel", "materielpage", board().pk])
    page = open_session(distribution.responsable).get(path)
    assert 'name="stock"' in page.text
    response = send(distribution.responsable, path, words(distribution.a, **{"action-publish": "1"}))
    assert response.status_code == 302, response.context["form"].errors
    thing = Materiel.objects.get()
    assert (thing.collectivite, thing.mode, thing.preavis_jours) == (distribution.a, Mode.UNIQUE, 5)
    assert thing.habilitations.count() == 1
    assert thing.page.live
    assert MaterielPage.objects.visible_to(distribution.agent_a).get() == thing.page


def test_without_an_owner_nothing_is_made(distribution: Distribution):
    path = reverse("wagtailadmin_pages:add", args=["materiel", "materielpage", board().pk])
    response = send(distribution.responsable, path, words(distribution.a, collectivite=""))
    assert "Choisissez la collectivité qui le prête." in response.text
    assert not MaterielPage.objects.exists()


def test_who_manages_a_commune_does_not_write_in_the_admin(distribution: Distribution):
    path = reverse("wagtailadmin_pages:add", args=["materiel", "materielpage", board().pk])
    assert send(distribution.gestionnaire_a, path, words(distribution.a)).status_code in {302, 403, 404}
    assert not MaterielPage.objects.exists()


def test_an_old_draft_published_leaves_the_stock_as_it_is(distribution: Distribution):
    lot = make_materiel("Barrières", collectivite=distribution.a, stock=80)
    old = lot.page.save_revision()
    registre.change_stock(lot, 60)
    Materiel.objects.filter(pk=lot.pk).update(lieu="Atelier", duree_max_jours=9)
    lot.page.title = "Barrières Vauban"
    lot.page.save_revision().publish()
    old.publish()
    lot.refresh_from_db()
    assert (lot.stock, lot.lieu, lot.duree_max_jours) == (60, "Atelier", 9)
    assert MaterielPage.objects.get(pk=lot.page_id).title == "Barrières"


def test_the_count_goes_through_the_ledger(distribution: Distribution):
    lot = make_materiel("Barrières", collectivite=distribution.a, stock=80)
    EngagementFactory(materiel=lot, quantite=50)
    path = reverse("wagtailadmin_pages:edit", args=[lot.page_id])
    response = send(distribution.responsable, path, words(distribution.b, slug=lot.page.slug, stock="40"))
    assert "50 sont déjà promis" in response.text
    lot.refresh_from_db()
    assert lot.stock == 80
    send(distribution.responsable, path, words(distribution.b, slug=lot.page.slug, stock="60"))
    lot.refresh_from_db()
    assert (lot.stock, lot.categorie.code, lot.collectivite) == (60, "levage", distribution.a)
    assert set(lot.occupations.values_list("stock", flat=True)) == {60}


def test_a_category_asks_for_papers_that_exist(distribution: Distribution):
    one = Categorie.objects.get(code="levage")
    path = reverse("admin_categories_materiel:edit", args=[one.pk])
    page = open_session(distribution.responsable).get(path)
    data = {name: "" if value is None else value for name, value in page.context["form"].initial.items()}
    response = send(distribution.responsable, path, {**data, "papiers": "vgp!,permis"})
    assert "n’est pas un papier connu" in response.text
    send(distribution.responsable, path, {**data, "papiers": "vgp!", "preavis_jours": 8})
    one.refresh_from_db()
    assert (one.papiers, one.preavis_jours) == ("vgp!", 8)
