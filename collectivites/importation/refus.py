"""The refusal of an import."""

from collections.abc import Sequence

from extranet.lib.tableur import Erreur
from extranet.lib.typographie import Montrable


class ImportRefuse(Montrable):
    """Nothing was written. The text may be shown; `erreurs` name the lines at fault and say what to write."""

    def __init__(self, sentence: str, erreurs: Sequence[Erreur] = ()) -> None:
        super().__init__(sentence)
        self.erreurs = sorted(erreurs, key=lambda erreur: erreur.numero)


def refuse(erreurs: Sequence[Erreur], total: int) -> None:
    """Raises ImportRefuse when there are errors."""
    wrong = len({erreur.numero for erreur in erreurs})
    if wrong:
        lines = "1 ligne est" if wrong == 1 else f"{wrong} lignes sont"
        raise ImportRefuse(f"{lines} à corriger sur {total}. Rien n’a été écrit.", erreurs)
