"""Any sequence of acts on loans, by both sides, old tabs included, while time goes by: each is done or refused in a
sentence, and the ledger stays true after each.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from collectivites.models import Agent, Collectivite
from extranet.lib.demi_journees import DemiJournee
from materiel.constats.cloture import close
from materiel.constats.passation import hand_over, take_back
from materiel.enums import Cote, Nature, StatutMateriel
from materiel.models import Materiel, Pret
from materiel.parc.edition import change_statut, transfer
from materiel.passages import stamp
from materiel.prets import attente, demandes, expirations, gardes, modifications, reponses, retards
from materiel.refus import PretRefuse
from materiel.registre import extend, now_index, purge
from materiel.registre.verification import differences
from tests.materiel.contrats import seen, set_rules
from tests.materiel.factories import make_materiel
from tests.materiel.prets import commune, keeper

pytestmark = pytest.mark.django_db

# A Tuesday, at ten: the same half-days at every run.
MATIN = datetime(2026, 11, 24, 10, tzinfo=ZoneInfo("Europe/Paris"))
LOIN = 12


class Horloge:
    instant = MATIN


@pytest.fixture(autouse=True)
def horloge(monkeypatch) -> Horloge:
    clock = Horloge()
    monkeypatch.setattr(timezone, "now", lambda: clock.instant)
    return clock


@dataclass(frozen=True)
class Pas:
    """One act: on which loan or thing, when, how many, and from which tab it is sent."""

    acte: str
    rang: int
    debut: int
    duree: int
    nombre: int
    oui: bool
    tard: bool


@dataclass
class Monde:
    """Two communes borrow what the third has: a lot lent directly, another that rests a day, a single thing."""

    horloge: Horloge
    preteur: Collectivite
    emprunteurs: list[Collectivite]
    things: list[int]
    agents: dict[int, Agent]
    onglets: dict[int, tuple[str, int | None]] = field(default_factory=dict)

    def act(self, pas: Pas) -> None:
        if pas.acte in {"ask", "keep", "withdraw", "transfer", "wait"}:
            getattr(self, pas.acte)(pas)
            return
        prets = list(Pret.objects.order_by("pk"))
        if prets:
            getattr(self, pas.acte)(pas, prets[pas.rang % len(prets)])

    def days(self, pas: Pas) -> dict[str, DemiJournee]:
        first = now_index() + pas.debut
        return {"debut": DemiJournee.at(first), "fin": DemiJournee.at(first + pas.duree)}

    def thing(self, pas: Pas) -> Materiel:
        found = Materiel.objects.select_related("page", "collectivite")
        return found.get(pk=self.things[pas.rang % len(self.things)])

    def tab(self, pas: Pas, pret: Pret) -> tuple[str, int | None]:
        """What was on the screen: now, or when this loan was first opened."""
        waiting = reponses.pending(pret)
        shown = stamp(pret), waiting and waiting.pk
        return self.onglets.setdefault(pret.pk, shown) if pas.tard else shown

    def owner(self, pret: Pret) -> Agent:
        return self.agents[pret.preteur_id]

    def borrower(self, pret: Pret) -> Agent:
        return self.agents[pret.emprunteur_id]

    def ask(self, pas: Pas) -> None:
        place = self.emprunteurs[pas.rang % 2]
        words = {"usage": "Fête", "reglement": True, "attente": pas.oui, "quantite": pas.nombre}
        pret = demandes.ask(self.thing(pas), self.agents[place.pk], place, **self.days(pas), **words)
        self.onglets[pret.pk] = stamp(pret), None

    def keep(self, pas: Pas) -> None:
        gardes.keep(self.thing(pas), self.agents[self.preteur.pk], Nature.USAGE, **self.days(pas), quantite=pas.nombre)

    def withdraw(self, pas: Pas) -> None:
        statut = StatutMateriel.RETIRE if pas.oui else StatutMateriel.EN_SERVICE
        change_statut(self.thing(pas), statut, self.agents[self.preteur.pk], "")

    def transfer(self, pas: Pas) -> None:
        transfer(self.thing(pas), self.emprunteurs[pas.oui], self.agents[self.preteur.pk], "Cédé")

    def wait(self, pas: Pas) -> None:
        """Half-days go by; at the end of them what is done each hour and each night is done."""
        self.horloge.instant += timedelta(hours=12 * pas.duree)
        purge()
        extend()
        expirations.expire_due()
        retards.watch()
        attente.sweep()

    def accept(self, pas: Pas, pret: Pret) -> None:
        reponses.accept(pret, self.owner(pret), pas.nombre if pas.oui else None, vu=self.tab(pas, pret)[0])

    def refuse(self, pas: Pas, pret: Pret) -> None:
        reponses.refuse(pret, self.owner(pret), "En panne", vu=self.tab(pas, pret)[0])

    def put_on_hold(self, pas: Pas, pret: Pret) -> None:
        reponses.put_on_hold(pret, self.owner(pret), vu=self.tab(pas, pret)[0])

    def propose(self, pas: Pas, pret: Pret) -> None:
        other = Materiel.objects.get(pk=self.things[pas.debut % len(self.things)]) if pas.oui else None
        words = {"quantite": pas.nombre, "materiel": other, "vu": self.tab(pas, pret)[0]}
        reponses.propose(pret, self.owner(pret), **self.days(pas), **words)

    def answer(self, pas: Pas, pret: Pret) -> None:
        found = reponses.pending(pret)
        by = self.owner(pret) if found and found.cote == Cote.EMPRUNTEUR else self.borrower(pret)
        reponses.answer_proposal(pret, by, pas.oui, lue=self.tab(pas, pret)[1])

    def counter(self, pas: Pas, pret: Pret) -> None:
        words = {"quantite": pas.nombre, "vu": self.tab(pas, pret)[0]}
        modifications.counter(pret, self.borrower(pret), **self.days(pas), **words)

    def change(self, pas: Pas, pret: Pret) -> None:
        """By the owner when it is long, so that both sides do."""
        cote = Cote.PRETEUR if pas.duree > 6 else Cote.EMPRUNTEUR
        agent = self.owner(pret) if cote == Cote.PRETEUR else self.borrower(pret)
        days = self.days(pas) | ({"debut": pret.debut} if pas.oui else {})
        modifications.ask_change(pret, agent, cote, **days, quantite=pas.nombre, vu=self.tab(pas, pret)[0])

    def cancel(self, pas: Pas, pret: Pret) -> None:
        modifications.cancel(pret, self.borrower(pret), "Reporté", vu=self.tab(pas, pret)[0])

    def no_show(self, pas: Pas, pret: Pret) -> None:
        modifications.no_show(pret, self.owner(pret), vu=self.tab(pas, pret)[0])

    def hand_over(self, pas: Pas, pret: Pret) -> None:
        hand_over(pret, self.owner(pret), seen(pas.nombre if pas.tard else pret.quantite))

    def take_back(self, pas: Pas, pret: Pret) -> None:
        lost = 1 if pas.oui and pas.tard else 0
        take_back(pret, self.owner(pret), seen(pas.nombre if pas.oui else pret.reste - lost, perdue=lost))

    def close(self, _: Pas, pret: Pret) -> None:
        close(pret, self.owner(pret))


ANSWERS = ["accept", "accept", "refuse", "put_on_hold", "propose", "propose", "answer", "answer", "counter", "change"]
AFTER = [
    "change",
    "change",
    "cancel",
    "no_show",
    "hand_over",
    "hand_over",
    "hand_over",
    "take_back",
    "take_back",
    "close",
]
ACTES = ["ask", "ask", "ask", "keep", "withdraw", "transfer", "wait", "wait", *ANSWERS, *AFTER]
PAS = st.builds(
    Pas,
    acte=st.sampled_from(ACTES),
    rang=st.integers(0, 5),
    debut=st.integers(-2, LOIN),
    duree=st.integers(0, LOIN),
    nombre=st.integers(0, 6),
    oui=st.booleans(),
    tard=st.booleans(),
)


def p(acte: str, debut: int = 0, duree: int = 3, nombre: int = 1, *, rang: int = 0, oui=False, tard=False) -> Pas:
    return Pas(acte, rang, debut, duree, nombre, oui, tard)


OUT = [p("ask", 0, 5, 3), p("hand_over")]
PART_BACK_THEN_SHORTER_THEN_LONGER = [
    *OUT,
    p("take_back", nombre=2, oui=True),
    p("change", 0, 0, oui=True),
    p("change", 0, 6, oui=True),
    p("answer", oui=True),
]
PART_BACK_LATE_THEN_LONGER = [
    *OUT,
    p("wait", duree=9),
    p("take_back", nombre=2, oui=True),
    p("change", 2, 2, oui=True),
    p("answer", oui=True),
    p("wait", duree=9),
]
PROPOSED_THEN_BACK_THEN_AGREED = [*OUT, p("change", 5, 6, oui=True), p("take_back"), p("answer", oui=True)]
RESTS_A_DAY = [
    p("ask", 0, 5, 3, rang=1),
    p("accept"),
    p("hand_over"),
    p("take_back", nombre=2, oui=True),
    p("wait", duree=1),
    p("wait", duree=7),
    p("take_back"),
]


@pytest.fixture
def monde(horloge) -> Monde:
    set_rules(convention_exigee=False, assurance_exigee=False)
    places = [commune("Tavaux"), commune("Foucherans"), commune("Gevry")]
    owner = {"collectivite": places[0], "duree_max_jours": 6}
    things = [
        make_materiel("Barrières", stock=6, accord_direct=3, **owner),
        make_materiel("Tentes", stock=5, tampon_apres=1, **owner),
        make_materiel("Nacelle", tampon_avant=1, tampon_apres=2, **owner),
    ]
    agents = {place.pk: keeper(place) for place in places}
    return Monde(horloge, places[0], places[1:], [one.pk for one in things], agents)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(etapes=st.lists(PAS, min_size=4, max_size=14))
@example(etapes=PART_BACK_THEN_SHORTER_THEN_LONGER)
@example(etapes=PART_BACK_LATE_THEN_LONGER)
@example(etapes=PROPOSED_THEN_BACK_THEN_AGREED)
@example(etapes=RESTS_A_DAY)
def test_any_sequence_of_acts_is_done_or_refused_and_leaves_a_true_ledger(monde, etapes):
    with transaction.atomic():
        monde.horloge.instant = MATIN
        monde.onglets.clear()
        for pas in etapes:
            try:
                with transaction.atomic():
                    monde.act(pas)
            except PretRefuse:
                pass
            assert differences() == [], pas
        call_command("verifier_registre")
        transaction.set_rollback(True)
