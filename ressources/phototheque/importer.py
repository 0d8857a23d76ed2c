"""What the table of a bulk import says of a photo: the same questions as the deposit, one column each."""

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from extranet.lib.pliage import fold
from extranet.lib.tableur import Colonne, parse_date
from extranet.lib.typographie import Montrable
from ressources.enums import AVEC_ACCORD, Personnes
from ressources.models import Photo
from ressources.models.photo import why_not_taken
from ressources.versions import RessourceRefusee

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from collectivites.models import Collectivite

QUI = {
    Personnes.AUCUNE: "personne",
    Personnes.PUBLIC: "foule",
    Personnes.ACCORD: "adultes d’accord",
    Personnes.MINEURS: "mineurs, parents d’accord",
}
_DITS = {fold(dit): personnes for personnes, dit in QUI.items()}


class PersonnesFausses(Montrable, ValueError):
    """The cell says something else than the four answers."""


def parse_personnes(value: str) -> Personnes:
    try:
        return _DITS[fold(value)]
    except KeyError:
        known = ", ".join(f"«\u00a0{dit}\u00a0»" for dit in QUI.values())
        raise PersonnesFausses(f"«\u00a0{value}\u00a0» ne dit pas qui s’y reconnaît. Écrivez {known}.") from None


COLONNES = [
    Colonne("description", "Ce qu’on y voit", autres=("description",)),
    Colonne("personnes", "Qui s’y reconnaît", autres=("personnes",), lire=parse_personnes),
    Colonne("accord", "Qui est d’accord, et comment", autres=("accord",)),
    Colonne("accord_fin", "Accord jusqu’au", lire=parse_date),
    Colonne("lieu", "Lieu"),
    Colonne("prise_le", "Prise le", lire=parse_date),
    Colonne("credit", "Crédit"),
]


def photo_of(values: "Mapping[str, Any]", place: "Collectivite") -> dict[str, Any]:
    """The fields of `Photo`. Raises RessourceRefusee for what a deposit would not accept either."""
    if not values["description"]:
        raise RessourceRefusee("Dites ce qu’on y voit\u00a0: complétez sa ligne du tableau.")
    if not values["personnes"]:
        raise RessourceRefusee("Dites qui s’y reconnaît\u00a0: complétez sa ligne du tableau.")
    agreed = values["personnes"] in AVEC_ACCORD
    fields = {
        "description": values["description"],
        "personnes": values["personnes"],
        "accord": (values["accord"] or "") if agreed else "",
        "accord_fin": values["accord_fin"] if agreed else None,
        "lieu": values["lieu"] or "",
        "prise_le": values["prise_le"],
        "collectivite": place,
    }
    _check_days(fields["prise_le"], fields["accord_fin"])
    try:
        Photo(**fields).full_clean(exclude=["page"])
    except ValidationError as error:
        raise RessourceRefusee(" ".join(_in_words(error))) from error
    return fields


def _in_words(error: ValidationError) -> "Iterator[str]":
    """Each with its column, unless it is about several."""
    titles = {one.cle: one.titre for one in COLONNES}
    for name, said in error.message_dict.items():
        begin = f"{titles[name]}\u00a0: " if name in titles else ""
        yield from (f"{begin}{words}" for words in said)


def _check_days(taken: "date | None", end: "date | None") -> None:
    today = timezone.localdate()
    if taken and (why := why_not_taken(taken)):
        raise RessourceRefusee(f"Prise le\u00a0: {why}")
    if end and end < today:
        raise RessourceRefusee("L’accord des personnes est déjà fini. Demandez-en un autre, ou laissez cette photo.")
