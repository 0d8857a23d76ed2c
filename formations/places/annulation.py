"""Cancelling a session: everybody is told why, and offered a seat in another one, in the order in which they stood."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.utils import timezone

from extranet.lib.tour import rejoue
from formations.enums import OUVERTES, Acte, Origine, StatutInscription, StatutSession
from formations.models import Inscription, SessionFormation
from formations.places import histoire, priorites
from formations.places.arrets import stops_cancelling
from formations.places.promotion import wake_after
from formations.places.reserver import Demande, reserver
from formations.places.suites import Suite
from formations.places.verrous import lock, places
from formations.refus import InscriptionRefusee, SessionChangee

if TYPE_CHECKING:
    from collectivites.models import Agent


@rejoue
def annuler(session_pk: int, auteur: "Agent", motif: str) -> list[Inscription]:
    """Returns those who were in it or waited, seats first, then ranks. Raises InscriptionRefusee without a reason,
    SessionChangee once it is over or somebody was noted there.
    """
    if not motif.strip():
        raise InscriptionRefusee("Dites pourquoi : les inscrits le liront.")
    now = timezone.now()
    with places():
        session = lock(session_pk)
        if reason := stops_cancelling(session):
            raise SessionChangee(reason)
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


@dataclass
class Proposition:
    """What was made of it: new seats and ranks, ranks that they had already and that pass first now, refusals by key of
    the agent.
    """

    session: SessionFormation
    inscriptions: list[Inscription] = field(default_factory=list)
    refus: dict[int, str] = field(default_factory=dict)


@rejoue
def proposer(session: SessionFormation, suivante_pk: int, auteur: "Agent | None") -> Proposition:
    """Asks this other session for each of those of a cancelled one, in their order: a seat, else a rank that passes
    before the others. Who waits for it already keeps their rank, which passes first from now on.

    Their visa stays that of who gave it. Raises SessionChangee when that session is no longer proposed, or when nobody
    is left to be asked for.
    """
    reason = f"Session {session.numero} annulée"
    with places():
        following, after = lock(suivante_pk), Suite(session)
        if following.pk not in {one.pk for one in after.sessions}:
            raise SessionChangee(f"La session n° {following.numero} n’est plus proposée : choisissez-en une autre.")
        people = after.for_session(following)
        if not people:
            raise SessionChangee(f"Plus personne n’est à inscrire dans la session n° {following.numero}.")
        done = Proposition(following)
        done.inscriptions += [one.rangs[following.pk] for one in people if following.pk in one.rangs]
        priorites.give(following, done.inscriptions, auteur, reason)
        asked = [_again(one.inscription, reason) for one in people if following.pk not in one.rangs]
        answer = reserver(following.pk, asked, auteur, origine=Origine.DEMANDE, hors_delai=True)
        done.inscriptions, done.refus = [*answer.inscriptions, *done.inscriptions], answer.refus
        return done


def _again(one: Inscription, reason: str) -> Demande:
    return Demande(
        agent=one.agent,
        collectivite=one.collectivite,
        visa=one.visa,
        visa_par=one.visa_par,
        visa_le=one.visa_le,
        repas=one.repas,
        covoiturage=one.covoiturage,
        covoiturage_places=one.covoiturage_places,
        priorite=1,
        priorite_motif=reason,
    )
