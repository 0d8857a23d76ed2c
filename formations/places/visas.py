"""The agreement of the mairie, apart from the seat: given or refused, several at once. Rights are asked before."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.utils import timezone

from extranet.lib.tour import rejoue
from formations.enums import Acte, StatutInscription, Visa
from formations.models import Inscription
from formations.places import histoire
from formations.places.promotion import promote
from formations.places.retraits import leave
from formations.places.verrous import lock_all, places
from formations.refus import InscriptionRefusee

if TYPE_CHECKING:
    from collectivites.models import Agent


@rejoue
def accorder(inscriptions: Iterable[Inscription], auteur: "Agent") -> list[Inscription]:
    """A seat held is confirmed, a rank waits on with its visa. What awaits no visa any more is left out."""
    done = []
    with places():
        for one in _awaiting(inscriptions):
            before = one.statut
            one.visa, one.visa_par, one.visa_le = Visa.ACCORDE, auteur, timezone.now()
            if one.statut == StatutInscription.TENUE:
                one.statut, one.statut_le, one.tenue_jusqua = StatutInscription.CONFIRMEE, timezone.now(), None
            one.save(update_fields=["visa", "visa_par", "visa_le", "statut", "statut_le", "tenue_jusqua"])
            histoire.write([histoire.line(Acte.VISEE, one, auteur, de=before)])
            done.append(one)
    return done


@rejoue
def refuser(inscriptions: Iterable[Inscription], auteur: "Agent", motif: str) -> list[Inscription]:
    """The seat is freed, and given to the next. Raises InscriptionRefusee without a reason."""
    if not motif.strip():
        raise InscriptionRefusee("Dites pourquoi : l’agent lira votre raison.")
    done = []
    with places():
        for one in _awaiting(inscriptions):
            one.visa, one.visa_par, one.visa_le = Visa.REFUSE, auteur, timezone.now()
            leave(one.session, one, StatutInscription.REFUSEE, Acte.REFUSEE, auteur, motif)
            done.append(one)
        for session in {one.session_id: one.session for one in done}.values():
            promote(session)
    return done


def _awaiting(inscriptions: Iterable[Inscription]) -> list[Inscription]:
    """As they stand once their sessions are locked, each with the session that is."""
    asked = list(inscriptions)
    sessions = lock_all(one.session_id for one in asked)
    found = Inscription.objects.awaiting_visa().filter(pk__in=[one.pk for one in asked])
    rows = list(found.select_related("agent", "collectivite").order_by("session", "pk"))
    for one in rows:
        one.session = sessions[one.session_id]
    return rows
