"""What a session asks of its organiser, the most pressing first; derived, nothing is stored."""

from dataclasses import dataclass, field
from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from extranet.lib.francais import en_lettres, jour
from extranet.lib.typographie import space
from formations.enums import ATTENDUES, PROPOSEES, Repas, StatutSession
from formations.models import BesoinParticulier, Inscription, ReglagesFormation, SessionFormation
from formations.mots import duree
from formations.organiser.inscrits import Inscrit
from formations.places.lecture import is_threatened


@dataclass(frozen=True)
class Tache:
    """`mairies` of a visa to remind of; `url` of the page where it is done."""

    texte: str
    url: str = ""
    action: str = ""
    mairies: list = field(default_factory=list)


def tasks(session: SessionFormation, seated: list[Inscrit], waiting: int) -> list[Tache]:
    """Two queries: the half-days, the number of particular needs."""
    inscriptions = [one.inscription for one in seated]
    rules = (_to_close, _to_open, _to_date, _hours, _threatened, _visas, _place, _convocations, _meals)
    found = [rule(session, inscriptions, waiting) for rule in rules]
    return [one for one in found if one is not None]


def _to_close(session: SessionFormation, inscriptions: list[Inscription], waiting: int) -> Tache | None:
    over = session.is_proposed and session.date_fin is not None and session.date_fin < timezone.localdate()
    if not over:
        return None
    return _task("Clore les présences : la session est passée.", session, "presences", "Saisir les présences")


def _to_open(session: SessionFormation, inscriptions: list[Inscription], waiting: int) -> Tache | None:
    if session.statut != StatutSession.PROJET:
        return None
    words = "" if session.is_dated else ", ou l’ouvrir sans date pour compter les intéressés"
    return Tache(space(f"Ouvrir aux inscriptions, quand tout est juste{words}."))


def _to_date(session: SessionFormation, inscriptions: list[Inscription], waiting: int) -> Tache | None:
    if session.is_dated or not session.is_proposed:
        return None
    many = f"{en_lettres(waiting, 'f')} personnes attendent" if waiting > 1 else "une personne attend"
    text = f"Fixer les dates : {many}." if waiting else "Fixer les dates quand il y aura assez d’intéressés."
    return _task(text, session, "dates", "Fixer les dates")


def _hours(session: SessionFormation, inscriptions: list[Inscription], waiting: int) -> Tache | None:
    """What is attested is what the half-days last: the sheet must announce as much."""
    if not session.is_dated or session.has_begun() or session.statut not in (StatutSession.PROJET, *PROPOSEES):
        return None
    held = sum(one.minutes for one in session.creneaux.all())
    said = round(session.formation.duree_heures * 60)
    if held == said:
        return None
    text = f"Accorder les heures : les demi-journées font {duree(held)}, la fiche en annonce {duree(said)}."
    return _task(text, session, "dates", "Changer les heures")


def _threatened(session: SessionFormation, inscriptions: list[Inscription], waiting: int) -> Tache | None:
    if not is_threatened(session):
        return None
    lack = session.minimum - session.occupees
    words = f"il manque {en_lettres(lack, 'f')} place{'s' if lack > 1 else ''} prise{'s' if lack > 1 else ''}"
    return _task(f"Maintenir, reporter ou annuler : {words} pour le minimum.", session, "annuler", "Annuler la session")


def _visas(session: SessionFormation, inscriptions: list[Inscription], waiting: int) -> Tache | None:
    late = [one for one in inscriptions if one.statut == "tenue" and one.visa == "attendu"]
    if not late:
        return None
    mairies = list({one.collectivite_id: one.collectivite for one in late}.values())
    names = _joined([one.nom for one in mairies])
    first = min(one.tenue_jusqua for one in late)
    number = f"{en_lettres(len(late))} visas attendus" if len(late) > 1 else "un visa attendu"
    return Tache(space(f"Relancer {names} : {number}, le premier avant le {jour(first)}."), mairies=mairies)


def _place(session: SessionFormation, inscriptions: list[Inscription], waiting: int) -> Tache | None:
    """Known before anybody is convened."""
    if not session.is_dated or not session.is_proposed or session.has_begun():
        return None
    if session.distanciel and not session.lien:
        return _task("Donner le lien de la visio.", session, "modifier", "Compléter")
    if not session.distanciel and not (session.lieu_nom or session.lieu_id):
        return _task("Préciser le lieu.", session, "modifier", "Compléter")
    return None


def _convocations(session: SessionFormation, inscriptions: list[Inscription], waiting: int) -> Tache | None:
    if not session.is_dated or not session.is_proposed or session.convoquee_le or session.has_begun():
        return None
    if not any(one.statut in ATTENDUES for one in inscriptions):
        return None
    days = ReglagesFormation.load().convocation_jours
    before = session.date_debut - timedelta(days=days)
    when = f"avant le {jour(before)}, {en_lettres(days)} jours avant"
    if before <= timezone.localdate():
        when = "maintenant : elles auraient dû partir" if before < timezone.localdate() else "aujourd’hui"
    return Tache(space(f"Envoyer les convocations {when}."))


def _meals(session: SessionFormation, inscriptions: list[Inscription], waiting: int) -> Tache | None:
    """How many, never whose: what each one needs is read apart, with discretion."""
    if session.has_begun() or not session.is_proposed:
        return None
    expected = [one for one in inscriptions if one.statut in ATTENDUES]
    needs = BesoinParticulier.objects.filter(inscription__in=expected).count() if expected else 0
    meals = sum(one.repas for one in expected) if session.repas != Repas.AUCUN else 0
    parts = []
    if meals:
        parts.append(f"Confirmer {meals} repas")
    if needs:
        many = f"{needs} besoins particuliers" if needs > 1 else "un besoin particulier"
        parts.append(f"{'lire' if parts else 'Lire'} avec discrétion {many}")
    return Tache(space(f"{' et '.join(parts)}.")) if parts else None


def _task(text: str, session: SessionFormation, page: str, action: str) -> Tache:
    pages = {
        "dates": "session_dates",
        "annuler": "session_cancel",
        "modifier": "session_update",
        "presences": "session_presences",
    }
    return Tache(space(text), reverse(f"formations:{pages[page]}", args=[session.numero]), action)


def _joined(names: list[str]) -> str:
    """« Champvans et Parcey », « Champvans, Parcey et deux autres mairies »."""
    if len(names) > 3:
        return f"{', '.join(names[:2])} et {en_lettres(len(names) - 2)} autres mairies"
    return f"{', '.join(names[:-1])} et {names[-1]}" if len(names) > 1 else names[0]
