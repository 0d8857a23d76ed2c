"""What nobody answered in time: options are given back, requests end, those who wait are woken."""

from django.db import transaction
from django.utils import timezone

from materiel import annonces, registre
from materiel.enums import TENUS, Cote, Nature, StatutPret
from materiel.models import Engagement, Pret, Proposition
from materiel.passages import locked, note, void_proposals
from materiel.prets import attente
from materiel.prets.reponses import end, pending


def expire_due() -> int:
    """Every few minutes: a request whose loan should begin, a proposal whose last day has passed. Returns how many."""
    today = timezone.localdate()
    unanswered = Pret.objects.filter(statut__in=[StatutPret.DEMANDE, StatutPret.ATTENTE], date_debut__lt=today)
    unmade = Pret.objects.filter(statut=StatutPret.PROPOSE, repondre_avant__lt=today)
    ended = sum(_expire(pk) for pk in [*unanswered.values_list("pk", flat=True), *unmade.values_list("pk", flat=True)])
    return ended + _forget_changes() + _free_options()


@transaction.atomic
def _expire(pk: int) -> int:
    pret, today = locked(Pret(pk=pk)), timezone.localdate()
    if pret.statut == StatutPret.PROPOSE:
        if pret.repondre_avant is None or pret.repondre_avant >= today:
            return 0
    elif pret.statut not in {StatutPret.DEMANDE, StatutPret.ATTENTE} or pret.date_debut >= today:
        return 0
    waited = pret.statut == StatutPret.ATTENTE
    end(pret, StatutPret.EXPIRE, "expire", None)
    why = "Rien ne s’est libéré à temps." if waited else "Personne n’a répondu à temps."
    for cote in Cote:
        annonces.said(pret, cote, f"Sans suite : {annonces.objet_du(pret)}", why)
    return 1


def _forget_changes() -> int:
    """A change asked of a loan already granted, and not answered: the loan stays as it was."""
    late = Proposition.objects.filter(
        statut="attente", repondre_avant__lt=timezone.localdate(), pret__statut__in=TENUS
    ).values_list("pret", flat=True)
    return sum(_forget_change(pk) for pk in list(late))


@transaction.atomic
def _forget_change(pk: int) -> int:
    pret = locked(Pret(pk=pk))
    found = pending(pret)
    if found is None or found.repondre_avant >= timezone.localdate():
        return 0
    void_proposals(pret)
    note(pret, "sans_reponse", None)
    annonces.said(pret, found.cote, f"Inchangé, sans réponse : {annonces.objet_du(pret)}")
    return 1


def _free_options() -> int:
    """Held for an owner who did not answer: the request stays, the place in the line goes to the next one."""
    due = Engagement.objects.held().filter(nature=Nature.OPTION, expire_le__lte=timezone.now())
    return sum(_free_option(pk) for pk in list(due.values_list("pk", flat=True)))


@transaction.atomic
def _free_option(pk: int) -> int:
    found = Engagement.objects.select_related("materiel").get(pk=pk)
    pret = locked(found.pret)
    found.refresh_from_db()
    if not found.tenu or found.nature != Nature.OPTION or pret.statut == StatutPret.PROPOSE:
        return 0
    registre.release(found)
    attente.wake(found.materiel, found.debut, found.fin)
    return 1
