"""What happens by itself: a seat that was not confirmed in time, an offer without an answer, a list that has no more
object, quotas that are lifted. Each session in its own transaction; played twice, it does nothing more.
"""

from datetime import datetime

from django.db.models import Q
from django.utils import timezone

from extranet.lib.tour import rejoue
from formations.enums import PROPOSEES, Acte, StatutInscription
from formations.models import Inscription, SessionFormation
from formations.places import delais
from formations.places.promotion import promote
from formations.places.retraits import leave
from formations.places.verrous import lock, places

TROP_TARD = "Sans réponse à temps."
COMMENCEE = "La session a commencé."


def expire_due(now: datetime | None = None) -> int:
    """Returns how many lost their seat or their rank."""
    now = now or timezone.now()
    late = Q(inscriptions__statut__in=["tenue", "offerte"], inscriptions__tenue_jusqua__lt=now)
    begun = Q(inscriptions__statut=StatutInscription.ATTENTE, date_debut__lte=timezone.localdate(now))
    lifted = Q(quota_leve_le__lte=now, quotas_leves=False)
    due = SessionFormation.objects.filter(late | begun | lifted).filter(Q(statut__in=PROPOSEES) | ~Q(inscriptions=None))
    return sum(_expire(pk, now) for pk in sorted(set(due.values_list("pk", flat=True))))


@rejoue
def _expire(pk: int, now: datetime) -> int:
    with places():
        session = lock(pk)
        late = Q(statut__in=["tenue", "offerte"], tenue_jusqua__lt=now)
        start = delais.starts_at(session)
        if start is not None and start <= now:
            late |= Q(statut=StatutInscription.ATTENTE)
        gone = list(session.inscriptions.filter(late).select_related("agent", "collectivite").order_by("pk"))
        for one in gone:
            reason = COMMENCEE if one.is_waiting else TROP_TARD
            leave(session, one, StatutInscription.EXPIREE, Acte.EXPIREE, None, reason, now)
        promote(session, now)
        return len(gone)


def sweep_all(now: datetime | None = None) -> int:
    """The hourly nudge (I6): where somebody waits and a seat is free, they pass. Returns how many passed."""
    now = now or timezone.now()
    waiting = Inscription.objects.filter(statut=StatutInscription.ATTENTE).values("session")
    sessions = SessionFormation.objects.proposed().dated().with_room().filter(pk__in=waiting)
    return sum(len(_sweep(pk, now)) for pk in sessions.order_by("pk").values_list("pk", flat=True))


@rejoue
def _sweep(pk: int, now: datetime) -> list[Inscription]:
    with places():
        return promote(lock(pk), now)
