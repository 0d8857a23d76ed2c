"""Presences, half-day by half-day: each tap is an act under the lock of the session, until the half-day is closed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from extranet.lib.francais import heure
from extranet.lib.tour import rejoue
from extranet.lib.typographie import space
from formations.empreinte import empreinte
from formations.enums import PROPOSEES, Acte, Presence
from formations.models import Creneau, Emargement, SessionFormation
from formations.mots import PRESENCES, duree
from formations.places import histoire
from formations.places.verrous import lock, places
from formations.refus import InscriptionRefusee, SessionChangee

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from collectivites.models import Agent

# People arrive before the first minute, and a training may end before its last one.
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


def button_of(presence: str) -> str:
    return Presence.PRESENT.value if presence == Presence.PARTIEL else str(presence)


def opening(creneau: Creneau) -> datetime:
    return creneau.debut - AVANCE


def closing(creneau: Creneau) -> datetime:
    """From when it may be closed: hours are attested once they are attended."""
    return max(creneau.debut, creneau.fin - AVANCE)


def empreinte_of(row: Emargement | None) -> str:
    """Of what a page shows of a person; it begins with the button that is pressed, "" when nothing was entered."""
    return f"{button_of(row.presence)}-{empreinte(row.presence, row.minutes, row.note)}" if row else ""


def is_open(creneau: Creneau, now: datetime | None = None) -> bool:
    """From half an hour before its first minute until somebody closes it."""
    return creneau.clos_le is None and opening(creneau) <= (now or timezone.now())


@rejoue
def noter(
    creneau_pk: int,
    saisies: dict[int, Saisie],
    auteur: "Agent",
    *,
    vus: Mapping[int, str] | None = None,
    par_lui_meme: bool = False,
    now: datetime | None = None,
) -> int:
    """By key of the inscription. What says the same as before is left; returns how many were written.

    `vus`: the fingerprints of what the page had shown, none for whoever had nothing. Raises SessionChangee when what
    is kept is another, before the opening, once the half-day is closed, or for whoever has no seat any more.
    """
    now = now or timezone.now()
    with places():
        creneau = _open_half_day(creneau_pk, now)
        known = creneau.emargements.filter(inscription__in=saisies)
        return _enter(creneau, saisies, auteur, known, vus=vus, par_lui_meme=par_lui_meme, now=now)


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


def _enter(
    creneau: Creneau,
    saisies: dict[int, Saisie],
    auteur: "Agent",
    known: "QuerySet[Emargement]",
    *,
    vus: Mapping[int, str] | None,
    par_lui_meme: bool,
    now: datetime,
) -> int:
    seats = creneau.session.inscriptions.placed().filter(pk__in=saisies).order_by().values_list("pk", flat=True)
    if len(set(seats)) != len(saisies):
        raise SessionChangee("Quelqu’un n’a plus de place dans cette session. Rechargez la page.")
    rows = {one.inscription_id: one for one in known.select_related("inscription__agent")}
    if vus is not None:
        _check_seen(creneau, saisies, rows, vus)
    lines, done = [], 0
    for pk, saisie in saisies.items():
        row = rows.get(pk) or Emargement(inscription_id=pk, creneau=creneau)
        if row.pk and _says_the_same(saisie, row, creneau):
            continue
        before, (row.presence, row.minutes, row.note) = row.presence, _values(saisie, creneau, row.note)
        row.saisi_par, row.saisi_le, row.par_lui_meme = auteur, now, par_lui_meme
        if row.pk:
            lines.append(_corrected(row, before, auteur, creneau, now))
        row.save()
        done += 1
    histoire.write(lines)
    return done


def _says_the_same(saisie: Saisie, row: Emargement, creneau: Creneau) -> bool:
    if not saisie.precise:
        return button_of(row.presence) == saisie.presence
    return _values(saisie, creneau, row.note) == (row.presence, row.minutes, row.note)


def _check_seen(
    creneau: Creneau, saisies: dict[int, Saisie], rows: Mapping[int, Emargement], vus: Mapping[int, str]
) -> None:
    """Raises SessionChangee naming those whose presence is no longer what the page had shown, nor what it says."""
    changed = [
        row.inscription.agent
        for pk, row in rows.items()
        if vus.get(pk, "") != empreinte_of(row) and not (pk in saisies and _says_the_same(saisies[pk], row, creneau))
    ]
    if changed:
        raise changed_since(changed)


def changed_since(agents: Iterable["Agent"]) -> SessionChangee:
    who = _names(agents) or "la liste"
    return SessionChangee(
        f"Changé depuis l’affichage de cette page : {who}. Rien n’est enregistré : relisez, puis recommencez."
    )


def _corrected(row: Emargement, before: str, auteur: "Agent", creneau: Creneau, now: datetime) -> object:
    """In the history: what it was, what it is."""
    was, now_is = PRESENCES[before], PRESENCES[row.presence]
    words = f"{creneau} : {was}, puis {now_is}" if was != now_is else f"{creneau} : {was}, autres détails"
    line = histoire.line(
        Acte.PRECISEE, row.inscription, auteur, de=row.inscription.statut, motif=space(words), minutes=row.minutes
    )
    line.annonce_le = now
    return line


def _values(saisie: Saisie, creneau: Creneau, before: str) -> tuple[str, int, str]:
    """The whole half-day for whoever is there, unless fewer minutes are said. Raises InscriptionRefusee."""
    note = saisie.note.strip() if saisie.precise else before
    if saisie.presence in (Presence.EXCUSE, Presence.ABSENT):
        return saisie.presence.value, 0, note
    minutes = creneau.minutes if saisie.minutes is None else saisie.minutes
    if not 1 <= minutes <= creneau.minutes:
        raise InscriptionRefusee(
            f"Cette demi-journée dure {duree(creneau.minutes)} : écrivez de 1 à {creneau.minutes} minutes."
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
def clore(
    creneau_pk: int,
    auteur: "Agent",
    saisies: dict[int, Saisie] | None = None,
    *,
    vus: Mapping[int, str] | None = None,
    now: datetime | None = None,
) -> Creneau:
    """What the list says is written, then changes no more; nothing is written on a refusal.

    Raises InscriptionRefusee before the last half-hour, or naming those of whom nothing is said; SessionChangee when
    the list is not the one that was shown (`vus`).
    """
    now = now or timezone.now()
    with places():
        creneau = _open_half_day(creneau_pk, now)
        session = creneau.session
        if closing(creneau) > now:
            raise InscriptionRefusee(
                f"Cette demi-journée finit à {heure(creneau.heure_fin)} : elle se clôt à partir de "
                f"{heure(timezone.localtime(closing(creneau)))}."
            )
        known = creneau.emargements.filter(inscription__in=session.inscriptions.placed().order_by().values("pk"))
        _enter(creneau, saisies or {}, auteur, known, vus=vus, par_lui_meme=False, now=now)
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
