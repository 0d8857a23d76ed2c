"""Any acts, the clock moving: the code and the plain model (`modele`) place the same people in the same order."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

import pytest
from django.db import transaction
from django.test import TestCase
from django.utils import timezone
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from collectivites.models import Agent
from formations.enums import StatutInscription, Visa
from formations.models import Inscription
from formations.places import dates, echeances, offres, remplacement, reserver, retraits, sessions, visas
from formations.places.verification import check
from formations.refus import InscriptionRefusee
from tests.collectivites.factories import CollectiviteFactory
from tests.formations.factories import day, make_formation, make_session, worker
from tests.formations.modele import MATIN, Horloge, Modele, Place, Stage

pytestmark = [pytest.mark.django_db, pytest.mark.lent]
S = StatutInscription
JOURS = [date(2026, 12, 14), date(2026, 12, 15), date(2026, 12, 16)]


@pytest.fixture(autouse=True)
def horloge(monkeypatch: pytest.MonkeyPatch) -> Horloge:
    clock = Horloge()
    monkeypatch.setattr(timezone, "now", lambda: clock.instant)
    return clock


@dataclass(frozen=True)
class Pas:
    """One act: on which session, which seat, by whom, how many."""

    acte: str
    stage: int
    place: int
    qui: int
    nombre: int
    oui: bool


ACTES = ("ask", "group", "withdraw", "withdraw", "withdraw", "visa", "take", "replace", "count", "limit", "move")
ACTES += ("pass_time", "expire")


@dataclass
class Monde:
    modele: Modele
    people: list[Agent]

    def play(self, pas: Pas) -> None:
        """The act by the code and by the model: done by both, or refused by both."""
        with TestCase.captureOnCommitCallbacks(execute=True):
            try:
                with transaction.atomic():
                    done = self.real(pas)
            except InscriptionRefusee:
                done = False
        assert done == self.told(pas), pas
        self.modele.wake()
        rows = Inscription.objects.order_by("pk").values_list("session", "agent", "collectivite", "statut", "rang")
        due = [(p.session.pk, p.agent, p.commune, p.statut, p.rang) for p in self.modele.places]
        assert list(rows) == due, pas

    def seat(self, pas: Pas) -> int | None:
        number = len(self.modele.places)
        return pas.place % number if number else None

    def group(self, pas: Pas) -> list[Agent]:
        size = 1 if pas.acte == "ask" else 3
        return [self.people[(pas.qui + n) % len(self.people)] for n in range(size)]

    def real(self, pas: Pas) -> bool:
        stage, boss = self.modele.stages[pas.stage], self.people[-1]
        place = self.seat(pas)
        one = Inscription.objects.order_by("pk")[place] if place is not None else None
        match pas.acte:
            case "ask" | "group":
                visa = Visa.NON_REQUIS if pas.oui else Visa.ATTENDU
                asked = [reserver.Demande(a, a.postes_en_cours[0].collectivite, visa) for a in self.group(pas)]
                return bool(reserver.reserver(stage.pk, asked, None).inscriptions)
            case "count":
                sessions.modifier(stage.pk, None, capacite=pas.nombre)
            case "limit":
                sessions.modifier(stage.pk, None, quota_commune=pas.nombre if pas.oui else None)
            case "move":
                dates.fixer(stage.pk, day(JOURS[pas.nombre % len(JOURS)]), None)
            case "expire":
                echeances.expire_due()
            case "withdraw" if one:
                retraits.desister(one, boss, "Empêchement")
            case "visa" if one:
                (visas.accorder([one], boss) if pas.oui else visas.refuser([one], boss, "Non"))
            case "take" if one:
                offres.prendre(one, None)
            case "replace" if one:
                remplacement.remplacer(one, self.people[pas.qui], boss, Visa.ACCORDE)
        return True

    def told(self, pas: Pas) -> bool:
        model = self.modele
        stage, place = model.stages[pas.stage], self.seat(pas)
        one = model.places[place] if place is not None else None
        match pas.acte:
            case "ask" | "group":
                people = [(a.pk, a.postes_en_cours[0].collectivite_id) for a in self.group(pas)]
                return model.ask(stage, people, Visa.NON_REQUIS if pas.oui else Visa.ATTENDU)
            case "count":
                return model.count(stage, pas.nombre)
            case "limit":
                return model.limit(stage, pas.nombre if pas.oui else None)
            case "move":
                return model.move(stage, JOURS[pas.nombre % len(JOURS)])
            case "expire":
                return model.expire()
            case "pass_time":
                eve = model.start(model.stages[0]) - timedelta(hours=20)
                later = model.now + timedelta(hours=(3, 26, 96, 240)[pas.nombre % 4])
                model.horloge.instant = eve if pas.oui and model.now < eve else later
        return one is None or self.told_of(one, pas)

    def told_of(self, one: Place, pas: Pas) -> bool:
        match pas.acte:
            case "withdraw":
                return self.modele.withdraw(one)
            case "visa":
                return self.modele.visa(one, oui=pas.oui)
            case "take":
                return self.modele.take(one)
            case "replace":
                return self.modele.replace(one, self.people[pas.qui].pk)
        return True


def make_world(horloge: Horloge) -> Monde:
    """Three communes of three people; two sessions on one day, another the day after, one without date."""
    horloge.instant = MATIN
    leve = MATIN + timedelta(days=9)
    stages = [
        Stage(2, 1, leve, JOURS[0]),
        Stage(1, None, None, JOURS[0]),
        Stage(1, 1, None, JOURS[1]),
        Stage(2, 1, None, None),
    ]
    for n, stage in enumerate(stages):
        fields = {"capacite": stage.capacite, "quota_commune": stage.quota, "quota_leve_le": stage.leve}
        row = make_session(make_formation(f"Stage {n}"), on=stage.jour, datee=stage.jour is not None, **fields)
        stage.pk = row.pk
    communes = [CollectiviteFactory() for _ in range(3)]
    return Monde(Modele(horloge, stages), [worker(communes[n % 3]) for n in range(9)])


PAS = st.builds(
    Pas,
    acte=st.sampled_from(ACTES),
    stage=st.integers(0, 3),
    place=st.integers(0, 40),
    qui=st.integers(0, 8),
    nombre=st.integers(1, 4),
    oui=st.booleans(),
)


def _rush(seed: Random) -> list[Pas]:
    """All ask for the two sessions of one day, some for the others: ranks, quotas, people taken elsewhere."""
    asked = [(stage, qui) for stage in (0, 1) for qui in range(6)] + [
        (stage, qui) for stage in (2, 3) for qui in (0, 3)
    ]
    seed.shuffle(asked)
    return [Pas("ask", stage, 0, qui, 1, oui=seed.random() < 0.8) for stage, qui in asked]


def _asks(*asked: tuple[int, int]) -> list[Pas]:
    """Session, person."""
    return [Pas("ask", stage, 0, qui, 1, oui=True) for stage, qui in asked]


def _act(acte: str, place: int) -> Pas:
    return Pas(acte, 0, place, 0, 1, oui=True)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(seed=st.randoms(use_true_random=False), suite=st.lists(PAS, min_size=5, max_size=25))
@example(
    # Free of the other session, they pass where a seat was left for them.
    seed=None,
    suite=[*_asks((0, 1), (0, 2), (0, 0), (1, 0)), _act("withdraw", 0), _act("withdraw", 3)],
)
@example(
    # The day before, a seat is given by a call: a newcomer stands behind those who wait.
    seed=None,
    suite=[*_asks((1, 0), (1, 1)), _act("pass_time", 0), _act("withdraw", 0), *_asks((1, 2))],
)
@example(
    # Whoever waited for another commune takes the seat of the one that they replace.
    seed=None,
    suite=[*_asks((1, 0), (1, 1)), Pas("replace", 1, 0, 1, 1, oui=True)],
)
def test_the_same_people_are_placed_in_the_same_order(horloge: Horloge, seed: Random | None, suite: list[Pas]) -> None:
    with transaction.atomic():
        monde = make_world(horloge)
        for pas in [*(_rush(seed) if seed else []), *suite]:
            monde.play(pas)
        monde.play(Pas("expire", 0, 0, 0, 1, oui=True))
        assert check().ecarts == []
        transaction.set_rollback(True)
