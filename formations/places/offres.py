"""A seat offered near the date: taken by a yes, else given to the next one."""

from typing import TYPE_CHECKING

from django.utils import timezone

from extranet.lib.tour import rejoue
from formations.enums import Acte, StatutInscription, Visa
from formations.models import Inscription
from formations.places import delais, histoire
from formations.places.promotion import promote
from formations.places.retraits import leave, reread
from formations.places.verrous import lock, places
from formations.refus import SessionChangee

if TYPE_CHECKING:
    from collectivites.models import Agent

DECLINEE = "Place proposée, déclinée"


@rejoue
def prendre(inscription: Inscription, auteur: "Agent | None") -> Inscription:
    """Yes: confirmed, or held until the visa. Raises SessionChangee once the delay has passed."""
    with places():
        session = lock(inscription.session_id)
        one = reread(inscription, (StatutInscription.OFFERTE,))
        if one.tenue_jusqua is not None and one.tenue_jusqua < timezone.now():
            raise SessionChangee("Le délai pour répondre est passé : la place va à la personne suivante.")
        one.statut, one.statut_le, one.tenue_jusqua = StatutInscription.CONFIRMEE, timezone.now(), None
        if one.visa == Visa.ATTENDU:
            one.statut, one.tenue_jusqua = (
                StatutInscription.TENUE,
                delais.visa_deadline(session, timezone.now()),
            )
        one.save(update_fields=["statut", "statut_le", "tenue_jusqua"])
        histoire.write([histoire.line(Acte.OFFRE_PRISE, one, auteur, de=StatutInscription.OFFERTE)])
        return one


@rejoue
def decliner(inscription: Inscription, auteur: "Agent | None") -> Inscription:
    """No: the next one is served. Raises SessionChangee once nothing is offered: an old page gives back no seat."""
    with places():
        session = lock(inscription.session_id)
        one = reread(inscription, (StatutInscription.OFFERTE,))
        leave(session, one, StatutInscription.DESISTEE, Acte.DESISTEE, auteur, DECLINEE)
        promote(session)
        return one
