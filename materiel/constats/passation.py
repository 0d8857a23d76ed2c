"""États des lieux: what goes out, what comes back, whole or in parts, and what is missing then.

An état des lieux is sent once by the device where it was filled: its `cle` received twice is one état des lieux.
"""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from django.core.files import File
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from extranet.lib.contraintes import refuse_on
from extranet.lib.demi_journees import DemiJournee
from extranet.lib.stockage import store
from materiel import registre
from materiel.annonces_contrat import tell_constat
from materiel.constats import incidents
from materiel.constats.cloture import close, closes_alone
from materiel.constats.departs import obstacles_to_leave, titles_to_see, unseen_titles
from materiel.constats.dossier import Dossier
from materiel.constats.elements import is_worse, seen_in
from materiel.constats.valeurs import total_hours
from materiel.enums import Cote, EtatElement, Mode, Nature, StatutPret, TypeConstat
from materiel.models import Affectation, Constat, Element, PhotoConstat, Pret, Unite
from materiel.passages import locked, move
from materiel.prets import attente
from materiel.refus import PretRefuse
from materiel.registre.regles import blocked
from materiel.registre.repos import rests_until, return_share

if TYPE_CHECKING:
    from collectivites.models import Agent

DEHORS = {"affectation_une_a_la_fois": "Une de ces unités est déjà dehors, sur un autre prêt. Choisissez-en une autre."}
AUTRE = "Cet envoi a déjà servi pour un autre état des lieux : rien n’est enregistré. Rouvrez celui-ci et refaites-le."


@dataclass(frozen=True)
class Vu:
    """An element as it was seen, with its photos, already cleaned."""

    nom: str
    etat: EtatElement
    prevu: int = 1
    vu: int | None = None
    note: str = ""
    photos: tuple[File, ...] = ()


@dataclass(frozen=True)
class Donnees:
    """What was seen on the spot. `quantite` went out or came back, `perdue` will not; `unites` and `perdues` name them.

    `nom_conducteur` drives it for the borrower, `habilitation_vue` when what it asks of them was seen at the hand-over;
    `heures_conducteur` are hours of the owner's driver; `fait_le` is when both stood there.
    """

    quantite: int
    nom_preteur: str
    nom_emprunteur: str
    elements: tuple[Vu, ...] = ()
    perdue: int = 0
    unites: tuple[Unite, ...] = ()
    perdues: tuple[Unite, ...] = ()
    agent_preteur: "Agent | None" = None
    agent_emprunteur: "Agent | None" = None
    compteur: Decimal | None = None
    carburant: str = ""
    remarque: str = ""
    nom_conducteur: str = ""
    habilitation_vue: bool = False
    heures_conducteur: Decimal | None = None
    photos: tuple[File, ...] = ()
    fait_le: datetime = field(default_factory=timezone.now)
    cle: UUID = field(default_factory=uuid4)


@transaction.atomic
def hand_over(pret: Pret, agent: "Agent", donnees: Donnees) -> Constat:
    """The thing leaves: units are named, the loan is out. Fewer than granted may leave, the rest is given back.

    Raises PretRefuse without a signed convention, the insurance or a paper that it needs, when nobody saw the
    habilitation of whoever will drive, or when it cannot leave.
    """
    pret = locked(pret)
    if done := _already(pret, donnees, TypeConstat.REMISE):
        return done
    if against := obstacles_to_leave(pret):
        raise PretRefuse(against[0].phrase)
    titles = titles_to_see(pret)
    if titles and not (donnees.habilitation_vue and donnees.nom_conducteur):
        raise PretRefuse(unseen_titles(titles))
    if not 1 <= donnees.quantite <= pret.quantite:
        raise PretRefuse(f"Le prêt porte sur {pret.quantite} : on en remet entre 1 et {pret.quantite}.")
    _check_units(pret, donnees.unites, donnees.quantite)
    _begin(pret, donnees.quantite)
    constat = _write(pret, agent, TypeConstat.REMISE, donnees, ", ".join(titles))
    with refuse_on(DEHORS, PretRefuse):
        for unite in donnees.unites:
            Affectation.objects.create(pret=pret, unite=unite, remise_le=donnees.fait_le)
    pret.quantite, pret.remis_le = donnees.quantite, donnees.fait_le
    move(pret, StatutPret.REMIS, "remis", agent, Cote.PRETEUR, quantite=donnees.quantite)
    tell_constat(constat, f"Remis : {pret.materiel.nom} est {pret.emprunteur.a_nom}")
    return constat


@transaction.atomic
def take_back(pret: Pret, agent: "Agent", donnees: Donnees) -> Constat:
    """All or part comes back: its share is free again after the open days kept by the owner. What is lost or broken
    opens an incident; without any, and without a deposit to give back, a loan returned whole is closed.

    Raises PretRefuse when the loan is not out, or more comes back than went.
    """
    pret = locked(pret)
    if done := _already(pret, donnees, TypeConstat.RESTITUTION):
        return done
    _check_return(pret, donnees)
    hours = total_hours(pret, donnees.heures_conducteur)
    constat = _write(pret, agent, TypeConstat.RESTITUTION, donnees)
    pret.quantite_rendue += donnees.quantite
    pret.quantite_perdue += donnees.perdue
    pret.heures_conducteur = hours
    _give_back(pret, donnees.perdue)
    back = [one.pk for one in (*donnees.unites, *donnees.perdues)]
    pret.affectations.filter(unite__in=back, rendue_le=None).update(rendue_le=donnees.fait_le)
    counts = {"quantite": donnees.quantite, "perdue": donnees.perdue}
    if pret.reste:
        move(pret, StatutPret.REMIS, "rendu_en_partie", agent, Cote.PRETEUR, **counts)
    else:
        pret.restitue_le = donnees.fait_le
        move(pret, StatutPret.RESTITUE, "rendu", agent, Cote.PRETEUR, **counts)
    _open_incidents(pret, agent, donnees, constat)
    rest = f", il en reste {pret.reste} dehors" if pret.reste else ""
    tell_constat(constat, f"Rendu : {pret.materiel.nom}{rest}")
    if closes_alone(pret):
        close(pret, agent)
    _wake(pret)
    return constat


def _already(pret: Pret, donnees: Donnees, genre: TypeConstat) -> Constat | None:
    """What this device has already sent. Raises PretRefuse when its key belongs to another loan, or another act."""
    done = Constat.objects.filter(cle=donnees.cle).first()
    if done is not None and (done.pret_id, done.type) != (pret.pk, genre):
        raise PretRefuse(AUTRE)
    return done


def _check_units(pret: Pret, unites: tuple[Unite, ...], quantite: int) -> None:
    if pret.materiel.mode != Mode.PARC or not pret.materiel.numeros.exists():
        return
    if len({one.pk for one in unites}) != quantite:
        raise PretRefuse(f"Cochez les {quantite} unités qui partent : elles sont numérotées.")
    if any(one.materiel_id != pret.materiel_id or not one.en_service for one in unites):
        raise PretRefuse("Une de ces unités n’est plus en service. Choisissez-en une autre.")


def _check_return(pret: Pret, donnees: Donnees) -> None:
    if pret.statut != StatutPret.REMIS:
        over = pret.statut in {StatutPret.RESTITUE, StatutPret.CLOS}
        raise PretRefuse(
            "Ce prêt est déjà rendu." if over else "Ce prêt n’est pas remis : faites d’abord son état des lieux."
        )
    back = donnees.quantite + donnees.perdue
    if not 1 <= back <= pret.reste:
        raise PretRefuse(f"Il en reste {pret.reste} dehors : rendus et perdus font entre 1 et {pret.reste}.")
    out = set(pret.affectations.filter(rendue_le=None).values_list("unite", flat=True))
    if out:
        named = [one.pk for one in (*donnees.unites, *donnees.perdues)]
        if len(donnees.unites) != donnees.quantite or len(donnees.perdues) != donnees.perdue:
            raise PretRefuse("Dites de chaque unité si elle est rendue, perdue ou encore dehors.")
        if not set(named) <= out or len(set(named)) != len(named):
            raise PretRefuse("Une de ces unités n’est pas dehors sur ce prêt. Rouvrez la page : elle a changé.")


def _begin(pret: Pret, quantite: int) -> None:
    """The ledger from the moment it leaves: a little sooner than granted if nobody else has it then, and no more of it
    than what leaves.
    """
    now = registre.now_index()
    for engagement in pret.engagements.held().filter(nature=Nature.PRET, fin__gte=now):
        if now < engagement.debut:
            registre.change(engagement, debut=now, fin=engagement.fin, quantite=quantite)
        elif quantite < engagement.quantite:
            registre.reduce(engagement, quantite)
    _wake(pret)


def _wake(pret: Pret) -> None:
    """What is free sooner, or in greater number, goes to those who wait for it."""
    attente.wake(pret.materiel, registre.now_index(), blocked(pret.materiel, pret.debut, pret.fin)[1])


def _give_back(pret: Pret, perdue: int) -> None:
    """The lost units leave the ledger at once, so that the stock may be lowered; those returned, after the open days
    that their owner keeps between two loans. What was feared beyond the end of a late loan is feared no more.
    """
    today = DemiJournee.at(registre.now_index())
    depuis = rests_until(today, pret.materiel.tampon_apres) + 1
    held = pret.engagements.held().filter(nature=Nature.PRET)
    for engagement in held.filter(Q(fin__gte=today.index) | Q(retard_quantite__gt=0)):
        feared = engagement.retard_debut, engagement.retard_fin
        if perdue and engagement.fin >= today.index:
            engagement = registre.reduce(engagement, max(0, engagement.quantite - perdue))
        if engagement is not None:
            return_share(engagement, pret.reste, depuis, feared)


def _open_incidents(pret: Pret, agent: "Agent", donnees: Donnees, constat: Constat) -> None:
    if donnees.perdue:
        incidents.open_loss(pret, agent, donnees.perdue, donnees.perdues, donnees.remarque)
    before = seen_in(Dossier(pret).remise)
    known = {
        nom: (etat, vu)
        for nom, etat, vu in Element.objects.filter(constat__pret=pret, constat__type=TypeConstat.RESTITUTION)
        .exclude(constat=constat)
        .values_list("nom", "etat", "vu")
    }
    worse = [
        one.nom
        for one in donnees.elements
        if is_worse(one.etat, one.vu, before.get(one.nom)) and known.get(one.nom) != (one.etat, one.vu)
    ]
    if worse:
        incidents.open_damage(pret, agent, constat, worse)


def _write(pret: Pret, agent: "Agent", genre: TypeConstat, donnees: Donnees, titles: str = "") -> Constat:
    constat = Constat.objects.create(
        pret=pret,
        type=genre,
        cle=donnees.cle,
        quantite=donnees.quantite,
        perdue=donnees.perdue,
        auteur=agent,
        agent_preteur=donnees.agent_preteur,
        agent_emprunteur=donnees.agent_emprunteur,
        nom_preteur=donnees.nom_preteur,
        nom_emprunteur=donnees.nom_emprunteur,
        nom_conducteur=donnees.nom_conducteur if titles else "",
        habilitations_vues=titles,
        compteur=donnees.compteur,
        carburant=donnees.carburant,
        remarque=donnees.remarque,
        fait_le=donnees.fait_le,
    )
    written: list[PhotoConstat] = []
    try:
        for rank, one in enumerate(donnees.elements):
            element = Element.objects.create(
                constat=constat,
                nom=one.nom,
                prevu=one.prevu,
                etat=one.etat,
                vu=one.vu,
                note=one.note,
                ordre=rank,
            )
            written += [_keep(constat, photo, element) for photo in one.photos]
        written += [_keep(constat, photo) for photo in donnees.photos]
    except OSError:
        for photo in written:
            photo.file.storage.delete(photo.file.name)
        raise
    return constat


def _keep(constat: Constat, photo: File, element: Element | None = None) -> PhotoConstat:
    """Raises OSError when the disk is full."""
    kept = PhotoConstat(constat=constat, element=element, prise_le=constat.fait_le)
    store(kept.file, photo, (photo.name or "").rpartition(".")[2].lower() or "jpg")
    kept.save()
    return kept
