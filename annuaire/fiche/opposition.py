"""Objecting to being in the directory (RGPD art. 21), and coming back."""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from annuaire.fiche import absences
from collectivites.enums import FamilleFonction
from collectivites.journal import record
from collectivites.models import Absence, Agent


@dataclass(frozen=True)
class Reste:
    """What stays of somebody whose card is hidden: what they do for a collectivité, not where they are found."""

    mandat: bool
    signature: bool
    gestion: bool


def what_stays(personne: Agent) -> Reste:
    postes = personne.postes_en_cours
    return Reste(
        mandat=any(poste.fonction.famille == FamilleFonction.ELUS for poste in postes),
        signature=any(poste.is_signataire for poste in postes),
        gestion=any(poste.gestionnaire for poste in postes) or bool(personne.domaines),
    )


@transaction.atomic
def hide(personne: Agent) -> None:
    """From everybody but oneself and those who keep the card, at once; twice is as once.

    They no longer answer for those away: their name would be on other cards. These people are told.
    """
    if personne.oppose_le is None:
        personne.oppose_le = timezone.now()
        personne.save(update_fields=["oppose_le"])
        record("fiche.cachee", personne, agent=personne)
        for absence in Absence.objects.upcoming().filter(remplacant=personne).select_related("agent"):
            absence.remplacant = None
            absences.change(absence, personne)


@transaction.atomic
def show(personne: Agent) -> None:
    if personne.oppose_le is not None:
        personne.oppose_le = None
        personne.save(update_fields=["oppose_le"])
        record("fiche.montree", personne, agent=personne)
