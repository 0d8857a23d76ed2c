"""The mail of the alerts, composed when it leaves."""

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from django.urls import reverse

from extranet.lib.apports import Composition, Lien, Trouve
from extranet.lib.francais import en_lettres
from extranet.lib.pliage import Fold
from search.gardees.alertes import SORTE
from search.gardees.jetons import Arret
from search.gardees.listes import address_of, listes
from search.models import Nouveaute, RechercheGardee

if TYPE_CHECKING:
    from collectivites.models import Agent
    from notifications.models import Courriel

# Of one search in one mail; beyond, their number and the address of the list.
NOMMEES = 50


@dataclass(frozen=True)
class Partie:
    """What one search says: its first results, how many are not named, how many are in a part above; where to read it
    and where to stop it.
    """

    nom: str
    lignes: list[Trouve]
    autres: int
    deja: int
    url: str
    arret: str


def composition() -> Composition:
    return Composition(SORTE, compose, lambda courriel: stop_address(Arret(agent=courriel.agent_id)))


def stop_address(arret: Arret) -> str:
    return reverse("search:alerte_stop", args=[arret.sign()])


def compose(courriel: "Courriel") -> tuple[str, dict] | None:
    """What its reader may still see, of the alerts that they still want.

    What is left out is forgotten: it was not told, and will be another day if it is open to them again.
    """
    rows = list(
        Nouveaute.objects.filter(courriel=courriel)
        .select_related("recherche")
        .defer("recherche__depart")
        .order_by(Fold("recherche__nom"), "recherche", "pk")
    )
    found, left_out = [], []
    for recherche, group in groupby(rows, key=lambda row: row.recherche):
        of_it = list(group)
        seen = _seen(recherche, of_it, courriel.agent)
        left_out += [row.pk for row in of_it if row.cle not in seen]
        if seen:
            found.append((recherche, list(seen.values())))
    if left_out:
        Nouveaute.objects.filter(pk__in=left_out, courriel=courriel).delete()
    return ("search/courriels/alertes.html", _context(found)) if found else None


def _seen(recherche: RechercheGardee, rows: list[Nouveaute], agent: "Agent") -> dict[str, Trouve]:
    liste = listes().get(recherche.liste)
    if liste is None or not recherche.has_alert:
        return {}
    found = liste.lignes(agent, [row.cle for row in rows])
    return {row.cle: found[row.cle] for row in rows if row.cle in found}


def _context(found: list[tuple[RechercheGardee, list[Trouve]]]) -> dict:
    """A thing that answers two searches is named once."""
    parts, named = [], set()
    for recherche, things in found:
        new = [one for one in things if one.url not in named]
        named |= {one.url for one in new}
        stop = stop_address(Arret(recherche=recherche.pk))
        above = len(things) - len(new)
        parts.append(Partie(recherche.nom, new[:NOMMEES], len(new[NOMMEES:]), above, address_of(recherche), stop))
    said = f"{en_lettres(len(named), 'f').capitalize()} nouveauté{'s' if len(named) > 1 else ''}"
    where = f"«\u00a0{parts[0].nom}\u00a0»" if len(parts) == 1 else "vos recherches gardées"
    return {
        "titre": f"{said} dans {where}",
        "parties": parts,
        "apercu": parts[0].lignes[0].titre,
        "bouton": Lien("Voir mes recherches gardées", reverse("search:gardee_list")),
        "raison": "Vous avez demandé à être prévenu·e de ce qui arrive dans ces recherches.",
        "preferences_url": "",
    }
