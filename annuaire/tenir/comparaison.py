"""What two cards hold, side by side, before they are joined."""

from dataclasses import dataclass
from functools import cached_property

from collectivites.droits import can_choose_address, rank
from collectivites.fusion import left_alone
from collectivites.models import Agent
from collectivites.reprises import foreign_keys

# What the page counts by its own name; the rest of what moves is counted together.
NOMMES = {
    "collectivites.absence.agent": "absences",
    "collectivites.adhesion.agent": "réseaux",
    "collectivites.expertise.agent": "expertises",
    "collectivites.habilitation.agent": "habilitations",
    "notifications.notification.destinataire": "notifications",
}


@dataclass
class Comparaison:
    """One of the two cards, for the reader who would join them."""

    agent: Agent
    lecteur: Agent

    @property
    def postes(self) -> list:
        return self.agent.tous_les_postes

    @cached_property
    def comptes(self) -> list[tuple[str, int]]:
        """« réseaux », 2: what moves with the card, the last one being all that has no name here."""
        counts = {
            f"{label}.{field.name}": field.model._base_manager.filter(**{field.name: self.agent}).count()
            for label, field in foreign_keys(Agent)
            if f"{label}.{field.name}" not in left_alone() and label != "collectivites.poste"
        }
        named = [(words, counts.pop(name)) for name, words in NOMMES.items()]
        return [*named, ("autres lignes", sum(counts.values()))]

    @property
    def responsabilites(self) -> bool:
        return rank(self.agent) > 0

    @property
    def adresse_reservee(self) -> bool:
        """Its address may only go by a decision of the administration."""
        return not can_choose_address(self.lecteur, self.agent)
