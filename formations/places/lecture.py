"""What is derived of a session: full, threatened, near its limits. Computed, never stored."""

from datetime import date, timedelta

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from extranet.lib.jours_ouvres import working_days_until
from formations.enums import ATTENDUES, StatutInscription, StatutSession
from formations.models import ReglagesFormation, SessionFormation


def is_threatened(session: SessionFormation, today: date | None = None) -> bool:
    """Open, dated, near, and fewer seats taken than its minimum: it may be cancelled. `MAINTENUE` never is."""
    today = today or timezone.localdate()
    if session.statut != StatutSession.OUVERTE or not session.date_debut or session.occupees >= session.minimum:
        return False
    return today < session.date_debut and is_near(session, today)


def is_near(session: SessionFormation, today: date) -> bool:
    """So many working days before the first day, by the settings, the minimum is expected."""
    return working_days_until(today, session.date_debut) <= ReglagesFormation.load().minimum_jours


def counted(sessions: "QuerySet[SessionFormation]") -> "QuerySet[SessionFormation]":
    """With `attendent` (those who wait) and `visas` (seats held until a visa), for a list; no query more."""
    waiting = Q(inscriptions__statut=StatutInscription.ATTENTE)
    held = Q(inscriptions__visa="attendu", inscriptions__statut__in=ATTENDUES)
    return sessions.annotate(
        attendent=Count("inscriptions", filter=waiting, distinct=True),
        visas=Count("inscriptions", filter=held, distinct=True),
    )


def chances(session: SessionFormation) -> tuple[int, int]:
    """Of the last two finished sessions of the training: how many got a seat, out of how many who waited."""
    past = session.formation.sessions.filter(date_fin__lt=timezone.localdate()).exclude(pk=session.pk)
    last = past.filter(date_fin__gte=timezone.localdate() - timedelta(days=730)).order_by("-date_fin")[:2]
    ranked = [row for one in last for row in one.inscriptions.exclude(rang=None).values_list("statut", flat=True)]
    lost = (StatutInscription.ATTENTE, StatutInscription.EXPIREE, StatutInscription.DESISTEE)
    return sum(statut not in lost for statut in ranked), len(ranked)
