"""« Votre inscription »: what the request on the screen would give, read without any lock."""

import copy
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from extranet.lib.francais import en_lettres, euros
from extranet.lib.typographie import space
from formations.enums import PayePar
from formations.inscrire.candidats import Candidat
from formations.inscrire.cartes import Carte
from formations.inscrire.mairie_ouverte import Alerte, warnings
from formations.inscrire.mots import cost_for
from formations.places import situation
from formations.places.promotion import someone_passes

if TYPE_CHECKING:
    from collectivites.models import Collectivite
    from formations.models import FormationPage


@dataclass
class Recapitulatif:
    """Names, seats, cost, and what to know before sending. `attente`: how many would go on the waiting list."""

    carte: Carte | None
    candidats: list[Candidat]
    nouveaux: list[str]
    attente: int = 0
    cout: str = ""
    alertes: list[Alerte] = field(default_factory=list)

    @property
    def demandees(self) -> int:
        return len(self.candidats) + len(self.nouveaux)

    @property
    def places(self) -> str:
        """« 3 sur les 4 restantes »."""
        if self.carte is None or not self.carte.session.is_dated:
            return str(self.demandees)
        left = self.carte.session.libres
        if not left:
            return f"{self.demandees}, la session est complète"
        if left == 1:
            return f"{self.demandees}, il en reste une"
        if left < self.demandees:
            return f"{self.demandees}, il en reste {left}"
        return space(f"{self.demandees} sur les {left} restantes")

    @property
    def en_attente(self) -> str:
        """What is said of those who would wait."""
        if self.carte is None or not self.attente:
            return ""
        if not self.carte.session.is_dated:
            return space("Les dates ne sont pas fixées : chacun garde son rang jusque-là.")
        if self.attente == self.demandees:
            return space("Sur la liste d’attente : une place dès qu’il s’en libère une.")
        if self.attente == 1:
            return "Une personne irait sur la liste d’attente."
        return f"{en_lettres(self.attente, 'f').capitalize()} personnes iraient sur la liste d’attente."

    @property
    def bouton(self) -> str:
        count = self.demandees
        if self.carte is not None and not self.carte.session.is_dated:
            return "Être prévenu" if count <= 1 else f"Faire prévenir {count} agents"
        if count and self.attente == count:
            return "Entrer en liste d’attente" if count == 1 else f"Mettre {count} agents en liste d’attente"
        if count == 1 and self.candidats and self.candidats[0].moi:
            return "M’inscrire"
        if count <= 1:
            return "Inscrire un agent"
        return f"Inscrire {count} agents"


def summary(
    page: "FormationPage",
    carte: Carte | None,
    candidats: Sequence[Candidat],
    nouveaux: Sequence[tuple[str, "Collectivite"]],
    autres: Sequence[Carte] = (),
) -> Recapitulatif:
    """`nouveaux`: names without a card yet, and where. A bounded number of queries."""
    names = [name for name, _ in nouveaux]
    found = Recapitulatif(carte, list(candidats), names)
    if carte is None:
        return found
    session = carte.session
    price = cost_for(session, max(1, found.demandees), page)
    found.cout = "à préciser" if price is None else euros(Decimal(price))
    if price and page.paye_par == PayePar.PARTAGE:
        found.cout += " au plus"
    places = [one.collectivite for one in candidats] + [place for _, place in nouveaux]
    found.attente = _waiting(carte, [one.agent.pk for one in candidats], [place.pk for place in places])
    leaving: dict[Collectivite, list[int]] = {}
    for one in candidats:
        leaving.setdefault(one.collectivite, []).append(one.agent.pk)
    found.alertes = warnings(session, leaving, [one.session for one in autres if not one.obstacle])
    return found


def _waiting(carte: Carte, agents: list[int], places: list[int]) -> int:
    """How many of them would have no seat, served in this order as `reserver` does."""
    session = copy.copy(carte.session)
    if not session.is_dated:
        return len(places)
    known = situation.read(session, agents)
    if someone_passes(session, known):
        return len(places)
    waiting = 0
    for place in places:
        if session.is_full or not known.room_for(session, place):
            waiting += 1
        else:
            known.place(session, place)
    return waiting
