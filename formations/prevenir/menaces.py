"""Sessions whose minimum is not reached in time: the responsables are told once, and decide."""

from django.db.models import F
from django.utils import timezone

from extranet.lib.typographie import space
from formations.enums import StatutSession
from formations.models import SessionFormation
from formations.places.lecture import is_threatened
from formations.prevenir import mots
from formations.prevenir.nouvelles import ICONE
from formations.prevenir.personnes import organisers
from formations.prevenir.sortes import ORGANISER
from notifications.envoi import notify


def warn_threatened() -> int:
    """Once for a session and its dates; returns how many were told."""
    today = timezone.localdate()
    few = SessionFormation.objects.filter(
        statut=StatutSession.OUVERTE, date_debut__gt=today, occupees__lt=F("minimum")
    ).select_related("formation", "contact")
    return sum(_warn(session) for session in few.order_by("pk") if is_threatened(session, today))


def _warn(session: SessionFormation) -> int:
    return notify(
        organisers(session),
        ORGANISER,
        space(f"Minimum non atteint : {mots.nom(session)}"),
        texte=space(f"{session.occupees} places prises sur {session.minimum} attendues. Que décidez-vous ?"),
        url=f"{session.get_absolute_url()}gerer/",
        action="Décider",
        icone=ICONE,
        objet=session,
        cle=f"session-menacee-{session.pk}-{session.date_debut}",
    )
