"""What can be said of a request before it is sent, on the sheet of a thing as on the page that asks for it."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from extranet.lib.demi_journees import DemiJournee
from extranet.lib.typographie import space
from materiel.adresses import period_query
from materiel.models import Materiel
from materiel.prets.alternatives import PROCHES, Proche, nearest_days, promised, substitutes
from materiel.prets.attente import agrees_directly
from materiel.prets.demandes import Rival, overlapping, rivals_around, standing_in_the_way
from materiel.registre.disponibilite import Disponibilite, Lecture
from materiel.registre.regles import DUREE, ENTRETIEN, LOIN, MAIRIE, ORDRE, PART, PASSE, PRIS, RETARD, RETIRE, Obstacle
from materiel.vitrine.presentation import spoken_days

if TYPE_CHECKING:
    from collectivites.models import Agent, Collectivite

# Only units lack: the others are rules of the thing, that no waiting would change.
MANQUES = {MAIRIE, ENTRETIEN, RETARD, PRIS}
# Other days of the same length, for as many, would meet the same rule.
SANS_AUTRES_JOURS = {ORDRE, PASSE, LOIN, DUREE, PART, RETIRE}


@dataclass(frozen=True)
class AutresJours:
    """Days that are free, and the address that asks for them."""

    debut: DemiJournee
    fin: DemiJournee
    requete: str

    def __str__(self) -> str:
        return spoken_days(self.debut, self.fin)


@dataclass
class EtatDemande:
    """How a request stands at this moment, and what is nearest when it cannot be had."""

    materiel: Materiel
    debut: DemiJournee
    fin: DemiJournee
    quantite: int
    dispo: Disponibilite
    rivaux: list[Rival] = field(default_factory=list)
    jours: list[AutresJours] = field(default_factory=list)
    proches: list[Proche] = field(default_factory=list)
    pour: "Collectivite | None" = None

    @property
    def obstacles(self) -> list[Obstacle]:
        """The rules that say no, the ledger excepted."""
        return [one for one in self.dispo.obstacles if one.code not in MANQUES]

    @property
    def libre(self) -> int:
        return self.dispo.libre

    @property
    def suffit(self) -> bool:
        return self.dispo.suffit(self.quantite)

    @property
    def acquis(self) -> bool:
        """Free, and nobody asked before."""
        return self.suffit and not self.rivaux

    @property
    def direct(self) -> bool:
        return self.acquis and agrees_directly(self.materiel, self.quantite)

    @property
    def en_partie(self) -> int:
        """What may be asked instead on the same days, once those who asked before are served; 0 for nothing."""
        if any(one.code != PART for one in self.obstacles):
            return 0
        left = self.libre - sum(one.quantite for one in self.rivaux if not one.accorde)
        most = min(left, self.materiel.quantite_max)
        return most if 0 < most < self.quantite else 0

    @property
    def attend(self) -> bool:
        """One may wait for it."""
        return not self.obstacles and self.libre < self.quantite

    @property
    def phrase(self) -> str:
        if self.obstacles:
            return space(" ".join(one.phrase for one in self.obstacles))
        return space(self._free() if self.suffit else self._taken())

    def _free(self) -> str:
        """« Libre les mardi 20 et mercredi 21 octobre. », « 45 libres sur 80 du 20 au 24 octobre. »"""
        count = self._count()
        if self.rivaux:
            words = f"Libre pour l’instant{f' ({count})' if count else ''}"
            others = any(one.collectivite != self.pour for one in self.rivaux)
            return f"{words}, mais une autre demande est arrivée avant." if others else f"{words}."
        return f"{count or 'Libre'} {self._when()}.{' Accordé sans attendre.' if self.direct else ''}"

    def _taken(self) -> str:
        if self.libre:
            return f"{self._count()} {self._when()}, et vous en demandez {self.quantite}."
        lack = self.dispo.obstacles[0]
        if lack.code != PRIS:
            return lack.phrase
        if self.materiel.stock > 1:
            return f"Il n’en reste pas {self._when()}."
        return f"Déjà pris {self._when()}{', au moins en partie' if self.debut.date != self.fin.date else ''}."

    def _count(self) -> str:
        """« 45 libres sur 80 »; empty for a single thing."""
        if self.materiel.stock <= 1:
            return ""
        return f"{self.libre} libre{'s' if self.libre > 1 else ''} sur {self.materiel.stock}"

    def _when(self) -> str:
        words = spoken_days(self.debut, self.fin)
        return words if words.startswith(("les ", "du ")) else f"le {words}"

    @property
    def requete(self) -> str:
        return period_query(self.debut, self.fin, self.quantite)

    @property
    def requete_partie(self) -> str:
        return period_query(self.debut, self.fin, self.en_partie)


def state_of(
    lecture: Lecture,
    pour: "Collectivite | None",
    lecteur: "Agent",
    debut: DemiJournee,
    fin: DemiJournee,
    quantite: int,
) -> EtatDemande:
    """Three queries at most, beside the reading. Without a collectivité to borrow for, no other thing is proposed."""
    materiel = lecture.materiel
    found = EtatDemande(materiel, debut, fin, quantite, lecture.dispo(debut, fin, quantite), pour=pour)
    codes = {one.code for one in found.obstacles}
    if codes & {ORDRE, PASSE, LOIN}:
        return found
    around = rivals_around(materiel, debut, fin)
    found.rivaux = standing_in_the_way(overlapping(around, materiel, debut, fin), quantite, found.libre)
    if found.acquis:
        return found
    if not codes & SANS_AUTRES_JOURS:
        found.jours = _other_days(lecture, debut, fin, quantite, around)
    if pour is not None:
        found.proches = substitutes(materiel, pour, lecteur, debut, fin, quantite)
    return found


def _other_days(
    lecture: Lecture, debut: DemiJournee, fin: DemiJournee, quantite: int, around: list[Rival]
) -> list[AutresJours]:
    asked = promised((one.debut, one.dernier, one.quantite) for one in around if not one.accorde)
    known = {"promised": asked, "taken": lecture.pris, "dernier": lecture.dernier}
    days = nearest_days(lecture.materiel, debut, fin, quantite, count=PROCHES, **known)
    return [AutresJours(one.debut, one.fin, period_query(one.debut, one.fin, quantite)) for one in days]
