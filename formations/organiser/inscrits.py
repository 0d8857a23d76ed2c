"""Those who have a seat, with what the organiser does for each; and their list in a workbook."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from collectivites.models import Poste
from extranet.lib.francais import jour
from extranet.lib.pliage import Fold
from extranet.lib.tableur import xlsx
from formations.enums import ATTENDUES, Acte, StatutInscription, Visa
from formations.models import Inscription, Mouvement, SessionFormation
from formations.prevenir.mots import limite

COLONNES = [
    *("Nom", "Prénom", "Commune", "Fonction", "État", "Visa", "Rang", "Courriel", "Téléphone"),
    *("Repas", "Covoiturage", "Demandée le", "Demandée par"),
]
BESIDE = "agent", "collectivite", "demandee_par", "visa_par"
VISAS = {
    Visa.ACCORDE: ("ok", "check-circle"),
    Visa.NON_REQUIS: ("neutral", "dash-circle"),
    Visa.ATTENDU: ("wait", "hourglass-split"),
    Visa.REFUSE: ("alert", "x-circle"),
}


@dataclass(frozen=True)
class Inscrit:
    """A line of the table; `poste` is what the person is in the collectivité that booked them."""

    inscription: Inscription
    poste: Poste | None

    @property
    def fonction(self) -> str:
        return self.poste.libelle if self.poste else ""

    @property
    def telephone(self) -> str:
        return self.poste.numero if self.poste else ""

    @property
    def ton(self) -> str:
        return self._badge[0]

    @property
    def icone(self) -> str:
        return self._badge[1]

    @property
    def etat(self) -> str:
        if self.inscription.statut == StatutInscription.OFFERTE:
            return "Place proposée"
        return self.inscription.get_visa_display().capitalize()

    @property
    def detail(self) -> str:
        """Under the badge: since when, until when."""
        one = self.inscription
        if one.tenue_jusqua:
            return f"avant {limite(one)}"
        return jour(one.visa_le) if one.visa_le else "commune sans visa"

    @property
    def attendu(self) -> bool:
        """A visa is awaited: the mairie may be reminded."""
        return self.inscription.visa == Visa.ATTENDU and self.inscription.statut == StatutInscription.TENUE

    @property
    def retirable(self) -> bool:
        return self.inscription.statut in ATTENDUES

    @property
    def _badge(self) -> tuple[str, str]:
        if self.inscription.statut == StatutInscription.OFFERTE:
            return "wait", "bell"
        return VISAS[Visa(self.inscription.visa)]


def seated(session: SessionFormation) -> list[Inscrit]:
    """By commune, then by name. Two queries."""
    rows = session.inscriptions.placed().select_related(*BESIDE)
    return with_postes(rows.order_by(Fold("collectivite__nom"), Fold("agent__nom"), Fold("agent__prenom"), "pk"))


@dataclass(frozen=True)
class Prevenue:
    """Somebody who had a seat in a session that is cancelled; `le`: when it was told to them, None before."""

    inscription: Inscription
    le: datetime | None


def told(session: SessionFormation) -> list[Prevenue]:
    """In the same order. Two queries."""
    lines = Mouvement.objects.filter(session=session, acte=Acte.SESSION_ANNULEE).exclude(inscription=None)
    told = dict(lines.exclude(de=StatutInscription.ATTENTE).values_list("inscription", "annonce_le"))
    rows = session.inscriptions.filter(pk__in=told).select_related("agent", "collectivite")
    ordered = rows.order_by("collectivite__nom", "agent__nom", "agent__prenom", "pk")
    return [Prevenue(one, told[one.pk]) for one in ordered]


def with_postes(inscriptions: Iterable[Inscription]) -> list[Inscrit]:
    """Two queries, whatever the number."""
    found = list(inscriptions)
    postes = (
        Poste.objects.in_force()
        .select_related("fonction", "agent")
        .filter(agent__in=[one.agent_id for one in found], collectivite__in={one.collectivite_id for one in found})
    )
    known: dict[tuple[int, int], Poste] = {}
    for poste in postes.main_first():
        known.setdefault((poste.agent_id, poste.collectivite_id), poste)
    return [Inscrit(one, known.get((one.agent_id, one.collectivite_id))) for one in found]


def workbook(session: SessionFormation) -> bytes:
    """Those who have a seat, then those who wait in the order of the list."""
    waiting = with_postes(session.inscriptions.waiting().select_related(*BESIDE))
    return xlsx(f"Inscrits {session.numero}", COLONNES, [_row(one) for one in [*seated(session), *waiting]])


def _row(line: Inscrit) -> list[object]:
    one, agent = line.inscription, line.inscription.agent
    return [
        agent.nom,
        agent.prenom,
        one.collectivite.nom,
        line.fonction,
        one.get_statut_display(),
        one.get_visa_display(),
        one.rang if one.is_waiting else "",
        agent.email or "",
        line.telephone,
        "oui" if one.repas else "non",
        one.get_covoiturage_display() if one.covoiturage else "",
        one.created_at,
        one.demandee_par.nom_complet if one.demandee_par else "",
    ]
