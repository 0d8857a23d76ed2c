"""Pages in the admin: previews, old revisions, menus."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.admin.menu import admin_menu
from wagtail.blocks.base import BlockField
from wagtail.models import Page, Revision, get_page_models
from wagtail.test.utils.form_data import nested_form_data, querydict_from_html, streamfield

from collectivites.enums import Domaine
from collectivites.models import Agent
from home.models import ActualitePage
from home.revisions import KEPT_FOR, KEPT_PER_PAGE, purge_revisions
from tests.admin.test_relecture import propose, responsable_of
from tests.distribution import Distribution
from tests.formations.factories import make_formation
from tests.materiel.factories import make_materiel
from tests.ressources.factories import make_ressource
from tests.ressources.pages import news
from tests.sessions import open_session

pytestmark = pytest.mark.django_db

# What a body must hold to be saved; the others may be empty.
WRITTEN = {"articles": streamfield([("article", {"titre": "Objet", "texte": "{preteur} prête.", "tableau": ""})])}


def menus(agent: Agent) -> dict[str, list[str]]:
    """Labels of the menu of the admin, as its script receives them."""
    client = open_session(agent)
    request = client.get("/admin/").wsgi_request
    found = {}
    for item in sorted(admin_menu.menu_items_for_request(request), key=lambda item: item.order):
        children = item.menu.menu_items_for_request(request) if hasattr(item, "menu") else []
        found[str(item.label)] = [str(child.label) for child in sorted(children, key=lambda child: child.order)]
    return found


@pytest.mark.parametrize(
    ("domaine", "expected"),
    [
        (Domaine.CONTENU, ["Pages", "Images", "Documents", "Recherche", "Rapports"]),
        (Domaine.ANNUAIRE, ["Pages", "Annuaire", "Images", "Documents", "Listes", "Rapports"]),
        (Domaine.RESSOURCES, ["Pages", "Ressources", "Images", "Documents", "Listes", "Rapports", "Paramètres"]),
        (
            Domaine.FORMATIONS,
            ["Pages", "Annuaire", "Formations", "Images", "Documents", "Listes", "Rapports", "Paramètres"],
        ),
    ],
)
def test_responsables_see_only_their_menus(distribution: Distribution, domaine: Domaine, expected: list[str]) -> None:
    assert list(menus(responsable_of(distribution, domaine))) == expected


def test_what_an_administrator_sees_is_all_there_is(distribution: Distribution) -> None:
    """A new version of Wagtail that brings a menu fails here, until somebody decides."""
    assert menus(distribution.administrateur) == {
        "Pages": [],
        "Annuaire": [
            "Agents",
            "Collectivités",
            "Postes",
            "Absences",
            "Habilitations",
            "Expertises",
            "Réseaux",
            "Adhésions",
            "Importer des agents",
            "Doublons",
            "Communes nouvelles",
        ],
        "Ressources": [
            "Versions des fichiers",
            "Modèles à remplir",
            "Documents demandés",
            "Questions-réponses",
            "Types de document",
            "Métiers concernés",
            "Abonnements proposés",
        ],
        "Matériel": ["Matériels", "Catégories de matériel"],
        "Formations": ["Sessions", "Publics des formations", "Règles de visa"],
        "Images": [],
        "Documents": [],
        "Listes": ["Fonctions", "Rôles transversaux", "Thèmes", "Types d’habilitation", "Secteurs"],
        "Recherche": [
            "Recherches sans réponse",
            "Synonymes",
            "Résultats épinglés",
            "Statistiques",
            "Expliquer une recherche",
            "État de l’index",
        ],
        "Rapports": ["Journal", "Courriels", "Relectures", "Historique du Site", "Pages vieillissantes"],
        "Registre des données": [],
        "Paramètres": [
            "Collections",
            "Territoire",
            "Réglages des formations",
            "Réglages du matériel",
            "Réglages des ressources",
        ],
    }


def preview(client: Client, page: Page) -> str:
    """The preview as the editor asks for it: the form is sent, then the frame is read."""
    url = reverse("wagtailadmin_pages:preview_on_edit", args=[page.pk])
    editor = client.get(reverse("wagtailadmin_pages:edit", args=[page.pk]))
    assert editor.status_code == 200
    data = querydict_from_html(editor.content.decode(), form_id="page-edit-form")
    for bound in editor.context["form"]:
        if isinstance(bound.field, BlockField):  # its rows are drawn by the script of the editor
            data.update(nested_form_data({bound.html_name: WRITTEN.get(bound.html_name, streamfield([]))}))
    sent = client.post(url, data)
    assert sent.json() == {"is_valid": True, "is_available": True}, type(page)
    frame = client.get(url, {"in_preview_panel": "true"})
    assert frame.status_code == 200
    assert "frame-ancestors 'self'" in frame["Content-Security-Policy"]
    assert frame["X-Frame-Options"] == "SAMEORIGIN"
    return frame.content.decode()


def test_every_type_of_page_is_previewed(distribution: Distribution) -> None:
    client = open_session(distribution.administrateur)
    news(distribution.a)
    make_ressource(collectivite=distribution.a)
    make_materiel(collectivite=distribution.a)
    make_formation()
    kinds = set()
    for page in Page.objects.filter(depth__gt=1).specific():
        if type(page) in kinds:
            continue
        kinds.add(type(page))
        html = preview(client, page)
        assert "<h1" in html, type(page)
    assert kinds == set(get_page_models()) - {Page}


@pytest.fixture
def page(distribution: Distribution) -> ActualitePage:
    page = news(distribution.a)
    for _ in range(KEPT_PER_PAGE + 5):
        page.save_revision()
    return page


def age(revisions: object, days: int) -> None:
    for rank, revision in enumerate(revisions.order_by("pk")):
        moment = timezone.now() - timedelta(days=days) + timedelta(minutes=rank)
        Revision.objects.filter(pk=revision.pk).update(created_at=moment)


def test_the_last_revisions_stay_whatever_their_age(page: ActualitePage) -> None:
    age(page.revisions, 900)
    latest = list(page.revisions.order_by("-created_at").values_list("pk", flat=True)[:KEPT_PER_PAGE])
    assert purge_revisions() == 5
    assert list(page.revisions.order_by("-created_at").values_list("pk", flat=True)) == latest
    assert purge_revisions() == 0


def test_the_revisions_of_the_year_stay(page: ActualitePage) -> None:
    age(page.revisions, KEPT_FOR.days - 5)
    assert purge_revisions() == 0


def test_what_is_online_scheduled_or_reviewed_stays(distribution: Distribution) -> None:
    reviewed = propose(open_session(responsable_of(distribution, Domaine.MATERIEL)), distribution)
    online = news(distribution.a)
    kept = {reviewed.get_latest_revision().pk}
    live = online.save_revision()
    live.publish()
    kept |= {live.pk, online.save_revision(approved_go_live_at=timezone.now() + timedelta(days=2)).pk}
    for page in (reviewed, online):
        for _ in range(KEPT_PER_PAGE + 2):
            page.save_revision()
        age(page.revisions, 900)
    assert purge_revisions() > 0
    assert kept <= set(Revision.objects.values_list("pk", flat=True))


@pytest.mark.parametrize(
    "address",
    [
        "/admin/",
        "/admin/pages/",
        "/admin/choose-page/?allow_email_link=1",
        "/admin/choose-email-link/",
        "/admin/choose-phone-link/",
        "/admin/choose-anchor-link/",
        "/admin/agents/",
        "/admin/reports/aging-pages/",
        "/admin/reports/workflow/",
        "/admin/reports/workflow_tasks/",
    ],
)
def test_words_that_wagtail_leaves_in_english_are_in_french(distribution: Distribution, address: str) -> None:
    news(distribution.a).save_revision().publish()
    text = open_session(distribution.administrateur).get(address).content.decode()
    # Titles of icons and cells, labels, options, buttons.
    shown = re.findall(r">\s*([^<>{}]+?)\s*<", text.replace("\\n", "").replace("\\u003C", "<").replace("\\u003E", ">"))
    shown += re.findall(r'<input type="submit" value="(\w+)"', text)
    english = {"True", "False", "Any", "Root", "Email address", "Phone number", "Link text", "Subject", "Body"}
    english |= {"Workflows", "Workflow tasks", "Tâches de workflow"}
    if "choose-page" not in address:
        english.add("Search")
    assert len(shown) > 5
    assert not english & set(shown)
    assert "crées" not in text
    assert not re.search(r"None\s*</td>", text)
