"""The half-days of a session: fixed, so that the interested are placed in their order, or moved with those in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import TYPE_CHECKING

from django.db.models import F
from django.utils import timezone

from extranet.lib.demi_journees import DemiJournee, Moment
from extranet.lib.francais import heure
from extranet.lib.tour import rejoue
from formations.enums import PLACEES, Acte, StatutInscription
from formations.models import Creneau, DemiJourneePrise, Inscription, Mouvement, SessionFormation
from formations.places import delais, empreintes, histoire
from formations.places.arrets import stops_dates
from formations.places.promotion import promote, waiting_list, wake_after
from formations.places.verrous import lock, lock_agents, places
from formations.refus import InscriptionRefusee, SessionChangee

if TYPE_CHECKING:
    from collectivites.models import Agent
    from formations.places.promotion import Attente

# A morning may run into lunch, and lunch into the afternoon.
MIDI, MIDI_AU_PLUS_TARD = time(12), time(14)
# What a half-day may say otherwise than its session, and the field of the session that it stands for.
PAR_JOUR = {"salle": "lieu_nom", "formateur": "formateur"}


@dataclass(frozen=True)
class Horaire:
    """A half-day of a session as it is typed."""

    demi: DemiJournee
    debut: time
    fin: time
    salle: str = ""
    formateur: str = ""


@dataclass
class Fixees:
    """What became of those who waited: placed now, or still waiting and why. Not `changee`: it had these half-days."""

    session: SessionFormation
    placees: list[Inscription]
    attendent: "list[Attente]"
    changee: bool = True


@rejoue
def fixer(session_pk: int, horaires: Sequence[Horaire], auteur: "Agent | None", *, vu: str | None = None) -> Fixees:
    """Gives a session its half-days, all at once, in place of those it had. The same ones change nothing.

    `vu`: the mark of the half-days that were read. Raises SessionChangee when they are others by now. Those who hold a
    seat must be free on the new ones: raises InscriptionRefusee naming who is not, and when a half-day is past, twice
    there, ends before it begins, or runs into the other half of the day.
    """
    check(horaires)
    with places():
        session = lock(session_pk)
        if reason := stops_dates(session):
            raise SessionChangee(reason)
        if vu is not None:
            empreintes.check_dates(session, vu)
        if _are_the_same(session, horaires):
            return Fixees(session, [], waiting_list(session), changee=False)
        _check_not_over(session, horaires)
        lock_agents(session.inscriptions.active().values_list("agent", flat=True))
        _check_everybody_free(session, horaires)
        # Those who have a seat here leave the half-days of before: they may pass elsewhere.
        wake_after(list(session.inscriptions.placed().values_list("agent", flat=True)), session_pk)
        line = _told(session, horaires, auteur)
        _replace(session, horaires)
        if line.acte != Acte.SESSION_MODIFIEE:
            session.convoquee_le = None
        begins, lines = delais.starts_at(session), [line]
        if changed := _brought_back(session, begins):
            lines.append(histoire.changed_line(session, auteur, changed))
            session.cloture = begins
        session.save(update_fields=["date_debut", "date_fin", "convoquee_le", "cloture"])
        session.inscriptions.filter(statut__in=PLACEES).update(sequence=F("sequence") + 1)
        # A session moved nearer: nobody has until after its beginning to say yes.
        session.inscriptions.filter(tenue_jusqua__gt=begins).update(tenue_jusqua=begins)
        histoire.write(lines)
        placed = promote(session)
        return Fixees(session, placed, waiting_list(session))


def _are_the_same(session: SessionFormation, horaires: Sequence[Horaire]) -> bool:
    known = {(one.demi, one.heure_debut, one.heure_fin, one.salle, one.formateur) for one in session.creneaux.all()}
    return known == {(one.demi, one.debut, one.fin, one.salle, one.formateur) for one in horaires}


def _brought_back(session: SessionFormation, begins: datetime) -> dict[str, datetime]:
    """Nobody registers once it has begun: the end of the registrations comes back to its beginning.

    Raises InscriptionRefusee when they would begin after it.
    """
    if session.ouverture and session.ouverture >= begins:
        raise InscriptionRefusee(
            f"Les inscriptions à cette session commencent {empreintes.words(session.ouverture)}, après son premier "
            "jour : changez d’abord cette date."
        )
    return {"cloture": begins} if session.cloture and session.cloture > begins else {}


def _told(session: SessionFormation, horaires: Sequence[Horaire], auteur: "Agent | None") -> Mouvement:
    """What the history says: the first dates, other ones, or the same hours with another room or trainer."""
    known = {one.demi_journee: one for one in session.creneaux.all()}
    if not known:
        return histoire.session_line(Acte.SESSION_DATEE, session, auteur, avant="")
    hours = {(one.demi_journee, one.heure_debut, one.heure_fin) for one in known.values()}
    if hours != {(one.demi.index, one.debut, one.fin) for one in horaires}:
        return histoire.session_line(Acte.SESSION_REPORTEE, session, auteur, avant=session.date_debut.isoformat())
    changed = {
        name for name in PAR_JOUR for one in horaires if getattr(known[one.demi.index], name) != getattr(one, name)
    }
    names = sorted(session._meta.get_field(PAR_JOUR[name]).verbose_name for name in changed)
    return histoire.session_line(Acte.SESSION_MODIFIEE, session, auteur, champs=names)


def check(horaires: Sequence[Horaire]) -> None:
    """Raises InscriptionRefusee with what is wrong."""
    if not horaires:
        raise InscriptionRefusee("Donnez une demi-journée au moins.")
    seen, today = set(), timezone.localdate()
    for one in horaires:
        if one.demi.date < today:
            raise InscriptionRefusee(f"Le {one.demi} est passé : choisissez une date à venir.")
        if one.fin <= one.debut:
            raise InscriptionRefusee(f"Le {one.demi} finit avant d’avoir commencé : corrigez les heures.")
        if one.demi in seen:
            raise InscriptionRefusee(f"Le {one.demi} est écrit deux fois.")
        seen.add(one.demi)
        _check_hours(one)
    _check_lunch(horaires)


def _check_hours(one: Horaire) -> None:
    """What one half-day takes from a person is known by its name: its hours stay in it."""
    if one.demi.moment == Moment.MATIN and one.fin > MIDI_AU_PLUS_TARD:
        raise InscriptionRefusee(
            f"Le {one.demi} finit après {heure(MIDI_AU_PLUS_TARD)} : écrivez la suite dans l’après-midi."
        )
    if one.demi.moment == Moment.APRES_MIDI and one.debut < MIDI:
        raise InscriptionRefusee(f"Le {one.demi} commence avant {heure(MIDI)} : écrivez ce début dans le matin.")


def _check_lunch(horaires: Sequence[Horaire]) -> None:
    """Minutes are attested half-day by half-day: none is counted twice."""
    ends = {one.demi.date: one.fin for one in horaires if one.demi.moment == Moment.MATIN}
    for one in horaires:
        if one.demi.moment == Moment.APRES_MIDI and one.debut < ends.get(one.demi.date, one.debut):
            raise InscriptionRefusee(f"Le {one.demi} commence avant la fin du matin : corrigez les heures.")


def _check_not_over(session: SessionFormation, horaires: Sequence[Horaire]) -> None:
    """Of today, the half-days that it had may stay: the others are not given once they are over."""
    known, now = set(session.creneaux.values_list("demi_journee", flat=True)), timezone.localtime()
    for one in horaires:
        if one.demi.date == now.date() and one.fin <= now.time() and one.demi.index not in known:
            raise InscriptionRefusee(f"Le {one.demi} est déjà fini : choisissez une demi-journée à venir.")


def _check_everybody_free(session: SessionFormation, horaires: Sequence[Horaire]) -> None:
    taken = DemiJourneePrise.objects.filter(
        demi_journee__in=[one.demi.index for one in horaires],
        agent__in=session.inscriptions.placed().values("agent"),
    ).exclude(inscription__session=session)
    names = sorted({one.agent.nom_complet for one in taken.select_related("agent")})
    if names:
        raise InscriptionRefusee(
            f"À ces dates, {', '.join(names)} {'suivent' if len(names) > 1 else 'suit'} une autre formation. "
            "Choisissez d’autres dates, ou désinscrivez-les d’abord."
        )


def _replace(session: SessionFormation, horaires: Sequence[Horaire]) -> None:
    session.creneaux.all().delete()
    Creneau.objects.bulk_create(
        Creneau(
            session=session,
            demi_journee=one.demi.index,
            heure_debut=one.debut,
            heure_fin=one.fin,
            salle=one.salle,
            formateur=one.formateur,
        )
        for one in horaires
    )
    days = [one.demi.date for one in horaires]
    session.date_debut, session.date_fin = min(days), max(days)


def interested(session: SessionFormation) -> int:
    """Those who wait for its dates."""
    return session.inscriptions.filter(statut=StatutInscription.ATTENTE).count()
