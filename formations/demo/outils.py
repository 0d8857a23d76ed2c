"""Days, hours, people and history of the demo of the training."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from django.utils import timezone

from collectivites.enums import Domaine
from collectivites.models import Agent, Collectivite, Poste
from extranet.lib.demi_journees import DemiJournee, Moment
from extranet.lib.jours_ouvres import working_day_from
from formations.models import Creneau, Mouvement, PublicFormation, SessionFormation

if TYPE_CHECKING:
    from collectivites.demo import Monde
    from formations.models import FormationPage

DATA = Path(__file__).parent / "data"
MATIN, SOIR = (time(8, 30), time(12)), (time(13, 30), time(17))
HEURE = (time(11), time(12))


def half_days(first: date, duree: str) -> list[tuple[DemiJournee, time, time]]:
    """« matin », « apres-midi », « heure », « jour », « 2 jours »: on working days that follow one another."""
    if duree == "heure":
        return [(DemiJournee(first, Moment.MATIN), *HEURE)]
    if duree == "matin":
        return [(DemiJournee(first, Moment.MATIN), *MATIN)]
    if duree == "apres-midi":
        return [(DemiJournee(first, Moment.APRES_MIDI), *SOIR)]
    found, day = [], first
    for _ in range(int(duree.split()[0]) if " " in duree else 1):
        found += [(DemiJournee(day, Moment.MATIN), *MATIN), (DemiJournee(day, Moment.APRES_MIDI), *SOIR)]
        day = working_day_from(day + timedelta(days=1))
    return found


def slots(session: SessionFormation, halves: Iterable[tuple[DemiJournee, time, time]]) -> list[Creneau]:
    """Its half-days, and its first and last day."""
    found = [Creneau(session=session, demi_journee=h.index, heure_debut=a, heure_fin=b) for h, a, b in halves]
    if found:
        session.date_debut, session.date_fin = found[0].date, found[-1].date
    return found


def past(monde: "Monde", jours: int, heure: str = "9:00") -> datetime:
    """That moment, or a little before now when the day has not come to it."""
    return min(monde.instant(jours, heure), timezone.now() - timedelta(minutes=2))


@dataclass
class Gens:
    """Who may be booked where, and who books them. Nobody is placed twice on a half-day, nor in a training to come."""

    monde: "Monde"
    responsable: Agent
    gestionnaires: dict[int, Agent] = field(default_factory=dict)
    postes: list[Poste] = field(default_factory=list)
    pris: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    a_venir: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))  # training → who has a seat to come
    publics: dict[int, set[int]] = field(default_factory=dict)

    @classmethod
    def of(cls, monde: "Monde") -> "Gens":
        chosen = next(one for one in monde.agents.values() if Domaine.FORMATIONS in one.domaines)
        found = cls(monde, chosen)
        for poste in monde.postes.values():
            if poste.ferme_le is None:
                found.postes.append(poste)
                if poste.gestionnaire:
                    found.gestionnaires.setdefault(poste.collectivite_id, poste.agent)
        for public in PublicFormation.objects.prefetch_related("fonctions"):
            found.publics[public.pk] = {one.pk for one in public.fonctions.all()}
        return found

    def suited(self, publics: Iterable[int]) -> list[Poste]:
        """Those whom the publics name, in the order of the demo; everybody without publics."""
        wanted = {fonction for public in publics for fonction in self.publics[public]}
        return [one for one in self.postes if not wanted or one.fonction_id in wanted]

    def people_of(self, slug: str) -> set[str]:
        """Slugs of those who have a poste in this commune, whatever their others."""
        return {one.agent.slug for one in self.postes if one.collectivite.slug == slug}

    def is_free(self, agent: Agent, session: SessionFormation, halves: Iterable[Creneau]) -> bool:
        twice = self._comes(session) and agent.pk in self.a_venir[session.formation_id]
        return not twice and self.pris[agent.pk].isdisjoint(one.demi_journee for one in halves)

    def take(self, agent: Agent, session: SessionFormation, halves: Iterable[Creneau]) -> None:
        self.pris[agent.pk].update(one.demi_journee for one in halves)
        if self._comes(session):
            self.a_venir[session.formation_id].add(agent.pk)

    def _comes(self, session: SessionFormation) -> bool:
        return session.date_fin is not None and session.date_fin >= self.monde.date

    def who_books(self, place: Collectivite) -> Agent:
        return self.gestionnaires.get(place.pk, self.responsable)


@dataclass
class Annales:
    """The history with its own dates, told already: `veille` announces nothing of it."""

    lignes: list[Mouvement] = field(default_factory=list)

    def note(self, moment: datetime, ligne: Mouvement) -> None:
        ligne.created_at = ligne.annonce_le = moment
        self.lignes.append(ligne)

    def write(self) -> None:
        Mouvement.objects.bulk_create(sorted(self.lignes, key=lambda one: one.created_at), batch_size=500)


@dataclass
class Salle:
    """What the makers of sessions share."""

    monde: "Monde"
    gens: Gens
    pages: dict[str, "FormationPage"]
    annales: Annales
    publics: dict[str, list[int]] = field(default_factory=dict)
    sessions: list[SessionFormation] = field(default_factory=list)
