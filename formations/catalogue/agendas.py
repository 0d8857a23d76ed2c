"""The calendar of one’s trainings, or of those of a commune, at a secret address that a personal agenda subscribes to.

Whoever holds the address reads it: the events name trainings and places, never a person.
"""

import hashlib
import secrets
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Max, QuerySet
from django.utils import timezone

from collectivites.journal import record
from collectivites.models import Agent, Collectivite, Poste
from extranet.lib.ical import Evenement, calendar
from formations.enums import ATTENDUES, CONCLUES, StatutInscription
from formations.models import Creneau, Inscription, LienAgenda, Mouvement, SessionFormation
from formations.permissions import kept_places
from formations.seances import rendez_vous

# What has ended stays in sight for a season: agendas drop the events that are no longer in the file.
PASSE = timedelta(days=92)
MONTREES = (*ATTENDUES, *CONCLUES, StatutInscription.ANNULEE)


def fingerprint(jeton: str) -> str:
    return hashlib.sha256(jeton.encode()).hexdigest()


@transaction.atomic
def create(agent: Agent, collectivite: Collectivite | None = None) -> str:
    """A new address for this person, of their own seats or of those of `collectivite`; the former one answers no more.

    Returns its token, once. Rights are asked before.
    """
    Agent.objects.select_for_update().get(pk=agent.pk)
    for former in LienAgenda.objects.filter(agent=agent, collectivite=collectivite, revoque_le=None):
        revoke(former, agent)
    jeton = secrets.token_urlsafe(32)
    lien = LienAgenda.objects.create(collectivite=collectivite, agent=agent, empreinte=fingerprint(jeton))
    record("agenda.cree", lien, agent=agent, collectivite=collectivite)
    return jeton


@transaction.atomic
def revoke(lien: LienAgenda, agent: Agent) -> None:
    """Twice is as once."""
    if LienAgenda.objects.filter(pk=lien.pk, revoque_le=None).update(revoque_le=timezone.now()):
        record("agenda.revoque", lien, agent=agent, collectivite=lien.collectivite)


def revocable_by(agent: Agent) -> QuerySet[LienAgenda]:
    """One’s own, and those of the collectivités that one manages."""
    live = LienAgenda.objects.filter(revoque_le=None).select_related("agent", "collectivite")
    return live.filter(agent=agent) | live.filter(collectivite__in=kept_places(agent))


def opened_by(jeton: str) -> LienAgenda | None:
    """None for a token never given or revoked, or whose holder left, lost their account, or no longer manages it."""
    found = LienAgenda.objects.select_related("agent", "collectivite").filter(
        empreinte=fingerprint(jeton), revoque_le=None, agent__is_active=True, agent__efface_le=None
    )
    lien = found.first()
    if lien is None:
        return None
    postes = Poste.objects.in_force().filter(agent=lien.agent_id)
    if lien.collectivite_id:
        postes = postes.filter(collectivite=lien.collectivite_id, gestionnaire=True)
    return lien if postes.exists() else None


def content(lien: LienAgenda) -> bytes:
    """The file, as its holder may read it now; the same bytes as long as nothing changes. Five queries."""
    place = lien.collectivite
    name = f"Formations {place.de_nom}" if place else "Mes formations"
    return calendar(name, events(lien))


def events(lien: LienAgenda, on: date | None = None) -> list[Evenement]:
    """One for each session: seats held or confirmed, cancelled ones told so. Ranks are not there."""
    since = (on or timezone.localdate()) - PASSE
    seen = SessionFormation.objects.visible_to(lien.agent).order_by().values("pk")
    seats = Inscription.objects.visible_to(lien.agent).filter(
        statut__in=MONTREES, session__date_fin__gte=since, session__in=seen
    )
    seats = seats.filter(collectivite=lien.collectivite) if lien.collectivite_id else seats.filter(agent=lien.agent)
    rows = list(seats.for_list().order_by("session__date_debut", "session", "pk"))
    days, changes = _days(rows), _changes(rows)
    named = bool(lien.collectivite_id)
    return [
        _event(list(group), days[pk], changes.get(pk, Changements()), named=named)
        for pk, group in groupby(rows, lambda one: one.session_id)
        if pk in days
    ]


def _days(rows: Iterable[Inscription]) -> dict[int, list[Creneau]]:
    """The half-days of each session. One query."""
    found: dict[int, list[Creneau]] = defaultdict(list)
    for one in Creneau.objects.filter(session__in={row.session_id for row in rows}).order_by("session", "demi_journee"):
        found[one.session_id].append(one)
    return found


@dataclass(frozen=True)
class Changements:
    """Of a session, by its history, which only grows: how many, and when the last one was."""

    nombre: int = 0
    dernier: datetime | None = None


def _changes(rows: Iterable[Inscription]) -> dict[int, Changements]:
    """By session. One query."""
    lines = Mouvement.objects.filter(session__in={one.session_id for one in rows}).order_by()
    counted = lines.values("session").annotate(nombre=Count("pk"), dernier=Max("created_at"))
    return {pk: Changements(n, when) for pk, n, when in counted.values_list("session", "nombre", "dernier")}


def _event(seats: list[Inscription], days: list[Creneau], changes: Changements, *, named: bool) -> Evenement:
    """Of one session. For a person, the appointment of their convocation, with the state of the seat; for a commune,
    one for all of its agents, with their number: it goes on when some of them leave, and never back in SEQUENCE.
    """
    standing = [one for one in seats if one.statut != StatutInscription.ANNULEE]
    first = (standing or seats)[0]
    event = rendez_vous.evenement(first, days)
    host = urlsplit(settings.SITE_URL).hostname or "extranet"
    number = len(standing)
    if named and number > 1:
        event = replace(event, titre=f"{event.titre} ({number} agents)")
    elif first.statut in (StatutInscription.TENUE, StatutInscription.OFFERTE):
        event = replace(event, titre=f"{event.titre} (à confirmer, {first.get_statut_display()})")
    if named:
        uid = f"session-{first.session_id}@{host}"
        event = replace(event, uid=uid, sequence=changes.nombre, occupe=False)
    last = max(filter(None, [changes.dernier, *(one.statut_le for one in seats)]))
    return replace(event, modifie_le=last.astimezone(UTC))
