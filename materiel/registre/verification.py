"""The ledger told again from the engagements, by other means than those that write it: what differs is a fault.

The sweep adds and removes at the ends of each engagement and sums as it goes; nothing of `registre` serves here but the
rules that say which half-day it is, where a paper begins to close and how long a thing is kept after a return.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import chain

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from extranet.lib.demi_journees import DemiJournee, Moment
from materiel.enums import EN_ATTENTE, RENDUS, TENUS, Nature, TypeConstat
from materiel.models import Engagement, Materiel, Occupation, Papier, Pret
from materiel.registre.ecritures import RESERVABLE, half_day_of, lock, now_index
from materiel.registre.fermetures import first_closed
from materiel.registre.regles import span

# The acts of each hour and each night have had time to pass.
DELAI = timedelta(hours=3)
Lignes = dict[int, tuple[int, int, int]]


@dataclass(frozen=True)
class Ecart:
    """A difference, in words: of which thing, and since which half-day."""

    materiel: int
    phrase: str
    creneau: int = 0

    def __str__(self) -> str:
        when = f"{DemiJournee.at(self.creneau)} : " if self.creneau else ""
        return f"Matériel {self.materiel} : {when}{self.phrase}"


class Promis(Exception):
    """More is held than there is: no ledger can be written from it."""

    def __init__(self, ecart: Ecart) -> None:
        self.ecart = ecart
        super().__init__(str(ecart))


def differences() -> list[Ecart]:
    """All the faults, in the order of the things. Empty: the ledger says what is held, and what is held is due."""
    now = now_index()
    found = chain(_ledger(now), _held_for_nothing(now), _not_held(now), _late(now), open_papers())
    return sorted(found, key=lambda one: (one.materiel, one.creneau, one.phrase))


def expected(now: int, materiel: int | None = None) -> Iterator[tuple[int, Lignes]]:
    """What the future of each thing must be, half-day by half-day: taken, feared, stock."""
    held = Engagement.objects.filter(Q(fin__gte=now) | Q(retard_fin__gte=now), tenu=True)
    things = Materiel.objects.all()
    if materiel is not None:
        held, things = held.filter(materiel=materiel), things.filter(pk=materiel)
    stocks = dict(things.order_by().values_list("pk", "stock"))
    fields = ("materiel", "debut", "fin", "quantite", "retard_debut", "retard_fin", "retard_quantite")
    moves: dict[int, dict[int, list[int]]] = defaultdict(lambda: defaultdict(lambda: [0, 0]))
    for pk, debut, fin, quantite, late_from, late_to, late in held.order_by().values_list(*fields).iterator():
        for column, first, last, units in ((0, debut, fin, quantite), (1, late_from, late_to, late)):
            if units and last >= now:
                moves[pk][max(first, now)][column] += units
                moves[pk][last + 1][column] -= units
    for pk, stock in stocks.items():
        yield pk, _sweep(moves.get(pk, {}), stock)


def _sweep(moves: dict[int, list[int]], stock: int) -> Lignes:
    rows, pris, retard = {}, 0, 0
    ends = sorted(moves)
    for here, after in zip(ends, ends[1:], strict=False):
        pris, retard = pris + moves[here][0], retard + moves[here][1]
        if pris or retard:
            rows |= dict.fromkeys(range(here, after), (pris, retard, stock))
    return rows


def written(now: int, materiel: int | None = None) -> dict[int, Lignes]:
    rows = Occupation.objects.filter(creneau__gte=now)
    if materiel is not None:
        rows = rows.filter(materiel=materiel)
    found: dict[int, Lignes] = defaultdict(dict)
    for pk, creneau, *rest in rows.order_by().values_list("materiel", "creneau", "pris", "retard", "stock").iterator():
        found[pk][creneau] = tuple(rest)
    return found


def _ledger(now: int) -> Iterator[Ecart]:
    """The first half-day of each thing that does not say what its engagements do.

    Somebody may have written between the two readings: what differs is read again under the lock of its thing.
    """
    rows = written(now)
    for pk in [pk for pk, due in expected(now) if any(_first_wrong(pk, due, rows.get(pk, {})))]:
        with transaction.atomic():
            lock(pk)
            ((_, due),) = expected(now, pk)
            yield from list(_first_wrong(pk, due, written(now, pk).get(pk, {})))


def _first_wrong(pk: int, due: Lignes, rows: Lignes) -> Iterator[Ecart]:
    wrong = [creneau for creneau in due.keys() | rows.keys() if due.get(creneau) != rows.get(creneau)]
    if wrong:
        first = min(wrong)
        yield Ecart(
            pk,
            f"{len(wrong)} demi-journée(s) fausse(s), la première dit {_said(rows.get(first))} "
            f"et devrait dire {_said(due.get(first))}.",
            first,
        )
    over = [creneau for creneau, (pris, _, stock) in due.items() if pris > stock]
    if over:
        yield over_promised(pk, min(over), due[min(over)])


def over_promised(pk: int, creneau: int, row: tuple[int, int, int]) -> Ecart:
    return Ecart(pk, f"{row[0]} sont promis et il n’y en a que {row[2]}.", creneau)


def _said(row: tuple[int, int, int] | None) -> str:
    return "rien" if row is None else "pris {}, retard {}, stock {}".format(*row)


def _held_for_nothing(now: int) -> Iterator[Ecart]:
    """Units held for a loan that is no longer due, for an answer that nobody awaits, on another thing."""
    future = Engagement.objects.held().filter(Q(fin__gte=now) | Q(retard_fin__gte=now), pret__isnull=False)
    for one in future.select_related("pret__materiel").order_by("materiel", "debut"):
        pret, option = one.pret, one.nature == Nature.OPTION
        rests = not option and pret.statut in RENDUS and one.fin <= _kept_until(pret)
        if pret.statut not in (EN_ATTENTE if option else TENUS) and not rests:
            yield Ecart(one.materiel_id, f"retenu pour le prêt {pret.numero}, {pret.get_statut_display()}.", one.debut)
        elif not option and one.materiel_id != pret.materiel_id:
            yield Ecart(one.materiel_id, f"retenu pour le prêt {pret.numero}, qui porte sur un autre.", one.debut)
        elif option and one.expire_le < timezone.now() - DELAI:
            yield Ecart(one.materiel_id, f"retenu au-delà du délai de réponse du prêt {pret.numero}.", one.debut)


def _kept_until(pret: Pret) -> int:
    """What came back is kept for that half-day, then for the open days that its owner keeps between two loans. -1 when
    nothing came back.
    """
    last = pret.constats.filter(type=TypeConstat.RESTITUTION).order_by("-created_at").first()
    if last is None:
        return -1
    back = half_day_of(last.created_at)
    return span(back, back, 0, pret.materiel.tampon_apres)[1]


def _not_held(now: int) -> Iterator[Ecart]:
    """A loan promised or out holds its units, from now to its last half-day."""
    today = timezone.localdate()
    prets = Pret.objects.filter(statut__in=TENUS, date_fin__gte=today).order_by("materiel", "pk")
    prets = prets.select_related("materiel")
    for pret in prets.prefetch_related("engagements").iterator(chunk_size=2000):
        held = [e for e in pret.engagements.all() if e.tenu and e.nature == Nature.PRET]
        kept = max(now, _kept_until(pret)) if pret.quantite_rendue else now
        for creneau in range(max(now, pret.debut.index), pret.fin.index + 1):
            units = sum(one.quantite for one in held if one.debut <= creneau <= one.fin)
            most = pret.quantite - pret.quantite_perdue if creneau <= kept else pret.reste
            if not pret.reste <= units <= most:
                phrase = f"le prêt {pret.numero} en retient {units} au lieu de {pret.reste}."
                yield Ecart(pret.materiel_id, phrase, creneau)
                break


def _late(now: int) -> Iterator[Ecart]:
    """What an overdue loan keeps is feared, once the days kept after it have passed; nothing else is."""
    settled = DemiJournee.at(now).shift(-1)
    for pret in Pret.objects.late().prefetch_related("engagements"):
        feared = [e for e in pret.engagements.all() if e.retard_quantite]
        units = sum(e.retard_quantite for e in feared if e.retard_debut <= now <= e.retard_fin)
        held = sum(e.quantite for e in pret.engagements.all() if e.tenu and e.debut <= now <= e.fin)
        if units != pret.reste and held < pret.reste and pret.fin < settled:
            yield Ecart(pret.materiel_id, f"le prêt {pret.numero} est en retard et le registre en craint {units}.")
    due = Pret.objects.late().order_by().values("pk")
    for one in Engagement.objects.filter(retard_fin__gte=now).exclude(pret__in=due).order_by("materiel", "pk"):
        yield Ecart(one.materiel_id, f"l’engagement {one.pk} est craint sans être en retard.", one.retard_debut)


def open_papers() -> Iterator[Ecart]:
    """After a blocking paper ends, nothing is left to lend on what may be asked."""
    last = DemiJournee(timezone.localdate() + RESERVABLE, Moment.APRES_MIDI).index
    for papier in Papier.objects.blocking().filter(materiel__stock__gte=1).select_related("materiel"):
        materiel = papier.materiel
        first = first_closed(materiel, papier)
        days = max(0, last - first + 1)
        full = Occupation.objects.filter(materiel=materiel, creneau__range=(first, last), pris__gte=materiel.stock)
        if days and full.count() != days:
            yield Ecart(materiel.pk, f"{papier} finit et des unités restent à prêter après.", first)


@dataclass
class Bilan:
    """What a rebuild has written anew, and what it could not."""

    reecrits: list[Ecart]
    impossibles: list[Ecart]


def rebuild() -> Bilan:
    """Writes the ledger anew from the engagements, thing by thing, each under its lock."""
    bilan = Bilan([], [])
    for pk in Materiel.objects.order_by("pk").values_list("pk", flat=True):
        try:
            bilan.reecrits.extend(_rebuild(pk))
        except Promis as refusal:
            bilan.impossibles.append(refusal.ecart)
    return bilan


@transaction.atomic
def _rebuild(pk: int) -> list[Ecart]:
    lock(pk)
    now = now_index()
    ((_, due),) = expected(now, pk)
    rows = written(now, pk).get(pk, {})
    if due == rows:
        return []
    for creneau, row in sorted(due.items()):
        if row[0] > row[2]:
            raise Promis(over_promised(pk, creneau, row))
    found = list(_first_wrong(pk, due, rows))
    Occupation.objects.filter(materiel=pk, creneau__gte=now).delete()
    Occupation.objects.bulk_create(
        Occupation(materiel_id=pk, creneau=creneau, pris=pris, retard=retard, stock=stock)
        for creneau, (pris, retard, stock) in sorted(due.items())
    )
    return found
