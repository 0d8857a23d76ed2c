"""The processes of `epreuve materiel`: `python -m tests.epreuves._acceptations prepare N | accept RANK OF | count`.

Each answers its share of the requests, in its own order, then tells what came of them in one line of JSON.
"""

import json
import random
import sys
import time
from collections import Counter
from datetime import timedelta

import django
from django.db import DatabaseError, connection, transaction

django.setup()

from django.utils import timezone  # noqa: E402

from extranet.lib.demi_journees import DemiJournee  # noqa: E402
from materiel.enums import Nature, StatutPret  # noqa: E402
from materiel.models import Engagement, Materiel, Occupation, Pret  # noqa: E402
from materiel.refus import PretRefuse  # noqa: E402
from materiel.registre import change, change_stock, now_index, release, take  # noqa: E402
from materiel.registre.verification import differences  # noqa: E402
from tests.collectivites.factories import AgentFactory, CollectiviteFactory  # noqa: E402
from tests.materiel.factories import make_materiel  # noqa: E402

SINGLES, LOTS, STOCK, DAYS, DIRECT = 20, 5, 80, 30, 500
GRAINE = 20261122


def prepare(number: int) -> dict:
    """The things and the requests, all of them awaiting an answer."""
    dice = random.Random(GRAINE)
    lender, borrower, agent = CollectiviteFactory(), CollectiviteFactory(), AgentFactory()
    things = [make_materiel(f"Nacelle {n}", collectivite=lender) for n in range(SINGLES)]
    things += [make_materiel(f"Barrières {n}", collectivite=lender, stock=STOCK) for n in range(LOTS)]
    first = timezone.localdate() + timedelta(days=2)
    prets = []
    for n in range(number):
        thing = dice.choice(things)
        start = first + timedelta(days=dice.randrange(DAYS))
        units = 1 if thing.stock == 1 else dice.randint(5, 40)
        prets.append(
            Pret(
                numero=f"e-{n}",
                materiel=thing,
                preteur=lender,
                emprunteur=borrower,
                demandeur=agent,
                quantite=units,
                quantite_demandee=units,
                usage="Épreuve",
                date_debut=start,
                date_fin=start + timedelta(days=dice.randrange(5)),
            )
        )
    Pret.objects.bulk_create(prets, batch_size=500)
    return {"demandes": len(prets)}


def accept(rank: int, of: int) -> dict:
    """One request in `of`; after each granted one, sometimes another act, as in a real week."""
    dice, told, times = random.Random(GRAINE + rank), Counter(), []
    mine = list(Pret.objects.order_by("pk").values_list("pk", flat=True)[rank::of])
    dice.shuffle(mine)
    kept: list[int] = []
    for pk in mine:
        began = time.perf_counter()
        while (answer := _answer(pk)) == "occupes":
            told["occupes"] += 1
        times.append((time.perf_counter() - began) * 1000)
        told[answer] += 1
        told["repondus"] += answer != "erreurs"
        if answer == "accordes":
            kept.append(pk)
        if kept and dice.random() < 0.5:
            told[_act(dice, kept.pop(dice.randrange(len(kept))))] += 1
        if dice.random() < 0.02:
            told[_count_anew(dice)] += 1
    names = ("repondus", "accordes", "refuses", "changes", "stocks", "occupes", "erreurs")
    return {**{name: told[name] for name in names}, "millisecondes": times}


def _failed(error: DatabaseError) -> str:
    """SQLite lets whoever comes first write, and may keep one of sixteen waiting its twenty seconds: asked again."""
    if "database is locked" in str(error):
        return "occupes"
    sys.stderr.write(f"{error}\n")
    return "erreurs"


def _answer(pk: int) -> str:
    try:
        with transaction.atomic():
            pret = Pret.objects.select_for_update(of=("self",)).get(pk=pk)
            loan = Engagement(materiel_id=pret.materiel_id, nature=Nature.PRET, pret=pret, quantite=pret.quantite)
            loan.debut, loan.fin = pret.debut.index, pret.fin.index
            take(loan)
            pret.statut, pret.accepte_le = StatutPret.ACCEPTE, timezone.now()
            pret.save(update_fields=["statut", "accepte_le"])
    except PretRefuse:
        return "refuses"
    except DatabaseError as error:
        return _failed(error)
    return "accordes"


def _act(dice: random.Random, pk: int) -> str:
    """Cancel it, shorten it, or give it another thing."""
    try:
        with transaction.atomic():
            pret = Pret.objects.select_for_update(of=("self",)).get(pk=pk)
            loan = pret.engagements.get(tenu=True)
            kind = dice.randrange(3)
            if kind == 0:
                release(loan)
                pret.statut, pret.motif = StatutPret.ANNULE, "Épreuve"
            elif kind == 1:
                change(loan, debut=loan.debut, fin=loan.debut + 1, quantite=loan.quantite)
                pret.date_fin = pret.date_debut
            else:
                other = dice.choice(list(Materiel.objects.filter(stock__gte=pret.quantite)))
                change(loan, debut=loan.debut, fin=loan.fin, quantite=loan.quantite, materiel=other)
                pret.materiel = other
            pret.save()
    except PretRefuse:
        return "refuses_ensuite"
    except DatabaseError as error:
        return _failed(error)
    return "changes"


def _count_anew(dice: random.Random) -> str:
    lot = dice.choice(list(Materiel.objects.filter(stock__gt=1)))
    try:
        change_stock(lot, dice.randint(STOCK // 2, STOCK))
    except PretRefuse:
        return "refuses_ensuite"
    except DatabaseError as error:
        return _failed(error)
    return "stocks"


def count() -> dict:
    """Half-days promised beyond the stock, from the loans alone; the sweep; straight SQL."""
    beyond, now = 0, now_index()
    for thing in Materiel.objects.all():
        units: Counter[int] = Counter()
        for pret in Pret.objects.filter(materiel=thing, statut=StatutPret.ACCEPTE):
            for creneau in range(max(now, pret.debut.index), pret.fin.index + 1):
                units[creneau] += pret.quantite
        beyond += sum(taken > thing.stock for taken in units.values())
    return {"au_dela": beyond, "differences": len(differences()), **_straight()}


def _straight() -> dict:
    """Inserts and updates by hand, of what is full and of what is free."""
    dice, passed = random.Random(GRAINE), 0
    rows = list(Occupation.objects.all())
    insert = "INSERT INTO materiel_occupation (materiel_id, creneau, pris, retard, stock) VALUES (%s, %s, %s, 0, %s)"
    update = "UPDATE materiel_occupation SET pris = pris + %s WHERE id = %s"
    for n in range(DIRECT):
        row = dice.choice(rows)
        far = DemiJournee.at(row.creneau + 5000 + n).index
        if n % 2:
            passed += _tried(insert, [row.materiel_id, far, row.stock + 1, row.stock])
        else:
            passed += _tried(update, [row.stock - row.pris + 1, row.pk])
    return {"tentees": DIRECT, "passees": passed}


def _tried(sql: str, params: list[int]) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, params)
    except DatabaseError:
        return False
    return True


if __name__ == "__main__":
    acts = {"prepare": prepare, "accept": accept, "count": count}
    print(json.dumps(acts[sys.argv[1]](*map(int, sys.argv[2:]))))
