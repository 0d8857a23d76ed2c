"""The public texts and the help: who may read them, what they say, and to whom they say what is missing."""

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Page

from collectivites.models import Territoire
from extranet.lib.apports import contributions
from home.enums import Conformite
from home.models import AccessibilitePage, DonneesPersonnellesPage, FicheTraitement, MentionsLegalesPage
from tests.distribution import Distribution
from tests.home.factories import make_page_standard
from tests.sessions import open_session

pytestmark = pytest.mark.django_db

PUBLIQUES = {
    "/mentions-legales/": MentionsLegalesPage,
    "/donnees-personnelles/": DonneesPersonnellesPage,
    "/accessibilite/": AccessibilitePage,
}


@pytest.mark.parametrize("path", PUBLIQUES)
def test_open_to_anybody_and_found_from_every_page(path: str, distribution: Distribution):
    response = Client().get(path)
    assert response.status_code == 200
    assert response.content.decode().count("<h1") == 1
    for page in (Client().get("/accessibilite/"), open_session(distribution.agent_a).get("/")):
        assert f'href="{path}"' in page.content.decode()


@pytest.mark.parametrize(("path", "model"), PUBLIQUES.items())
def test_what_editors_write_is_what_is_read(path: str, model: type[Page]):
    page = model.objects.get()
    page.title = "Un titre à nous"
    page.save_revision().publish()
    assert "Un titre à nous" in Client().get(path).content.decode()


@pytest.mark.parametrize("path", PUBLIQUES)
def test_read_only(path: str):
    assert Client().post(path).status_code in {302, 403, 405}
    assert Client().head(path).status_code == 200


class TestMentions:
    def test_what_the_territory_says(self):
        territoire = Territoire.load()
        territoire.designation = "la communauté du Grand Val"
        territoire.hebergeur = "Serveurs du Val\n2 rue des Serveurs"
        territoire.save()
        text = Client().get("/mentions-legales/").content.decode()
        assert "La communauté du Grand Val" in text
        assert "Serveurs du Val<br>2 rue des Serveurs" in text

    def test_nothing_is_invented(self):
        text = Client().get("/mentions-legales/").content.decode()
        assert "L’hébergement" not in text
        assert "La direction de la publication" not in text

    def test_what_is_missing_is_told_to_administrators_only(self, distribution: Distribution):
        for path in ("/mentions-legales/", "/donnees-personnelles/"):
            told = {
                name: "Cette page est à compléter"
                in (open_session(agent) if agent else Client()).get(path).content.decode()
                for name, agent in distribution.roles().items()
            }
            assert {name for name, seen in told.items() if seen} == {"administrateur"}

    def test_markup_in_a_setting_is_only_text(self):
        territoire = Territoire.load()
        territoire.hebergeur = "<script>alert(1)</script>"
        territoire.save()
        assert "<script>alert" not in Client().get("/mentions-legales/").content.decode()


class TestRegistre:
    def test_each_treatment_of_the_apps_has_its_sheet(self):
        told = [sheet for function in contributions("traitements") for sheet in function()]
        assert {sheet.code for sheet in told} == set(FicheTraitement.objects.values_list("code", flat=True))
        assert {"annuaire", "comptes", "notifications", "journaux", "actualites"} <= {sheet.code for sheet in told}
        assert all(all(vars(sheet).values()) for sheet in told)

    def test_shown_until_withdrawn(self):
        FicheTraitement.objects.filter(code="annuaire").update(intitule="Qui fait quoi")
        assert "Qui fait quoi" in Client().get("/donnees-personnelles/").content.decode()
        FicheTraitement.objects.filter(code="annuaire").update(actif=False)
        assert "Qui fait quoi" not in Client().get("/donnees-personnelles/").content.decode()

    def test_edited_by_the_administration_only(self, distribution: Distribution):
        sheet = FicheTraitement.objects.get(code="comptes")
        path = reverse("admin_registre_traitements:edit", args=[sheet.pk])
        assert open_session(distribution.administrateur).get(path).status_code == 200
        assert open_session(distribution.responsable).get(path).status_code in {302, 403}

    def test_says_the_rights(self):
        text = Client().get("/donnees-personnelles/").content.decode()
        for word in (
            "article\u00a026",
            "article\u00a014",
            "faire corriger",
            "faire effacer",
            "vous opposer",
            "CNIL",
            "cookies",
        ):
            assert word in text


class TestAccessibilite:
    def test_the_state_is_in_the_footer_of_every_page(self, distribution: Distribution):
        page = AccessibilitePage.objects.get()
        assert "Accessibilité\u00a0: non conforme" in Client().get("/mentions-legales/").content.decode()
        page.etat, page.taux, page.audit_par, page.date_audit = Conformite.PARTIELLE, 71, "Un cabinet", page.etablie_le
        page.save_revision().publish()
        for response in (Client().get("/accessibilite/"), open_session(distribution.agent_a).get("/annuaire/")):
            assert "Accessibilité\u00a0: partiellement conforme" in response.content.decode()
        assert "71\u00a0% des critères" in Client().get("/accessibilite/").content.decode()

    def test_the_imposed_parts(self):
        text = Client().get("/accessibilite/").content.decode()
        for part in (
            "article 47 de la loi n°\u00a02005-102 du 11 février 2005",
            "État de conformité",
            "Résultats des tests",
            "Contenus non accessibles",
            "Dérogations pour charge disproportionnée",
            "Contenus non soumis à l’obligation d’accessibilité",
            "Établissement de cette déclaration d’accessibilité",
            "Technologies utilisées",
            "Environnement de test",
            "Outils pour évaluer l’accessibilité",
            "Pages du site ayant fait l’objet de la vérification de conformité",
            "Retour d’information et contact",
            "Voies de recours",
            "Libre réponse 71120, 75342 Paris CEDEX 07",
        ):
            assert part in text


class TestAide:
    def test_lists_its_pages(self, distribution: Distribution):
        make_page_standard("Brouillon de réponse", live=False)
        text = open_session(distribution.agent_a).get("/aide/").content.decode()
        assert "Prendre en main l’extranet" in text
        assert "Brouillon de réponse" not in text

    def test_open_to_whoever_has_an_account(self, distribution: Distribution):
        assert open_session(distribution.sans_poste).get("/aide/questions-frequentes/").status_code == 200
        assert Client().get("/aide/").status_code == 302

    def test_every_block_is_drawn_within_the_policy(self, distribution: Distribution):
        """No style attribute, no inline script: the browser would drop them."""
        for path in ("/aide/", "/aide/prendre-en-main/", "/aide/questions-frequentes/", "/aide/ecrire-a-l-equipe/"):
            text = open_session(distribution.agent_a).get(path).content.decode()
            assert " style=" not in text
            assert "<script>" not in text

    def test_leads_to_its_parts(self, distribution: Distribution):
        text = open_session(distribution.agent_a).get("/aide/prendre-en-main/").content.decode()
        assert '<a href="#trouver-quelquun">' in text
        assert 'id="trouver-quelquun"' in text


def test_the_site_map_leads_everywhere(distribution: Distribution):
    client = open_session(distribution.agent_a)
    text = client.get("/plan-du-site/").content.decode()
    main = text[text.index("<main") : text.index("</main>")]
    for path in ("/annuaire/", "/actualites/", "/aide/", "/aide/questions-frequentes/", "/recherche/", *PUBLIQUES):
        assert f'href="{path}"' in main
        assert client.get(path).status_code == 200
