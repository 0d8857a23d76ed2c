"""Hooks of the home app: the register, and the state of the service on the first page of the admin."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.http import HttpRequest
from wagtail import hooks
from wagtail.admin.ui.components import Component

from collectivites.enums import Domaine
from home.sante import figures
from home.viewsets import FicheTraitementViewSet

LIBELLES = {
    "veille_age_s": "Dernier passage de la veille, il y a",
    "courriels_en_attente": "Courriels en attente",
    "courriel_le_plus_ancien_s": "Le plus ancien attend depuis",
    "courriels_arretes": "Courriels arrêtés",
    "taches_en_attente": "Tâches en attente",
    "tache_la_plus_ancienne_s": "La plus ancienne attend depuis",
    "taches_echouees": "Tâches en échec",
    "echeances_en_echec": "Échéances en échec",
}


def in_words(name: str, value: object) -> tuple[str, str]:
    """A figure of `/sante/` as an administrator reads it; one that has no words yet keeps its name."""
    label = LIBELLES.get(name, name.replace("_", " "))
    if name.endswith("_s") and isinstance(value, int):
        return label, str(timedelta(seconds=value)) if value else "–"
    return label, str(value) if value != "" else "aucun" if name != "veille_age_s" else "jamais : elle ne tourne pas"


class ServicePanel(Component):
    """What `/sante/` tells administrators: age of `veille`, mails that wait, acts that failed."""

    name = "service"
    template_name = "home/admin/service.html"
    order = 50

    def get_context_data(self, parent_context: Mapping[str, Any]) -> dict[str, Any]:
        return {"chiffres": [in_words(name, value) for name, value in figures().items()]}


@hooks.register("register_admin_viewset")
def register_lists() -> FicheTraitementViewSet:
    return FicheTraitementViewSet()


@hooks.register("construct_homepage_panels")
def show_service(request: HttpRequest, panels: list[Component]) -> None:
    if request.user.answers_for(Domaine.ADMINISTRATION):
        panels.append(ServicePanel())
