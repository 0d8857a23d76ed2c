"""The admin, address by address: which responsables open it. An address that no rule names fails.

Wagtail refuses by leading back to its home page, ours by 403 or 404. What only takes a form is sent one that says
nothing, so that a right that is only asked when something is sent is asked too.
"""

import re

import pytest
from django.test import Client
from wagtail.models import Page

from collectivites.enums import Domaine
from ressources.models import DocumentPrive, ImagePrivee
from tests.acces.adresses import Adresse
from tests.acces.monde import Monde, adresses, make_monde, opens, url_of
from tests.distribution import Distribution
from tests.sessions import open_session

pytestmark = [pytest.mark.django_db, pytest.mark.lent]

A, R, F = Domaine.ANNUAIRE, Domaine.RESSOURCES, Domaine.FORMATIONS
C, X = Domaine.CONTENU, Domaine.ADMINISTRATION
TOUS = frozenset(Domaine)
SUPERADMINISTRATION: frozenset[Domaine] = frozenset()  # superusers only
FERME = None  # nobody, not even a superuser

# The first rule that fits says who opens the address.
REGLES: list[tuple[str, frozenset[Domaine] | None]] = [
    (r"admin_(habilitations|types_habilitation):", frozenset({A, F, X})),
    (r"admin_themes:", frozenset({A, R, X})),
    (r"admin_(types_document|metiers|demandes_document|versions|abonnements_proposes):", frozenset({R, X})),
    (r"admin_questions_reponses:", frozenset({R, X})),
    (r"admin_modeles_a_remplir:", frozenset({R, X})),
    (r"admin_(journal|courriels|registre_traitements):", frozenset({X})),
    (r"admin_(synonymes|resultats_epingles|recherches_sans_reponse|statistiques_recherche):", frozenset({C, X})),
    (r"expliquer_recherche:", frozenset({C, X})),
    (r"etat_index:", frozenset({X})),
    (r"admin_(materiels|categories_materiel):", frozenset({Domaine.MATERIEL, X})),
    (r"admin_(sessions_formation|publics_formation|regles_visa):", frozenset({F, X})),
    (r"admin_\w+:", frozenset({A, X})),
    (r"wagtailusers_users:second_facteur", frozenset({X})),
    (r"wagtailusers_users:", frozenset({A, X})),
    (r"choisir_resultat:chosen_multiple", FERME),  # nothing takes several results at once
    (r"choisir_(agent|collectivite|resultat):", TOUS),
    # Files: all may add to « Actualités et pages », the content and the administration manage what is there.
    (r"wagtail(docs|images):(edit|delete|document_usage|image_usage|preview)$", frozenset({C, X})),
    (r"wagtailimages:url_generator", FERME),  # makes public addresses of images
    (r"wagtail(docs|images)(_chooser)?:", TOUS),
    # Pages: all may propose news, the content and the administration write anywhere; under review, the reviewer alone.
    (r"wagtailadmin_pages:(set_privacy|convert_alias)$", FERME),
    (r"wagtailadmin_pages:(unpublish|workflow_action|collect_workflow_action_data|workflow_preview)$", frozenset({C})),
    (r"wagtailadmin_pages:(add|preview_on_add|type_use|type_use_results|choose_parent|add_subpage|search)", TOUS),
    (r"wagtailadmin_pages:(revisions_index|move_confirm|lock|unlock|set_page_position)$", TOUS),
    (r"wagtailadmin_pages:confirm_workflow_cancellation$", TOUS),
    (r"wagtailadmin_pages:", frozenset({C, X})),
    (r"wagtailadmin_(explore|choose|tag_autocomplete|home|dismissibles)", TOUS),
    (r"wagtailadmin_api:pages:(listing|detail|action)", TOUS),
    (r"wagtailadmin_api:", FERME),
    (r"wagtailadmin_collections:set_privacy", FERME),
    (r"wagtailadmin_collections:", frozenset({X})),
    (r"wagtailadmin_workflows:(task_chooser|task_chosen|enable|remove)", TOUS),
    (r"wagtailadmin_workflows:add_task", FERME),  # no kind of step of that name
    (r"wagtailadmin_workflows:", SUPERADMINISTRATION),
    (r"wagtail(users_groups|sites):", SUPERADMINISTRATION),
    (r"wagtailadmin_reports:workflow", TOUS),
    (r"wagtailadmin_reports:", frozenset({C, X})),  # on every page and every change
    (r"wagtailadmin_editing_sessions:", TOUS),
    (r"wagtailsettings:preview_on_edit", FERME),  # no setting is previewed
    (r"wagtailsettings:edit", frozenset({X})),
    (r"wagtailsnippets:|wagtailadmin_error_test|wagtailadmin_tag_model_autocomplete", FERME),
    (r"wagtailadmin_block_preview|wagtail_bulk_action", FERME),  # nothing was named: see the tests of each
    (r"admin/(failwhale|test404|snippets)/|admin/pages/.*/privacy/|admin/collections/.*/privacy/|admin/\^", FERME),
]
# Doors of the accounts, the same for everybody: `tests/acces/matrice.py` and `tests/comptes`.
PORTES = re.compile(
    r"admin/log(in|out)/|compte$|wagtailadmin_(login|logout|account|sprite|javascript_catalog|password_reset\w*)|"
    r".*password_reset/"
)
SANS_NOM = "sans espace de noms"


def partie_of(adresse: Adresse) -> str:
    return adresse.nom.split(":")[0] if re.match(r"\w+:", adresse.nom) else SANS_NOM


PARTIES = sorted({partie_of(adresse) for adresse in adresses()})


def who_opens(adresse: Adresse) -> frozenset[Domaine] | None:
    for pattern, domaines in REGLES:
        if re.match(pattern, adresse.nom):
            return domaines
    raise AssertionError(f"Aucune règle ne dit qui ouvre {adresse.nom} ({adresse.route}).")


@pytest.fixture
def monde(distribution: Distribution) -> Monde:
    return make_monde(distribution)


@pytest.mark.parametrize("partie", PARTIES)
def test_who_opens_what(distribution: Distribution, monde: Monde, partie: str) -> None:
    clients: dict[Domaine, Client] = {d: open_session(agent) for d, agent in monde.responsables.items()}
    superuser = open_session(distribution.administrateur)
    found, wanted = {}, {}
    for adresse in adresses():
        if partie_of(adresse) != partie or PORTES.match(adresse.nom):
            continue
        expected = who_opens(adresse)
        url = url_of(adresse, monde)
        if expected is FERME:
            wanted[adresse.nom] = ("fermée", set())
        else:
            wanted[adresse.nom] = ("ouverte", set(expected))
        opened = {domaine for domaine, client in clients.items() if opens(client.get(url))}
        found[adresse.nom] = ("ouverte" if opens(superuser.get(url)) else "fermée", opened)
    assert found == wanted


def test_nobody_else_enters(distribution: Distribution, monde: Monde) -> None:
    """Agents, gestionnaires, élus and leavers are told whom to ask; a visitor is led to the login page."""
    client = open_session(distribution.gestionnaire_a)
    for adresse in adresses():
        if not PORTES.match(adresse.nom):
            assert client.get(url_of(adresse, monde)).status_code in {403, 404}, adresse.nom
    for agent in (distribution.elue_b, distribution.sans_poste):
        assert open_session(agent).get("/admin/pages/").status_code == 403
    page = client.get("/admin/")
    assert page.status_code == 403
    assert "réservée à l’administration de l’extranet" in page.content.decode()
    assert Client().get("/admin/")["Location"].startswith("/connexion/")


def test_the_interface_of_the_admin_asks_the_second_factor_too(distribution: Distribution, monde: Monde) -> None:
    client = Client()
    client.force_login(monde.responsables[C])
    assert client.get("/admin/api/main/pages/")["Location"].startswith("/compte/proteger/")


def test_a_group_without_poste_opens_nothing(distribution: Distribution, monde: Monde) -> None:
    agent = monde.responsables[X]
    agent.postes.all().delete()
    assert open_session(agent).get("/admin/").status_code == 403


# What a visit does not tell, since the right is asked when something is sent.
ENVOIS = {
    "/admin/pages/{page_id}/move/{destination_id}/confirm/": {},
    "/admin/pages/{page_id}/set_position/": {"position": "0"},
    "/admin/pages/{page_id}/lock/": {},
    "/admin/pages/{page_id}/unlock/": {},
    "/admin/pages/{page_id}/copy/": {"new_title": "Copie", "new_slug": "copie", "new_parent_page": "{destination_id}"},
    "/admin/pages/workflow/action/{page_id}/approve/{task_state_id}/": {},
    "/admin/pages/workflow/action/{page_id}/reject/{task_state_id}/": {},
    "/admin/pages/workflow/confirm_cancellation/{page_id}/": {},
    "/admin/workflows/enable/{workflow_pk}/": {},
    "/admin/workflows/disable/{workflow_pk}/": {},
    "/admin/workflows/remove/{destination_id}/{workflow_pk}/": {},
    "/admin/documents/multiple/{document_id}/": {"doc-{document_id}-title": "Volé"},
    "/admin/documents/multiple/{document_id}/delete/": {},
    "/admin/images/multiple/{image_id}/": {"image-{image_id}-title": "Volée"},
    "/admin/images/multiple/{image_id}/delete/": {},
    "/admin/bulk/wagtailcore/page/delete/?id={page_id}": {},
    "/admin/bulk/wagtailcore/page/publish/?id={page_id}": {},
    "/admin/bulk/ressources/documentprive/delete/?id={document_id}": {},
    "/admin/bulk/ressources/imageprivee/delete/?id={image_id}": {},
    "/admin/api/main/pages/{page_id}/action/unpublish/": {},
    "/admin/api/main/pages/{page_id}/action/delete/": {},
}


def test_sending_changes_nothing_for_those_who_may_not(distribution: Distribution, monde: Monde) -> None:
    mots = monde.mots
    before = state(mots)
    for domaine in (A, R, F, Domaine.MATERIEL):
        client = open_session(monde.responsables[domaine])
        for envoi, fields in ENVOIS.items():
            data = {name.format(**mots): value.format(**mots) for name, value in fields.items()}
            response = client.post(envoi.format(**mots), data)
            assert response.status_code < 500
            assert state(mots) == before, (domaine, envoi, response.status_code)


def state(mots: dict) -> tuple:
    """Everything that these acts might change."""
    page = Page.objects.filter(pk=mots["page_id"]).first()
    workflow = page and page.current_workflow_state
    return (
        page and (page.path, page.live, page.locked, page.title),
        workflow and (workflow.status, workflow.workflow.active),
        Page.objects.count(),
        list(Page.objects.get(pk=mots["destination_id"]).workflowpage and ["relue"]),
        list(DocumentPrive.objects.values_list("pk", "title")),
        list(ImagePrivee.objects.values_list("pk", "title")),
    )
