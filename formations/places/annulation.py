"""Cancelling a session: everybody is told why, and offered a seat in the next one, in the order in which they stood."""

from typing import TYPE_CHECKING

from django.utils import timezone

from extranet.lib.tour import rejoue
from formations.enums import OUVERTES, PROPOSEES, Acte, Origine, StatutInscription, StatutSession
from formations.models import Inscription, SessionFormation
from formations.places import histoire
from formations.places.en_poste import in_office
from formations.places.promotion import wake_after
from formations.places.reserver import Demande, reserver
from formations.places.verrous import lock, places
from formations.refus import InscriptionRefusee, SessionChangee

if TYPE_CHECKING:
    from collectivites.models import Agent


@rejoue
def annuler(session_pk: int, auteur: "Agent", motif: str) -> list[Inscription]:
    """Returns those who were in it or waited, seats first, then ranks. Raises InscriptionRefusee without a reason."""
    if not motif.strip():
        raise InscriptionRefusee("Dites pourquoi : les inscrits le liront.")
    now = timezone.now()
    with places():
        session = lock(session_pk)
        if session.statut not in (StatutSession.PROJET, *PROPOSEES):
            raise SessionChangee(f"Cette session est {session.get_statut_display()} : on ne l’annule plus.")
        order = session.inscriptions.filter(statut__in=OUVERTES).select_related("agent", "collectivite", "visa_par")
        left = sorted(order, key=lambda one: (one.is_waiting, -one.priorite, one.rang or 0, one.pk))
        was = session.statut
        session.statut, session.statut_le, session.motif = StatutSession.ANNULEE, now, motif
        session.save(update_fields=["statut", "statut_le", "motif"])
        lines = [histoire.session_line(Acte.SESSION_ANNULEE, session, auteur, de=was, motif=motif)]
        for one in left:
            before, one.statut, one.statut_le = one.statut, StatutInscription.ANNULEE, now
            one.motif, one.tenue_jusqua, one.sequence = motif, None, one.sequence + 1
            one.save(update_fields=["statut", "statut_le", "motif", "tenue_jusqua", "sequence"])
            lines.append(histoire.line(Acte.SESSION_ANNULEE, one, auteur, de=before, motif=motif))
        histoire.write(lines)
        wake_after([one.agent_id for one in left], session_pk)
        return left


def next_session(session: SessionFormation) -> SessionFormation | None:
    """The next one of the same training that may be booked; without dates, the one that gathers the interested."""
    others = session.formation.sessions.proposed().exclude(pk=session.pk)
    today = timezone.localdate()
    return others.filter(date_debut__gt=today).order_by("date_debut", "pk").first() or others.undated().first()


def proposer_suivante(session: SessionFormation, left: list[Inscription], auteur: "Agent | None") -> list[Inscription]:
    """Asks the next session for each of them, in their order: a seat, else a rank that passes before the others.

    Their visa stays that of who gave it. Who has left their commune since is not asked for. Raises InscriptionRefusee
    when there is no next session.
    """
    following = next_session(session)
    if following is None:
        raise InscriptionRefusee("Aucune autre session de cette formation n’est ouverte.")
    asked = [
        Demande(
            agent=one.agent,
            collectivite=one.collectivite,
            visa=one.visa,
            visa_par=one.visa_par,
            visa_le=one.visa_le,
            repas=one.repas,
            covoiturage=one.covoiturage,
            covoiturage_places=one.covoiturage_places,
            priorite=1,
            priorite_motif=f"Session {session.numero} annulée",
        )
        for one in in_office(left)
    ]
    return reserver(following.pk, asked, auteur, origine=Origine.DEMANDE, hors_delai=True).inscriptions
