"""Where a loan stands, in words: its badge, its steps, its thread, whom to call."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from collectivites.models import Agent, EntreeJournal
from extranet.lib.francais import date_courte, en_lettres, heure, jour
from materiel.constats.dossier import Dossier
from materiel.enums import TENUS, Cote, StatutIncident, StatutPret
from materiel.models import Convention, Incident, Message, Pret
from materiel.models.convention import covers
from materiel.models.pret import PretQuerySet
from materiel.mots import chose_du

if TYPE_CHECKING:
    from collectivites.models import Collectivite

ICONES = {
    StatutPret.DEMANDE: ("wait", "reply"),
    StatutPret.PROPOSE: ("wait", "calendar-range"),
    StatutPret.ATTENTE: ("neutral", "hourglass-split"),
    StatutPret.ACCEPTE: ("ok", "check-circle"),
    StatutPret.REMIS: ("info", "box-arrow-up-right"),
    StatutPret.RESTITUE: ("wait", "clipboard-check"),
    StatutPret.CLOS: ("ok", "check2-all"),
    StatutPret.REFUSE: ("neutral", "x-circle"),
    StatutPret.ANNULE: ("neutral", "x-circle"),
    StatutPret.EXPIRE: ("neutral", "clock-history"),
    StatutPret.NON_RETIRE: ("neutral", "person-x"),
}
LAST = "Rendu, à clore"


@dataclass(frozen=True)
class Badge:
    ton: str
    icone: str
    texte: str


@dataclass(frozen=True)
class Etape:
    titre: str
    etat: str
    detail: str = ""


@dataclass(frozen=True)
class Appel:
    """Somebody to call about a loan."""

    agent: Agent
    collectivite: "Collectivite"
    telephone: str
    role: str = ""


@dataclass(frozen=True)
class Trace:
    """A line of the thread: a message, or an act in words."""

    quand: datetime
    message: Message | None = None
    texte: str = ""


def with_convention(prets: PretQuerySet) -> PretQuerySet:
    """Annotates `convention_signee` (by both, and covering it) and `incidents_ouverts`."""
    open_ones = Incident.objects.filter(pret=OuterRef("pk"), statut=StatutIncident.OUVERT)
    signed = Convention.objects.filter(covers())
    return prets.annotate(convention_signee=Exists(signed), incidents_ouverts=Exists(open_ones))


def badge(pret: Pret, cote: Cote | None, *, exigee: bool = True) -> Badge:
    """The state as this side reads it. The loan comes from `with_convention`."""
    ton, icone = ICONES[StatutPret(pret.statut)]
    lender = cote == Cote.PRETEUR
    if pret.statut == StatutPret.DEMANDE:
        return Badge(ton, icone, "Réponse attendue") if lender else Badge("neutral", "send", "Demande envoyée")
    if pret.statut == StatutPret.PROPOSE:
        return Badge("neutral", icone, "Proposition envoyée") if lender else Badge(ton, "reply", "À vous de répondre")
    if pret.statut == StatutPret.ACCEPTE:
        if exigee and not pret.convention_signee:
            return Badge("wait", "pen", "Convention à signer")
        return Badge(ton, icone, "Prêt à remettre" if lender else "Prêt à retirer")
    if pret.statut == StatutPret.REMIS:
        if pret.is_late():
            return Badge("alert", "exclamation-triangle", late_words(pret))
        return Badge(ton, icone, "Chez l’emprunteur" if lender else "Chez vous")
    if pret.statut == StatutPret.RESTITUE and pret.incidents_ouverts:
        return Badge("alert", "exclamation-triangle", "Incident à régler")
    words = LAST if pret.statut == StatutPret.RESTITUE else pret.get_statut_display()
    return Badge(ton, icone, f"{words[0].upper()}{words[1:]}")


def late_words(pret: Pret) -> str:
    """« Deux jours de retard »; the day itself, « En retard depuis midi »."""
    days = pret.days_late()
    if not days:
        return "En retard depuis midi"
    return f"{en_lettres(days).capitalize()} jour{'s' if days > 1 else ''} de retard"


def short_name(agent: Agent | None) -> str:
    return agent.prenom if agent else ""


def steps(pret: Pret, *, exigee: bool = True) -> list[Etape]:
    """The line of life, empty for what ended before it was handed over. The convention is a step where it is asked."""
    if pret.statut in {StatutPret.REFUSE, StatutPret.ANNULE, StatutPret.EXPIRE, StatutPret.NON_RETIRE}:
        return []
    signed = pret.convention_signee or pret.remis_le is not None
    done = {
        "Demande": (True, _who(pret.demandeur, pret.created_at)),
        "Accord": (pret.accepte_le is not None, _answer(pret)),
        "Convention": (signed and pret.accepte_le is not None, "signée" if signed else "à signer avant la remise"),
        "Remise": (pret.remis_le is not None, _when(pret.remis_le, pret.date_debut, pret.heure_remise)),
        "Retour": (pret.restitue_le is not None, _when(pret.restitue_le, pret.date_fin, pret.heure_retour)),
        "Clôture": (pret.clos_le is not None, jour(pret.clos_le) if pret.clos_le else "après l’état des lieux"),
    }
    if not exigee:
        del done["Convention"]
    found, now = [], True
    for titre, (is_done, detail) in done.items():
        etat = "faite" if is_done else "en-cours" if now else "a-venir"
        now = now and is_done
        found.append(Etape(titre, etat, detail))
    return found


def _who(agent: Agent | None, when: datetime | None) -> str:
    return ", ".join(filter(None, [short_name(agent), jour(when)]))


def _answer(pret: Pret) -> str:
    if pret.accepte_le:
        return _who(pret.reponse_par, pret.accepte_le) if pret.reponse_par else f"d’office, {jour(pret.accepte_le)}"
    if pret.statut == StatutPret.ATTENTE:
        return "en liste d’attente"
    return f"avant le {jour(pret.repondre_avant)}" if pret.repondre_avant else "à venir"


def _when(done: datetime | None, planned: object, hour: object) -> str:
    if done:
        return f"{jour(done)}, {heure(done)}"
    return ", ".join(filter(None, [date_courte(planned), heure(hour)]))


def step_number(pret: Pret, *, exigee: bool = True) -> tuple[int, int, str]:
    """Rank of the current step, their number, and what it waits for: for the cards."""
    found = steps(pret, exigee=exigee)
    rank = next((n for n, one in enumerate(found, 1) if one.etat == "en-cours"), len(found))
    return rank, len(found), found[rank - 1].titre if found else ""


# What is said of an act in the thread; the collectivité that did it begins the sentence.
ACTES = {
    "pret.demande": "demande ce prêt",
    "pret.attend": "s’inscrit en liste d’attente",
    "pret.redemande": "demande d’autres dates",
    "pret.accepte": "donne son accord",
    "pret.convient": "accepte la proposition",
    "pret.propose": "propose autre chose",
    "pret.modification": "demande un changement",
    "pret.modifie": "modifie le prêt",
    "pret.decline": "décline la proposition",
    "pret.attente": "met la demande en liste d’attente",
    "pret.refuse": "refuse la demande",
    "pret.annule": "annule le prêt",
    "pret.non_retire": "note que personne n’est venu le chercher",
    "pret.remis": "remet le matériel",
    "pret.rendu": "reçoit le retour",
    "pret.rendu_en_partie": "reçoit une partie du retour",
    "pret.clos": "clôt le prêt",
    "convention.preparee": "prépare la convention",
    "convention.signee": "signe la convention",
    "convention.copie_deposee": "dépose une copie signée de la convention",
    "convention.copie_reconnue": "reconnaît la copie de la convention",
    "convention.copie_refusee": "ne reconnaît pas la copie de la convention",
}
SEULS = {
    "pret.accepte": "Accord direct",
    "pret.libere": "C’est libre à nouveau",
    "pret.expire": "Sans réponse à temps",
    "pret.sans_reponse": "Le changement demandé est resté sans réponse",
    "pret.en_retard": "Retour en retard",
}


def thread(dossier: Dossier) -> list[Trace]:
    """Messages and acts, the oldest first. Two queries, and those of the conventions."""
    pret = dossier.pret
    found = [
        Trace(one.created_at, message=one) for one in pret.messages.select_related("auteur").order_by("created_at")
    ]
    conventions = [str(one.pk) for one in dossier.conventions if one.pret_id == pret.pk]
    about = Q(objet="materiel.pret", objet_id=str(pret.pk)) | Q(objet="materiel.convention", objet_id__in=conventions)
    lines = EntreeJournal.objects.filter(about).select_related("collectivite")
    for line in lines.order_by("created_at", "pk"):
        if text := _told(line):
            found.append(Trace(line.created_at, texte=text))
    return sorted(found, key=lambda one: one.quand)


def _told(line: EntreeJournal) -> str:
    alone = SEULS.get(line.acte)
    day = (
        f"le {jour(line.created_at)}" if timezone.localdate(line.created_at) != timezone.localdate() else "aujourd’hui"
    )
    if line.collectivite and line.acte in ACTES:
        return f"{line.collectivite.nom} {ACTES[line.acte]}, {day}"
    return f"{alone}, {day}" if alone else ""


def callers(dossier: Dossier) -> list[Appel]:
    """Who looks after the thing, and who asked; the gestionnaire when one of them has left."""
    pret = dossier.pret
    wanted = {pret.preteur_id: pret.materiel.contact_id, pret.emprunteur_id: pret.conducteur_id or pret.demandeur_id}
    found = []
    for place, agent in wanted.items():
        there = [one for one in dossier.postes if one.collectivite_id == place]
        one = next((p for p in there if p.agent_id == agent), None) or next((p for p in there if p.gestionnaire), None)
        if one:
            number = one.numero or one.collectivite.telephone
            found.append(Appel(one.agent, one.collectivite, number, one.libelle))
    return found


@dataclass(frozen=True)
class Ligne:
    """A loan in « Nos prêts », as a collectivité reads it."""

    pret: Pret
    chose: str
    avec: str
    badge: Badge
    suite: str


def line_of(pret: Pret, place: "Collectivite", *, exigee: bool) -> Ligne:
    cote = Cote.PRETEUR if pret.preteur_id == place.pk else Cote.EMPRUNTEUR
    return Ligne(pret, chose_du(pret), _with(pret, cote), badge(pret, cote, exigee=exigee), _next(pret, cote))


def _with(pret: Pret, cote: Cote) -> str:
    """« demandé par Champvans », « emprunté à Tavaux »."""
    asked = pret.accepte_le is None
    if cote == Cote.PRETEUR:
        return f"demandé par {pret.emprunteur.nom}" if asked else f"prêté {pret.emprunteur.a_nom}"
    return f"{'demandé' if asked else 'emprunté'} {pret.preteur.a_nom}"


def _next(pret: Pret, cote: Cote) -> str:
    """The verb of what awaits this side."""
    answers = {Cote.PRETEUR: StatutPret.DEMANDE, Cote.EMPRUNTEUR: StatutPret.PROPOSE}
    if pret.statut == answers[cote]:
        return "Répondre"
    return "Suivre" if pret.statut in TENUS else "Voir"
