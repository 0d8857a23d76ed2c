"""Rights on the pages and their files, and the review of what others propose."""

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from wagtail.models import (
    GroupApprovalTask,
    GroupPagePermission,
    Page,
    Task,
    Workflow,
    WorkflowPage,
    WorkflowTask,
    get_default_page_content_type,
)

from collectivites.droits import grant, groupe
from collectivites.enums import Domaine
from home.models import ActualitesPage, FicheTraitement
from ressources.collections import ACTIONS, install_collection, share

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
    install_review(news)


def allow(domaine: Domaine, page: Page, actions: tuple[str, ...]) -> None:
    """Lets `domaine` do these actions on `page` and on those under it."""
    codenames = [f"{action}_page" for action in actions]
    for permission in Permission.objects.filter(content_type=get_default_page_content_type(), codename__in=codenames):
        GroupPagePermission.objects.get_or_create(group=groupe(domaine), page=page, permission=permission)


def install_review(news: ActualitesPage) -> None:
    """« Relecture »: one step, the responsables of the content, for the news."""
    workflow, _ = Workflow.objects.get_or_create(name=RELECTURE)
    task, _ = GroupApprovalTask.objects.get_or_create(name="Relecture par les responsables du contenu")
    task.groups.set([groupe(Domaine.CONTENU)])
    WorkflowTask.objects.get_or_create(workflow=workflow, task=task)
    WorkflowPage.objects.update_or_create(page=news, defaults={"workflow": workflow})


def remove_wagtail_defaults() -> None:
    """Nobody is in these groups, and their workflow would ask them to review every page."""
    Workflow.objects.filter(name=WORKFLOW_D_ORIGINE).delete()
    Task.objects.filter(name=WORKFLOW_D_ORIGINE).delete()
    Group.objects.filter(name__in=GROUPES_D_ORIGINE, user=None).delete()
