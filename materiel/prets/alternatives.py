"""What else: the same kind of thing free nearby, the nearest days on which this one is."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from extranet.lib.demi_journees import DemiJournee
from extranet.lib.francais import NBSP
from extranet.lib.pliage import fold
from materiel.models import Materiel
from materiel.mots import periode_longue
from materiel.registre import RESERVABLE
from materiel.registre.disponibilite import last_days, ledger, only_free
from materiel.registre.regles import blocked, first_day

if TYPE_CHECKING:
    from collectivites.models import Agent, Collectivite

PROCHES, CHERCHES = 3, timedelta(days=45)


@dataclass(frozen=True)
class Proche:
    """A thing free on the asked days, and its distance « à vol d’oiseau » in whole kilometres, None when unknown."""

    materiel: Materiel
    km: int | None

    def __str__(self) -> str:
        """« Podium 6 m à Authume (8 km) »."""
        far = "" if self.km is None else f" ({self.km}{NBSP}km)"
        return f"{self.materiel.nom} {self.materiel.collectivite.a_nom}{far}"


@dataclass(frozen=True)
class Jours:
    """A period that is free, as long as the one asked."""

    debut: DemiJournee
    fin: DemiJournee

    def __str__(self) -> str:
        return periode_longue(self.debut, self.fin)


def kilometres(ici: "Collectivite", la: "Collectivite") -> int | None:
    distance = ici.distance_to(la)
    return None if distance is None else max(1, round(distance))


def substitutes(
    materiel: Materiel,
    pour: "Collectivite",
    lecteur: "Agent | None",
    debut: DemiJournee,
    fin: DemiJournee,
    quantite: int,
    *,
    combien: int | None = PROCHES,
) -> list[Proche]:
    """The nearest things of the same kind free in so many units, those that `lecteur` may see; None: all of them.

    Never those of the borrower itself.
    """
    found = Materiel.objects.visible_to(lecteur).filter(categorie=materiel.categorie_id).exclude(pk=materiel.pk)
    found = found.exclude(collectivite=pour)
    free = [one for one in only_free(found.for_list(), debut, fin, quantite) if resembles(one, materiel)]
    near = [Proche(one, kilometres(pour, one.collectivite)) for one in free]
    return sorted(near, key=lambda one: (one.km is None, one.km, one.materiel.pk))[:combien]


def resembles(one: Materiel, other: Materiel) -> bool:
    """A sound system is not a tent, though both are for feasts: by the words that propose their category."""
    kinds = kind_words(other)
    return not kinds or bool(kinds & kind_words(one))


def kind_words(materiel: Materiel) -> set[str]:
    name = f" {fold(materiel.nom)} "
    known = {fold(word) for word in materiel.categorie.mots.split(",")}
    return {word for word in known if word and (f" {word} " in name or f" {word}s " in name)}


def sentence(found: Iterable[Proche], begin: str = "Libres ces jours-là") -> str:
    """« Libres ces jours-là : Podium à Authume (8 km), Scène à Gevry (11 km). » Empty when there is none."""
    words = ", ".join(str(one) for one in found)
    return f"{begin}{NBSP}: {words}." if words else ""


def nearest_days(
    materiel: Materiel,
    debut: DemiJournee,
    fin: DemiJournee,
    quantite: int,
    *,
    count: int = 2,
    promised: dict[int, int] | None = None,
    taken: dict[int, int] | None = None,
    dernier: date | None = None,
) -> list[Jours]:
    """Periods as long as this one, free in so many units, the nearest first, none over another.

    `promised` are units that others have asked for before, by half-day. `taken` is what the ledger says, and `dernier`
    the last day that its papers allow, when they are read already: two queries otherwise.
    """
    length = fin.index - debut.index
    if taken is None:
        taken, dernier = ledger([materiel])[materiel.pk], last_days([materiel]).get(materiel.pk)
    taken = dict(taken)
    for creneau, units in (promised or {}).items():
        taken[creneau] = taken.get(creneau, 0) + units
    earliest, latest, found = first_day(materiel), timezone.localdate() + RESERVABLE, []
    latest = min(latest, dernier or latest)
    for days in _around(CHERCHES.days):
        start = debut.shift(2 * days)
        one = Jours(start, start.shift(length))
        first, last = blocked(materiel, one.debut, one.fin)
        if start.date < earliest or one.fin.date > latest:
            continue
        if any(first <= other.fin.index and other.debut.index <= last for other in found):
            continue
        if all(taken.get(creneau, 0) + quantite <= materiel.stock for creneau in range(first, last + 1)):
            found.append(one)
        if len(found) == count:
            break
    return found


def _around(days: int) -> Iterable[int]:
    """1, -1, 2, -2…"""
    for day in range(1, days + 1):
        yield from (day, -day)


def least_free(materiel: Materiel, taken: dict[int, int], first: int, last: int) -> int:
    """Units free on every one of these half-days."""
    return max(0, min(materiel.stock - taken.get(creneau, 0) for creneau in range(first, last + 1)))


def promised(spans: Iterable[tuple[int, int, int]]) -> dict[int, int]:
    """Units asked for, half-day by half-day, from (first, last, units)."""
    total: dict[int, int] = {}
    for first, last, units in spans:
        for creneau in range(first, last + 1):
            total[creneau] = total.get(creneau, 0) + units
    return total
