"""The sessions of the catalogue, month by month: what each line shows, and where the reader stands in it."""

from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby
from typing import TYPE_CHECKING

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.dateformat import format as written

from formations.catalogue.choix import Choix
from formations.enums import ACTIVES, StatutInscription
from formations.models import Inscription, SessionFormation
from formations.places.lecture import is_threatened

if TYPE_CHECKING:
    from collectivites.models import Agent

# Months shown at first, and added by « la suite ».
MOIS = 2


@dataclass(frozen=True)
class Ligne:
    """A session and what the reader may do of it. `place` is their own seat or rank, `manque` the seats that it lacks
    to be held; `ferme` says why nobody asks for it now.
    """

    session: SessionFormation
    place: Inscription | None
    ferme: str = ""
    manque: int = 0

    @property
    def url(self) -> str:
        return f"{self.session.formation.adresse}?session={self.session.numero}"


@dataclass(frozen=True)
class Mois:
    """A month of the catalogue."""

    premier: date
    lignes: list[Ligne]

    @property
    def cle(self) -> str:
        return f"{self.premier:%Y-%m}"

    @property
    def titre(self) -> str:
        return month_name(self.premier).capitalize()


@dataclass(frozen=True)
class Catalogue:
    """What the page shows; `total` counts the dated sessions, all months."""

    mois: list[Mois] = field(default_factory=list)
    sans_date: list[Ligne] = field(default_factory=list)
    total: int = 0
    suite: Mois | None = None
    url_suite: str = ""

    @property
    def titre(self) -> str:
        if not self.total:
            return "Aucune session à venir"
        return f"{self.total} session{'s' if self.total > 1 else ''} à venir"


def month_name(day: date) -> str:
    return written(day, "F Y")


def catalogue(choix: Choix, agent: "Agent") -> Catalogue:
    """The first months that have sessions, up to the one asked for, and those that gather the interested.

    Sessions are read for the months that are shown; of the others, their day alone.
    """
    kept = choix.filtres.qs
    days = list(kept.dated().order_by("date_debut").values_list("date_debut", flat=True))
    months = sorted({day.replace(day=1) for day in days})
    asked = sum(f"{month:%Y-%m}" <= choix.jusque for month in months) if choix.jusque else 0
    n = max(asked, MOIS)
    following = months[n : n + MOIS]
    wanted = kept.filter(Q(date_debut=None) | Q(date_debut__lt=following[0])) if following else kept
    lines = rows(wanted, agent)
    shown = [
        Mois(first, list(group))
        for first, group in groupby(
            (one for one in lines if one.session.date_debut), lambda one: one.session.date_debut.replace(day=1)
        )
    ]
    return Catalogue(
        mois=shown,
        sans_date=[one for one in lines if one.session.date_debut is None],
        total=len(days),
        suite=Mois(following[0], []) if following else None,
        url_suite=choix.url(jusque=f"{following[-1]:%Y-%m}") + f"#mois-{following[0]:%Y-%m}" if following else "",
    )


def rows(sessions: QuerySet[SessionFormation], agent: "Agent") -> list[Ligne]:
    """The lines of these sessions, by date, the dateless last. Four queries, whatever their number."""
    counted = sessions.for_list().annotate(
        attendent=_number(StatutInscription.ATTENTE), tenues=_number(StatutInscription.TENUE, StatutInscription.OFFERTE)
    )
    found = list(counted.defer("formation__corps").prefetch_related("formation__publics"))
    own = Inscription.objects.filter(agent=agent, session__in=found, statut__in=ACTIVES)
    places = {one.session_id: one for one in own}
    now = timezone.now()
    return [_line(one, places.get(one.pk), now) for one in found]


def _number(*statuts: StatutInscription) -> Coalesce:
    """How many requests of the session stand so."""
    asked = Inscription.objects.filter(session=OuterRef("pk"), statut__in=statuts).order_by()
    return Coalesce(Subquery(asked.values("session").annotate(n=Count("pk")).values("n")), 0)


def _line(session: SessionFormation, place: Inscription | None, now: datetime) -> Ligne:
    closed = ""
    if session.has_begun(now):
        closed = "Commencée"
    elif session.ouverture and now < session.ouverture:
        closed = "Bientôt ouverte"
    elif session.cloture and now > session.cloture:
        closed = "Inscriptions closes"
    lacking = session.minimum - session.occupees if is_threatened(session) else 0
    return Ligne(session, place, closed, lacking)
