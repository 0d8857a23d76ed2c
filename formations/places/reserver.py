"""Booking seats: what is decided under the lock. The rules of the training are read before (`formations.inscrire`)."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils import timezone

from extranet.lib.francais import date_longue
from extranet.lib.tour import rejoue
from formations.enums import Acte, Covoiturage, Origine, StatutInscription, Visa
from formations.models import Inscription, SessionFormation
from formations.places import delais, ecritures, histoire, situation
from formations.places.promotion import lift_due_quotas, promote, someone_passes
from formations.places.verrous import lock, lock_agents, places
from formations.refus import InscriptionRefusee

if TYPE_CHECKING:
    from collectivites.models import Agent, Collectivite


@dataclass(frozen=True)
class Demande:
    """A seat asked for a person, by their collectivité, in the order in which they are to be served.

    `visa_par` and `visa_le`: by whom and when a visa was given before; else it is by who asks, now.
    """

    agent: "Agent"
    collectivite: "Collectivite"
    visa: Visa = Visa.NON_REQUIS
    visa_par: "Agent | None" = None
    visa_le: datetime | None = None
    repas: bool = True
    covoiturage: Covoiturage = Covoiturage.NON
    covoiturage_places: int = 0
    priorite: int = 0
    priorite_motif: str = ""


@dataclass
class Reponse:
    """What was decided of each: a seat or a rank; else the sentence that says why not, by key of the agent."""

    inscriptions: list[Inscription] = field(default_factory=list)
    refus: dict[int, str] = field(default_factory=dict)


@rejoue
def reserver(
    session_pk: int,
    demandes: Sequence[Demande],
    auteur: "Agent | None",
    *,
    origine: Origine = Origine.DEMANDE,
    hors_delai: bool = False,
    tenue_jours: int | None = None,
    attente: bool = True,
    motif: str = "",
) -> Reponse:
    """Each one has a seat while there are some for their commune, else a rank; one refused does not stop the others.

    `hors_delai`: a responsable books outside of the dates of inscription, and twice in the same training.
    `tenue_jours`: working days that a seat is held until its visa, in place of the territory’s. Without `attente`,
    whoever has no seat is refused. `motif`: why, for the history.
    Raises InscriptionRefusee when the session takes nobody.
    """
    now, lot = timezone.now(), uuid.uuid4()
    asked = [(one, _inscription(session_pk, one, auteur, now, origine, lot)) for one in demandes]
    with places():
        session = lock(session_pk)
        check_open(session, now, hors_delai=hors_delai)
        people = [one.agent.pk for one in demandes]
        lock_agents(people)
        if lift_due_quotas(session, now):
            promote(session, now)
        known = situation.read(session, people)
        if hors_delai:
            known.double.clear()
        return _decide(session, asked, known, auteur, now, tenue_jours, attente, motif)


def check_open(session: SessionFormation, now: datetime, *, hors_delai: bool = False) -> None:
    """Raises InscriptionRefusee with the date that says no."""
    if not session.is_proposed:
        raise InscriptionRefusee(
            f"Cette session est {session.get_statut_display()} : on ne peut pas s’y inscrire. Choisissez-en une autre."
        )
    if session.date_debut and session.date_debut <= timezone.localdate(now):
        start = delais.starts_at(session)
        if start is None or start <= now:
            raise InscriptionRefusee("Cette session a commencé : choisissez-en une autre.")
    if hors_delai:
        return
    if session.ouverture and now < session.ouverture:
        raise InscriptionRefusee(f"Les inscriptions ouvrent le {date_longue(timezone.localdate(session.ouverture))}.")
    if session.cloture and now > session.cloture:
        raise InscriptionRefusee(
            f"Les inscriptions sont closes depuis le {date_longue(timezone.localdate(session.cloture))}. "
            "Appelez l’organisateur : une place peut se libérer."
        )


def _decide(
    session: SessionFormation,
    asked: Sequence[tuple[Demande, Inscription]],
    known: situation.Situation,
    auteur: "Agent | None",
    now: datetime,
    tenue_jours: int | None,
    attente: bool,
    motif: str,
) -> Reponse:
    answer, first_rank = Reponse(), session.dernier_rang
    behind = someone_passes(session, known)
    for demande, one in asked:
        if refusal := _refusal(known, demande):
            answer.refus[demande.agent.pk] = refusal
            continue
        one.session = session
        if not behind and session.is_dated and not session.is_full and known.room_for(session, one.collectivite_id):
            if one.visa == Visa.ATTENDU:
                one.statut, one.tenue_jusqua = (
                    StatutInscription.TENUE,
                    delais.visa_deadline(session, now, tenue_jours),
                )
            else:
                one.statut = StatutInscription.CONFIRMEE
            known.place(session, one.collectivite_id)
        elif attente:
            session.dernier_rang += 1
            one.statut, one.rang = StatutInscription.ATTENTE, session.dernier_rang
        else:
            answer.refus[demande.agent.pk] = "Il n’y a plus de place dans cette session."
            continue
        known.deja[demande.agent.pk] = one.statut
        answer.inscriptions.append(one)
    ecritures.insert(answer.inscriptions, ranked=session if session.dernier_rang != first_rank else None)
    histoire.write(
        histoire.line(Acte.RANGEE if one.is_waiting else Acte.INSCRITE, one, auteur, motif=motif)
        for one in answer.inscriptions
    )
    return answer


def _refusal(known: situation.Situation, demande: Demande) -> str:
    if statut := known.deja.get(demande.agent.pk):
        where = "déjà en liste d’attente" if statut == StatutInscription.ATTENTE else "déjà dans cette session"
        return f"{demande.agent.nom_complet} est {where}."
    # Which one is for those who may read that seat: `inscrire.regles` says it to them.
    if demande.agent.pk in known.pris:
        return f"{demande.agent.nom_complet} suit déjà une autre formation à ce moment-là."
    if demande.agent.pk in known.double:
        return f"{demande.agent.nom_complet} a déjà une place dans une autre session de cette formation."
    return ""


def _inscription(
    session_pk: int,
    demande: Demande,
    auteur: "Agent | None",
    now: datetime,
    origine: Origine,
    lot: uuid.UUID,
) -> Inscription:
    """Made before the lock: nobody waits for that."""
    given = demande.visa == Visa.ACCORDE
    return Inscription(
        session_id=session_pk,
        agent=demande.agent,
        collectivite=demande.collectivite,
        visa=demande.visa,
        visa_par=(demande.visa_par or auteur) if given else None,
        visa_le=(demande.visa_le or now) if given else None,
        origine=origine,
        lot=lot,
        demandee_par=auteur,
        repas=demande.repas,
        covoiturage=demande.covoiturage,
        covoiturage_places=demande.covoiturage_places,
        priorite=demande.priorite,
        priorite_motif=demande.priorite_motif,
        statut_le=now,
        created_at=now,
    )
