"""All the sessions of the territory, as those who organise them read them: what is to be done first."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from formations.enums import PROPOSEES, StatutSession
from formations.models import ReglagesFormation, SessionFormation
from formations.organiser.entete import STATUTS, Etat
from formations.places.lecture import counted, is_threatened

VUES = {
    "a_venir": "À venir",
    "sans_date": "Sans date",
    "preparation": "À ouvrir",
    "passees": "Passées",
}


@dataclass(frozen=True)
class Ligne:
    """A session with its states and what it asks, counted beforehand."""

    session: SessionFormation
    etats: list[Etat]
    taches: list[str]


def sessions_of(vue: str, texte: str = "") -> QuerySet[SessionFormation]:
    """Those of a view; `texte` is in the title, the number or the commune of the place."""
    today, rows = timezone.localdate(), SessionFormation.objects.all()
    match vue:
        case "sans_date":
            rows = rows.filter(statut__in=PROPOSEES, date_debut=None).order_by("-created_at", "-pk")
        case "preparation":
            rows = rows.filter(statut=StatutSession.PROJET).order_by(F("date_debut").asc(nulls_last=True), "-pk")
        case "passees":
            over = Q(statut__in=[StatutSession.ANNULEE, StatutSession.CLOSE]) | Q(date_fin__lt=today)
            rows = (
                rows.exclude(statut=StatutSession.PROJET)
                .filter(over)
                .order_by(F("date_debut").desc(nulls_last=True), "-pk")
            )
        case _:
            rows = rows.filter(statut__in=PROPOSEES, date_fin__gte=today).order_by("date_debut", "pk")
    if texte:
        rows = rows.filter(
            Q(formation__title__icontains=texte) | Q(numero__icontains=texte) | Q(lieu__nom__icontains=texte)
        )
    return rows.for_list()


def counts() -> dict[str, int]:
    """How many sessions each view has; one query each."""
    return {vue: sessions_of(vue).order_by().count() for vue in VUES}


def lines(rows: QuerySet[SessionFormation]) -> list[Ligne]:
    """No query beyond that of the rows: their figures come with them."""
    settings = ReglagesFormation.load()
    return [Ligne(one, _states(one), _tasks(one, settings)) for one in counted(rows)]


def _states(session: SessionFormation) -> list[Etat]:
    found = [STATUTS[StatutSession(session.statut)]]
    if session.is_proposed and session.is_full:
        found.append(Etat("neutral", "people", "Complète"))
    return found


def _tasks(session: SessionFormation, settings: ReglagesFormation) -> list[str]:
    today, near, found = timezone.localdate(), timedelta(days=settings.convocation_jours), []
    if session.statut == StatutSession.PROJET:
        return ["à ouvrir"]
    if not session.is_proposed:
        return []
    if session.date_fin is not None and session.date_fin < today:
        return ["présences à clore"]
    if is_threatened(session, today):
        found.append("minimum non atteint")
    if session.visas:
        found.append(f"{session.visas} visas attendus" if session.visas > 1 else "1 visa attendu")
    if not session.is_dated:
        found.append("dates à fixer")
    elif session.occupees and not session.convoquee_le and session.date_debut <= today + near:
        found.append("convocations à envoyer")
    return found
