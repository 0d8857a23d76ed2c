"""What a date of paper takes on the ledger: no new loan once a blocking paper has ended."""

from datetime import timedelta

from django.db import transaction

from extranet.lib.demi_journees import DemiJournee, Moment
from extranet.lib.jours_ouvres import working_day_after
from materiel.enums import Nature
from materiel.models import Engagement, Materiel, Papier
from materiel.registre.ecritures import add, horizon_index, lock, now_index, rows_of, subtract


@transaction.atomic
def close_expired(materiel: Materiel) -> None:
    """Takes what is left of the thing after its first blocking paper ends: no new loan there.

    What was already lent there stays lent; when it is given back, that too is closed. The days that the thing keeps for
    itself after a loan are left open: a loan may end on the last day of the paper.
    """
    materiel = lock(materiel.pk)[materiel.pk]
    open_expired(materiel)
    papier = Papier.objects.blocking().filter(materiel=materiel).order_by("valable_jusqu_au", "pk").first()
    if papier is None:
        return
    for first, last, quantite in _left(materiel, first_closed(materiel, papier), horizon_index()):
        closing = Engagement(
            materiel=materiel, nature=Nature.PAPIER, papier=papier, debut=first, fin=last, quantite=quantite
        )
        closing.save()
        add(materiel, first, last, quantite)


def first_closed(materiel: Materiel, papier: Papier) -> int:
    """The half-day from which this paper closes the thing, today at the soonest."""
    last = working_day_after(papier.valable_jusqu_au, materiel.tampon_apres)
    return max(DemiJournee(last + timedelta(days=1), Moment.MATIN).index, now_index())


def open_expired(materiel: Materiel) -> None:
    """Inside a transaction that holds the thing. A closing is not history: it says what a date of paper says."""
    for closing in Engagement.objects.held().filter(materiel=materiel, nature=Nature.PAPIER):
        subtract(materiel, closing.debut, closing.fin, closing.quantite)
        closing.delete()


def _left(materiel: Materiel, debut: int, fin: int) -> list[tuple[int, int, int]]:
    """Runs of half-days with the same number of units left, those with none left out."""
    if debut > fin:
        return []
    taken = dict(rows_of(materiel.pk, debut, fin).values_list("creneau", "pris"))
    cuts = sorted({debut, *taken, *(creneau + 1 for creneau in taken if creneau < fin)})
    runs = []
    for first, after in zip(cuts, [*cuts[1:], fin + 1], strict=True):
        left = materiel.stock - taken.get(first, 0)
        if left <= 0:
            continue
        if runs and runs[-1][1] == first - 1 and runs[-1][2] == left:
            runs[-1] = (runs[-1][0], after - 1, left)
        else:
            runs.append((first, after - 1, left))
    return runs
