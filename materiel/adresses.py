"""Addresses that a list or a sheet leads to, all under the board."""

from datetime import date
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from extranet.lib.demi_journees import DemiJournee, Moment

if TYPE_CHECKING:
    from materiel.models import Materiel

BOARD = "/materiel/"
CARTE, NOS_MATERIELS = f"{BOARD}carte/", f"{BOARD}nos-materiels/"
BESOINS, PRETS, DEMANDES = f"{BOARD}besoins/", f"{BOARD}prets/", f"{BOARD}demandes/"
PROPOSER, ETIQUETTES, IMPORTER = f"{BOARD}proposer/", f"{BOARD}etiquettes/", f"{BOARD}importer/"


def of_materiel(materiel: "Materiel", act: str) -> str:
    """`act`: demander, garder, modifier, papiers, statut."""
    return f"{BOARD}{materiel.pk}/{act}/"


def period_query(debut: DemiJournee, fin: DemiJournee, quantite: int = 1) -> str:
    """The dates of a loan as the sheet and its request read them in an address; whole days say no moment."""
    pairs: list[tuple[str, date | str | int]] = [("du", debut.date.isoformat()), ("au", fin.date.isoformat())]
    if debut.moment == Moment.APRES_MIDI:
        pairs.append(("de", debut.moment.value))
    if fin.moment == Moment.MATIN:
        pairs.append(("a", fin.moment.value))
    if quantite > 1:
        pairs.append(("quantite", quantite))
    return urlencode(pairs)


def besoin(objet: str, debut: DemiJournee | None, fin: DemiJournee | None) -> str:
    """The need that a search without answer would post."""
    pairs = [("objet", objet)] if objet else []
    if debut is not None and fin is not None:
        pairs += [("du", debut.date.isoformat()), ("au", fin.date.isoformat())]
    return BESOINS + (f"?{urlencode(pairs)}" if pairs else "")
