"""Whether a need is met: by the loans that came of it, whatever happens to them."""

from django.db.models import Sum
from django.utils import timezone

from materiel.enums import RENDUS, TENUS, StatutBesoin
from materiel.models import Besoin, Pret


def tell_need(pk: int) -> None:
    """Met when enough units are granted, sought again when some are taken back; what its commune closed stays closed.

    Inside the transaction of the act.
    """
    besoin = Besoin.objects.select_for_update(no_key=True, of=("self",)).get(pk=pk)
    granted = Pret.objects.filter(besoin=besoin, statut__in=[*TENUS, *RENDUS])
    met = (granted.aggregate(n=Sum("quantite"))["n"] or 0) >= besoin.quantite
    if met and besoin.statut == StatutBesoin.OUVERT:
        besoin.statut, besoin.clos_le = StatutBesoin.POURVU, timezone.now()
    elif not met and besoin.statut == StatutBesoin.POURVU:
        besoin.statut, besoin.clos_le = StatutBesoin.OUVERT, None
    else:
        return
    besoin.save(update_fields=["statut", "clos_le"])
