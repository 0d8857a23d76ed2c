"""One thing of each kind that an address of the admin may name, and one responsable for each area."""

import re
from dataclasses import dataclass
from datetime import date

from django.contrib.auth.models import Group
from django.http import HttpResponse
from wagtail.models import Site, Workflow

from collectivites.enums import Domaine
from collectivites.journal import record
from collectivites.models import (
    Absence,
    Agent,
    Collectivite,
    Expertise,
    Fonction,
    Habilitation,
    RoleTransversal,
    Secteur,
    Territoire,
    Theme,
    TypeHabilitation,
)
from formations.models import PublicFormation, RegleVisa
from home.models import ActualitePage, ActualitesPage, FicheTraitement, HomePage
from materiel.models import Categorie
from notifications.models import AbonnementPropose
from ressources.models import DemandeDocument, ModeleARemplir, PublicVise, QuestionReponse, TypeRessource
from search.models import Epingle, QuestionRecherche, RechercheDuMois, SearchEntry, Synonyme
from tests.acces.adresses import Adresse, all_adresses
from tests.collectivites.factories import AdhesionFactory, AgentFactory, FonctionFactory, PosteFactory, ReseauFactory
from tests.distribution import Distribution
from tests.formations.factories import make_session
from tests.materiel.factories import make_materiel
from tests.notifications.factories import CourrielFactory
from tests.ressources.factories import DocumentFactory, ImageFactory, make_ressource
from tests.ressources.pages import news


@dataclass
class Monde:
    responsables: dict[Domaine, Agent]
    mots: dict[str, object]
    pks: dict[str, object]


def make_monde(cast: Distribution, page: ActualitePage | None = None) -> Monde:
    """Six responsables, one an area, in office at the intercommunalité, and what they might open, `page` among it."""
    page = page or news(cast.a, codes=["toutes"])
    revision = page.save_revision(user=cast.administrateur)
    image, document = ImageFactory(), DocumentFactory()
    workflow = Workflow.objects.get(name="Relecture")
    task = workflow.tasks.get()
    state = workflow.start(page, cast.administrateur)
    mots = {
        "page_id": page.pk,
        "page_to_move_id": page.pk,
        "destination_id": ActualitesPage.objects.get().pk,
        "parent_page_id": ActualitesPage.objects.get().pk,
        "page_pk": page.pk,
        "revision_id": revision.pk,
        "task_state_id": state.current_task_state_id,
        "task_id": task.pk,
        "workflow_state_id": state.pk,
        "workflow_pk": workflow.pk,
        "action_name": "approve",
        "image_id": image.pk,
        "document_id": document.pk,
        "doc_id": document.pk,
        "uploaded_file_id": 1,
        "filter_spec": "width-20",
        "collection_id": document.collection_id,
        "content_type_app_name": "home",
        "content_type_model_name": "actualitepage",
        "app_label": "home",
        "model_name": "actualitepage",
        "app_name": "collectivites",
        "object_id": page.pk,
        "session_id": 1,
        "action": "delete",
    }
    return Monde(_responsables(cast), mots, _pks(cast, page.pk, document.collection_id, workflow.pk, task.pk))


def _responsables(cast: Distribution) -> dict[Domaine, Agent]:
    found = {}
    for domaine in Domaine:
        agent = AgentFactory(slug=f"resp-{domaine}", notice_vue_le=cast.agent_a.notice_vue_le)
        PosteFactory(agent=agent, collectivite=cast.epci, fonction=FonctionFactory())
        agent.groups.set([Group.objects.get(name=domaine.label)])
        found[domaine] = agent
    return found


def _pks(cast: Distribution, page: int, collection: int, workflow: int, task: int) -> dict[str, object]:
    agent, adhesion = cast.agent_a, AdhesionFactory(agent=cast.agent_a, reseau=ReseauFactory())
    habilitation = Habilitation.objects.create(
        agent=agent, type=TypeHabilitation.objects.first(), obtenue_le=adhesion.date_debut
    )
    aval = SearchEntry.objects.get(kind=Collectivite.genre, objet=cast.a.pk)
    absence = Absence.objects.create(agent=agent, date_debut=adhesion.date_debut, date_fin=adhesion.date_debut)
    return {
        "wagtailusers_users": agent.pk,
        "wagtailusers_groups": Group.objects.get(name=Domaine.CONTENU.label).pk,
        "wagtailsites": Site.objects.get().pk,
        "wagtailadmin_collections": collection,
        "wagtailadmin_workflows": workflow,
        "wagtailadmin_workflows:edit_task": task,
        "wagtailadmin_workflows:disable_task": task,
        "wagtailadmin_workflows:enable_task": task,
        "wagtailsettings": Territoire.load().pk,
        "wagtailadmin_api:pages": page,
        "wagtaildocs_chooser": DocumentFactory().pk,
        "wagtailimages_chooser": ImageFactory().pk,
        "admin_synonymes": Synonyme.objects.first().pk,
        "admin_resultats_epingles": Epingle.objects.create(requete="aval", cle="aval", entree=aval).pk,
        "admin_recherches_sans_reponse": QuestionRecherche.objects.create(requete="licorne", auteur=agent).pk,
        "admin_statistiques_recherche": RechercheDuMois.objects.create(
            mois=date(2026, 11, 1), cle="aval", requete="Aval", nombre=1
        ).pk,
        "choisir_resultat": aval.pk,
        "choisir_agent": agent.pk,
        "choisir_collectivite": cast.a.pk,
        "admin_collectivites": PosteFactory(agent=AgentFactory()).collectivite_id,
        "admin_postes": agent.postes.get().pk,
        "admin_absences": absence.pk,
        "admin_habilitations": habilitation.pk,
        "admin_expertises": Expertise.objects.create(agent=agent, libelle="Cosoluce").pk,
        "admin_reseaux": adhesion.reseau_id,
        "admin_adhesions": adhesion.pk,
        "admin_fonctions": Fonction.objects.create(code="a-part", libelle="À part", famille="technique").pk,
        "admin_roles_transversaux": RoleTransversal.objects.first().pk,
        "admin_themes": Theme.objects.first().pk,
        **_pks_ressources(agent, cast.a),
        "admin_materiels": make_materiel(collectivite=cast.a).pk,
        "admin_categories_materiel": Categorie.objects.first().pk,
        "admin_sessions_formation": make_session().pk,
        "admin_publics_formation": PublicFormation.objects.first().pk,
        "admin_regles_visa": RegleVisa.objects.create(collectivite=cast.a).pk,
        "admin_types_habilitation": TypeHabilitation.objects.last().pk,
        "admin_secteurs": Secteur.objects.create(nom="La plaine").pk,
        "admin_journal": record("essai.fait", cast.a, agent=agent).pk,
        "admin_courriels": CourrielFactory().pk,
        "admin_registre_traitements": FicheTraitement.objects.first().pk,
    }


def _pks_ressources(agent: Agent, place: Collectivite) -> dict[str, object]:
    version = make_ressource(collectivite=place, owner=agent).fichiers.get().versions.get()
    return {
        "admin_types_document": TypeRessource.objects.first().pk,
        "admin_metiers": PublicVise.objects.first().pk,
        "admin_versions": version.pk,
        "admin_modeles_a_remplir": ModeleARemplir.objects.create(
            version=version, champs=["commune"], marque_par=agent
        ).pk,
        "admin_demandes_document": DemandeDocument.objects.create(objet="Un bail", auteur=agent, collectivite=place).pk,
        "admin_questions_reponses": QuestionReponse.objects.create(
            question="Et le samedi ?", reponse="Oui.", theme=Theme.objects.first(), diffusion=["toutes"]
        ).pk,
        "admin_abonnements_proposes": AbonnementPropose.objects.create(
            fonction=Fonction.objects.first(), objet=f"theme:{Theme.objects.first().pk}"
        ).pk,
    }


def adresses() -> list[Adresse]:
    """Those of the admin that are not doors of the accounts, which have their own rows (`tests/acces/matrice.py`)."""
    return [adresse for adresse in all_adresses() if adresse.is_admin]


def url_of(adresse: Adresse, monde: Monde) -> str | None:
    """The address with the words of `monde`; None for a pattern that no word fills."""
    namespace = adresse.nom.rpartition(":")[0]
    pk = monde.pks.get(adresse.nom, monde.pks.get(namespace, HomePage.objects.get().pk))
    mots = {**monde.mots, "pk": pk}
    if namespace == "wagtailsettings":
        mots["model_name"] = "territoire"
    route = adresse.route.replace("^", "").replace("$", "").replace("(?:documents|images)", "documents")
    if "(?P<" in route:
        route = f"admin/pages/{mots['page_id']}/revisions/compare/earliest...latest/"
    try:
        return "/" + re.sub(r"<\w+:(\w+)>", lambda found: str(mots[found[1]]), route)
    except KeyError:
        return None


def opens(response: HttpResponse) -> bool:
    """Wagtail refuses by its home page, we by 403 or 404; 405 is an address that takes a form."""
    if response.status_code == 302:
        return response["Location"] != "/admin/"
    return response.status_code in {200, 405}
