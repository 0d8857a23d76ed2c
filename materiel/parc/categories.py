"""What a name says of its category, and what a category answers in advance."""

import re
from collections.abc import Iterable

from extranet.lib.pliage import fold
from materiel.enums import TypePapier
from materiel.models import Categorie, Materiel

# Fields of a thing that its category answers, until its owner does.
REGLAGES = ("preavis_jours", "duree_max_jours", "tampon_avant", "tampon_apres", "part_max") + (
    "conducteur",
    "transport",
    "carburant",
    "habilitations",
)


def propose(nom: str, categories: Iterable[Categorie]) -> Categorie | None:
    """The category with the longest of its words in this name: « mini-pelle » before « pelle ». None when none is."""
    name = fold(nom)
    best, length = None, 0
    for categorie in categories:
        for mot in categorie.mots.split(","):
            key = fold(mot)
            if len(key) > length and re.search(rf"\b{re.escape(key)}", name):
                best, length = categorie, len(key)
    return best


def reglage(categorie: Categorie | None, name: str) -> str | list[str]:
    """What `categorie` answers for this field, as a form sends it back; without one, what a new thing has."""
    categorie = categorie or Categorie()
    if name == "habilitations":
        return [str(categorie.habilitation_id)] if categorie.habilitation_id else []
    return str(getattr(categorie, name))


def answer(materiel: Materiel) -> None:
    """Writes on a new row what its category answers, habilitations excepted: those hang on a row that is saved."""
    for name in REGLAGES:
        if name != "habilitations":
            setattr(materiel, name, getattr(materiel.categorie, name))


def papiers_of(categorie: Categorie) -> list[tuple[str, bool]]:
    """The papers that things of this kind have, and whether their end stops the loans: « vgp!,notice »."""
    kinds = [one.strip() for one in categorie.papiers.split(",") if one.strip()]
    return [(one.rstrip("!"), one.endswith("!")) for one in kinds if one.rstrip("!") in TypePapier.values]
