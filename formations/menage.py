"""What is kept no longer than it must be: private needs, signed sheets, secret addresses."""

from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from formations.enums import OUVERTES
from formations.models import BesoinParticulier, FeuilleSignee, LienAgenda, LienVisa

# Proof of attendance: five years; then the archives of the département decide, on what was handed over to them.
PREUVE_ANNEES, LIEN = 5, timedelta(days=365)


def forget_due(today: date | None = None) -> int:
    """Private needs from the day after the session, or once the seat is given up; the proofs of attendance after five
    years; dead addresses after one. Returns how many rows went.
    """
    today = today or timezone.localdate()
    over = Q(inscription__session__date_fin__lt=today) | ~Q(inscription__statut__in=OUVERTES)
    gone = BesoinParticulier.objects.filter(over).delete()[0]
    limit, old = _years_before(today, PREUVE_ANNEES), timezone.now() - LIEN
    for sheet in FeuilleSignee.objects.filter(creneau__session__date_fin__lt=limit):
        storage, name = sheet.file.storage, sheet.file.name
        with transaction.atomic():
            sheet.delete()
            transaction.on_commit(lambda storage=storage, name=name: storage.delete(name))
        gone += 1
    gone += LienAgenda.objects.filter(revoque_le__lt=old).delete()[0]
    gone += LienVisa.objects.filter(Q(revoque_le__lt=old) | Q(expire_le__lt=old)).delete()[0]
    return gone


def _years_before(day: date, years: int) -> date:
    """29 February is 28 where there is none."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)
