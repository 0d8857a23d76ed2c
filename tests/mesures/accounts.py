"""Who visits when pages are measured or pictured: the accounts of the demonstration."""

from collectivites.models import Agent

VISITORS = {
    "secretaire": "odile-vuillermet",
    "technique": "karim-belkacem",
    "elue": "anne-lise-marchal",
    "responsable": "nathalie-perrot",
    "administrateur": "julien-mairot",
}


def accounts() -> dict[str, Agent]:
    found = Agent.objects.in_bulk(VISITORS.values(), field_name="slug")
    return {name: found[slug] for name, slug in VISITORS.items()}
