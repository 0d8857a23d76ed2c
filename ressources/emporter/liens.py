"""The secret addresses of the feeds: made, replaced, revoked, and who may still read by them."""

import hashlib
import secrets
from datetime import timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from collectivites.journal import record
from collectivites.models import Agent, Theme
from ressources.models import LienFlux

# Dead ones are forgotten after a year.
CONSERVATION = timedelta(days=365)


def fingerprint(jeton: str) -> str:
    return hashlib.sha256(jeton.encode()).hexdigest()


@transaction.atomic
def create(agent: Agent, theme: Theme | None = None) -> str:
    """A new address for this person, of what is new in `theme` or of the dates of what they look after; the former one
    answers no more. Returns its token, once.
    """
    Agent.objects.select_for_update().get(pk=agent.pk)
    for former in LienFlux.objects.filter(agent=agent, theme=theme, revoque_le=None):
        revoke(former, agent)
    jeton = secrets.token_urlsafe(32)
    lien = LienFlux.objects.create(agent=agent, theme=theme, empreinte=fingerprint(jeton))
    record("flux.cree", lien, agent=agent)
    return jeton


@transaction.atomic
def revoke(lien: LienFlux, agent: Agent) -> None:
    """Twice is as once."""
    if LienFlux.objects.filter(pk=lien.pk, revoque_le=None).update(revoque_le=timezone.now()):
        record("flux.revoque", lien, agent=agent)


def live_of(agent: Agent) -> QuerySet[LienFlux]:
    return LienFlux.objects.filter(agent=agent, revoque_le=None).select_related("theme")


def opened_by(jeton: str, *, atom: bool) -> LienFlux | None:
    """None for a token never given, revoked, of the other kind, or whose holder left or lost their account."""
    found = LienFlux.objects.select_related("agent", "theme").filter(
        empreinte=fingerprint(jeton),
        revoque_le=None,
        theme__isnull=not atom,
        agent__is_active=True,
        agent__in=Agent.objects.in_office().values("pk"),
    )
    return found.first()


def mark_read(lien: LienFlux) -> None:
    """Once a day."""
    today = timezone.localdate()
    LienFlux.objects.filter(pk=lien.pk).exclude(lu_le=today).update(lu_le=today)


def forget() -> int:
    return LienFlux.objects.filter(revoque_le__lt=timezone.now() - CONSERVATION).delete()[0]
