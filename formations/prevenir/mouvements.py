"""The history told: every line of it once, to those whom it concerns, in the order in which it happened.

A line keeps `annonce_le` empty until it was told; both are written in one transaction, so that a crash tells nobody
twice and forgets nobody. `veille` looks every two seconds, which costs one row of an index.
"""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from formations.models import Mouvement
from formations.prevenir.annonces import INSCRIPTIONS
from formations.prevenir.annonces_session import SESSIONS
from formations.prevenir.nouvelles import Nouvelle, group, still_true

logger = logging.getLogger(__name__)

PAUSE, LOT = 2.0, 200
# A line whose telling fails lets the others pass, and is tried again after a while.
APRES_ECHEC = timedelta(minutes=5)
BESIDE = (
    *("session__formation", "session__lieu", "session__contact", "auteur", "collectivite"),
    *("inscription__agent", "inscription__collectivite", "inscription__demandee_par", "inscription__remplace__agent"),
)


class Annonceur:
    """Tells what has happened; one for the life of a process, which remembers what has just failed."""

    def __init__(self) -> None:
        self.plus_tard: dict[int, datetime] = {}

    def tell_due(self) -> int:
        """Returns how many lines were told or had nobody left to be told to."""
        now = timezone.now()
        self.plus_tard = {pk: until for pk, until in self.plus_tard.items() if until > now}
        waiting = Mouvement.objects.filter(annonce_le=None).exclude(pk__in=self.plus_tard).order_by("pk")
        return sum(self._try(pks) for pks in _groups(waiting[:LOT]))

    def _try(self, pks: list[int]) -> int:
        try:
            return tell(pks)
        except Exception:
            logger.exception("mouvements.annonce_echouee %s", pks)
            self.plus_tard.update(dict.fromkeys(pks, timezone.now() + APRES_ECHEC))
            return 0


def _groups(waiting: "list[Mouvement]") -> list[list[int]]:
    return [[one.pk for one in nouvelle.mouvements] for nouvelle in group(waiting)]


@transaction.atomic
def tell(pks: list[int]) -> int:
    """Lines that make one piece of news. Those that another process holds are its own affair."""
    rows = Mouvement.objects.select_for_update(of=("self",), skip_locked=True, no_key=True)
    lines = list(rows.filter(pk__in=pks, annonce_le=None).order_by("pk"))
    if not lines:
        return 0
    found = Mouvement.objects.filter(pk__in=[one.pk for one in lines]).select_related(*BESIDE).order_by("pk")
    true = [one for one in found if still_true(one)]
    for nouvelle in group(true):
        _say(nouvelle)
    return Mouvement.objects.filter(pk__in=[one.pk for one in lines]).update(annonce_le=timezone.now())


def _say(nouvelle: Nouvelle) -> None:
    about = INSCRIPTIONS if nouvelle.premier.inscription_id else SESSIONS
    say = about.get(nouvelle.acte)
    if say is not None:
        say(nouvelle)
