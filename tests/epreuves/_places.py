"""What a process of `epreuve formations` does: any act on seats, at random, and what it was answered.

Six sessions on three days, two a day, so that each pair competes for the same people; the third pair is near, and its
seats are offered. Needs Django to be set up.
"""

import random
import sys
from collections import Counter

from django.db import OperationalError
from django.db.models import Count, F
from django.utils import timezone

from collectivites.models import Agent
from extranet.lib.jours_ouvres import working_day_after
from formations.enums import ACTIVES, ATTENDUES, PLACEES, StatutInscription, Visa
from formations.models import DemiJourneePrise, Inscription, Mouvement, SessionCommune, SessionFormation
from formations.places import offres, remplacement, reserver, retraits, sessions, visas
from formations.places.verification import INVARIANTS, check
from formations.refus import InscriptionRefusee
from tests.collectivites.factories import CollectiviteFactory
from tests.formations.factories import make_formation, make_session, worker

GRAINE = 20261123
CAPACITE, QUOTA, COMMUNES = 12, 4, 8
ACTES = ("book", "book", "book", "group", "cancel", "cancel", "replace", "visa", "offer", "count_anew")
WORDS = ("repondus", "places", "rangs", "refuses", "retraits", "remplaces", "visas", "offres", "capacites")


def prepare(people: int) -> None:
    """Sessions far enough to place at once, two of them near; as many people in each commune."""
    today = timezone.localdate()
    days = [working_day_after(today, 30), working_day_after(today, 31), working_day_after(today, 4)]
    for n, day in enumerate(days):
        for half in range(2):
            fiche = make_formation(f"Épreuve {n}-{half}")
            make_session(fiche, on=day, capacite=CAPACITE, quota_commune=QUOTA)
    communes = [CollectiviteFactory() for _ in range(COMMUNES)]
    for n in range(people):
        worker(communes[n % COMMUNES])


_SESSIONS = SessionFormation.objects.filter(formation__title__startswith="Épreuve")


class Attempts:
    """A share of the attempts. `told` is every state that somebody was shown, by key of the inscription."""

    def __init__(self, rank: int) -> None:
        self.dice = random.Random(GRAINE + rank)
        self.count: Counter[str] = Counter()
        self.told: list[tuple[int, str]] = []
        self.people = list(
            Agent.objects.filter(postes__isnull=False)
            .exclude(postes__collectivite__nom="Foule")
            .order_by("pk")
            .values_list("pk", flat=True)
        )
        self.sessions = list(_SESSIONS.order_by("pk").values_list("pk", flat=True))

    def play(self, number: int) -> None:
        for _ in range(number):
            act = getattr(self, self.dice.choice(ACTES))
            while not self.answered(act):
                self.count["occupes"] += 1

    def answered(self, act: object) -> bool:
        """False when three tries were not enough: the person is told to ask again, which they do."""
        try:
            act()
        except InscriptionRefusee:
            self.count["refuses"] += 1
        except OperationalError as error:
            sys.stderr.write(f"{error}\n")
            return False
        except Exception as error:  # noqa: BLE001 - whatever it is, it is counted, and shown
            sys.stderr.write(f"{type(error).__name__} : {error}\n")
            self.count["erreurs"] += 1
            return True
        self.count["repondus"] += 1
        return True

    def tell(self, word: str, *seats: Inscription) -> None:
        self.count[word] += len(seats) or 1
        self.told += [(one.pk, one.statut) for one in seats]

    def someone(self) -> Agent:
        return Agent.objects.get(pk=self.dice.choice(self.people))

    def seat(self, *statuts: str) -> Inscription:
        """One at random, as a tab left open shows it: it may have moved since."""
        keys = list(Inscription.objects.filter(statut__in=statuts).values_list("pk", flat=True))
        if not keys:
            raise InscriptionRefusee("Rien à reprendre.")
        return Inscription.objects.select_related("agent", "collectivite").get(pk=self.dice.choice(keys))

    def book(self, size: int = 1) -> None:
        visa = self.dice.choice([Visa.NON_REQUIS, Visa.NON_REQUIS, Visa.ATTENDU])
        people = [self.someone() for _ in range(size)]
        asked = [reserver.Demande(one, one.postes_en_cours[0].collectivite, visa) for one in people]
        answer = reserver.reserver(self.dice.choice(self.sessions), asked, None)
        for one in answer.inscriptions:
            self.tell("rangs" if one.is_waiting else "places", one)
        self.count["refuses"] += len(answer.refus)

    def group(self) -> None:
        self.book(self.dice.randint(2, 4))

    def cancel(self) -> None:
        self.tell("retraits", retraits.desister(self.seat(*ATTENDUES, StatutInscription.ATTENTE), None, "Empêchement"))

    def replace(self) -> None:
        one = self.seat(*ATTENDUES)
        mine = Agent.objects.filter(postes__collectivite=one.collectivite).order_by("pk")
        colleague = self.dice.choice(list(mine))
        self.tell("remplaces", remplacement.remplacer(one, colleague, one.agent, Visa.ACCORDE))

    def visa(self) -> None:
        wanted = list(Inscription.objects.awaiting_visa().values_list("pk", flat=True))
        some = list(Inscription.objects.filter(pk__in=self.dice.sample(wanted, min(3, len(wanted)))))
        boss = self.someone()
        done = visas.accorder(some, boss) if self.dice.random() < 0.7 else visas.refuser(some, boss, "Effectif")
        self.tell("visas", *done)

    def offer(self) -> None:
        self.tell("offres", offres.prendre(self.seat(StatutInscription.OFFERTE), None))

    def count_anew(self) -> None:
        sessions.modifier(self.dice.choice(self.sessions), None, capacite=self.dice.randint(CAPACITE - 4, CAPACITE + 4))
        self.tell("capacites")


def faults(told: list[tuple[int, str]]) -> dict[str, int]:
    """Counted from the rows by straight queries, then by the recount of the command."""
    held = Inscription.objects.filter(statut__in=PLACEES)
    seats = Counter(held.values_list("session", flat=True))
    communes = Counter(held.values_list("session", "collectivite"))
    over = sum(max(0, seats[one.pk] - one.capacite) for one in SessionFormation.objects.all())
    quotas = SessionCommune.objects.exclude(quota=None).values_list("session", "collectivite", "quota")
    twice = Inscription.objects.filter(statut__in=ACTIVES).values("session", "agent").annotate(n=Count("pk"))
    days = held.annotate(demi=F("session__creneaux__demi_journee")).values("agent", "demi").annotate(n=Count("pk"))
    written = set(Mouvement.objects.exclude(inscription=None).values_list("inscription", "vers"))
    found = {
        "au_dela": over,
        "quotas": sum(max(0, communes[session, place] - quota) for session, place, quota in quotas),
        "deux_fois": twice.filter(n__gt=1).count(),
        "deux_endroits": days.filter(n__gt=1).count(),
        "perdues": sum(one not in written for one in told),
        "demi_journees": abs(DemiJourneePrise.objects.count() - sum(1 for _ in held.values("session__creneaux"))),
    }
    recount = Counter(one.invariant for one in check(reveil=1).ecarts)
    return found | {code: recount[code] for code in INVARIANTS}
