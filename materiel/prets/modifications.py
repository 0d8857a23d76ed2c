"""Changing a loan: what takes less is done at once, what takes more awaits the other side. Cancelling, no-show."""

from copy import copy
from typing import TYPE_CHECKING

from django.db import transaction

from extranet.lib.demi_journees import DemiJournee
from materiel import annonces, registre
from materiel.contrats.conventions import prepare_in_turn
from materiel.enums import EN_ATTENTE, TENUS, Cote, StatutPret, StatutProposition
from materiel.models import Pret, Proposition
from materiel.passages import expect, held, locked, move, side_of, void_proposals
from materiel.prets import attente
from materiel.prets.demandes import Options, ahead_of, check, check_driver, how_many, is_granted_at_once, lack
from materiel.prets.reponses import adopt, change_held, check_period, end, propose
from materiel.refus import PretRefuse
from materiel.registre.regles import blocked, obstacles

if TYPE_CHECKING:
    from collectivites.models import Agent

# Days that the other side has to say yes to a change, as for a proposal of the waiting list.
DELAI = 3
MODIFIABLES = (StatutPret.DEMANDE, StatutPret.ATTENTE, *TENUS)


@transaction.atomic
def ask_change(
    pret: Pret,
    agent: "Agent",
    cote: Cote,
    *,
    debut: DemiJournee,
    fin: DemiJournee,
    quantite: int,
    mot: str = "",
    vu: str = "",
) -> Proposition | None:
    """What one side wants changed. None: it is done. A proposal: the other side has to agree.

    The borrower changes its own request, gives back days or units, and has what a new request would grant it directly,
    at once; the rest awaits the owner. What the owner wants changed always awaits the borrower.
    """
    pret = locked(pret)
    expect(pret, MODIFIABLES, vu)
    if pret.statut == StatutPret.REMIS:
        debut, quantite = pret.debut, pret.quantite
    if (debut, fin, quantite) == (pret.debut, pret.fin, pret.quantite):
        raise PretRefuse("Rien ne change : choisissez d’autres dates ou un autre nombre.")
    if cote == Cote.PRETEUR and pret.statut != StatutPret.REMIS:
        return propose(pret, agent, debut=debut, fin=fin, quantite=quantite, mot=mot)
    if pret.statut in EN_ATTENTE or (
        cote == Cote.EMPRUNTEUR and (takes_less(pret, debut, fin, quantite) or _is_direct(pret, debut, fin, quantite))
    ):
        change_loan(pret, agent, debut=debut, fin=fin, quantite=quantite, mot=mot)
        return None
    return _propose_change(pret, agent, cote, debut=debut, fin=fin, quantite=quantite, mot=mot)


def takes_less(pret: Pret, debut: DemiJournee, fin: DemiJournee, quantite: int) -> bool:
    """Within its own days, and no more units: never refused."""
    return pret.debut <= debut and fin <= pret.fin and quantite <= pret.quantite


def _is_direct(pret: Pret, debut: DemiJournee, fin: DemiJournee, quantite: int) -> bool:
    """Whether a request for the same would be granted at once. Raises PretRefuse where one would be refused: only the
    owner waives its own rules. The start and the units that are granted already are not asked again.
    """
    check_period(pret, debut, fin, quantite)
    pret.materiel = registre.lock(pret.materiel_id)[pret.materiel_id]
    more = quantite if quantite > pret.quantite else 0
    for obstacle in obstacles(pret.materiel, debut, fin, more, acquis=debut == pret.debut):
        raise PretRefuse(obstacle.phrase)
    wanted = copy(pret)
    wanted.avec_conducteur = _driver(pret, fin).avec_conducteur
    adopt(wanted, debut, fin, quantite)
    return is_granted_at_once(wanted, ahead_of(wanted))


def _driver(pret: Pret, fin: DemiJournee) -> Options:
    """Raises PretRefuse when who was to drive will not hold what the thing asks until then."""
    options = Options(avec_conducteur=pret.avec_conducteur, conducteur=pret.conducteur, transport=pret.transport)
    check_driver(pret.materiel, options, fin)
    return options


def _propose_change(
    pret: Pret, agent: "Agent", cote: Cote, *, debut: DemiJournee, fin: DemiJournee, quantite: int, mot: str
) -> Proposition:
    """Checked now, so that nobody is asked what cannot be; nothing is held meanwhile."""
    check_period(pret, debut, fin, quantite)
    void_proposals(pret)
    found = Proposition.objects.create(
        pret=pret,
        cote=cote,
        auteur=agent,
        materiel=pret.materiel,
        quantite=quantite,
        mot=mot,
        repondre_avant=attente.answer_before(max(fin.date, pret.date_debut), DELAI),
        **Proposition.between(debut, fin),
    )
    move(pret, StatutPret(pret.statut), "modification", agent, cote, mot=mot)
    annonces.proposed(pret, found, agent)
    return found


@transaction.atomic
def change_loan(
    pret: Pret, agent: "Agent", *, debut: DemiJournee, fin: DemiJournee, quantite: int, mot: str = ""
) -> Pret:
    """Other days or another quantity, at once: the difference on the ledger, or PlusAssez and nothing changes.

    Once handed over only the end moves; units come back by an état des lieux.
    """
    pret = locked(pret)
    expect(pret, MODIFIABLES)
    if pret.statut == StatutPret.REMIS:
        debut, quantite = pret.debut, pret.quantite
    first, last = blocked(pret.materiel, pret.debut, pret.fin)
    if pret.statut in TENUS:
        check_period(pret, debut, fin, quantite)
        adopt(pret, debut, fin, quantite)
        change_held(pret)
    else:
        check(pret.materiel, pret.emprunteur, debut, fin, quantite)
        _driver(pret, fin)
        _change_asked(pret, held(pret), debut, fin, quantite)
        if not takes_less(pret, debut, fin, quantite):
            pret.reponse_par = None  # what its owner agreed to lend once free was not this
        adopt(pret, debut, fin, quantite)
        pret.quantite_demandee = quantite
    void_proposals(pret)
    move(pret, StatutPret(pret.statut), "modifie", agent, side_of(pret, agent), mot=mot)
    for cote in Cote:
        annonces.said(pret, cote, f"Modifié : {annonces.objet_du(pret)}", mot, agent)
    start, end_ = blocked(pret.materiel, debut, fin)
    attente.wake(pret.materiel, min(first, start), max(last, end_))
    pret.refresh_from_db()  # it may be itself that waited
    if pret.statut in TENUS:
        prepare_in_turn(pret, agent)
    return pret


def _change_asked(pret: Pret, option: object, debut: DemiJournee, fin: DemiJournee, quantite: int) -> None:
    """A request holds nothing, or the option of whoever waited: it follows, or is lost with its turn."""
    if option is not None:
        first, last = blocked(pret.materiel, debut, fin)
        registre.change(option, debut=first, fin=last, quantite=quantite)
    elif pret.statut == StatutPret.DEMANDE and how_many(pret.materiel, debut, fin) < quantite:
        raise lack(pret.materiel, debut, fin, quantite)


@transaction.atomic
def counter(
    pret: Pret,
    agent: "Agent",
    *,
    debut: DemiJournee,
    fin: DemiJournee,
    quantite: int,
    mot: str = "",
    vu: str = "",
) -> Pret:
    """The borrower answers a proposal by another request: what was held is free again, the owner answers anew.

    Raises PretChange when another proposal came since it was read (`vu`).
    """
    pret = locked(pret)
    expect(pret, (StatutPret.PROPOSE,), vu)
    check(pret.materiel, pret.emprunteur, debut, fin, quantite)
    _driver(pret, fin)
    void_proposals(pret, StatutProposition.DECLINEE)
    option = held(pret)
    adopt(pret, debut, fin, quantite)
    pret.quantite_demandee, pret.repondre_avant = quantite, attente.answer_before(debut.date, DELAI)
    if option is not None:
        registre.release(option)
    if how_many(pret.materiel, debut, fin) < quantite:
        raise lack(pret.materiel, debut, fin, quantite)
    move(pret, StatutPret.DEMANDE, "redemande", agent, Cote.EMPRUNTEUR, mot=mot)
    if option is not None:
        attente.wake(option.materiel, option.debut, option.fin)
    annonces.asked(pret, agent, mot)
    return pret


@transaction.atomic
def cancel(pret: Pret, agent: "Agent", motif: str, *, vu: str = "") -> Pret:
    """By either side, until it is handed over; what it held is free at once."""
    pret = locked(pret)
    expect(pret, (*EN_ATTENTE, StatutPret.ACCEPTE), vu)
    if not motif.strip():
        raise PretRefuse("Dites pourquoi : l’autre commune le lira.")
    pret.motif, pret.repondre_avant = motif.strip(), None
    cote = side_of(pret, agent)
    end(pret, StatutPret.ANNULE, "annule", agent)
    who = pret.preteur if cote == Cote.PRETEUR else pret.emprunteur
    for side in (Cote.PRETEUR, Cote.EMPRUNTEUR):
        if side != cote:
            annonces.said(pret, side, f"{who.nom} annule : {annonces.objet_du(pret)}", pret.motif, agent)
    return pret


@transaction.atomic
def no_show(pret: Pret, agent: "Agent", *, vu: str = "") -> Pret:
    """Nobody came for it: the rest of its days is free again."""
    pret = locked(pret)
    expect(pret, (StatutPret.ACCEPTE,), vu)
    if registre.now_index() < pret.debut.index:
        raise PretRefuse(f"Le prêt commence {pret.debut} : attendez ce moment, ou annulez-le.")
    end(pret, StatutPret.NON_RETIRE, "non_retire", agent)
    annonces.said(pret, Cote.EMPRUNTEUR, f"Noté non retiré : {annonces.objet_du(pret)}", "", agent)
    return pret
