"""Rights on the pages and their files, and the review of what others propose."""

from django.contrib.auth.models import Group
from django.db import transaction
from wagtail.models import (
    Task,
    Workflow,
)

from collectivites.collections import ACTIONS, install_collection, share
from collectivites.droits import allow, grant, install_review
from collectivites.enums import Domaine
from home.models import ActualitesPage, FicheTraitement

COLLECTION = "Actualités et pages"
# Groups and workflow that Wagtail's migrations make for a site of its own.
GROUPES_D_ORIGINE = ["Moderators", "Editors"]
WORKFLOW_D_ORIGINE = "Moderators approval"
RELECTURE = "Relecture"


@transaction.atomic
def install_rights() -> None:
    """Whoever publishes was told by `home.installation`; the others propose news, which they review. Idempotent."""
    remove_wagtail_defaults()
    news = ActualitesPage.objects.get()
    collection = install_collection(COLLECTION, Domaine.CONTENU)
    for domaine in set(Domaine) - {Domaine.CONTENU, Domaine.ADMINISTRATION}:
        allow(domaine, news, ("add",))
        share(collection, domaine, tuple(action for action in ACTIONS if action != "change"))
    grant(Domaine.ADMINISTRATION, FicheTraitement, ("view", "change"))
    install_review(news, RELECTURE, Domaine.CONTENU)


def remove_wagtail_defaults() -> None:
    """Nobody is in these groups, and their workflow would ask them to review every page."""
    Workflow.objects.filter(name=WORKFLOW_D_ORIGINE).delete()
    Task.objects.filter(name=WORKFLOW_D_ORIGINE).delete()
    Group.objects.filter(name__in=GROUPES_D_ORIGINE, user=None).delete()
