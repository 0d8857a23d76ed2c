"""The end of a loan: when all is back and settled, it is valued and enters the accounts."""

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from materiel.constats.valeurs import value_of
from materiel.enums import Cote, StatutPret
from materiel.models import Pret
from materiel.passages import locked, move
from materiel.refus import PretRefuse

if TYPE_CHECKING:
    from collectivites.models import Agent


@transaction.atomic
def close(pret: Pret, agent: "Agent | None") -> Pret:
    """Values the loan and closes it; twice is once. Raises PretRefuse while it is not back or an incident is open."""
    pret = locked(pret)
    if pret.statut == StatutPret.CLOS:
        return pret
    if pret.statut != StatutPret.RESTITUE:
        raise PretRefuse("Ce prêt n’est pas rendu : faites d’abord son état des lieux de retour.")
    if pret.incidents.open().exists():
        raise PretRefuse("Un incident est encore à suivre. Dites comment il a été réglé, puis le prêt se clôt.")
    value = value_of(pret)
    pret.valeur, pret.valeur_detail, pret.clos_le = value.montant, value.detail, timezone.now()
    move(pret, StatutPret.CLOS, "clos", agent, Cote.PRETEUR, valeur=str(value.montant), detail=value.detail)
    return pret


def closes_alone(pret: Pret) -> bool:
    """Nothing is left to do by hand: no incident, no deposit to give back."""
    return pret.statut == StatutPret.RESTITUE and not pret.materiel.caution and not pret.incidents.open().exists()
