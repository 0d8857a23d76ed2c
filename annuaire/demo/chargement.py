"""The numbers of the Grand Dole and of the services around it, all fictional, and the cards read or left to age."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from annuaire.models import AnnuairePage, Astreinte
from collectivites.models import Agent

if TYPE_CHECKING:
    from collectivites.demo import Monde

DATA = Path(__file__).resolve().parent / "data"
# Shares of the cards: read these last weeks, and not read since they were made, more than a year ago.
RELUES, ANCIENNES = 0.6, 0.1


def load(monde: "Monde") -> None:
    Astreinte.objects.bulk_create(
        Astreinte(
            collectivite=monde.collectivite(row["collectivite"]),
            libelle=row["libelle"],
            telephone=row["telephone"],
            horaires=row["horaires"],
        )
        for row in _rows("astreintes.csv")
    )
    page = AnnuairePage.objects.get()
    page.services = [("service", row) for row in _rows("services.csv")]
    page.save(update_fields=["services"])
    _age_cards(monde)


def _age_cards(monde: "Monde") -> None:
    """A card is read once a year: most were, some wait."""
    draw, agents = monde.tirage("fiches"), [monde.agents[cle] for cle in sorted(monde.agents)]
    for agent in agents:
        chance, days = draw.random(), draw.randint(1, 55)
        agent.confirmee_le = monde.instant(-days, "10:30") if chance < RELUES else None
        agent.created_at = monde.instant(-60 if chance < 1 - ANCIENNES else -400 - days)
    Agent.objects.bulk_update(agents, ["confirmee_le", "created_at"], batch_size=1000)


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)
