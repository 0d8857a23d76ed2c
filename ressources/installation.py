"""What `installer` makes of the resources: their lists, their page, their rights and their review."""

from pathlib import Path

from django.db import transaction
from django.utils import timezone
from wagtail.models import Page

from collectivites.collections import install_collection, install_root
from collectivites.droits import SANS_SUPPRIMER, allow, grant, install_review
from collectivites.enums import Domaine
from collectivites.listes import fill
from notifications.models import AbonnementPropose
from ressources.models import (
    DemandeDocument,
    ModeleARemplir,
    PublicVise,
    QuestionReponse,
    ReglagesRessources,
    RessourcesPage,
    TypeRessource,
    VersionFichier,
)

DATA = Path(__file__).parent / "data"
RELECTURE = "Relecture des ressources"
CHAPEAU = "Modèles, délibérations, arrêtés et guides partagés par les communes."
ACTIONS = ("add", "change", "publish", "lock", "unlock")


@transaction.atomic
def install() -> None:
    install_root()
    install_collection("Ressources", Domaine.RESSOURCES)
    fill(TypeRessource, "types.csv", "slug", "nom", folder=DATA)
    fill(PublicVise, "publics.csv", "slug", "nom", folder=DATA)
    for model in (TypeRessource, PublicVise, AbonnementPropose):
        grant(Domaine.RESSOURCES, model)
    for model in (DemandeDocument, ModeleARemplir, VersionFichier):
        grant(Domaine.RESSOURCES, model, ("view",))
    grant(Domaine.RESSOURCES, QuestionReponse, SANS_SUPPRIMER)
    grant(Domaine.RESSOURCES, ReglagesRessources, ("change",))


@transaction.atomic
def plant(accueil: Page) -> None:
    """The toolbox, written by the responsables of the resources, who review what the others deposit."""
    page = RessourcesPage.objects.first()
    if page is None:
        now = timezone.now()
        page = RessourcesPage(title="Ressources", chapeau=CHAPEAU, first_published_at=now, last_published_at=now)
        accueil.add_child(instance=page)
    allow(Domaine.RESSOURCES, page, ACTIONS)
    install_review(page, RELECTURE, Domaine.RESSOURCES)
