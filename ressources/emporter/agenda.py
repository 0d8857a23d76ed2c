"""The review dates of what somebody looks after, in their agenda."""

from datetime import UTC, date, datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone

from extranet.lib.francais import NBSP
from extranet.lib.ical import Evenement, calendar
from ressources.models import LienFlux, RessourcePage
from ressources.rappels import kept_among

DEPUIS = datetime(2020, 1, 1, tzinfo=UTC)


def pages_of(lien: LienFlux) -> QuerySet[RessourcePage]:
    """What its holder is the one to check, by the rule of the reminders; a date that is past stays until it moves."""
    alive = RessourcePage.objects.online().filter(archivee_le=None, remplacee_par=None, a_verifier_avant__isnull=False)
    alive = alive.filter(Q(perime_le=None) | Q(perime_le__gt=timezone.localdate()))
    kept = kept_among(alive, lien.agent).select_related("collectivite").defer_streamfields()
    return kept.order_by("a_verifier_avant", "pk")


def content(lien: LienFlux) -> bytes:
    """The same bytes as long as nothing changes."""
    return calendar("Documents à vérifier", map(event, pages_of(lien)))


def event(page: RessourcePage) -> Evenement:
    """A whole day; it never goes back in SEQUENCE, since publishing and checking both make it grow."""
    site = settings.SITE_URL.rstrip("/")
    host = urlsplit(site).hostname or "extranet"
    changed = page.last_published_at or page.first_published_at or DEPUIS
    return Evenement(
        uid=f"verification-{page.pk}@{host}",
        titre=f"À vérifier{NBSP}: {page.title}",
        debut=page.a_verifier_avant,
        fin=page.a_verifier_avant,
        description=f"Un document {page.collectivite.de_nom}. Toujours valable{NBSP}? Un clic suffit.",
        url=f"{site}/ressources/a-verifier/#ressource-{page.pk}",
        sequence=_sequence(changed, page.verifie_le),
        modifie_le=changed.astimezone(UTC),
    )


def _sequence(changed: datetime, verifie: date | None) -> int:
    """Seconds of the last publication, and days of the last check: in an INTEGER of the standard until 2088."""
    days = (verifie - DEPUIS.date()).days if verifie else 0
    return max(int((changed - DEPUIS).total_seconds()), 0) + max(days, 0)
