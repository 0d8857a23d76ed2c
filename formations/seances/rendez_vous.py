"""The appointment of a seat in the agenda of its person: one `uid` for life, and a `sequence` that grows."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import groupby

from extranet.lib.emails import Piece
from extranet.lib.ical import Contact, Evenement, calendar
from formations.enums import ATTENDUES, CONCLUES
from formations.models import Creneau, Inscription
from formations.seances.organisme import Organisme
from formations.seances.papiers import address_of

REQUEST, CANCEL, PUBLISH = "REQUEST", "CANCEL", "PUBLISH"
TENUES = (*ATTENDUES, *CONCLUES)


def agenda(inscription: Inscription, creneaux: Sequence[Creneau], body: Organisme, methode: str = PUBLISH) -> bytes:
    """The calendar file of one seat. Its half-days are one appointment of several days: an agenda that has it already
    moves it, and a cancelled one goes away. Raises ValueError without half-days.
    """
    event = evenement(inscription, creneaux, body, annule=methode == CANCEL)
    return calendar(f"Formation : {inscription.session.titre}", [event], methode=methode)


def evenement(
    inscription: Inscription, creneaux: Sequence[Creneau], body: Organisme, *, annule: bool = False
) -> Evenement:
    session, agent = inscription.session, inscription.agent
    days = jours(creneaux)
    if not days:
        raise ValueError("Une session sans date n’a pas de rendez-vous.")
    (debut, fin), ensuite = days[0], tuple(days[1:])
    where = session.lien if session.distanciel else ", ".join(filter(None, [session.ou, session.lieu_adresse]))
    return Evenement(
        uid=str(inscription.uid),
        titre=session.titre,
        debut=debut,
        fin=fin,
        lieu=where,
        description="\n".join(filter(None, [session.acces, address_of(session)])),
        url=address_of(session),
        sequence=inscription.sequence,
        annule=annule or inscription.statut not in TENUES,
        ensuite=ensuite,
        organisateur=Contact(body.complet, body.courriel) if body.courriel else None,
        participant=Contact(agent.nom_complet, agent.email) if agent.email else None,
        occupe=True,
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
    content = calendar(
        f"Formation : {inscription.session.titre}",
        [evenement(inscription, creneaux, body, annule=methode == CANCEL)],
        methode=said,
    )
    return Piece("formation.ics", f"text/calendar; method={said}; charset=utf-8", content)
