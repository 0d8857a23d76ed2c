"""Answering a request: the owner alone accepts, whole or in part, proposes, refuses, puts in the waiting list."""

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from extranet.lib.demi_journees import DemiJournee
from materiel import annonces, registre
from materiel.contrats.conventions import prepare_in_turn
from materiel.enums import EN_ATTENTE, TENUS, Cote, Nature, StatutPret, StatutProposition, Transport
from materiel.models import Engagement, Materiel, Pret, Proposition, ReglagesMateriel
from materiel.passages import PretChange, expect, held, let_go, locked, move, note, side_of, void_proposals
from materiel.prets import attente
from materiel.prets.alternatives import sentence, substitutes
from materiel.prets.attente import answer_before
from materiel.refus import PretRefuse
from materiel.registre.regles import (
    blocked,
    imposed,
    obstacle_of_dates,
    obstacle_of_papers,
    obstacle_too_far,
    wrong_hours,
)

if TYPE_CHECKING:
    from collectivites.models import Agent

A_TRAITER = (StatutPret.DEMANDE, StatutPret.ATTENTE)
# A proposal may await an answer there.
A_CONVENIR = (StatutPret.PROPOSE, *TENUS)


@transaction.atomic
def accept(pret: Pret, agent: "Agent | None", quantite: int | None = None, *, mot: str = "", vu: str = "") -> Pret:
    """Lends it, or so many of what was asked. `agent` is None for a direct agreement.

    Raises PretChange when it no longer awaits the owner or is not as it was read (`vu`), PlusAssez when the ledger
    lacks units, PretRefuse when a blocking paper ends before the loan (I8), or when it begins in the past.
    """
    pret = locked(pret)
    expect(pret, A_TRAITER, vu)
    quantite = pret.quantite if quantite is None else quantite
    if not 1 <= quantite <= pret.quantite:
        raise PretRefuse(f"On vous en demande {pret.quantite} : prêtez-en de 1 à {pret.quantite}.")
    check_still_lendable(pret.materiel, pret.preteur_id, pret.debut, pret.fin)
    lend(pret, quantite)
    given_up = pret.quantite - quantite
    pret.quantite, pret.reponse_par, pret.accepte_le = quantite, agent, timezone.now()
    pret.repondre_avant = None
    move(pret, StatutPret.ACCEPTE, "accepte", agent, side_of(pret, agent), quantite=quantite, mot=mot)
    if given_up:
        attente.wake(pret.materiel, *blocked(pret.materiel, pret.debut, pret.fin))
    missing = pret.quantite_demandee - quantite
    found = _others(pret, missing) if missing > 0 else []
    annonces.granted(pret, agent, mot, sentence(found, f"Pour les {missing} qui manquent"))
    prepare_in_turn(pret, agent)
    return pret


def lend(pret: Pret, quantite: int) -> None:
    """Takes the units, by the option held for this loan if there is one. Raises PlusAssez."""
    first, last = blocked(pret.materiel, pret.debut, pret.fin)
    option = held(pret)
    if option is None:
        taken = Engagement(materiel=pret.materiel, nature=Nature.PRET, pret=pret, debut=first, fin=last)
        taken.quantite = quantite
        registre.take(taken)
        return
    registre.change(option, debut=first, fin=last, quantite=quantite, materiel=pret.materiel)
    registre.confirm(option)


def check_still_lendable(materiel: Materiel, preteur: int, debut: DemiJournee, fin: DemiJournee) -> None:
    """What may have changed since it was asked, read under the lock of the thing: it may have been given to another
    collectivité. The owner may waive its own notice and lengths, not these.
    """
    materiel = registre.lock(materiel.pk)[materiel.pk]
    if materiel.collectivite_id != preteur:
        raise PretRefuse(f"« {materiel.nom} » n’est plus à cette commune : elle ne peut plus le prêter.")
    if not materiel.is_lendable():
        raise PretRefuse(
            f"« {materiel.nom} » n’est plus proposé au prêt : remettez-le au prêt d’abord, ou refusez la demande."
        )
    obstacle = obstacle_of_dates(debut, fin, timezone.localdate()) or obstacle_of_papers(materiel, fin.date)
    if obstacle:
        raise PretRefuse(obstacle.phrase)


@transaction.atomic
def refuse(pret: Pret, agent: "Agent", motif: str, *, vu: str = "") -> Pret:
    """With the reason, which the borrower reads, and the nearest things free on the same days."""
    pret = locked(pret)
    expect(pret, EN_ATTENTE, vu)
    if not motif.strip():
        raise PretRefuse("Dites pourquoi : l’autre commune le lira.")
    pret.motif, pret.reponse_par, pret.repondre_avant = motif.strip(), agent, None
    end(pret, StatutPret.REFUSE, "refuse", agent)
    annonces.refused(pret, agent, sentence(_others(pret, pret.quantite)))
    return pret


def end(pret: Pret, statut: StatutPret, acte: str, agent: "Agent | None", **donnees: object) -> None:
    """Gives back what the loan held, at once, and wakes those who wait for it."""
    freed = let_go(pret)
    move(pret, statut, acte, agent, side_of(pret, agent), **donnees)
    for engagement, first, last in freed:
        attente.wake(engagement.materiel, first, last)


def _others(pret: Pret, quantite: int) -> list:
    return substitutes(pret.materiel, pret.emprunteur, pret.demandeur, pret.debut, pret.fin, quantite)


@transaction.atomic
def put_on_hold(pret: Pret, agent: "Agent", mot: str = "", *, vu: str = "") -> Pret:
    """The owner agrees, the day units are free: the borrower is then asked at once whether it still wants them."""
    pret = locked(pret)
    expect(pret, (StatutPret.DEMANDE,), vu)
    freed = let_go(pret)
    pret.reponse_par, pret.repondre_avant = agent, None
    move(pret, StatutPret.ATTENTE, "attente", agent, side_of(pret, agent), mot=mot)
    annonces.put_on_hold(pret, agent, mot)
    for engagement, first, last in freed:
        attente.wake(engagement.materiel, first, last)
    return pret


@transaction.atomic
def propose(
    pret: Pret,
    agent: "Agent",
    *,
    debut: DemiJournee,
    fin: DemiJournee,
    quantite: int,
    materiel: Materiel | None = None,
    mot: str = "",
    vu: str = "",
) -> Proposition:
    """Other days, another quantity or another thing of the same owner, held until `repondre_avant`.

    On a loan already granted, what it holds stays as it is until the borrower agrees. Raises PlusAssez, PretRefuse.
    """
    pret = locked(pret)
    expect(pret, (*EN_ATTENTE, StatutPret.ACCEPTE), vu)
    materiel = materiel or pret.materiel
    _check_proposal(pret, materiel, debut, fin, quantite)
    void_proposals(pret)
    limit = answer_before(debut.date, ReglagesMateriel.load().jours_reponse)
    if pret.statut in EN_ATTENTE:
        before = held(pret)
        attente.hold(pret, materiel, *blocked(materiel, debut, fin), quantite, limit)
        pret.reponse_par, pret.repondre_avant = agent, limit
        move(pret, StatutPret.PROPOSE, "propose", agent, Cote.PRETEUR, mot=mot)
        if before is not None:
            attente.wake(before.materiel, before.debut, before.fin)
    else:
        move(pret, StatutPret(pret.statut), "propose", agent, Cote.PRETEUR, mot=mot)
    found = Proposition.objects.create(
        pret=pret,
        cote=Cote.PRETEUR,
        auteur=agent,
        materiel=materiel,
        quantite=quantite,
        mot=mot,
        repondre_avant=limit,
        **Proposition.between(debut, fin),
    )
    annonces.proposed(pret, found, agent)
    return found


def _check_proposal(pret: Pret, materiel: Materiel, debut: DemiJournee, fin: DemiJournee, quantite: int) -> None:
    if materiel.collectivite_id != pret.preteur_id:
        raise PretRefuse("Proposez un matériel de votre commune : les autres répondent pour les leurs.")
    if not 1 <= quantite <= materiel.stock:
        raise PretRefuse(f"Vous en avez {materiel.stock} : proposez-en de 1 à {materiel.stock}.")
    if (materiel.pk, debut, fin, quantite) == (pret.materiel_id, pret.debut, pret.fin, pret.quantite):
        raise PretRefuse("C’est exactement ce qui est demandé : acceptez la demande, ou changez quelque chose.")
    if pret.statut in TENUS and materiel == pret.materiel:
        check_period(pret, debut, fin, quantite)
    else:
        check_still_lendable(materiel, pret.preteur_id, debut, fin)


def pending(pret: Pret) -> Proposition | None:
    found = pret.propositions.filter(statut=StatutProposition.EN_ATTENTE)
    return found.select_related("materiel__page", "materiel__collectivite", "auteur").first()


@transaction.atomic
def answer_proposal(pret: Pret, agent: "Agent", accepte: bool, *, mot: str = "", lue: int | None = None) -> Pret:
    """By the other side of the proposal. Accepted, the loan is what was proposed; declined, a request ends there, and a
    loan already granted stays as it was.

    `lue` is the key of the proposal that was on the screen. Raises PretChange, PlusAssez.
    """
    pret = locked(pret)
    expect(pret, A_CONVENIR)
    found = pending(pret)
    if found is None or (lue is not None and lue != found.pk) or _is_outdated(pret, found):
        raise PretChange("Cette proposition n’attend plus de réponse : relisez le prêt, il a changé.")
    found.statut = StatutProposition.ACCEPTEE if accepte else StatutProposition.DECLINEE
    found.save(update_fields=["statut"])
    if accepte:
        _agree(pret, found, agent, mot)
    elif pret.statut == StatutPret.PROPOSE:
        pret.motif = mot.strip() or "Autre proposition déclinée."
        pret.repondre_avant = None
        end(pret, StatutPret.ANNULE, "decline", agent, mot=mot)
        annonces.said(pret, Cote.PRETEUR, f"{pret.emprunteur.nom} décline : {annonces.objet_du(pret)}", mot, agent)
    else:
        note(pret, "decline", agent, side_of(pret, agent), mot=mot)
        annonces.said(pret, found.cote, f"Inchangé : {annonces.objet_du(pret)}", mot, agent)
    return pret


def _is_outdated(pret: Pret, found: Proposition) -> bool:
    """Once it is handed over, only its end may still be agreed upon."""
    same = (found.materiel_id, found.debut, found.quantite) == (pret.materiel_id, pret.debut, pret.quantite)
    return pret.statut == StatutPret.REMIS and not same


def _agree(pret: Pret, found: Proposition, agent: "Agent", mot: str) -> None:
    """The loan becomes what was proposed, in one act on the ledger."""
    old, before = blocked(pret.materiel, pret.debut, pret.fin), pret.materiel
    pret.repondre_avant = None
    if found.materiel_id != pret.materiel_id or pret.statut not in TENUS:
        check_still_lendable(found.materiel, pret.preteur_id, found.debut, found.fin)
    if pret.statut in TENUS:
        check_period(pret, found.debut, found.fin, found.quantite, found.materiel)
        adopt(pret, found.debut, found.fin, found.quantite, found.materiel)
        change_held(pret)
        move(pret, StatutPret(pret.statut), "modifie", agent, side_of(pret, agent), mot=mot)
    else:
        adopt(pret, found.debut, found.fin, found.quantite, found.materiel)
        lend(pret, found.quantite)
        pret.accepte_le = timezone.now()
        move(pret, StatutPret.ACCEPTE, "convient", agent, side_of(pret, agent), mot=mot)
    attente.wake(before, *old)
    annonces.said(pret, found.cote, f"C’est d’accord : {annonces.objet_du(pret)}", mot, agent)
    prepare_in_turn(pret, agent)


def change_held(pret: Pret) -> None:
    """What a granted loan takes becomes what it says now. Once handed over, its units and its start no longer move."""
    first, last = blocked(pret.materiel, pret.debut, pret.fin)
    if pret.statut == StatutPret.REMIS:
        _move_end(pret, last)
    else:
        registre.change(held(pret), debut=first, fin=last, quantite=pret.quantite, materiel=pret.materiel)


def _move_end(pret: Pret, last: int) -> None:
    """Given back in parts, it holds engagements that follow one another: those that would begin after its end are given
    back, the last one that stays ends there. Beyond, it takes the units that are still out.
    """
    for after in pret.engagements.held().filter(debut__gt=last):
        registre.release(after)
    tail = held(pret)
    if tail.fin > last or tail.quantite == pret.reste:
        registre.change(tail, debut=tail.debut, fin=last, quantite=tail.quantite)
    elif tail.fin < last:
        registre.mark_late(tail, 0, tail.fin, tail.fin)
        rest = Engagement(materiel=pret.materiel, nature=Nature.PRET, pret=pret, quantite=pret.reste)
        rest.debut, rest.fin = tail.fin + 1, last
        registre.take(rest)


def check_period(
    pret: Pret, debut: DemiJournee, fin: DemiJournee, quantite: int, materiel: Materiel | None = None
) -> None:
    """The new days of a loan that is granted, whoever wants them, for its thing or for `materiel` instead: what it has
    already is not asked again.

    Raises PretRefuse when they are out of order, past, too far, or beyond a blocking paper, or when nothing is left.
    """
    if quantite < 1:
        raise PretRefuse("Gardez-en un au moins, ou annulez le prêt.")
    now, obstacle = registre.now_index(), None
    if fin < debut:
        raise PretRefuse("Le retour vient avant le départ. Vérifiez les deux dates.")
    if debut != pret.debut and debut.index < now:
        raise PretRefuse("Ce départ est passé. Choisissez une date à partir d’aujourd’hui.")
    if fin.index < now:
        raise PretRefuse("Cette fin est passée. Choisissez une date à partir d’aujourd’hui.")
    if fin > pret.fin:
        thing = materiel or pret.materiel
        obstacle = obstacle_too_far(fin, timezone.localdate()) or obstacle_of_papers(thing, fin.date)
    if obstacle:
        raise PretRefuse(obstacle.phrase)


def adopt(pret: Pret, debut: DemiJournee, fin: DemiJournee, quantite: int, materiel: Materiel | None = None) -> None:
    """An hour that was said for another half-day is to be said again."""
    for name, value in Pret.between(debut, fin).items():
        setattr(pret, name, value)
    for name in wrong_hours(debut, fin, pret.heure_remise, pret.heure_retour):
        setattr(pret, name, None)
    pret.quantite = quantite
    if materiel is not None and materiel != pret.materiel:
        pret.materiel = materiel
        pret.avec_conducteur, pret.transport = imposed(materiel, pret.avec_conducteur, Transport(pret.transport))
        if pret.avec_conducteur:
            pret.conducteur = None
