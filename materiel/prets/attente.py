"""The waiting list of a thing: whatever frees it wakes those who wait, in the order in which they asked."""

from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import Min
from django.utils import timezone

from extranet.lib.jours_ouvres import working_day_after
from materiel import annonces, registre
from materiel.contrats.conventions import prepare_in_turn
from materiel.enums import Conducteur, Cote, Nature, StatutPret
from materiel.models import Engagement, Materiel, Pret, Proposition
from materiel.passages import DESSUS, held, move
from materiel.refus import PlusAssez
from materiel.registre.regles import blocked, obstacle_of_papers

# Open days that whoever waited has to answer, before the next one is asked.
DELAI = 2


@transaction.atomic
def wake(materiel: Materiel, debut: int, fin: int) -> list[Pret]:
    """Those who wait for these half-days (indexes) and may now be served, the oldest request first.

    To be called in the transaction that freed them. What is too much for what is free leaves its turn to the next one,
    and keeps its place. A request that somebody is answering right now is left to them; `sweep` comes again.
    """
    woken = []
    waiting = Pret.objects.select_for_update(skip_locked=True, of=("self",)).select_related(*DESSUS)
    waiting = waiting.filter(materiel=materiel, statut=StatutPret.ATTENTE, date_debut__gte=timezone.localdate())
    for pret in waiting.order_by("created_at", "pk"):
        first, last = blocked(pret.materiel, pret.debut, pret.fin)
        if last < debut or fin < first or not pret.materiel.is_lendable():
            continue
        if obstacle_of_papers(pret.materiel, pret.date_fin) is None and _serve(pret, first, last):
            woken.append(pret)
    return woken


def _serve(pret: Pret, first: int, last: int) -> bool:
    """Holds it: for the borrower when the owner has already agreed, for the owner to answer otherwise."""
    agreed = pret.reponse_par_id is not None
    if agrees_directly(pret.materiel, pret.quantite) and not pret.avec_conducteur and not agreed:
        return _grant(pret, first, last)
    limit = answer_before(pret.date_debut, DELAI)
    try:
        hold(pret, pret.materiel, first, last, pret.quantite, limit)
    except PlusAssez:
        return False
    pret.repondre_avant = limit
    if not agreed:
        move(pret, StatutPret.DEMANDE, "libere", None)
        annonces.asked(pret, None, "C’est libre à nouveau.")
        return True
    move(pret, StatutPret.PROPOSE, "libere", None)
    proposition = Proposition.objects.create(
        pret=pret,
        cote=Cote.PRETEUR,
        auteur=pret.reponse_par,
        materiel=pret.materiel,
        quantite=pret.quantite,
        repondre_avant=limit,
        **Proposition.between(pret.debut, pret.fin),
    )
    annonces.freed(pret, proposition)
    return True


def _grant(pret: Pret, first: int, last: int) -> bool:
    taken = Engagement(
        materiel=pret.materiel, nature=Nature.PRET, pret=pret, quantite=pret.quantite, debut=first, fin=last
    )
    try:
        registre.take(taken)
    except PlusAssez:
        return False
    pret.accepte_le, pret.repondre_avant = timezone.now(), None
    move(pret, StatutPret.ACCEPTE, "accepte", None)
    annonces.granted(pret, None)
    prepare_in_turn(pret, None)
    return True


def agrees_directly(materiel: Materiel, quantite: int) -> bool:
    """Never for a thing that comes with its owner’s driver: somebody has to be there."""
    if materiel.conducteur == Conducteur.OBLIGATOIRE:
        return False
    return materiel.accord_direct is not None and quantite <= materiel.accord_direct


def answer_before(debut: date, days: int) -> date:
    """So many open days from today, the day before the loan at the latest, today at the earliest."""
    today = timezone.localdate()
    return max(today, min(working_day_after(today, days), debut - timedelta(days=1)))


def hold(pret: Pret, materiel: Materiel, debut: int, fin: int, quantite: int, until: date) -> Engagement:
    """An option, until the end of that day; that of the loan, if it has one, is moved. Raises PlusAssez."""
    expire_le = timezone.make_aware(datetime.combine(until + timedelta(days=1), time()))
    option = held(pret)
    if option is None:
        option = Engagement(materiel=materiel, nature=Nature.OPTION, pret=pret, expire_le=expire_le)
        option.quantite, option.debut, option.fin = quantite, debut, fin
        return registre.take(option)
    option.expire_le = expire_le
    option.save(update_fields=["expire_le"])
    return registre.change(option, debut=debut, fin=fin, quantite=quantite, materiel=materiel)


def sweep() -> int:
    """Looks again at all that waits: what was freed without being told, or while its request was being answered."""
    waiting = Pret.objects.filter(statut=StatutPret.ATTENTE, date_debut__gte=timezone.localdate())
    things = waiting.order_by().values_list("materiel").annotate(first=Min("date_debut"))
    woken = 0
    for pk, _ in things:
        with transaction.atomic():
            woken += len(wake(Materiel.objects.get(pk=pk), registre.now_index(), registre.horizon_index()))
    return woken
