"""What this room shows beside the catalogue and on the home page."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collectivites.models import Agent, Collectivite
    from extranet.lib.apports import Encart


def beside_catalogue(agent: "Agent", collectivite: "Collectivite | None") -> "Encart | None":
    """The block of this room in the column of the catalogue; None when it has nothing to say."""
    return None
