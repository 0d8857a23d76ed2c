"""The titles of all the communes, counted for the responsables."""

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils import timezone

from collectivites.models import Habilitation, Poste
from formations.titres.echeances import current, ending, seats_of

if TYPE_CHECKING:
    from collectivites.models import Collectivite, TypeHabilitation


@dataclass
class Compte:
    """Of a commune: titles that end within six months, those that ended, seats had already."""

    collectivite: "Collectivite"
    a_venir: int = 0
    perimes: int = 0
    places: int = 0

    @property
    def reste(self) -> int:
        return self.a_venir + self.perimes - self.places


@dataclass
class CompteTitre:
    """Of a kind: how many end, and how many have no seat yet: what sessions must be made of."""

    type: "TypeHabilitation"
    nombre: int = 0
    sans_place: int = 0


def counts() -> tuple[list[Compte], list[CompteTitre]]:
    """By commune, and by kind, those that lack most first. Somebody of two communes counts in both. Four queries."""
    today = timezone.localdate()
    titles = list(ending(current(), today).select_related("type"))
    seats = seats_of(titles)
    postes = Poste.objects.in_force().filter(agent__in={one.agent_id for one in titles}).select_related("collectivite")
    where = defaultdict(dict)
    for poste in postes:
        where[poste.agent_id][poste.collectivite_id] = poste.collectivite
    places, kinds = {}, {}
    for one in titles:
        seated = (one.agent_id, one.type_id) in seats
        for pk, place in where[one.agent_id].items():
            _count(places.setdefault(pk, Compte(place)), one, seated=seated)
        if where[one.agent_id]:
            kind = kinds.setdefault(one.type_id, CompteTitre(one.type))
            kind.nombre += 1
            kind.sans_place += not seated
    return (
        sorted(places.values(), key=lambda one: (-one.reste, one.collectivite.nom)),
        sorted(kinds.values(), key=lambda one: (-one.sans_place, one.type.ordre)),
    )


def _count(row: Compte, title: Habilitation, *, seated: bool) -> None:
    row.places += seated
    if title.valable_jusqu_au < timezone.localdate():
        row.perimes += 1
    else:
        row.a_venir += 1
