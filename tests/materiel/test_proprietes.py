"""Any sequence of acts leaves a ledger that an independent sweep tells the same, and never promises what is not there.

The sweep is `verification`; beside it each thing is counted again in the plainest way, half-day by half-day.
"""

from copy import copy
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from extranet.lib.demi_journees import DemiJournee
from materiel.enums import Mode, Nature, TypePapier
from materiel.models import Engagement, Materiel, Occupation, Papier
from materiel.refus import PlusAssez, PlusRetenu, PretRefuse
from materiel.registre import (
    change,
    change_stock,
    close_expired,
    extend,
    free,
    mark_late,
    now_index,
    purge,
    reduce,
    release,
    take,
)
from materiel.registre.disponibilite import availability, only_free
from materiel.registre.regles import blocked, obstacles
from materiel.registre.verification import expected, open_papers, written
from tests.materiel.factories import PretFactory, make_materiel

pytestmark = pytest.mark.django_db

# A Tuesday, at ten: the same half-days at every run.
MAINTENANT = datetime(2026, 11, 24, 10, tzinfo=ZoneInfo("Europe/Paris"))
SPREAD = 16
NATURES = [Nature.PRET, Nature.PRET, Nature.USAGE, Nature.ENTRETIEN]


@pytest.fixture(autouse=True)
def _now(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: MAINTENANT)


def refusal_of(act, *args, **kwargs) -> PretRefuse | None:
    try:
        act(*args, **kwargs)
    except PretRefuse as refusal:
        return refusal
    return None


@dataclass
class World:
    """Two lots and a single thing, what is held of them, and the acts that may be done."""

    things: list[Materiel]
    pret: object
    held: list[Engagement] = field(default_factory=list)

    @property
    def now(self) -> int:
        return now_index()

    def take(self, thing, start, length, quantite, nature):
        one = Engagement(materiel=self.things[thing], nature=NATURES[nature], quantite=quantite)
        one.debut, one.fin = self.now + start, self.now + start + length
        one.pret = self.loan() if one.nature == Nature.PRET else None
        before = self.free(one.materiel, one.debut, one.fin)
        try:
            self.held.append(copy(take(one)))
        except PlusAssez:
            assert before < quantite or one.nature == Nature.PRET
        else:
            assert before >= quantite or one.fin < self.now

    def loan(self):
        """One for each: a loan is granted once."""
        first = self.pret
        return PretFactory(
            materiel=first.materiel, preteur=first.preteur, emprunteur=first.emprunteur, demandeur=first.demandeur
        )

    def free(self, materiel, debut, fin):
        """What the plainest count leaves, closings out of it: what the owner may take."""
        held = list(Engagement.objects.filter(tenu=True, materiel=materiel).exclude(nature=Nature.PAPIER))
        units = [
            sum(one.quantite for one in held if one.debut <= creneau <= one.fin)
            for creneau in range(max(debut, self.now), fin + 1)
        ]
        stock = Materiel.objects.get(pk=materiel.pk).stock
        return stock - max(units, default=0)

    def one(self, rank):
        """As an old tab has it: as it was when it was taken."""
        return copy(self.held[rank % len(self.held)]) if self.held else None

    def change(self, thing, start, length, quantite, rank, other):
        one = self.one(rank)
        if one is None:
            return
        target = self.things[thing] if other else None
        before = Engagement.objects.get(pk=one.pk)
        if before.pret and before.pret.engagements.held().exclude(pk=before.pk).exists():
            return  # given back in part, it is only prolonged or shortened
        start, last = self.now + start, self.now + start + length
        refused = refusal_of(change, one, debut=start, fin=last, quantite=quantite, materiel=target)
        assert (type(refused) is PlusRetenu) != before.tenu
        if refused:
            one.refresh_from_db()
            assert (one.debut, one.fin, one.quantite) == (before.debut, before.fin, before.quantite)

    def reduce(self, thing, start, length, quantite, rank, other):
        one = self.one(rank)
        if one is not None:
            rest = reduce(one, quantite - 1, self.now + start if other else None)
            if rest is not None and rest.pk != one.pk:
                self.held.append(copy(rest))
            elif rest is not None and rest.fin < self.now:
                assert rest.retard_quantite <= quantite - 1

    def release(self, thing, start, length, quantite, rank, other):
        one = self.one(rank)
        if one is not None:
            release(one if other else Engagement.objects.get(pk=one.pk))

    def late(self, thing, start, length, quantite, rank, other):
        one = self.one(rank)
        if one is not None:
            mark_late(one, quantite - 1, self.now, self.now + length)

    def stock(self, thing, start, length, quantite, rank, other):
        materiel = Materiel.objects.get(pk=self.things[thing].pk)
        if materiel.mode == Mode.UNIQUE:
            quantite = min(quantite - 1, 1)
        most = materiel.stock - self.free(materiel, self.now, self.now + 4 * SPREAD)
        refused = refusal_of(change_stock, materiel, quantite)
        assert bool(refused) == (most > quantite)
        if refused:
            assert refused.pris > quantite
        else:
            assert materiel.stock == quantite

    def paper(self, thing, start, length, quantite, rank, other):
        """A paper is filed, renewed, or forgotten; its ledger follows in the same transaction."""
        materiel = self.things[thing]
        old = Papier.objects.blocking().filter(materiel=materiel)
        with transaction.atomic():
            if other:
                old.update(valable_jusqu_au=None)
            else:
                day = timezone.localdate() + timedelta(days=start)
                Papier.objects.create(materiel=materiel, type=TypePapier.VGP, valable_jusqu_au=day, bloquant=True)
            close_expired(materiel)

    def night(self, *_):
        purge()
        extend()

    def check(self):
        rows = written(self.now)
        for pk, due in expected(self.now):
            assert rows.get(pk, {}) == due
            assert all(0 <= pris <= stock for pris, _, stock in due.values())
        assert not Occupation.objects.filter(pris=0, retard=0).exists()
        assert not Occupation.objects.filter(creneau__lt=self.now).exists()
        assert not list(open_papers())
        here, there = self.now, self.now + SPREAD
        least = free([one.pk for one in self.things], here, there)
        held = list(Engagement.objects.filter(tenu=True))
        for materiel in Materiel.objects.filter(pk__in=[one.pk for one in self.things]):
            own = [one for one in held if one.materiel_id == materiel.pk]
            plain = min(materiel.stock - used(own, creneau) for creneau in range(here, there + 1))
            assert least.get(materiel.pk, materiel.stock) == max(0, plain)


def used(held, creneau):
    """Taken and feared on this half-day."""
    units = sum(one.quantite for one in held if one.debut <= creneau <= one.fin)
    return units + sum(
        one.retard_quantite for one in held if one.retard_quantite and one.retard_debut <= creneau <= one.retard_fin
    )


ACTS = ["take", "take", "take", "change", "change", "reduce", "release", "release", "late", "stock", "paper", "night"]
STEPS = st.lists(
    st.tuples(
        st.sampled_from(ACTS),
        st.integers(0, 2),
        st.integers(-4, SPREAD),
        st.integers(0, 8),
        st.integers(1, 12),
        st.integers(0, 3),
        st.integers(0, 5),
        st.booleans(),
    ),
    min_size=5,
    max_size=20,
)


def world() -> World:
    things = [
        make_materiel("Barrières", stock=10),
        make_materiel("Tentes", stock=6, tampon_avant=1, tampon_apres=1),
        make_materiel("Nacelle", tampon_apres=2),
    ]
    return World(things, PretFactory(materiel=things[0]))


# Act, thing, first half-day from now, length, quantity, nature, which engagement, which way.
GIVEN_BACK_THEN_MOVED = [
    ("take", 0, 4, 3, 5, 2, 0, False),
    ("release", 0, 0, 0, 1, 0, 0, True),
    ("take", 0, 4, 3, 5, 2, 0, False),
    ("change", 0, 6, 3, 4, 0, 0, False),
]
LATE_THEN_BACK_IN_TWO_TIMES = [
    ("take", 0, -4, 3, 6, 0, 0, False),
    ("late", 0, 0, 6, 7, 0, 0, False),
    ("reduce", 0, 0, 0, 3, 0, 0, False),
    ("stock", 0, 0, 0, 8, 0, 0, False),
    ("reduce", 0, 0, 0, 1, 0, 0, False),
]
MOVED_THEN_GIVEN_BACK = [
    ("take", 1, 0, 3, 5, 2, 0, False),
    ("change", 0, 2, 5, 4, 0, 0, True),
    ("paper", 1, 1, 0, 1, 0, 0, False),
    ("reduce", 0, 3, 0, 3, 0, 0, True),
    ("release", 0, 0, 0, 1, 0, 0, True),
]


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
@example(steps=GIVEN_BACK_THEN_MOVED)
@example(steps=LATE_THEN_BACK_IN_TWO_TIMES)
@example(steps=MOVED_THEN_GIVEN_BACK)
def test_any_sequence_of_acts_leaves_a_true_ledger(steps):
    with transaction.atomic():
        here = world()
        for act, thing, start, length, quantite, nature, rank, other in steps:
            if act == "take":
                here.take(thing, start, length, quantite, nature)
            else:
                getattr(here, act)(thing, start, length, quantite, rank, other)
            here.check()
        for one in Engagement.objects.exclude(nature=Nature.PAPIER):
            release(one)
        Papier.objects.update(bloquant=False)
        for thing in here.things:
            close_expired(thing)
        assert not Occupation.objects.filter(creneau__gte=here.now).exists()
        transaction.set_rollback(True)


CONDITIONS = st.tuples(
    st.integers(0, 3), st.integers(1, 6), st.integers(0, 2), st.integers(0, 2), st.integers(20, 100), st.integers(0, 12)
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    conditions=CONDITIONS,
    takes=st.lists(st.tuples(st.integers(-4, 20), st.integers(0, 6), st.integers(1, 6)), max_size=5),
    paper=st.one_of(st.none(), st.integers(-2, 12)),
    asked=st.tuples(st.integers(-1, 20), st.integers(-1, 8), st.integers(1, 6)),
)
@example(conditions=(0, 6, 0, 2, 100, 6), takes=[], paper=4, asked=(6, 3, 1))  # ends on the last day of the paper
@example(conditions=(0, 6, 0, 2, 100, 6), takes=[], paper=4, asked=(8, 3, 1))  # a day after
@example(conditions=(0, 6, 2, 0, 100, 1), takes=[(6, 1, 1)], paper=None, asked=(10, 1, 1))  # in what is kept before
def test_the_list_the_sheet_and_the_acceptance_say_the_same(conditions, takes, paper, asked):
    """What the list shows as free is what the sheet says free, and what the ledger accepts."""
    with transaction.atomic():
        preavis, longest, avant, apres, part, stock = conditions
        fields = {"preavis_jours": preavis, "duree_max_jours": longest, "tampon_avant": avant, "tampon_apres": apres}
        thing = make_materiel("Tentes", stock=stock, part_max=part, mode=Mode.LOT, **fields)
        if paper is not None:
            day = timezone.localdate() + timedelta(days=paper)
            Papier.objects.create(materiel=thing, type=TypePapier.VGP, valable_jusqu_au=day, bloquant=True)
            close_expired(thing)
        for start, length, quantite in takes:
            one = Engagement(materiel=thing, nature=Nature.USAGE, quantite=quantite, debut=now_index() + start)
            one.fin = one.debut + length
            try:
                take(one)
            except PlusAssez:
                continue
        start, length, quantite = asked
        debut, fin = DemiJournee.at(now_index() + start), DemiJournee.at(now_index() + start + length)
        listed = only_free(Materiel.objects.all(), debut, fin, quantite).filter(pk=thing.pk).exists()
        sheet = availability([thing], debut, fin, quantite)[thing.pk]
        assert listed == sheet.suffit(quantite) == granted(thing, debut, fin, quantite)
        transaction.set_rollback(True)


def granted(thing, debut, fin, quantite) -> bool:
    if obstacles(thing, debut, fin, quantite):
        return False
    first, last = blocked(thing, debut, fin)
    loan = Engagement(materiel=thing, nature=Nature.PRET, pret=PretFactory(materiel=thing), quantite=quantite)
    loan.debut, loan.fin = first, last
    try:
        take(loan)
    except PretRefuse:
        return False
    return True
