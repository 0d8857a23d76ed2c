"""Figures of the finished sessions: by commune, by theme, by year. Read from the presences, never stored."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

from django.db.models import Count, DecimalField, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce

from formations.enums import CONCLUES, PayePar, Presence, StatutInscription, StatutSession
from formations.models import Emargement, Inscription, SessionFormation

if TYPE_CHECKING:
    from collectivites.models import Collectivite

COUT = Coalesce("session__cout", "session__formation__cout", Value(0), output_field=DecimalField(decimal_places=2))
# What a commune pays: the intercommunalité and the subscription to the CNFPT cost it nothing more.
A_SA_CHARGE = (PayePar.COMMUNE, PayePar.PARTAGE)


class Axe(StrEnum):
    """What a line of the table is about."""

    COMMUNE = "commune"
    THEME = "theme"
    ANNEE = "annee"


CLES = {
    Axe.COMMUNE: ("collectivite__nom", "collectivite"),
    Axe.THEME: ("session__formation__theme__nom", "session__formation__theme"),
    Axe.ANNEE: ("session__date_debut__year", "session__date_debut__year"),
}


@dataclass(frozen=True)
class Rang:
    """A line: people, seats, half-days attended, minutes, no-shows (absent, not excused), cost in euros and the part
    of it that the communes pay.
    """

    libelle: str
    agents: int = 0
    inscrits: int = 0
    demi_journees: int = 0
    minutes: int = 0
    absents: int = 0
    cout: Decimal = Decimal(0)
    part: Decimal = Decimal(0)

    @property
    def heures(self) -> float:
        return round(self.minutes / 60, 2)


@dataclass(frozen=True)
class Tableau:
    rangs: list[Rang]
    total: Rang
    sessions: int


def finished(annee: int | None = None, collectivite: "Collectivite | None" = None) -> "QuerySet[Inscription]":
    """Seats of the sessions closed, of that year and that collectivité if given."""
    rows = Inscription.objects.filter(statut__in=CONCLUES, session__statut=StatutSession.CLOSE).order_by()
    if annee is not None:
        rows = rows.filter(session__date_debut__year=annee)
    return rows if collectivite is None else rows.filter(collectivite=collectivite)


def annees(collectivite: "Collectivite | None" = None) -> list[int]:
    """Those with a closed session, the latest first. One query."""
    days = SessionFormation.objects.filter(statut=StatutSession.CLOSE, inscriptions__in=finished(None, collectivite))
    return [day.year for day in days.order_by().dates("date_debut", "year", order="DESC")]


def tableau(axe: Axe, *, annee: int | None = None, collectivite: "Collectivite | None" = None) -> Tableau:
    """Four queries, whatever the number of rows."""
    rows = finished(annee, collectivite)
    label, key = CLES[axe]
    halves = _half_days(rows, key)
    names = {field.name for field in fields(Rang)}
    grouped = rows.values(key, label).annotate(**_sums())
    found = sorted(grouped, key=lambda row: str(row[label]).casefold(), reverse=axe == Axe.ANNEE)
    rangs = [
        Rang(
            libelle=str(row[label]),
            demi_journees=halves.get(row[key], 0),
            **{name: row[name] for name in names & row.keys()},
        )
        for row in found
    ]
    whole = rows.aggregate(**_sums())
    total = Rang(libelle="Ensemble", demi_journees=sum(halves.values()), **{k: v or 0 for k, v in whole.items()})
    return Tableau(rangs, total, rows.aggregate(n=Count("session", distinct=True))["n"])


def _sums() -> dict[str, object]:
    mine = Q(session__formation__paye_par__in=A_SA_CHARGE)
    zero = Value(Decimal(0), output_field=DecimalField(decimal_places=2))
    return {
        "agents": Count("agent", distinct=True),
        "inscrits": Count("pk"),
        "minutes": Coalesce(Sum("minutes"), 0),
        "absents": Count("pk", filter=Q(statut=StatutInscription.ABSENTE)),
        "cout": Coalesce(Sum(COUT), zero),
        "part": Coalesce(Sum(COUT, filter=mine), zero),
    }


def _half_days(rows: "QuerySet[Inscription]", key: str) -> dict[object, int]:
    """Attended, in whole or in part, by key of the group: apart, since a join would multiply the sums."""
    there = Emargement.objects.filter(
        inscription__in=rows.values("pk"), presence__in=[Presence.PRESENT, Presence.PARTIEL]
    )
    grouped = there.order_by().values(f"inscription__{key}").annotate(n=Count("pk"))
    return {row[f"inscription__{key}"]: row["n"] for row in grouped}


@dataclass(frozen=True)
class Personne:
    """An agent of a collectivité, and what they followed for it."""

    slug: str
    nom: str
    sessions: int
    minutes: int
    attestations: int


def personnes(collectivite: "Collectivite", annee: int | None = None) -> Sequence[Personne]:
    """By name. One query."""
    rows = finished(annee, collectivite).values("agent__slug", "agent__nom", "agent__prenom")
    rows = rows.annotate(n=Count("pk"), total=Coalesce(Sum("minutes"), 0), papers=Count("attestation"))
    return [
        Personne(
            row["agent__slug"],
            f"{row['agent__prenom']} {row['agent__nom']}".strip(),
            row["n"],
            row["total"],
            row["papers"],
        )
        for row in rows.order_by("agent__nom", "agent__prenom", "agent__slug")
    ]


ENTETES = ("Agents", "Inscriptions", "Demi-journées suivies", "Heures suivies", "Absences sans excuse")
COUTS = ("Coût, en euros", "Part des communes, en euros")


def lignes(table: Tableau) -> list[list[object]]:
    """For a spreadsheet, the whole last."""
    return [
        [one.libelle, one.agents, one.inscrits, one.demi_journees, one.heures, one.absents, one.cout, one.part]
        for one in (*table.rangs, table.total)
    ]
