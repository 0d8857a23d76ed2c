"""The code at the door: an address signed for one half-day, that a person with a seat reads to say « je suis là »."""

from datetime import datetime
from typing import TYPE_CHECKING

import segno
from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils import timezone

from formations.enums import Presence
from formations.models import Creneau, Emargement, Inscription
from formations.refus import InscriptionRefusee
from formations.seances.presences import Saisie, noter, opening

if TYPE_CHECKING:
    from collectivites.models import Agent

SALT = "formations.porte"


def address_of(creneau: Creneau) -> str:
    return f"{settings.SITE_URL}{reverse('formations:porte', args=[signing.dumps(creneau.pk, salt=SALT)])}"


def drawing(creneau: Creneau) -> str:
    """The code as SVG, to be read at two metres once printed."""
    return segno.make(address_of(creneau), error="m", micro=False).svg_inline(border=2, omitsize=True, light="white")


def opened_by(jeton: str) -> Creneau | None:
    """None for an address that we did not sign."""
    try:
        pk = signing.loads(jeton, salt=SALT)
    except signing.BadSignature:
        return None
    return Creneau.objects.select_related("session__formation", "session__lieu").filter(pk=pk).first()


def seat_of(creneau: Creneau, agent: "Agent") -> Inscription | None:
    return creneau.session.inscriptions.placed().filter(agent=agent).select_related("agent").first()


def is_now(creneau: Creneau, now: datetime | None = None) -> bool:
    """From half an hour before its first minute to its last one, unless closed."""
    now = now or timezone.now()
    return creneau.clos_le is None and opening(creneau) <= now <= creneau.fin


def arriver(creneau: Creneau, agent: "Agent", now: datetime | None = None) -> Emargement:
    """Present, said by the person. Raises InscriptionRefusee without a seat, or outside of the hours.

    What the organiser has entered before is left: they have seen who came.
    """
    seat = seat_of(creneau, agent)
    if seat is None:
        raise InscriptionRefusee("Vous n’êtes pas dans la liste de cette session. Voyez avec qui l’anime.")
    if not is_now(creneau, now):
        raise InscriptionRefusee("Ce code ne sert que pendant la demi-journée, et une demi-heure avant.")
    said = creneau.emargements.filter(inscription=seat).first()
    if said is None:
        noter(creneau.pk, {seat.pk: Saisie(Presence.PRESENT)}, agent, vus={}, par_lui_meme=True, now=now)
        said = creneau.emargements.get(inscription=seat)
    return said
