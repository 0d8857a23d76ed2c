"""What came back rests with its owner: that half-day, then the open days that it keeps between two loans."""

from django.db import transaction

from extranet.lib.demi_journees import DemiJournee
from materiel.enums import RENDUS, Nature, StatutPret, TypeConstat
from materiel.models import Constat, Engagement, Materiel, Pret
from materiel.registre import clear_late, half_day_of, lock, mark_late, now_index, reduce
from materiel.registre.regles import span


def rests_until(back: DemiJournee, tampon: int) -> int:
    """The last half-day (index) of the rest of what came back in that one."""
    return span(back, back, 0, tampon)[1]


def return_share(engagement: Engagement, reste: int, depuis: int, feared: tuple[int | None, int | None]) -> None:
    """From `depuis` on, only `reste` of its units stay taken, until the end, and feared late as before."""
    lock(engagement.materiel_id)
    engagement.refresh_from_db()
    late = engagement.retard_quantite
    clear_late(engagement)
    if depuis <= engagement.fin:
        reduce(engagement, reste, depuis)
    if late and reste:
        mark_late(engagement, reste, *feared)


@transaction.atomic
def shorten_rests(materiel: Materiel, tampon: int) -> None:
    """Its owner keeps fewer open days than it did when some of it came back: what rests beyond them is free again, and
    `sweep` offers it to those who wait. Loans that are not back keep the days promised with them.

    Before anything else of the transaction holds the thing: a loan is locked first, then what it takes.
    """
    resting = Engagement.objects.held().filter(materiel=materiel, nature=Nature.PRET, fin__gte=now_index())
    back = Constat.objects.filter(type=TypeConstat.RESTITUTION, pret__in=resting.order_by().values("pret"))
    prets = Pret.objects.select_for_update().filter(statut__in=[StatutPret.REMIS, *RENDUS])
    for pret in list(prets.filter(pk__in=back.order_by().values("pret")).order_by("pk")):
        last = back.filter(pret=pret).latest("created_at")
        until = rests_until(half_day_of(last.created_at), tampon)
        for one in resting.filter(pret=pret, fin__gt=until, quantite__gt=pret.reste).order_by("pk"):
            return_share(one, pret.reste, until + 1, (one.retard_debut, one.retard_fin))
