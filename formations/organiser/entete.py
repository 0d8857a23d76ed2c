"""The head of the pages of a session, for those who organise it: its states, its tabs."""

from dataclasses import dataclass
from functools import cached_property

from django.utils import timezone

from extranet.lib.francais import date_longue, heure
from extranet.lib.typographie import space
from formations.enums import OUVERTES, PROPOSEES, StatutSession, Visa
from formations.models import SessionFormation
from formations.mots import animateurs, salles
from formations.places.lecture import is_threatened
from formations.prevenir.mots import dates


@dataclass(frozen=True)
class Etat:
    """A badge."""

    ton: str
    icone: str
    texte: str


STATUTS = {
    StatutSession.PROJET: Etat("neutral", "pencil", "En préparation"),
    StatutSession.OUVERTE: Etat("info", "door-open", "Ouverte"),
    StatutSession.MAINTENUE: Etat("ok", "check-circle", "Maintenue"),
    StatutSession.ANNULEE: Etat("alert", "x-circle", "Annulée"),
    StatutSession.CLOSE: Etat("neutral", "check2-all", "Terminée"),
}


def opening_words(session: SessionFormation) -> str:
    """What a session that has just been opened is for the communes: asked for now, later, or awaited."""
    if not session.formation.live:
        return space("Les communes la verront quand sa fiche sera publiée.")
    if session.ouverture and session.ouverture > timezone.now():
        return space(f"Les inscriptions ouvrent {date_longue(session.ouverture)} à {heure(session.ouverture)}.")
    if not session.is_dated:
        return space("Elle est ouverte : les intéressés s’y inscrivent en attendant ses dates.")
    return "Elle est ouverte aux inscriptions."


@dataclass
class Entete:
    """What the head says and which acts it offers. Two queries: half-days, visas."""

    session: SessionFormation

    @cached_property
    def creneaux(self) -> list:
        return list(self.session.creneaux.all())

    @cached_property
    def visas(self) -> int:
        return (
            self.session.inscriptions.filter(visa=Visa.ATTENDU, statut__in=OUVERTES).exclude(statut="attente").count()
        )

    @property
    def titre(self) -> str:
        """« Habilitation électrique, 19 et 20 novembre »."""
        return f"{self.session.titre}, {dates(self.session)}"

    @property
    def salles(self) -> str:
        return salles(self.creneaux)

    @property
    def animateurs(self) -> str:
        return animateurs(self.session, self.creneaux)

    @property
    def debut(self) -> object:
        return self.creneaux[0].heure_debut if self.creneaux else None

    @property
    def fin(self) -> object:
        return self.creneaux[-1].heure_fin if self.creneaux else None

    @cached_property
    def etats(self) -> list[Etat]:
        session, found = self.session, [STATUTS[StatutSession(self.session.statut)]]
        if not session.is_dated:
            found.append(Etat("neutral", "calendar-range", "Sans date"))
        if session.is_proposed and session.is_full:
            found.append(Etat("neutral", "people", "Complète"))
        if is_threatened(session):
            found.append(Etat("wait", "exclamation-triangle", "Minimum non atteint"))
        if self.visas:
            words = "visas attendus" if self.visas > 1 else "visa attendu"
            found.append(Etat("wait", "hourglass-split", f"{self.visas} {words}"))
        return found

    @property
    def modifiable(self) -> bool:
        return self.session.statut in (StatutSession.PROJET, *PROPOSEES)

    @property
    def a_ouvrir(self) -> bool:
        return self.session.statut == StatutSession.PROJET

    @property
    def a_maintenir(self) -> bool:
        return self.session.statut == StatutSession.OUVERTE and self.session.is_dated

    @property
    def inscriptible(self) -> bool:
        return self.session.is_proposed and not self.session.has_begun()

    @property
    def passee(self) -> bool:
        return self.session.is_dated and self.session.has_begun()

    @property
    def convocable(self) -> bool:
        return self.session.is_proposed and self.session.is_dated and self.session.occupees > 0
