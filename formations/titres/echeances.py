"""Habilitations that end, of a commune, each with the nearest session that delivers or prolongs it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from collectivites.models import Habilitation, Poste
from formations.enums import CONCLUES, OUVERTES, Nature, Origine, StatutInscription
from formations.models import FormationPage, Inscription, SessionCommune, SessionFormation

if TYPE_CHECKING:
    from collectivites.models import Agent, Collectivite

PALIERS = (6, 3, 1)  # months before the end
BANDE_KM = 10  # two sessions within it are as near: the first date wins


def months_after(day: date, months: int) -> date:
    """The same day, or the last of a shorter month."""
    year, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + year, month + 1
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month, last)
        except ValueError:
            continue
    raise AssertionError("unreachable")


def palier_of(end: date, today: date) -> int | None:
    """The nearest of `PALIERS` that is reached; None when the end is farther, or past."""
    reached = [months for months in PALIERS if today <= end <= months_after(today, months)]
    return min(reached, default=None)


def current() -> QuerySet[Habilitation]:
    """Those that nothing has renewed: the same person has none of the same kind that ends later, or never ends."""
    same = Habilitation.objects.filter(agent=OuterRef("agent"), type=OuterRef("type"))
    later = Q(valable_jusqu_au=None) | Q(valable_jusqu_au__gt=OuterRef("valable_jusqu_au"))
    return Habilitation.objects.filter(~Exists(same.filter(later).exclude(pk=OuterRef("pk"))), agent__efface_le=None)


def held_in(collectivites: "Iterable[Collectivite | int]") -> QuerySet[Habilitation]:
    """Of the people in office there, those that end first before the others, those without end last."""
    here = Poste.objects.in_force().filter(agent=OuterRef("agent"), collectivite__in=collectivites)
    found = current().filter(Exists(here)).select_related("agent", "type")
    return found.order_by("valable_jusqu_au", "agent__nom", "agent__prenom", "pk")


def ending(titles: QuerySet[Habilitation], today: date | None = None) -> QuerySet[Habilitation]:
    """Those that end within six months, or that ended less than six months ago and nobody has renewed."""
    today = today or timezone.localdate()
    return titles.filter(
        valable_jusqu_au__gte=months_after(today, -PALIERS[0]), valable_jusqu_au__lte=months_after(today, PALIERS[0])
    )


@dataclass(frozen=True)
class Proposition:
    """A session that would do; `km` « à vol d’oiseau », None when unknown or remote."""

    session: SessionFormation
    km: int | None
    libres: int

    @property
    def prolonge(self) -> bool:
        return self.session.formation.nature == Nature.RECYCLAGE


@dataclass
class Ligne:
    """A title that ends: a seat already, else the session proposed, else nothing yet."""

    titre: Habilitation
    palier: int | None
    inscription: Inscription | None = None
    proposition: Proposition | None = None

    @property
    def perime(self) -> bool:
        return self.titre.valable_jusqu_au < timezone.localdate()

    @property
    def tenue(self) -> bool:
        """A seat that waits for the word of the mairie, whatever asked for it."""
        return self.inscription is not None and self.inscription.statut == StatutInscription.TENUE

    @property
    def a_placer(self) -> bool:
        return self.inscription is None and self.proposition is not None

    @property
    def sans_session(self) -> bool:
        return self.inscription is None and self.proposition is None


@dataclass
class Lot:
    """« Échéances de ma commune »."""

    collectivite: "Collectivite"
    lignes: list[Ligne] = field(default_factory=list)

    @property
    def tenues(self) -> list[Ligne]:
        return [one for one in self.lignes if one.tenue]

    @property
    def a_placer(self) -> list[Ligne]:
        return [one for one in self.lignes if one.a_placer]

    @property
    def sans_session(self) -> list[Ligne]:
        return [one for one in self.lignes if one.sans_session]

    @property
    def placees(self) -> list[Ligne]:
        return [one for one in self.lignes if one.inscription is not None and not one.tenue]


def lot_of(collectivite: "Collectivite") -> Lot:
    """Six queries, whatever the number of titles and sessions."""
    today = timezone.localdate()
    titles = list(ending(held_in([collectivite]), today))
    seats = seats_of(titles)
    propositions = propose([one for one in titles if (one.agent_id, one.type_id) not in seats], collectivite)
    return Lot(
        collectivite,
        [
            Ligne(
                one,
                palier_of(one.valable_jusqu_au, today),
                seats.get((one.agent_id, one.type_id)),
                next(iter(propositions.get(one.pk, [])), None),
            )
            for one in titles
        ],
    )


def seats_of(titles: Iterable[Habilitation]) -> dict[tuple[int, int], Inscription]:
    """By person and kind: a seat or a rank in a session to come, or just ended, that delivers or prolongs the title."""
    titles = list(titles)
    rows = Inscription.objects.filter(
        Q(statut__in=OUVERTES) | Q(statut__in=CONCLUES, attestation=None, session__close_le=None),
        agent__in={one.agent_id for one in titles},
        session__formation__titre_delivre__in={one.type_id for one in titles},
    ).for_list()
    return {(one.agent_id, one.session.formation.titre_delivre_id): one for one in rows.order_by("-created_at")}


def propose(titles: list[Habilitation], collectivite: "Collectivite") -> dict[int, list[Proposition]]:
    """By key of the title, the sessions that would do, the best first; the first of each has a seat for them all.

    Best: a renewal while the title is valid that day (the whole training after it), before the end, near, then soon.
    """
    sessions = _sessions({one.type_id for one in titles})
    communes = SessionCommune.objects.filter(session__in=[one.pk for one in sessions], collectivite=collectivite)
    rows = {one.session_id: one for one in communes} if sessions else {}
    left = {one.pk: _room(one, rows.get(one.pk)) for one in sessions}
    room = dict(left)
    by_kind = defaultdict(list)
    for session in sessions:
        by_kind[session.formation.titre_delivre_id].append(Proposition(session, _km(collectivite, session), 0))
    found = {}
    for title in titles:
        ranked = sorted(by_kind[title.type_id], key=lambda one, title=title: _rank(title, one))
        # Those for which the batch has no seat any more come after, for whom a first choice would be refused.
        ranked = [Proposition(one.session, one.km, room[one.session.pk]) for one in ranked if left[one.session.pk] > 0]
        if ranked:
            left[ranked[0].session.pk] -= 1
        found[title.pk] = ranked
    return found


def _sessions(kinds: set[int]) -> list[SessionFormation]:
    """Open to booking now, with room, of published sheets."""
    now, today = timezone.now(), timezone.localdate()
    pages = FormationPage.objects.online().filter(archivee_le=None, titre_delivre__in=kinds).order_by().values("pk")
    found = SessionFormation.objects.proposed().with_room().filter(formation__in=pages, date_debut__gt=today)
    dates = Q(ouverture=None) | Q(ouverture__lte=now), Q(cloture=None) | Q(cloture__gte=now)
    return list(found.filter(*dates).for_list().order_by("date_debut", "pk")) if kinds else []


def _room(session: SessionFormation, row: SessionCommune | None) -> int:
    """For this commune, under its quota."""
    quota = None if session.quotas_leves else session.quota_commune
    held = 0
    if row is not None:
        quota, held = row.quota, row.occupees
    return session.libres if quota is None else min(session.libres, max(0, quota - held))


def _km(collectivite: "Collectivite", session: SessionFormation) -> int | None:
    if session.distanciel or session.lieu is None:
        return None
    far = collectivite.distance_to(session.lieu)
    return None if far is None else max(1, round(far))


def _rank(title: Habilitation, one: Proposition) -> tuple:
    session, end = one.session, title.valable_jusqu_au
    valid = end >= session.date_debut
    unfit = one.prolonge != valid
    far = 0 if session.distanciel else (one.km if one.km is not None else 10_000) // BANDE_KM
    return unfit, session.date_fin > end, far, session.date_debut, session.pk


def main_places(agents: "Iterable[Agent | int]") -> dict[int, "Collectivite"]:
    """Where each of these people works before all."""
    postes = Poste.objects.in_force().filter(agent__in=agents).main_first().select_related("collectivite")
    found: dict[int, Collectivite] = {}
    for poste in postes:
        found.setdefault(poste.agent_id, poste.collectivite)
    return found


def held_for_titles() -> QuerySet[Inscription]:
    """The seats that a title holds, until the word of the mairie."""
    return Inscription.objects.filter(origine=Origine.TITRE, statut=StatutInscription.TENUE)
