"""Why an act of the lending is refused: sentences that may be shown, and say what to do."""

from datetime import date

from extranet.lib.demi_journees import DemiJournee
from extranet.lib.francais import date_longue
from extranet.lib.typographie import Montrable
from materiel.models import Materiel


class PretRefuse(Montrable):
    """An act of the lending that cannot be done; the sentence may be shown and says what to do."""


class PlusAssez(PretRefuse):
    """Not enough units: `libre` of them on `premiere`, the first half-day that lacks some."""

    def __init__(self, materiel: Materiel, premiere: DemiJournee, libre: int) -> None:
        self.materiel, self.premiere, self.libre = materiel, premiere, libre
        left = f"il n’en reste que {libre} sur {materiel.stock}" if libre else "il n’en reste pas"
        super().__init__(
            f"« {materiel.nom} » n’est pas libre : {premiere}, "
            f"{'il est déjà pris' if materiel.stock <= 1 else left}. Choisissez d’autres dates ou un autre nombre."
        )


class StockPromis(PretRefuse):
    """More units are promised than what would remain."""

    def __init__(self, materiel: Materiel, premiere: DemiJournee, pris: int) -> None:
        self.premiere, self.pris = premiere, pris
        super().__init__(
            f"{pris} sont déjà promis le {premiere} : on ne peut pas descendre au-dessous. "
            f"Raccourcissez ou annulez d’abord un prêt de « {materiel.nom} »."
        )


class TropLoin(PretRefuse):
    """Beyond what the ledger writes."""

    def __init__(self, dernier: date) -> None:
        super().__init__(f"On réserve jusqu’au {date_longue(dernier)} au plus tard. Choisissez une date plus proche.")


class PlusRetenu(PretRefuse):
    """What was to be changed has been given back meanwhile."""

    def __init__(self) -> None:
        super().__init__("Ces dates ne sont plus retenues : quelqu’un vient de les rendre. Rechargez la page.")
