"""What the annuaire brings to the other pages."""

from typing import TYPE_CHECKING

from django.urls import reverse

from extranet.lib.apports import Lien, Onglet

if TYPE_CHECKING:
    from collectivites.models import Agent


def onglet() -> Onglet:
    return Onglet("annuaire", "Annuaire", reverse("annuaire:index"), "people-fill", ordre=30)


def liens_pied(agent: "Agent | None") -> list[Lien]:
    if agent is None or not agent.codes_lecture:
        return []
    return [Lien("Les mairies", reverse("annuaire:collectivite_list"), "building", "annuaire")]
