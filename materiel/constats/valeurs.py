"""What a loan is worth in the accounts of the mutual help: its price, else what a day of use is worth to its owner."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils import timezone

from extranet.lib.francais import NBSP, euros, milliers
from materiel.enums import Transport
from materiel.models import Pret
from materiel.refus import PretRefuse

CENTIME = Decimal("0.01")
HEURES_MAX = Decimal("9999.99")


@dataclass(frozen=True)
class Valeur:
    """Euros TTC, and how they are counted, in words."""

    montant: Decimal
    detail: str


def value_of(pret: Pret) -> Valeur:
    """Days granted, and late ones, × units × price of a day (else its worth), + driver and delivery.

    `Pret.valeur` holds the most that may be entered: 999 999,99 € a day × 10 000 units (`STOCK_MAX`) × 27 years.
    """
    materiel = pret.materiel
    days = pret.nb_jours + _late_days(pret)
    rate = materiel.tarif_jour if materiel.tarif_jour is not None else materiel.cout_jour
    parts: list[tuple[Decimal, str]] = []
    if rate:
        words = f"{days}{NBSP}jour{'s' if days > 1 else ''} × {euros(rate)}"
        units = f"{milliers(pret.quantite)}{NBSP}× " if pret.quantite > 1 else ""
        parts.append((rate * days * pret.quantite, units + words))
    hours = pret.heures_conducteur
    if pret.avec_conducteur and hours and materiel.tarif_conducteur:
        parts.append(
            (materiel.tarif_conducteur * hours, f"{_hours(hours)} de conducteur × {euros(materiel.tarif_conducteur)}")
        )
    if pret.transport != Transport.RETRAIT and materiel.prix_livraison:
        parts.append((materiel.prix_livraison, f"livraison {euros(materiel.prix_livraison)}"))
    total = sum((amount for amount, _ in parts), Decimal()).quantize(CENTIME)
    detail = " + ".join(words for _, words in parts) or "Sans prix, ni valeur d’un jour d’usage"
    return Valeur(total, detail[:250])


def total_hours(pret: Pret, more: Decimal | None) -> Decimal | None:
    """Hours of the owner's driver, those of this return included. Raises PretRefuse beyond what a loan may count."""
    if more is None:
        return pret.heures_conducteur
    total = (pret.heures_conducteur or Decimal()) + more
    if total > HEURES_MAX:
        raise PretRefuse(
            f"Avec les retours déjà notés, cela ferait {_hours(total)} de conducteur : un prêt en compte "
            f"{_hours(HEURES_MAX)} au plus. Corrigez les heures."
        )
    return total


def _late_days(pret: Pret) -> int:
    if pret.restitue_le is None:
        return 0
    return max(0, (timezone.localdate(pret.restitue_le) - pret.date_fin).days)


def _hours(hours: Decimal) -> str:
    return f"{milliers(hours.normalize() if hours % 1 else int(hours))}{NBSP}h"
