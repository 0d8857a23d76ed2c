"""Configurations of the ground floor."""

from django.apps import AppConfig
from wagtail.users.apps import WagtailUsersAppConfig


class CollectivitesConfig(AppConfig):
    name = "collectivites"
    verbose_name = "collectivités"
    default = True


class UtilisateursConfig(WagtailUsersAppConfig):
    """Wagtail's users app, whose screens are replaced by the viewset of agents."""

    user_viewset = "collectivites.viewsets.comptes.CompteViewSet"
