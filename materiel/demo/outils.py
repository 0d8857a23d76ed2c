"""Days, people and journal of the demo of the lending."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from django.utils import timezone

from collectivites.journal import line
from collectivites.models import Agent, Collectivite, EntreeJournal, Poste
from extranet.lib.demi_journees import DemiJournee, Moment

if TYPE_CHECKING:
    from django.db.models import Model

    from collectivites.demo import Monde

DATA = Path(__file__).parent / "data"
LOT = 500
# « v6 » : the first Friday from that many days on, as « s » is of Saturdays and « w » of working days.
JOURS = {"v": 5, "s": 6}


def day_of(monde: "Monde", text: str) -> date:
    if text[0] == "w":
        return monde.ouvre(int(text[1:]))
    if text[0] in JOURS:
        first = monde.jour(int(text[1:]))
        return first + timedelta(days=(JOURS[text[0]] - first.isoweekday()) % 7)
    return monde.jour(int(text))


def hour_of(text: str) -> time | None:
    return time(*map(int, text.split(":"))) if text else None


def whole_days(first: date, duree: int) -> tuple[DemiJournee, DemiJournee]:
    """From that morning to the evening, so many days later."""
    return DemiJournee(first, Moment.MATIN), DemiJournee(first + timedelta(days=duree), Moment.APRES_MIDI)


def past(monde: "Monde", jours: int, heure: str = "9:00") -> datetime:
    """That moment, or a little before now when the day has not come to it."""
    return min(monde.instant(jours, heure), timezone.now() - timedelta(minutes=2))


@dataclass
class Gens:
    """Who acts for each collectivité."""

    monde: "Monde"
    gestionnaires: dict[int, Agent] = field(default_factory=dict)
    constats: dict[int, Agent] = field(default_factory=dict)
    signataires: dict[int, Poste] = field(default_factory=dict)

    @classmethod
    def of(cls, monde: "Monde") -> "Gens":
        found = cls(monde)
        for poste in monde.postes.values():
            place = poste.collectivite_id
            if poste.ferme_le is not None:
                continue
            if poste.gestionnaire:
                found.gestionnaires.setdefault(place, poste.agent)
            if poste.constats:
                found.constats.setdefault(place, poste.agent)
            if poste.is_signataire and poste.agent.email:
                found.signataires.setdefault(place, poste)
        return found

    def on_the_spot(self, place: Collectivite) -> Agent:
        return self.constats.get(place.pk) or self.gestionnaires[place.pk]


@dataclass
class Carnet:
    """Lines of the journal with their own dates: a row tells the moment at which it is written."""

    lignes: list[tuple[EntreeJournal, datetime]] = field(default_factory=list)

    def note(
        self,
        moment: datetime,
        acte: str,
        objet: "Model",
        agent: Agent | None,
        collectivite: Collectivite | None,
        **donnees: object,
    ) -> None:
        self.lignes.append((line(acte, objet, agent=agent, collectivite=collectivite, **donnees), moment))

    def write(self) -> None:
        """One by one and raw: a line is never changed once written, and would else take the hour of the run."""
        for row, moment in sorted(self.lignes, key=lambda one: one[1]):
            row.created_at = moment
            row.save_base(raw=True, force_insert=True)
