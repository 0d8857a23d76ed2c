"""What stops an act that would undo a session: it is over, or somebody has already been noted there."""

from django.db.models import Q
from django.utils import timezone

from formations.enums import PROPOSEES, StatutSession
from formations.models import SessionFormation


def stops_dates(session: SessionFormation) -> str:
    """Why its half-days no longer change, empty when they may. One query at most."""
    if session.statut not in (StatutSession.PROJET, *PROPOSEES):
        return f"Cette session est {session.get_statut_display()} : ses dates ne changent plus."
    return "Des présences sont déjà saisies : les dates ne changent plus." if _attended(session) else ""


def stops_cancelling(session: SessionFormation) -> str:
    """Why it is no longer cancelled, empty when it may be. The presences of a past one say who came. One query."""
    if session.statut not in (StatutSession.PROJET, *PROPOSEES):
        return f"Cette session est {session.get_statut_display()} : on ne l’annule plus."
    if _attended(session):
        return "Des présences sont déjà saisies : on n’annule plus la session."
    if session.date_fin is not None and session.date_fin < timezone.localdate():
        return "Cette session est passée : on ne l’annule plus. Dites aux présences qui est venu, puis terminez-la."
    return ""


def _attended(session: SessionFormation) -> bool:
    said = Q(clos_le__isnull=False) | Q(emargements__isnull=False) | Q(feuilles__isnull=False)
    return session.creneaux.filter(said).exists()
