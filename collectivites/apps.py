"""Configurations of the ground floor."""

from importlib import import_module

from django.apps import AppConfig
from wagtail.users.apps import WagtailUsersAppConfig


class CollectivitesConfig(AppConfig):
    name = "collectivites"
    verbose_name = "collectivités"
    default = True

    def ready(self) -> None:
        # Its modules import models: not before the apps are loaded.
        import_module("collectivites.comptes.suivi").connect()


class UtilisateursConfig(WagtailUsersAppConfig):
    """Wagtail's users app, whose screens are replaced by the viewset of agents."""

    user_viewset = "collectivites.viewsets.comptes.CompteViewSet"
