"""The list of seats: one's own, those of the collectivités that one manages or signs for."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from collectivites.enums import Domaine
from extranet.lib.pliage import words
from formations.enums import ATTENDUES, StatutInscription, Visa
from formations.inscrire.mots import Etat, dates_words, state_of
from formations.models import Inscription

if TYPE_CHECKING:
    from collectivites.models import Agent, Collectivite

FILTRES = {
    "confirmees": "Places confirmées",
    "visa": "En attente du visa",
    "attente": "Sur liste d’attente",
    "proposees": "Places à accepter",
}
_ETATS = {
    "confirmees": Q(statut=StatutInscription.CONFIRMEE),
    "visa": Q(visa=Visa.ATTENDU, statut__in=[*ATTENDUES, StatutInscription.ATTENTE]),
    "attente": Q(statut=StatutInscription.ATTENTE),
    "proposees": Q(statut=StatutInscription.OFFERTE),
}
MIENNES = "moi"


@dataclass(frozen=True)
class Ligne:
    """A seat in the list."""

    inscription: Inscription
    quand: str
    etat: Etat
    moi: bool


@dataclass
class Lignes:
    """Those to come and those that are past."""

    coming: "QuerySet[Inscription]"
    past: "QuerySet[Inscription]"
    lecteur: "Agent"

    def lines(self, found: "list[Inscription]", ranked: Mapping[int, tuple[int, int]]) -> list[Ligne]:
        return [
            Ligne(
                one,
                dates_words(slot.date for slot in one.session.creneaux.all()),
                state_of(one, ranked.get(one.pk, (None, 0))[0]),
                one.agent_id == self.lecteur.pk,
            )
            for one in found
        ]


def seats_of(agent: "Agent") -> tuple["QuerySet[Inscription]", list["Collectivite"]]:
    """Those seats, and the collectivités; a responsable has the pages of the sessions for the others."""
    places = {p.collectivite_id: p.collectivite for p in agent.postes_en_cours if p.gestionnaire or p.is_signataire}
    seats = Inscription.objects.visible_to(agent)
    if agent.answers_for(Domaine.FORMATIONS):
        seats = seats.filter(Q(agent=agent) | Q(collectivite__in=places))
    return seats, sorted(places.values(), key=lambda one: one.nom)


def rows(seats: "QuerySet[Inscription]", agent: "Agent", asked: Mapping[str, str]) -> Lignes:
    """Narrowed by `qui` (« moi », a commune by its slug), `etat`, `q`; a value that means nothing narrows nothing."""
    if asked["qui"] == MIENNES:
        seats = seats.filter(agent=agent)
    elif asked["qui"]:
        seats = seats.filter(collectivite__slug=asked["qui"])
    if asked["etat"] in _ETATS:
        seats = seats.filter(_ETATS[asked["etat"]])
    for word in words(asked["q"]):
        named = Q(agent__nom__icontains=word) | Q(agent__prenom__icontains=word)
        seats = seats.filter(named | Q(session__formation__title__icontains=word) | Q(session__numero__icontains=word))
    full = seats.for_list().prefetch_related("session__creneaux")
    return Lignes(full.coming().by_date(), full.past().order_by("-session__date_debut", "pk"), agent)
