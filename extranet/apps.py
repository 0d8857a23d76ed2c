"""The project as an app: its commands, template filters and the triggers around migrations."""

from django.apps import AppConfig, apps
from django.db import connections
from django.db.models.signals import post_migrate, pre_migrate

from extranet.lib.declencheurs import create_all, drop_all


def _drop_triggers(sender: AppConfig, using: str, **kwargs: object) -> None:
    drop_all(connections[using])


def _create_triggers(sender: AppConfig, using: str, **kwargs: object) -> None:
    create_all(connections[using])


class ExtranetConfig(AppConfig):
    name = "extranet"
    verbose_name = "extranet"

    def ready(self) -> None:
        # Sent once per app with models, all before and all after the run: one app is enough to frame it.
        framing = apps.get_app_config("contenttypes")
        pre_migrate.connect(_drop_triggers, sender=framing, dispatch_uid="extranet.drop_triggers")
        post_migrate.connect(_create_triggers, sender=framing, dispatch_uid="extranet.create_triggers")
