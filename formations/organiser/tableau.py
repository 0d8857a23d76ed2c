"""What awaits a responsable of the training on the home page: sessions to decide of, to close, to convene."""

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
    """One query, for the responsables alone."""
    if not agent.answers_for(Domaine.FORMATIONS):
        return []
    today = timezone.localdate()
    few = Q(statut=StatutSession.OUVERTE, date_debut__gt=today, occupees__lt=F("minimum"))
    over = Q(statut__in=PROPOSEES, date_fin__lt=today)
    rows = SessionFormation.objects.filter(few | over).select_related("formation").order_by("date_debut", "pk")
    found = [_over(one) if one.date_fin < today else _few(one) for one in rows if _asks(one, today)]
    return found[:MONTRES]


def actions(agent: "Agent") -> list[Lien]:
    if not agent.answers_for(Domaine.FORMATIONS):
        return []
    return [Lien("Organiser les sessions", reverse("formations:organiser"), "mortarboard-fill", AREA)]


def _asks(session: SessionFormation, today: object) -> bool:
    return session.date_fin < today or is_threatened(session, today)


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


def _over(session: SessionFormation) -> AFaire:
    return AFaire(
        titre=space(f"Clore les présences de {nom(session)}"),
        url=reverse("formations:session_manage", args=[session.numero]),
        action="Ouvrir la session",
        icone="clipboard-check-fill",
        area=AREA,
        detail="Les attestations partent quand la session est close.",
    )
