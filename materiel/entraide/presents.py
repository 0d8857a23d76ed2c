"""Who is expected at a hand-over or a return, on each side, and how to reach somebody there."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from collectivites.models import Agent, Collectivite, Poste
from materiel.enums import Cote
from materiel.models import Materiel, Pret

if TYPE_CHECKING:
    from django.db.models import QuerySet


@dataclass(frozen=True)
class Present:
    """Somebody of a side; without an account, the name is written on the spot."""

    place: Collectivite
    agent: Agent | None

    @property
    def nom(self) -> str:
        return self.agent.nom_complet if self.agent else ""


def expected_people(pret: Pret, agent: Agent) -> dict[Cote, Present]:
    """The one who holds the telephone for their side; for the other, whoever the loan names, else who may do it."""
    mine = next(
        (p.collectivite_id for p in agent.postes_en_cours if p.constats and p.collectivite_id in _sides(pret)), None
    )
    found = {}
    for cote, place in ((Cote.PRETEUR, pret.preteur), (Cote.EMPRUNTEUR, pret.emprunteur)):
        who = agent if place.pk == mine else next(iter(_candidates(pret, cote, place, agent)), None)
        found[cote] = Present(place, who)
    return found


def _sides(pret: Pret) -> set[int]:
    return {pret.preteur_id, pret.emprunteur_id}


def _candidates(pret: Pret, cote: Cote, place: Collectivite, holder: Agent) -> Iterable[Agent]:
    named = [pret.materiel.contact] if cote == Cote.PRETEUR else [pret.conducteur, pret.demandeur]
    here = {poste.agent_id for poste in in_office(place)}
    for one in named:
        if one is not None and one.pk in here and one != holder:
            yield one
    for poste in in_office(place).filter(constats=True):
        if poste.agent != holder:
            yield poste.agent


def in_office(place: Collectivite) -> "QuerySet[Poste]":
    return Poste.objects.in_force().filter(collectivite=place, agent__efface_le=None).for_list()


def to_call(pret: Pret) -> list[Poste]:
    """One person a side, who follows the thing or the loan, with a number if possible: « En cas de doute »."""
    sides = ((pret.preteur, pret.materiel.contact), (pret.emprunteur, pret.demandeur))
    return [poste for place, named in sides for poste in _best(place, named)]


def keepers(materiel: Materiel) -> list[Poste]:
    """Who looks after a thing: one person at most."""
    return _best(materiel.collectivite, materiel.contact)


def _best(place: Collectivite, named: Agent | None) -> list[Poste]:
    """Whoever is named while in office there, else who does the états des lieux, else a gestionnaire."""
    postes = list(in_office(place))
    found = [p for p in postes if named is not None and p.agent_id == named.pk]
    found = found or [p for p in postes if p.constats] or [p for p in postes if p.gestionnaire]
    return [next((p for p in found if p.numero), found[0])] if found else []
