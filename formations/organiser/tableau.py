"""What awaits a responsable of the training on the home page: sessions to decide of, to close, to convene."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from collectivites.enums import Domaine
from extranet.lib.apports import AFaire, Lien
from extranet.lib.typographie import space
from formations.enums import PROPOSEES, StatutSession
from formations.models import SessionFormation
from formations.places.lecture import is_threatened
from formations.prevenir.mots import nom

if TYPE_CHECKING:
    from collectivites.models import Agent

AREA, MONTRES = "formations", 3


def todo(agent: "Agent") -> list[AFaire]:
    """Two queries, for the responsables alone: what has begun first, then what must be decided of."""
    if not agent.answers_for(Domaine.FORMATIONS):
        return []
    now, today = timezone.now(), timezone.localdate()
    few = Q(statut=StatutSession.OUVERTE, date_debut__gt=today, occupees__lt=F("minimum"))
    begun = Q(statut__in=PROPOSEES, date_debut__lte=today)
    rows = SessionFormation.objects.filter(few | begun).select_related("formation").prefetch_related("creneaux")
    found = (_asked(one, now) for one in rows.order_by("date_debut", "pk"))
    return [one for one in found if one is not None][:MONTRES]


def _asked(session: SessionFormation, now: datetime) -> AFaire | None:
    """Of one session: its minimum, then its presences half-day by half-day, then its end."""
    today = timezone.localdate(now)
    if session.date_debut > today:
        return _few(session) if is_threatened(session, today) else None
    halves = list(session.creneaux.all())
    if any(one.clos_le is None and one.fin <= now for one in halves):
        return _to_enter(session)
    return _to_close(session) if all(one.clos_le for one in halves) else None


def actions(agent: "Agent") -> list[Lien]:
    if not agent.answers_for(Domaine.FORMATIONS):
        return []
    return [Lien("Organiser les sessions", reverse("formations:organiser"), "mortarboard-fill", AREA)]


def _few(session: SessionFormation) -> AFaire:
    return AFaire(
        titre=space(f"Décider de la session {nom(session)}"),
        url=reverse("formations:session_manage", args=[session.numero]),
        action="Ouvrir la session",
        icone="exclamation-triangle",
        area=AREA,
        detail=space(f"{session.occupees} places prises, minimum de {session.minimum}."),
        avant=session.date_debut,
    )


def _to_enter(session: SessionFormation) -> AFaire:
    return AFaire(
        titre=space(f"Saisir les présences de {nom(session)}"),
        url=reverse("formations:session_presences", args=[session.numero]),
        action="Saisir les présences",
        icone="clipboard-check-fill",
        area=AREA,
        detail="Demi-journée par demi-journée, puis closes.",
    )


def _to_close(session: SessionFormation) -> AFaire:
    return AFaire(
        titre=space(f"Terminer la session {nom(session)}"),
        url=reverse("formations:session_clore", args=[session.numero]),
        action="Terminer la session",
        icone="patch-check",
        area=AREA,
        detail=space("Toutes les présences sont closes : les attestations partent quand la session est terminée."),
    )
