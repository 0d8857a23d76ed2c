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


# Beyond so many, those who would wait are counted, not named.
NOMMES = 2


@dataclass
class Recapitulatif:
    """Names, seats, cost, and what to know before sending. `attendent`: who would go on the waiting list; `quota`: that
    of their commune, when nothing else keeps them there.
    """

    carte: Carte | None
    candidats: list[Candidat]
    nouveaux: list[str]
    attendent: list[str] = field(default_factory=list)
    quota: int | None = None
    cout: str = ""
    alertes: list[Alerte] = field(default_factory=list)

    @property
    def demandees(self) -> int:
        return len(self.candidats) + len(self.nouveaux)

    @property
    def attente(self) -> int:
        return len(self.attendent)

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
            reached = f"Le quota de {self.quota} par commune est atteint. " if self.quota else ""
            return space(f"{reached}Sur la liste d’attente : une place dès qu’il s’en libère une.")
        if self.attente > NOMMES:
            who = f"{en_lettres(self.attente, 'f')} personnes iraient"
        else:
            who = f"{' et '.join(self.attendent)} {'iraient' if self.attente > 1 else 'irait'}"
        cause = f"Le quota est de {self.quota} par commune : " if self.quota else ""
        words = f"{cause}{who} sur la liste d’attente."
        return space(words[:1].upper() + words[1:])

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
    asked = [one.agent.nom_complet for one in candidats] + names
    _wait(found, [one.agent.pk for one in candidats], list(zip(asked, [one.pk for one in places], strict=True)))
    leaving: dict[Collectivite, list[int]] = {}
    for one in candidats:
        leaving.setdefault(one.collectivite, []).append(one.agent.pk)
    found.alertes = warnings(session, leaving, [one.session for one in autres if not one.obstacle])
    return found


def _wait(found: Recapitulatif, agents: list[int], asked: list[tuple[str, int]]) -> None:
    """Who of them would have no seat, served in this order as `reserver` does. `asked`: names and collectivités."""
    session = copy.copy(found.carte.session)
    known = situation.read(session, agents) if session.is_dated else None
    if known is None or someone_passes(session, known):
        found.attendent = [name for name, _ in asked]
        return
    kept: list[int | None] = []
    for name, place in asked:
        room = known.room_for(session, place)
        if not session.is_full and room:
            known.place(session, place)
            continue
        found.attendent.append(name)
        kept.append(None if room else known.quota_of(session, place))
    found.quota = kept[0] if len(set(kept)) == 1 else None
