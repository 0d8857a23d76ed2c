"""The journal of a session: every change, by whom, for which commune, when, why; on screen and in a workbook."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from extranet.lib import tableur
from extranet.lib.typographie import space
from formations.enums import Acte, StatutInscription, StatutSession
from formations.models import Mouvement, SessionFormation
from formations.mots import replacing

COLONNES = ["Le", "Session", "Acte", "Agent", "Pour", "Avant", "Après", "Par", "Raison"]
BESIDE = "session", "auteur", "collectivite", "inscription__agent"
AUTRES = "inscription__remplace__agent", "inscription__remplacee_par__agent"
ACTES = {one.value: one.label for one in Acte}
ETATS = {one.value: one.label for one in (*StatutInscription, *StatutSession)}
ICONES = {
    **dict.fromkeys((Acte.INSCRITE, Acte.PROMUE, Acte.VISEE, Acte.OFFRE_PRISE), "check-circle"),
    **dict.fromkeys((Acte.DESISTEE, Acte.REFUSEE, Acte.EXPIREE, Acte.SESSION_ANNULEE), "x-circle"),
    **dict.fromkeys((Acte.SESSION_DATEE, Acte.SESSION_REPORTEE), "calendar-range"),
    **dict.fromkeys((Acte.MESSAGE, Acte.CONVOQUEE, Acte.RAPPELEE, Acte.RELANCEE), "envelope"),
    Acte.REMPLACEE: "people",
    Acte.SESSION_CREEE: "plus-lg",
    Acte.SESSION_OUVERTE: "door-open",
    Acte.SESSION_MODIFIEE: "pencil",
    Acte.RANGEE: "hourglass-split",
    Acte.OFFERTE: "bell",
}


@dataclass(frozen=True)
class Ligne:
    mouvement: Mouvement

    @property
    def acte(self) -> str:
        if self.mouvement.donnees.get("rouverte"):
            return "Demi-journée rouverte"
        return ACTES.get(self.mouvement.acte, self.mouvement.acte).capitalize()

    @property
    def suite(self) -> str:
        """The other one of a replacement."""
        return replacing(self.mouvement)

    @property
    def icone(self) -> str:
        return ICONES.get(self.mouvement.acte, "info-circle")

    @property
    def qui(self) -> str:
        one = self.mouvement.inscription
        return one.agent.nom_complet if one else ""

    @property
    def par(self) -> str:
        """An act without author is that of the rules: a promotion, a deadline."""
        return self.mouvement.auteur.nom_complet if self.mouvement.auteur else "d’office"

    @property
    def avant(self) -> str:
        return ETATS.get(self.mouvement.de, "")

    @property
    def apres(self) -> str:
        return ETATS.get(self.mouvement.vers, "")

    @property
    def detail(self) -> str:
        """The reason, what has changed, the subject of a message, or the half-day."""
        data = self.mouvement.donnees
        if champs := data.get("champs"):
            values = {name: space(f" : {' → '.join(both)}") for name, both in data.get("valeurs", {}).items()}
            return ", ".join(f"{name}{values.get(name, '')}" for name in champs)
        return self.mouvement.motif or data.get("objet", "") or data.get("quand", "")


def lines_of(session: SessionFormation) -> QuerySet[Mouvement]:
    """The latest first."""
    return Mouvement.objects.filter(session=session).select_related(*BESIDE, *AUTRES).order_by("-created_at", "-pk")


def lines(mouvements: Iterable[Mouvement]) -> list[Ligne]:
    return [Ligne(one) for one in mouvements]


def _rows(session: SessionFormation) -> list[list[object]]:
    return [
        [
            one.mouvement.created_at,
            one.mouvement.session.numero,
            one.acte,
            one.qui + one.suite,
            one.mouvement.collectivite.nom if one.mouvement.collectivite else "",
            one.avant,
            one.apres,
            one.par,
            one.detail,
        ]
        for one in lines(lines_of(session))
    ]


def workbook(session: SessionFormation) -> bytes:
    return tableur.xlsx(f"Journal {session.numero}", COLONNES, _rows(session))


def text(session: SessionFormation) -> bytes:
    return tableur.csv(COLONNES, _rows(session))
