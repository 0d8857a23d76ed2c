"""The first page of the admin: counts of what one manages."""

from collections.abc import Callable, Mapping
from typing import Any

from django.urls import reverse
from wagtail.admin.site_summary import SummaryItem

from collectivites.models import Agent, Collectivite


class Compte(SummaryItem):
    """« 152 agents », with a link to their list, for those who may see it."""

    template_name = "collectivites/admin/chiffre.html"
    droit = icone = liste = singulier = pluriel = ""
    compte: Callable[[], int]

    def is_shown(self) -> bool:
        return self.request.user.has_perm(self.droit)

    def get_context_data(self, parent_context: Mapping[str, Any]) -> dict[str, Any]:
        number = self.compte()
        return {
            "nombre": number,
            "libelle": self.singulier if number < 2 else self.pluriel,
            "icone": self.icone,
            "url": reverse(self.liste),
        }


class Agents(Compte):
    order = 10
    droit, icone, liste = "collectivites.change_agent", "user", "wagtailusers_users:index"
    singulier, pluriel = "agent en poste", "agents en poste"

    def compte(self) -> int:
        return Agent.objects.in_office().count()


class Collectivites(Compte):
    order = 20
    droit, icone, liste = "collectivites.change_collectivite", "home", "admin_collectivites:index"
    singulier, pluriel = "collectivité", "collectivités"

    def compte(self) -> int:
        return Collectivite.objects.members().count()
