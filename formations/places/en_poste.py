"""Those who asked some time ago and are placed today: only while they still work where they asked from."""

from collections.abc import Iterable
from typing import TypeVar

from collectivites.models import Poste
from formations.models import Inscription
from formations.places.reserver import Demande

Assise = TypeVar("Assise", Demande, Inscription)


def in_office(asked: Iterable[Assise]) -> list[Assise]:
    """In the same order, without those who have left the collectivité that each is for, or were erased. One query."""
    rows = list(asked)
    postes = Poste.objects.in_force().filter(agent__in=[one.agent.pk for one in rows], agent__efface_le=None)
    here = set(postes.values_list("agent", "collectivite"))
    return [one for one in rows if (one.agent.pk, one.collectivite.pk) in here]
