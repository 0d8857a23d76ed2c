"""The appointment of a seat in the agenda of its person: one `uid` for life, and a `sequence` that grows."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import groupby

from extranet.lib.emails import Piece
from extranet.lib.ical import Contact, Evenement, calendar
from formations.enums import ATTENDUES, CONCLUES
from formations.models import Creneau, Inscription, SessionFormation
from formations.mots import salles
from formations.seances.organisme import Organisme
from formations.seances.papiers import address_of

REQUEST, CANCEL, PUBLISH = "REQUEST", "CANCEL", "PUBLISH"
TENUES = (*ATTENDUES, *CONCLUES)


def agenda(inscription: Inscription, creneaux: Sequence[Creneau], body: Organisme, methode: str = PUBLISH) -> bytes:
    """The calendar file of one seat: an agenda that has it already moves it, and a cancelled one goes away. Raises
    ValueError without half-days.
    """
    event = evenement(inscription, creneaux, annule=methode == CANCEL)
    return calendar(f"Formation : {inscription.session.titre}", [_addressed(event, inscription, body)], methode=methode)


def evenement(inscription: Inscription, creneaux: Sequence[Creneau], *, annule: bool = False) -> Evenement:
    """The half-days of a seat as one appointment of several days, which names nobody. The same in a mail and in a
    calendar that one subscribes to: an agenda that holds both shows it once. Raises ValueError without half-days.
    """
    session, days = inscription.session, jours(creneaux)
    if not days:
        raise ValueError("Une session sans date n’a pas de rendez-vous.")
    (debut, fin), ensuite = days[0], tuple(days[1:])
    return Evenement(
        uid=str(inscription.uid),
        titre=session.titre,
        debut=debut,
        fin=fin,
        lieu=_where(session, creneaux),
        description="\n".join(filter(None, [session.acces, address_of(session)])),
        url=address_of(session),
        sequence=inscription.sequence,
        annule=annule or inscription.statut not in TENUES,
        ensuite=ensuite,
        occupe=True,
    )


def _where(session: SessionFormation, creneaux: Sequence[Creneau]) -> str:
    """With the room, or those of each day."""
    if session.distanciel:
        return session.lien
    return ", ".join(filter(None, [salles(creneaux), session.ou, session.lieu_adresse]))


def _addressed(event: Evenement, inscription: Inscription, body: Organisme) -> Evenement:
    """From who convenes to who is convened, as far as their addresses are known."""
    agent = inscription.agent
    return replace(
        event,
        organisateur=Contact(body.complet, body.courriel) if body.courriel else None,
        participant=Contact(agent.nom_complet, agent.email) if agent.email else None,
    )


def jours(creneaux: Iterable[Creneau]) -> list[tuple[datetime, datetime]]:
    """A span for each day, from its first half-day to its last."""
    ordered = sorted(creneaux, key=lambda one: one.demi_journee)
    groups = [list(group) for _, group in groupby(ordered, key=lambda one: one.date)]
    return [(group[0].debut, group[-1].fin) for group in groups]


def piece(inscription: Inscription, creneaux: Sequence[Creneau], body: Organisme, methode: str) -> Piece:
    """What goes with a mail. Without an organiser and a person with their addresses, agendas refuse an invitation:
    the file is then a plain date.
    """
    whole = bool(body.courriel and inscription.agent.email)
    said = methode if whole else PUBLISH
    event = _addressed(evenement(inscription, creneaux, annule=methode == CANCEL), inscription, body)
    content = calendar(f"Formation : {inscription.session.titre}", [event], methode=said)
    return Piece("formation.ics", f"text/calendar; method={said}; charset=utf-8", content)
