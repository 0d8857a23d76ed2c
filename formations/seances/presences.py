"""Presences, half-day by half-day: each tap is an act under the lock of the session, until the half-day is closed."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import Count, Max, Q
from django.utils import timezone

from extranet.lib.tour import rejoue
from formations.enums import PROPOSEES, Acte, Presence
from formations.models import Creneau, Emargement, Inscription, SessionFormation
from formations.mots import duree
from formations.places import histoire
from formations.places.verrous import lock, places
from formations.refus import InscriptionRefusee, SessionChangee
from formations.seances.papiers import inscrits_of

if TYPE_CHECKING:
    from collectivites.models import Agent

# People arrive before the first minute.
AVANCE = timedelta(minutes=30)


@dataclass(frozen=True)
class Saisie:
    """What is said of a person: `minutes` for whoever left early or came late, with a few words.

    A tap (not `precise`) that says again what was said leaves the details as they are.
    """

    presence: Presence
    minutes: int | None = None
    note: str = ""
    precise: bool = False


@dataclass
class Ligne:
    """A person of the list, and what was entered for them this half-day."""

    inscription: Inscription
    emargement: Emargement | None = None

    @property
    def choix(self) -> str:
        """The button that is pressed: whoever was there in part was there."""
        return button_of(self.emargement.presence) if self.emargement is not None else ""

    @property
    def note(self) -> str:
        return self.emargement.note if self.emargement is not None else ""

    @property
    def minutes_dites(self) -> int | str:
        """Those that were typed: of whoever was there in part."""
        row = self.emargement
        return row.minutes if row is not None and row.presence == Presence.PARTIEL else ""

    @property
    def par_code(self) -> bool:
        return self.emargement is not None and self.emargement.par_lui_meme

    @property
    def precision(self) -> str:
        """« 2 h sur place, parti à 14 h pour une astreinte »."""
        if self.emargement is None:
            return ""
        part = f"{duree(self.emargement.minutes)} sur place" if self.emargement.presence == Presence.PARTIEL else ""
        return ", ".join(filter(None, [part, self.emargement.note]))


@dataclass
class Feuille:
    """A half-day as the page shows it."""

    creneau: Creneau
    lignes: list[Ligne] = field(default_factory=list)
    presents: int = 0
    saisies: int = 0
    derniere: datetime | None = None

    @property
    def est_close(self) -> bool:
        return self.creneau.clos_le is not None

    @property
    def est_ouverte(self) -> bool:
        return is_open(self.creneau)

    @property
    def ouverture(self) -> datetime:
        return opening(self.creneau)


def button_of(presence: str) -> str:
    return Presence.PRESENT.value if presence == Presence.PARTIEL else str(presence)


def opening(creneau: Creneau) -> datetime:
    return creneau.debut - AVANCE


def is_open(creneau: Creneau, now: datetime | None = None) -> bool:
    """From half an hour before its first minute until somebody closes it."""
    return creneau.clos_le is None and opening(creneau) <= (now or timezone.now())


def feuilles_of(session: SessionFormation) -> list[Feuille]:
    """Every half-day with its counts. One query."""
    there = Q(emargements__presence__in=[Presence.PRESENT, Presence.PARTIEL])
    counted = session.creneaux.order_by("demi_journee").annotate(
        presents=Count("emargements", filter=there),
        saisies=Count("emargements"),
        derniere=Max("emargements__saisi_le"),
    )
    return [Feuille(one, presents=one.presents, saisies=one.saisies, derniere=one.derniere) for one in counted]


def current(feuilles: list[Feuille], now: datetime | None = None) -> Feuille:
    """The one to fill in now: the first that is open, else the next one, else the last."""
    ready = next((one for one in feuilles if is_open(one.creneau, now)), None)
    return ready or next((one for one in feuilles if not one.est_close), feuilles[-1])


def fill(feuille: Feuille, session: SessionFormation) -> Feuille:
    """With its people, by name. Two queries."""
    said = {one.inscription_id: one for one in feuille.creneau.emargements.all()}
    feuille.lignes = [Ligne(one, said.get(one.pk)) for one in inscrits_of(session)]
    return feuille


@rejoue
def noter(
    creneau_pk: int,
    saisies: dict[int, Saisie],
    auteur: "Agent",
    *,
    par_lui_meme: bool = False,
    now: datetime | None = None,
) -> int:
    """By key of the inscription. What says the same as before is left; returns how many were written.

    Raises SessionChangee before the opening, once the half-day is closed, or for whoever has no seat any more.
    """
    now = now or timezone.now()
    with places():
        creneau = _open_half_day(creneau_pk, now)
        seats = dict.fromkeys(creneau.session.inscriptions.placed().filter(pk__in=saisies).values_list("pk", flat=True))
        if len(seats) != len(saisies):
            raise SessionChangee("Quelqu’un n’a plus de place dans cette session. Rechargez la page.")
        return _write(creneau, saisies, auteur, par_lui_meme=par_lui_meme, now=now)


def _open_half_day(pk: int, now: datetime) -> Creneau:
    """Read again once its session is locked."""
    session = lock(Creneau.objects.values_list("session", flat=True).get(pk=pk))
    creneau = Creneau.objects.get(pk=pk)
    creneau.session = session
    if creneau.clos_le is not None or session.statut not in PROPOSEES:
        raise SessionChangee("Cette demi-journée est close : ses présences ne changent plus. Rechargez la page.")
    if opening(creneau) > now:
        raise SessionChangee("Cette demi-journée n’a pas commencé : la saisie s’ouvre une demi-heure avant.")
    return creneau


def _write(creneau: Creneau, saisies: dict[int, Saisie], auteur: "Agent", *, par_lui_meme: bool, now: datetime) -> int:
    known = {one.inscription_id: one for one in creneau.emargements.filter(inscription__in=saisies)}
    done = 0
    for pk, saisie in saisies.items():
        row = known.get(pk) or Emargement(inscription_id=pk, creneau=creneau)
        if row.pk and not saisie.precise and button_of(row.presence) == saisie.presence:
            continue
        values = _values(saisie, creneau, row.note)
        if row.pk and values == (row.presence, row.minutes, row.note):
            continue
        row.presence, row.minutes, row.note = values
        row.saisi_par, row.saisi_le, row.par_lui_meme = auteur, now, par_lui_meme
        row.save()
        done += 1
    return done


def _values(saisie: Saisie, creneau: Creneau, before: str) -> tuple[str, int, str]:
    """The whole half-day for whoever is there, unless fewer minutes are said. Raises InscriptionRefusee."""
    note = saisie.note.strip() if saisie.precise else before
    if saisie.presence in (Presence.EXCUSE, Presence.ABSENT):
        return saisie.presence.value, 0, note
    minutes = creneau.minutes if saisie.minutes is None else saisie.minutes
    if not 1 <= minutes <= creneau.minutes:
        raise InscriptionRefusee(
            f"Cette demi-journée dure {duree(creneau.minutes)} : écrivez de 1 à {creneau.minutes}."
        )
    full = minutes == creneau.minutes
    return (Presence.PRESENT if full else Presence.PARTIEL).value, minutes, note


def carry_over(session: SessionFormation, creneau: Creneau) -> dict[int, Saisie]:
    """Those who were there the half-day before, and for whom nothing is said yet."""
    before = session.creneaux.filter(demi_journee__lt=creneau.demi_journee).order_by("-demi_journee").first()
    if before is None:
        return {}
    there = before.emargements.filter(presence__in=[Presence.PRESENT, Presence.PARTIEL])
    known = set(creneau.emargements.values_list("inscription", flat=True))
    seats = set(session.inscriptions.placed().values_list("pk", flat=True))
    keys = set(there.values_list("inscription", flat=True)) & seats - known
    return {pk: Saisie(Presence.PRESENT) for pk in sorted(keys)}


@rejoue
def clore(creneau_pk: int, auteur: "Agent", now: datetime | None = None) -> Creneau:
    """Its presences change no more. Raises InscriptionRefusee naming those of whom nothing is said."""
    now = now or timezone.now()
    with places():
        creneau = _open_half_day(creneau_pk, now)
        session = creneau.session
        missing = session.inscriptions.placed().exclude(emargements__creneau=creneau).select_related("agent")
        if names := _names(one.agent for one in missing):
            raise InscriptionRefusee(f"Dites d’abord qui était là : il manque {names}.")
        creneau.clos_le, creneau.clos_par = now, auteur
        creneau.save(update_fields=["clos_le", "clos_par"])
        histoire.write([_told(session, auteur, creneau, now)])
        return creneau


@rejoue
def rouvrir(creneau_pk: int, auteur: "Agent") -> Creneau:
    """To correct a mistake, as long as the session is not closed. Raises SessionChangee afterwards."""
    with places():
        session = lock(Creneau.objects.values_list("session", flat=True).get(pk=creneau_pk))
        creneau = Creneau.objects.get(pk=creneau_pk)
        if session.statut not in PROPOSEES:
            raise SessionChangee("La session est terminée : ses présences ne changent plus.")
        creneau.clos_le, creneau.clos_par = None, None
        creneau.save(update_fields=["clos_le", "clos_par"])
        histoire.write([_told(session, auteur, creneau, timezone.now(), rouverte=True)])
        return creneau


def _told(
    session: SessionFormation, auteur: "Agent", creneau: Creneau, now: datetime, *, rouverte: bool = False
) -> object:
    line = histoire.session_line(
        Acte.CRENEAU_CLOS, session, auteur, demi=creneau.demi_journee, quand=str(creneau), rouverte=rouverte
    )
    line.annonce_le = now
    return line


def _names(agents: Iterable["Agent"], most: int = 5) -> str:
    names = sorted(agent.nom_complet for agent in agents)
    more = f" et {len(names) - most} autres" if len(names) > most else ""
    return ", ".join(names[:most]) + more
