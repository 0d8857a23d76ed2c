"""Those who asked some time ago and are placed today: only while they still work where they asked from."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, TypeVar

from collectivites.models import Poste

if TYPE_CHECKING:
    from formations.models import Inscription
    from formations.places.reserver import Demande

Assise = TypeVar("Assise", "Demande", "Inscription")


def in_office(asked: Iterable[Assise]) -> list[Assise]:
    """In the same order, without those who have left the collectivité that each is for, or were erased. One query."""
    rows = list(asked)
    here = still_there((one.agent.pk, one.collectivite.pk) for one in rows)
    return [one for one in rows if (one.agent.pk, one.collectivite.pk) in here]


def still_there(asked: Iterable[tuple[int, int]]) -> set[tuple[int, int]]:
    """Of these (agent, collectivité), those with a poste there that has not ended: who begins another one soon in the
    same mairie has not left it. One query.
    """
    pairs = set(asked)
    postes = Poste.objects.not_ended().filter(agent__in={agent for agent, _ in pairs}, agent__efface_le=None)
    return pairs & set(postes.order_by().values_list("agent", "collectivite"))
