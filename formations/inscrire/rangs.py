"""Where each one stands among those who wait for the same session."""

from collections.abc import Iterable

from formations.enums import StatutInscription
from formations.models import Inscription


def positions(inscriptions: Iterable[Inscription]) -> dict[int, tuple[int, int]]:
    """By key, of those who wait: their place from 1, and how many wait. One query, none when nobody waits."""
    sessions = {one.session_id for one in inscriptions if one.statut == StatutInscription.ATTENTE}
    if not sessions:
        return {}
    rows = Inscription.objects.filter(session__in=sessions, statut=StatutInscription.ATTENTE)
    lists: dict[int, list[int]] = {}
    for pk, session in rows.order_by("-priorite", "rang").values_list("pk", "session"):
        lists.setdefault(session, []).append(pk)
    return {pk: (place, len(ones)) for ones in lists.values() for place, pk in enumerate(ones, 1)}
