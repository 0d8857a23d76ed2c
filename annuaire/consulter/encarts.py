"""The blocks that other areas bring to a card."""

from collectivites.models import Agent
from extranet.lib.apports import collect


def encarts(name: str, thing: object, reader: Agent) -> dict[str, list]:
    """In their order, in their two columns."""
    found = sorted(collect(name, thing, reader), key=lambda encart: encart.ordre)
    return {
        "encarts": [e for e in found if e.colonne != "cote"],
        "encarts_cote": [e for e in found if e.colonne == "cote"],
    }
