"""What this room shows beside the catalogue."""

from typing import TYPE_CHECKING

from django.urls import reverse

from extranet.lib.apports import Encart, Lien
from formations.permissions import can_organise

if TYPE_CHECKING:
    from collectivites.models import Agent, Collectivite


def beside_catalogue(agent: "Agent", collectivite: "Collectivite | None") -> Encart:
    """The ways to what one has followed, and to the figures one may read."""
    links = [Lien("Mes formations suivies", reverse("formations:parcours"), "patch-check", "formations")]
    if can_organise(agent):
        links.append(Lien("Bilan du territoire", reverse("formations:bilan"), "bar-chart", "formations"))
    elif collectivite is not None and agent.manages(collectivite):
        links.append(Lien(f"Bilan {collectivite.de_nom}", reverse("formations:bilan"), "bar-chart", "formations"))
    return Encart("Déjà suivies", "formations/_encart_suivi.html", {"liens": links}, ordre=80, area="formations")
