"""Rights of the groups of responsables: what each area may do in the admin, given by the installers.

A group is `Domaine`’s label. Whatever an area may do, the administration may do too; it never makes a superuser.
"""

from django.contrib.auth.models import AnonymousUser, Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.db.models import Q
from wagtail.models import (
    GroupApprovalTask,
    GroupPagePermission,
    Page,
    Workflow,
    WorkflowPage,
    WorkflowTask,
    get_default_page_content_type,
)
from wagtail.permissions import policy_registry

from collectivites.enums import Domaine, FamilleFonction, PolitiqueReseau, RoleReseau, Signature, TypeCollectivite
from collectivites.models import (
    Absence,
    Adhesion,
    Agent,
    Collectivite,
    EntreeJournal,
    Expertise,
    Fonction,
    Habilitation,
    Poste,
    Reseau,
    RoleTransversal,
    Secteur,
    Territoire,
    Theme,
    TypeHabilitation,
)

TOUT = ("view", "add", "change", "delete")
SANS_SUPPRIMER = ("view", "add", "change")


def groupe(domaine: Domaine) -> Group:
    return Group.objects.get_or_create(name=domaine.label)[0]


def permission(model: type[models.Model], action: str) -> Permission:
    content_type = ContentType.objects.get_for_model(model, for_concrete_model=False)
    return Permission.objects.get(content_type=content_type, codename=f"{action}_{model._meta.model_name}")


def grant(domaine: Domaine, model: type[models.Model], actions: tuple[str, ...] = TOUT) -> None:
    """Gives `domaine`, and the administration, these actions on `model`. Idempotent."""
    permissions = [permission(model, action) for action in actions]
    for holder in {domaine, Domaine.ADMINISTRATION}:
        groupe(holder).permissions.add(*permissions)


@transaction.atomic
def install_rights() -> None:
    """The admin for every responsable, and the lists of the ground floor for those who answer for them."""
    access = Permission.objects.get(content_type__app_label="wagtailadmin", codename="access_admin")
    for domaine in Domaine:
        groupe(domaine).permissions.add(access)
    for model in (Agent, Collectivite, Poste):
        grant(Domaine.ANNUAIRE, model, SANS_SUPPRIMER)
    for model in (Poste, Collectivite):
        grant(Domaine.ANNUAIRE, model, ("delete",))
    for model in (Secteur, Fonction, RoleTransversal, Reseau, Adhesion, Habilitation, TypeHabilitation):
        grant(Domaine.ANNUAIRE, model)
    for model in (Expertise, Absence):
        grant(Domaine.ANNUAIRE, model)
    for model in (Habilitation, TypeHabilitation):
        grant(Domaine.FORMATIONS, model)
    for domaine in (Domaine.ANNUAIRE, Domaine.RESSOURCES):
        grant(domaine, Theme)
    grant(Domaine.ADMINISTRATION, EntreeJournal, ("view",))
    grant(Domaine.ADMINISTRATION, Territoire, ("change",))


def rank(agent: Agent) -> int:
    """How much a person may do here: 3 superuser, 2 administration, 1 responsable of an area, 0 anyone else.

    By the groups, poste or not: a poste may come back.
    """
    if agent.is_superuser:
        return 3
    if agent.pk is None:
        return 0
    names = {group.name for group in agent.groups.all()}
    if Domaine.ADMINISTRATION.label in names:
        return 2
    return 1 if names & set(Domaine.labels) else 0


def can_edit_account(agent: Agent, compte: Agent) -> bool:
    """A superuser edits any account; the administration, any but superusers’; a responsable, those without a group.

    Everyone may correct their own name; their rights are another matter (`can_give_groups`).
    """
    if agent == compte or agent.is_superuser:
        return True
    level = rank(agent)
    return rank(compte) <= 2 if level == 2 else rank(compte) == 0


def can_choose_address(agent: Agent, compte: Agent) -> bool:
    """An address opens all that the person holds: whoever chooses it for them holds no less.

    The administration for anyone it may edit; a responsable of the annuaire for those who answer for nothing; a
    gestionnaire for those of their own collectivités alone. One's own address is proved first (`comptes.adresse`).
    """
    if agent == compte or not can_edit_account(agent, compte):
        return False
    if agent.answers_for(Domaine.ADMINISTRATION):
        return True
    if agent.answers_for(Domaine.ANNUAIRE):
        place = Q(gestionnaire=True) | Q(constats=True) | Q(collectivite__type=TypeCollectivite.EPCI)
    else:
        place = ~Q(collectivite__in=[p.collectivite_id for p in agent.postes_en_cours if p.gestionnaire])
    mandate = Q(fonction__famille=FamilleFonction.ELUS) | ~Q(signataire=Signature.NON)
    closed = ~Q(reseau__politique=PolitiqueReseau.OUVERT) | ~Q(role=RoleReseau.MEMBRE)
    # What begins tomorrow will open by the mailbox that is chosen today.
    return not (
        compte.postes.not_ended().filter(mandate | place).exists()
        or compte.adhesions.not_ended().filter(closed).exists()
    )


def can_give_groups(agent: Agent, compte: Agent) -> bool:
    """The administration gives and takes the groups of others, never its own: nobody raises their own rights."""
    return agent.is_superuser or (agent != compte and rank(agent) == 2 and can_edit_account(agent, compte))


def can_close_account(agent: Agent, compte: Agent) -> bool:
    """Whoever may edit the account, but not their own: someone must remain to open it again."""
    return agent != compte and can_edit_account(agent, compte)


def can_reset_second_factor(agent: Agent, compte: Agent) -> bool:
    """The administration, for others, after having made sure who asks."""
    return agent != compte and rank(agent) >= 2 and can_edit_account(agent, compte)


def can_manage_file(agent: Agent | AnonymousUser, file: models.Model) -> bool:
    """Responsables whose groups may choose or change files of that collection; the group alone is not enough.

    A right held for the intercommunalité ends with the last poste there (`Agent.domaines`).
    """
    if not agent.is_authenticated or not (agent.is_superuser or agent.domaines):
        return False
    policy = policy_registry.get(file)
    return policy.user_has_any_permission_for_instance(agent, ["change", "choose"], file)


def allow(domaine: Domaine, page: Page, actions: tuple[str, ...]) -> None:
    """Lets `domaine` do these actions on `page` and on those under it."""
    codenames = [f"{action}_page" for action in actions]
    for permission in Permission.objects.filter(content_type=get_default_page_content_type(), codename__in=codenames):
        GroupPagePermission.objects.get_or_create(group=groupe(domaine), page=page, permission=permission)


def install_review(page: Page, nom: str, domaine: Domaine) -> None:
    """What is proposed under `page` is reviewed in one step, by the responsables of `domaine`. Idempotent."""
    workflow, _ = Workflow.objects.get_or_create(name=nom)
    task, _ = GroupApprovalTask.objects.get_or_create(
        name=f"{nom} par les {domaine.label[0].lower()}{domaine.label[1:]}"
    )
    task.groups.set([groupe(domaine)])
    WorkflowTask.objects.get_or_create(workflow=workflow, task=task)
    if not WorkflowPage.objects.filter(page=page, workflow=workflow).exists():
        WorkflowPage.objects.update_or_create(page=page, defaults={"workflow": workflow})
