"""What may be asked of a thing, and why not: one rule for the lists, the sheet, the request and the acceptance."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import lru_cache

from django.utils import timezone

from extranet.lib.demi_journees import DemiJournee, Moment, moment_at
from extranet.lib.francais import date_longue, en_lettres, heure
from extranet.lib.jours_ouvres import working_day_after, working_day_before, working_days_until
from extranet.lib.typographie import space
from materiel.enums import Conducteur, Transport
from materiel.models import Materiel, Papier
from materiel.registre import RESERVABLE, now_index

# Why a thing is not free, in the order in which one is told.
RETIRE, PASSE, LOIN, ORDRE = "retire", "passe", "loin", "ordre"
DUREE, PREAVIS, PART, PAPIER = "duree", "preavis", "part", "papier"
LE = {Moment.MATIN: "le matin", Moment.APRES_MIDI: "l’après-midi"}
MAIRIE, ENTRETIEN, RETARD, PRIS = "mairie", "entretien", "retard", "pris"


@dataclass(frozen=True)
class Obstacle:
    """A reason, its code, the sentence that says it and what to do, and for a card its few words, if they differ."""

    code: str
    phrase: str
    bref: str = ""


RETIRE_DU_PRET = Obstacle(RETIRE, "Ce matériel n’est plus proposé au prêt. Cherchez-en un autre.")


def blocked(materiel: Materiel, debut: DemiJournee, fin: DemiJournee) -> tuple[int, int]:
    """The half-days that a loan takes, buffers included (indexes): open days kept before and after are whole days."""
    return span(debut, fin, materiel.tampon_avant, materiel.tampon_apres)


@lru_cache(maxsize=4096)
def span(debut: DemiJournee, fin: DemiJournee, avant: int, apres: int) -> tuple[int, int]:
    first, last = debut.index, fin.index
    if avant:
        first = DemiJournee(working_day_before(debut.date, avant), Moment.MATIN).index
    if apres:
        last = DemiJournee(working_day_after(fin.date, apres), Moment.APRES_MIDI).index
    return first, last


def obstacles(
    materiel: Materiel, debut: DemiJournee, fin: DemiJournee, quantite: int, *, acquis: bool = False
) -> list[Obstacle]:
    """All that stands against lending so many units on this period, ledger excepted. Empty: it may be asked.

    `acquis`: its start is granted already, so that neither the past nor the notice is against it.
    """
    today = timezone.localdate()
    found = [] if materiel.is_lendable() else [RETIRE_DU_PRET]
    start = max(debut, DemiJournee(today, Moment.MATIN)) if acquis else debut
    wrong = obstacle_of_dates(start, fin, today)
    if wrong:  # days that the rest could not count
        return [*found, wrong]
    conditions = obstacle_of_conditions(materiel, debut, fin, quantite, today, acquis=acquis)
    found += [conditions, obstacle_of_papers(materiel, fin.date)]
    return [one for one in found if one]


def obstacle_of_dates(debut: DemiJournee, fin: DemiJournee, today: date) -> Obstacle | None:
    if fin < debut:
        return Obstacle(ORDRE, "Le retour vient avant le départ. Vérifiez les deux dates.")
    if debut.date < today or (fin.date <= today and fin.index < now_index()):
        return Obstacle(PASSE, "Cette date est passée. Choisissez-en une à partir d’aujourd’hui.")
    return obstacle_too_far(fin, today)


def obstacle_too_far(fin: DemiJournee, today: date) -> Obstacle | None:
    if fin.date > today + RESERVABLE:
        return Obstacle(LOIN, f"On réserve jusqu’au {date_longue(today + RESERVABLE)} au plus tard.")
    return None


def obstacle_of_conditions(
    materiel: Materiel, debut: DemiJournee, fin: DemiJournee, quantite: int, today: date, *, acquis: bool = False
) -> Obstacle | None:
    days = (fin.date - debut.date).days + 1
    if days > materiel.duree_max_jours:
        most = materiel.duree_max_jours
        return Obstacle(DUREE, f"{_days(most).capitalize()} au plus pour ce matériel, et vous en demandez {days}.")
    if not acquis and notice(today, debut.date) < materiel.preavis_jours:
        first = first_day(materiel, today)
        return Obstacle(
            PREAVIS,
            f"Demandez-le {_days(materiel.preavis_jours, 'ouvré')} à l’avance : à partir du {date_longue(first)}.",
        )
    if quantite > materiel.quantite_max:
        if materiel.stock <= 1:
            return Obstacle(PART, "Il n’y en a qu’un." if materiel.stock else "Il n’y en a plus.")
        return Obstacle(PART, f"{materiel.quantite_max} au plus par prêt, sur {materiel.stock}.")
    return None


def notice(today: date, debut: date) -> int:
    """Open days between today and the first day of a loan; tomorrow morning is a notice of one if today is open."""
    return working_days_until(today - timedelta(days=1), debut)


def first_day(materiel: Materiel, today: date | None = None) -> date:
    """The first day that its notice allows."""
    today = today or timezone.localdate()
    if not materiel.preavis_jours:
        return today
    return working_day_after(today - timedelta(days=1), materiel.preavis_jours) + timedelta(days=1)


def obstacle_of_papers(materiel: Materiel, fin: date) -> Obstacle | None:
    """I8: a blocking paper must be valid until the last day."""
    return obstacle_of_first(first_papers([materiel.pk]).get(materiel.pk), fin)


def first_papers(materiels: Iterable[int]) -> dict[int, Papier]:
    """The blocking paper that ends first, of each thing that has one. One query."""
    papers = Papier.objects.blocking().filter(materiel__in=materiels).order_by("-valable_jusqu_au", "-pk")
    return {one.materiel_id: one for one in papers}


def obstacle_of_first(first: Papier | None, fin: date) -> Obstacle | None:
    """As `obstacle_of_papers`, once the first paper to end is read."""
    return obstacle_of_paper(first if first is not None and first.valable_jusqu_au < fin else None)


def obstacle_of_paper(first: Papier | None) -> Obstacle | None:
    """What is said of the first blocking paper that ends before a loan does."""
    if first is None:
        return None
    name = f"{str(first)[0].upper()}{str(first)[1:]}"
    return Obstacle(
        PAPIER,
        f"{name} : valable jusqu’au {date_longue(first.valable_jusqu_au)}. "
        "Le prêt doit finir ce jour-là au plus tard, ou attendre son renouvellement.",
        bref=f"{name} à renouveler",
    )


def wrong_hours(debut: DemiJournee, fin: DemiJournee, remise: time | None, retour: time | None) -> dict[str, str]:
    """What to say, by field, of an hour that is not in the half-day where the loan begins or ends."""
    asked = {"heure_remise": (remise, debut), "heure_retour": (retour, fin)}
    return {
        name: space(
            f"{heure(hour)}, c’est {LE[moment_at(hour)]} : vos dates disent {LE[half.moment]}. Changez l’un des deux."
        )
        for name, (hour, half) in asked.items()
        if hour is not None and moment_at(hour) != half.moment
    }


def imposed(materiel: Materiel, avec_conducteur: bool, transport: Transport) -> tuple[bool, Transport]:
    """Whether its owner's driver comes and how it travels: as the thing wants it, else as asked."""
    if materiel.conducteur != Conducteur.POSSIBLE:
        avec_conducteur = materiel.conducteur == Conducteur.OBLIGATOIRE
    if materiel.transport != Transport.LIVRAISON:
        transport = Transport.LIVRAISON if materiel.transport == Transport.LIVRE else Transport.RETRAIT
    return avec_conducteur, transport


def _days(count: int, kind: str = "") -> str:
    word = "jour" if count < 2 else "jours"
    kind = f" {kind}" if kind else ""
    return f"{en_lettres(count)} {word}{kind}{'s' if kind and count > 1 else ''}"
