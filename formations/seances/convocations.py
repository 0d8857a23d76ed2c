"""Convocations: a mail, the letter in PDF and the date for the agenda; sent again when the session moves, taken back
when the seat is lost. What a person has received is `Inscription.sequence_envoyee`: played twice, nothing leaves twice.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from extranet.lib.apports import Lien
from extranet.lib.emails import Piece
from extranet.lib.tour import rejoue
from formations.enums import ATTENDUES, CONCLUES, PROPOSEES, Acte, StatutInscription, StatutSession
from formations.models import Creneau, Inscription, ReglagesFormation, SessionFormation
from formations.mots import jours_de
from formations.places import histoire
from formations.places.verrous import lock, places
from formations.refus import InscriptionRefusee
from formations.seances import rendez_vous
from formations.seances.organisme import Organisme, fonctions_of, organisme
from formations.seances.papiers import convocation, creneaux_of
from notifications.envoi import SorteDirecte, write_mail

if TYPE_CHECKING:
    from collectivites.models import Agent

# By key of the inscription and its sequence.
Lettres = dict[tuple[int, int], bytes]
CONVOCATION = SorteDirecte("formation_convocation")
BESIDE = "agent", "collectivite", "session__formation", "session__lieu", "session__contact"


@dataclass
class Envoi:
    """What left: who was written to, and who could not be reached by anybody."""

    convoquees: list[Inscription] = field(default_factory=list)
    sans_adresse: list[Inscription] = field(default_factory=list)


def to_convene(session: SessionFormation, *, tous: bool) -> list[Inscription]:
    """Those whose seat is confirmed; without `tous`, those who have no convocation to these dates."""
    seats = session.inscriptions.filter(statut=StatutInscription.CONFIRMEE).select_related(*BESIDE)
    if not tous:
        seats = seats.exclude(sequence_envoyee=F("sequence"))
    return list(seats.order_by("agent__nom", "agent__prenom", "pk"))


@rejoue
def convoquer(session_pk: int, auteur: "Agent | None", *, tous: bool = False) -> Envoi:
    """Sends to all, or to those who have none. Raises InscriptionRefusee for a session without dates, past or over."""
    ready = _letters(SessionFormation.objects.select_related("formation").get(pk=session_pk), tous=tous)
    with places():
        session = lock(session_pk)
        if session.statut not in PROPOSEES:
            raise InscriptionRefusee(f"Cette session est {session.get_statut_display()} : elle ne convoque personne.")
        if session.date_debut is None:
            raise InscriptionRefusee("Fixez d’abord les dates de la session.")
        if session.date_fin < timezone.localdate():
            raise InscriptionRefusee("Cette session est passée : il n’y a plus personne à convoquer.")
        sent = _send(session, to_convene(session, tous=tous), ready)
        if sent.convoquees:
            SessionFormation.objects.filter(pk=session.pk).update(convoquee_le=timezone.now())
            _tell(session, sent, auteur)
        return sent


def _letters(session: SessionFormation, *, tous: bool) -> Lettres:
    """Composed before the lock, which bookings wait for; one that has changed meanwhile is composed again under it."""
    creneaux = creneaux_of(session)
    return _compose(to_convene(session, tous=tous), creneaux, organisme()) if creneaux else {}


def _compose(inscriptions: list[Inscription], creneaux: list[Creneau], body: Organisme) -> Lettres:
    known = fonctions_of([one.agent_id for one in inscriptions], [one.collectivite_id for one in inscriptions])
    return {
        (one.pk, one.sequence): convocation(one, creneaux, known.get((one.agent_id, one.collectivite_id), ""), body)
        for one in inscriptions
    }


def _send(session: SessionFormation, inscriptions: list[Inscription], ready: Lettres) -> Envoi:
    sent, body, creneaux = Envoi(), organisme(), creneaux_of(session)
    late = [one for one in inscriptions if (one.pk, one.sequence) not in ready]
    letters = ready | _compose(late, creneaux, body)
    for one in inscriptions:
        letter = letters[one.pk, one.sequence]
        pieces = [
            Piece(f"convocation-{session.numero}.pdf", "application/pdf", letter),
            rendez_vous.piece(one, creneaux, body, rendez_vous.REQUEST),
        ]
        written = _write(one, creneaux, pieces, nouvelle=one.sequence_envoyee is None)
        one.convoquee_le, one.sequence_envoyee = timezone.now(), one.sequence
        one.save(update_fields=["convoquee_le", "sequence_envoyee"])
        (sent.convoquees if written else sent.sans_adresse).append(one)
    return sent


def _write(one: Inscription, creneaux: list[Creneau], pieces: list[Piece], *, nouvelle: bool) -> bool:
    contexte = {
        "inscription": one,
        "session": one.session,
        "dates": jours_de(creneaux),
        "creneaux": creneaux,
        "nouvelle": nouvelle,
        "bouton": Lien("Voir mon inscription", one.get_absolute_url()),
    }
    gabarit = "formations/courriels/convocation.html"
    return bool(write_mail(gabarit, contexte, agent=one.agent, sorte=CONVOCATION, pieces=pieces))


def _tell(session: SessionFormation, sent: Envoi, auteur: "Agent | None") -> None:
    """In the history: one line for each person, told already."""
    lines = [histoire.line(Acte.CONVOQUEE, one, auteur, de=one.statut) for one in sent.convoquees]
    for line in lines:
        line.annonce_le = timezone.now()
    histoire.write(lines)


def send_due(now: object = None) -> int:
    """Every hour: those of sessions that are near, the latest promoted included. Below its minimum, a session waits
    until somebody maintains it.

    Returns how many were convened.
    """
    today = timezone.localdate(now)
    horizon = today + timedelta(days=ReglagesFormation.load().convocation_jours)
    near = SessionFormation.objects.filter(statut__in=PROPOSEES, date_debut__gt=today, date_debut__lte=horizon)
    waiting = Inscription.objects.filter(statut=StatutInscription.CONFIRMEE, sequence_envoyee=None)
    done = 0
    for session in near.filter(pk__in=waiting.values("session")).order_by("pk"):
        if session.statut == StatutSession.MAINTENUE or session.occupees >= session.minimum:
            done += len(convoquer(session.pk, None).convoquees)
    return done


def update_due() -> int:
    """Every few minutes: whoever was convened and whose session or seat has changed since. Returns how many mails."""
    today = timezone.localdate()
    kept = Q(statut=StatutInscription.CONFIRMEE, session__statut__in=PROPOSEES, session__date_fin__gte=today)
    lost = ~Q(statut__in=(*ATTENDUES, *CONCLUES))
    moved = Inscription.objects.filter(kept | lost, sequence_envoyee__lt=F("sequence"))
    return sum(_update(pk) for pk in sorted(set(moved.values_list("session", flat=True))))


@rejoue
def _update(session_pk: int) -> int:
    """Moved: the letter and the date again, under the same uid. Lost: the date goes away."""
    with places():
        session = lock(session_pk)
        seats = session.inscriptions.filter(sequence_envoyee__lt=F("sequence")).select_related(*BESIDE)
        seats = list(seats.order_by("pk"))
        to_come = session.date_fin is not None and session.date_fin >= timezone.localdate()
        seated = session.is_proposed and to_come
        kept = [one for one in seats if seated and one.statut == StatutInscription.CONFIRMEE]
        lost = [one for one in seats if one.statut not in (*ATTENDUES, *CONCLUES)]
        _tell(session, _send(session, kept, {}), None)
        return len(kept) + len(_take_back(session, lost))


def _take_back(session: SessionFormation, lost: Iterable[Inscription]) -> list[Inscription]:
    creneaux, body, done = creneaux_of(session), organisme(), []
    for one in lost:
        if creneaux and session.date_fin >= timezone.localdate():
            _write_off(one, creneaux, body)
            done.append(one)
        one.sequence_envoyee = one.sequence
        one.save(update_fields=["sequence_envoyee"])
    return done


def _write_off(one: Inscription, creneaux: list[Creneau], body: Organisme) -> None:
    contexte = {
        "inscription": one,
        "session": one.session,
        "dates": jours_de(creneaux),
        "bouton": Lien("Voir mon inscription", one.get_absolute_url()),
    }
    pieces = [rendez_vous.piece(one, creneaux, body, rendez_vous.CANCEL)]
    with transaction.atomic():
        write_mail(
            "formations/courriels/rendez_vous_annule.html", contexte, agent=one.agent, sorte=CONVOCATION, pieces=pieces
        )
