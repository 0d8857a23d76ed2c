"""« Mairie ouverte »: what a booking would leave in a commune, half-day by half-day. It warns, and never blocks.

Somebody is there when their week says so (without a known week, on working days), no absence covers the half-day, and
no other training takes them. Only what the booking would change is told: a town hall that was empty before is not news.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from collectivites.enums import FamilleFonction
from collectivites.models import Absence, Habilitation, Poste, Presence
from extranet.lib.demi_journees import DemiJournee, Semaine, parity
from extranet.lib.francais import jour
from extranet.lib.jours_ouvres import holidays, is_working_day
from extranet.lib.typographie import space
from formations.inscrire.mots import dates_words
from formations.models import DemiJourneePrise, SessionFormation

if TYPE_CHECKING:
    from collectivites.models import Collectivite

SST = "sst"


@dataclass(frozen=True)
class Alerte:
    """What would be missing in a commune, and the session of the same training that would leave it."""

    collectivite: "Collectivite"
    phrase: str
    autre: SessionFormation | None = None
    autre_dates: str = ""


@dataclass
class _Mairie:
    """What is known of the people of some communes on some half-days."""

    postes: dict[int, list[Poste]] = field(default_factory=lambda: defaultdict(list))
    semaines: dict[int, list[Presence]] = field(default_factory=lambda: defaultdict(list))
    absences: dict[int, list[Absence]] = field(default_factory=lambda: defaultdict(list))
    pris: set[tuple[int, int]] = field(default_factory=set)
    sst: dict[int, list[Habilitation]] = field(default_factory=lambda: defaultdict(list))

    def present(self, place: int, half: DemiJournee) -> set[int]:
        """Agents of the commune who are there on that half-day."""
        return {poste.agent_id for poste in self.postes[place] if self._is_there(poste, half)}

    def _is_there(self, poste: Poste, half: DemiJournee) -> bool:
        agent = poste.agent_id
        in_office = poste.date_debut <= half.date and (poste.date_fin is None or poste.date_fin >= half.date)
        if not in_office or (agent, half.index) in self.pris:
            return False
        if any(one.covers(half) for one in self.absences[agent]):
            return False
        week = self.semaines[poste.pk]
        if not week:
            return is_working_day(half.date)
        return half.date not in holidays(half.date.year) and any(_says(one, half) for one in week)

    def rescuers(self, people: set[int], half: DemiJournee) -> set[int]:
        return {pk for pk in people if any(one.is_valid(half.date) for one in self.sst[pk])}


def _says(presence: Presence, half: DemiJournee) -> bool:
    on = presence.jour == half.date.isoweekday() and presence.moment == half.moment
    return on and presence.semaine in (Semaine.TOUTES, parity(half.date))


def warnings(
    session: SessionFormation,
    people: Mapping["Collectivite", Iterable[int]],
    others: Iterable[SessionFormation] = (),
) -> list[Alerte]:
    """What booking these agents, by commune, would leave there on each half-day of `session`.

    `others`: open sessions of the same training; the first that would leave nothing missing is suggested. Sessions are
    given with their half-days read. Five queries, whatever the number of people and sessions.
    """
    asked = {place: set(ones) for place, ones in people.items() if place.is_commune}
    others = [one for one in others if one.pk != session.pk and one.is_dated and not one.is_full]
    halves = {one.pk: [slot.demi for slot in one.creneaux.all()] for one in (session, *others)}
    if not asked or not halves[session.pk]:
        return []
    known = _read(list(asked), [half for ones in halves.values() for half in ones])
    found = []
    for place, leaving in asked.items():
        phrase = _missing(known, place, leaving, halves[session.pk])
        if phrase:
            free = (one for one in others if not _missing(known, place, leaving, halves[one.pk]))
            other = next(free, None)
            days = dates_words(half.date for half in halves[other.pk]) if other else ""
            found.append(Alerte(place, phrase, other, days))
    return found


def _missing(known: _Mairie, place: "Collectivite", leaving: set[int], halves: list[DemiJournee]) -> str:
    empty, unsafe = [], []
    for half in halves:
        before = known.present(place.pk, half)
        after = before - leaving
        if before and not after:
            empty.append(half)
        elif known.rescuers(before, half) and not known.rescuers(after, half):
            unsafe.append(half)
    words = []
    if empty:
        words.append(f"Il n’y aurait plus personne {place.a_nom} {_when(empty)}.")
    if unsafe:
        words.append(f"Il n’y aurait plus de sauveteur secouriste {place.a_nom} {_when(unsafe)}.")
    return space(" ".join(words))


def _when(halves: list[DemiJournee]) -> str:
    """« le 5 novembre », « le 5 novembre (matin) », « le 5 novembre et le 6 novembre (matin) »."""
    days: dict = defaultdict(list)
    for half in halves:
        days[half.date].append(half.moment)
    words = [f"le {jour(day)}{'' if len(ones) > 1 else f' ({ones[0].label})'}" for day, ones in sorted(days.items())]
    return " et ".join(filter(None, [", ".join(words[:-1]), words[-1]]))


def _read(places: list["Collectivite"], halves: list[DemiJournee]) -> _Mairie:
    known = _Mairie()
    first, last = min(half.date for half in halves), max(half.date for half in halves)
    postes = Poste.objects.not_ended().filter(collectivite__in=places, agent__efface_le=None)
    for poste in postes.exclude(fonction__famille=FamilleFonction.ELUS):
        known.postes[poste.collectivite_id].append(poste)
    agents = {poste.agent_id for ones in known.postes.values() for poste in ones}
    keys = [poste.pk for ones in known.postes.values() for poste in ones]
    for presence in Presence.objects.filter(poste__in=keys):
        known.semaines[presence.poste_id].append(presence)
    for absence in Absence.objects.filter(agent__in=agents, date_debut__lte=last, date_fin__gte=first):
        known.absences[absence.agent_id].append(absence)
    taken = DemiJourneePrise.objects.filter(agent__in=agents, demi_journee__in={half.index for half in halves})
    known.pris = set(taken.values_list("agent", "demi_journee"))
    for one in Habilitation.objects.filter(agent__in=agents, type__code=SST):
        known.sst[one.agent_id].append(one)
    return known
