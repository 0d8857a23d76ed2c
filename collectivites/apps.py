"""Configurations of the ground floor."""

from importlib import import_module

from django.apps import AppConfig
from django.core.exceptions import ImproperlyConfigured
from wagtail import signals
from wagtail.admin.apps import WagtailAdminAppConfig
from wagtail.users.apps import WagtailUsersAppConfig


class CollectivitesConfig(AppConfig):
    name = "collectivites"
    verbose_name = "collectivités"
    default = True

    def ready(self) -> None:
        # Its modules import models: not before the apps are loaded.
        import_module("collectivites.comptes.suivi").connect()
        import_module("collectivites.indexation").connect()
        # So that its logo counts among what is used, and is read by everybody (`ressources.permissions`).
        import_module("wagtail.models").ReferenceIndex.register_model(self.get_model("Territoire"))


class UtilisateursConfig(WagtailUsersAppConfig):
    """Wagtail's users app, whose screens are replaced by the viewset of agents."""

    user_viewset = "collectivites.viewsets.comptes.CompteViewSet"


class AdministrationConfig(WagtailAdminAppConfig):
    """Wagtail's admin without its mails: they would leave at once, outside the outbox, and link to the admin only."""

    def ready(self) -> None:
        super().ready()
        models = import_module("wagtail.models")
        for signal, sender, uid in (
            (signals.task_submitted, models.TaskState, "group_approval_task_submitted"),
            (signals.workflow_submitted, models.WorkflowState, "workflow_state_submitted"),
            (signals.workflow_rejected, models.WorkflowState, "workflow_state_rejected"),
            (signals.workflow_approved, models.WorkflowState, "workflow_state_approved"),
        ):
            if not signal.disconnect(sender=sender, dispatch_uid=f"{uid}_email_notification"):
                raise ImproperlyConfigured(f"Wagtail sends « {uid} » by another way: cut it.")
