"""The waiting list in a plain model: lists and numbers only, neither queries, nor locks, nor triggers.

What it shares with the code is the calendar: working days, deadlines.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from extranet.lib.jours_ouvres import working_days_until
from formations.enums import ATTENDUES, OUVERTES, PLACEES, StatutInscription, Visa
from formations.models import SessionFormation
from formations.places import delais

S = StatutInscription
PARIS = ZoneInfo("Europe/Paris")
# A Tuesday, at ten; the sessions are three weeks later.
MATIN = datetime(2026, 11, 24, 10, tzinfo=PARIS)


class Horloge:
    instant = MATIN


@dataclass
class Place:
    """A seat or a rank, as the model tells it."""

    session: "Stage"
    agent: int
    commune: int
    visa: str
    statut: str = ""
    rang: int | None = None
    jusqua: datetime | None = None


@dataclass
class Stage:
    capacite: int
    quota: int | None
    leve: datetime | None
    jour: date | None
    pk: int = 0
    dernier: int = 0
    levee: bool = False


@dataclass
class Modele:
    """What must be. Each act returns False when it must be refused."""

    horloge: Horloge
    stages: list[Stage]
    places: list[Place] = field(default_factory=list)
    reveils: list[tuple[int, Stage]] = field(default_factory=list)

    @property
    def now(self) -> datetime:
        return self.horloge.instant

    def held(self, stage: Stage) -> list[Place]:
        return [one for one in self.places if one.session is stage and one.statut in PLACEES]

    def waiting(self, stage: Stage) -> list[Place]:
        return sorted((p for p in self.places if p.session is stage and p.statut == S.ATTENTE), key=lambda p: p.rang)

    def quota_full(self, stage: Stage, commune: int) -> bool:
        mine = sum(one.commune == commune for one in self.held(stage))
        return stage.quota is not None and not stage.levee and mine >= stage.quota

    def busy(self, agent: int, stage: Stage) -> bool:
        others = (s for s in self.stages if s is not stage and s.jour == stage.jour and s.jour is not None)
        return any(one.agent == agent for other in others for one in self.held(other))

    def passes(self, one: Place) -> bool:
        return not self.quota_full(one.session, one.commune) and not self.busy(one.agent, one.session)

    def start(self, stage: Stage) -> datetime:
        return datetime.combine(stage.jour, datetime.min.time(), PARIS).replace(hour=9)

    def promote(self, stage: Stage) -> None:
        if stage.leve and stage.leve <= self.now:
            stage.levee = True
        if stage.jour is None or self.start(stage) - self.now < timedelta(hours=24):
            return
        near = working_days_until(self.now.astimezone(PARIS).date(), stage.jour) <= 5
        for one in self.waiting(stage):
            if len(self.held(stage)) < stage.capacite and self.passes(one):
                self.give(one, offered=near)

    def give(self, one: Place, *, offered: bool) -> None:
        row = SessionFormation.objects.get(pk=one.session.pk)
        if offered:
            one.statut, one.jusqua = S.OFFERTE, delais.offer_deadline(row, self.now)
        elif one.visa == Visa.ATTENDU:
            one.statut, one.jusqua = S.TENUE, delais.visa_deadline(row, self.now)
        else:
            one.statut, one.jusqua = S.CONFIRMEE, None

    def ask(self, stage: Stage, people: list[tuple[int, int]], visa: str) -> bool:
        if stage.jour and self.start(stage) <= self.now:
            return False
        self.promote(stage)
        behind = len(self.held(stage)) < stage.capacite and any(self.passes(p) for p in self.waiting(stage))
        done = False
        for agent, commune in people:
            here = any(
                p.agent == agent and p.session is stage and p.statut in (*PLACEES, S.ATTENTE) for p in self.places
            )
            if here or self.busy(agent, stage):
                continue
            one, done = Place(stage, agent, commune, visa), True
            room = len(self.held(stage)) < stage.capacite and not self.quota_full(stage, commune)
            if stage.jour and room and not behind:
                self.give(one, offered=False)
            else:
                stage.dernier += 1
                one.statut, one.rang = S.ATTENTE, stage.dernier
            self.places.append(one)
        return done

    def leave(self, one: Place, statut: str) -> None:
        if one.statut in ATTENDUES:
            self.reveils.append((one.agent, one.session))
        one.statut = statut

    def withdraw(self, one: Place) -> bool:
        if one.statut not in OUVERTES:
            return False
        self.leave(one, S.DESISTEE)
        self.promote(one.session)
        return True

    def visa(self, one: Place, *, oui: bool) -> bool:
        if one.visa != Visa.ATTENDU or one.statut not in OUVERTES:
            return True
        if oui:
            one.visa = Visa.ACCORDE
            one.statut = S.CONFIRMEE if one.statut == S.TENUE else one.statut
        else:
            one.visa = Visa.REFUSE
            self.leave(one, S.REFUSEE)
            self.promote(one.session)
        return True

    def take(self, one: Place) -> bool:
        if one.statut != S.OFFERTE or one.jusqua < self.now:
            return False
        self.give(one, offered=False)
        return True

    def replace(self, one: Place, agent: int) -> bool:
        stage = one.session
        here = [p for p in self.places if p.session is stage and p.agent == agent and p.statut in (*PLACEES, S.ATTENTE)]
        if (
            one.statut not in (S.TENUE, S.CONFIRMEE)
            or self.busy(agent, stage)
            or any(p.statut in PLACEES for p in here)
        ):
            return False
        new = here[0] if here else Place(stage, agent, one.commune, "")
        new.commune, new.visa, new.statut = one.commune, Visa.ACCORDE, S.CONFIRMEE
        one.statut = S.REMPLACEE
        self.reveils.append((one.agent, stage))
        if not here:
            self.places.append(new)
        return True

    def count(self, stage: Stage, seats: int) -> bool:
        if seats < len(self.held(stage)):
            return False
        stage.capacite = seats
        self.promote(stage)
        return True

    def limit(self, stage: Stage, quota: int | None) -> bool:
        held = self.held(stage)
        most = max((sum(o.commune == p.commune for o in held) for p in held), default=0)
        due = stage.leve is not None and stage.leve <= self.now
        if quota is not None and not due and most > quota:
            return False
        stage.quota, stage.levee = quota, due
        self.promote(stage)
        return True

    def move(self, stage: Stage, jour: date) -> bool:
        if jour < self.now.astimezone(PARIS).date():
            return False
        before, stage.jour = stage.jour, jour
        if any(self.busy(one.agent, stage) for one in self.held(stage)):
            stage.jour = before
            return False
        self.reveils += [(one.agent, stage) for one in self.held(stage)]
        self.promote(stage)
        return True

    def expire(self) -> bool:
        for stage in self.stages:
            begun = stage.jour is not None and self.start(stage) <= self.now
            for one in [p for p in self.places if p.session is stage]:
                late = one.statut in (S.TENUE, S.OFFERTE) and one.jusqua < self.now
                if late or (begun and one.statut == S.ATTENTE):
                    self.leave(one, S.EXPIREE)
            self.promote(stage)
        return True

    def wake(self) -> None:
        """Once the act is written: where those who are free again wait."""
        for agent, sauf in self.reveils:
            for stage in self.stages:
                if stage is not sauf and any(p.agent == agent for p in self.waiting(stage)):
                    self.promote(stage)
        self.reveils = []
