"""The board of what may be borrowed as a list whose searches may be kept.

Without « libres », a thing is new when it is lent for the first time, or again; with it, the first time that it is free
on the dates asked for.
"""

from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

from django.http import QueryDict

from collectivites.models import Collectivite
from extranet.lib.apports import DemandeLue, Gardable, Trouve
from materiel.adresses import BOARD
from materiel.models import Categorie, Materiel
from materiel.models.page import GENRE
from materiel.registre.disponibilite import only_free
from materiel.vitrine.filtres import Choix
from materiel.vitrine.presentation import counted_days
from materiel.vitrine.selection import distances_from, narrowed
from search.gardees.listes import canonical
from search.gardees.partout import all_that_holds
from search.lecteur import Lecteur

if TYPE_CHECKING:
    from collectivites.models import Agent

PASSEE = "Les dates de cette recherche sont passées\u00a0: rien de nouveau ne peut y arriver."


def gardable() -> Gardable:
    return Gardable("materiel", "Matériel", "materiel", "tools", BOARD, lire, cles, lignes, lieux=("commune",))


def lire(params: QueryDict, agent: "Agent", place: "Collectivite | None") -> DemandeLue:
    """Dates that can no longer be asked for close the search: without them, everything would answer."""
    choix = Choix.of(params)
    km = choix.km if place is not None and place.latitude is not None else None
    kept = replace(choix, demande_tri="", page=1, km=km)
    past = bool(params.get("du") or params.get("au")) and choix.debut is None
    return DemandeLue(
        canonical(parse_qsl(urlsplit(kept.url()).query)),
        tuple(_words(kept)),
        autour=km is not None,
        close=PASSEE if past else "",
    )


def _words(choix: Choix) -> list[str]:
    named = Categorie.objects.filter(code=choix.categorie) if choix.categorie else []
    said = [choix.quoi, *(one.libelle for one in named)]
    if choix.commune:
        said += [one.nom for one in Collectivite.objects.filter(slug=choix.commune)]
    if choix.a_une_periode:
        said.append(f"{'libre ' if choix.libres else ''}{counted_days(choix.debut, choix.fin)}")
    said += [f"au moins {choix.combien}"] if choix.combien > 1 else []
    said += ["livré"] if choix.livraison else []
    said += [f"à moins de {choix.km}\u00a0km"] if choix.km else []
    return [one for one in said if one]


def cles(params: QueryDict, agent: "Agent", place: Collectivite | None) -> list[str]:
    choix = Choix.of(params)
    reponse = all_that_holds(choix.quoi, Lecteur.of(agent), genre=GENRE) if choix.quoi else None
    distances = distances_from(place) if choix.km else {}
    kept = narrowed(Materiel.objects.visible_to(agent).lendable(), choix, reponse, distances)
    if choix.categorie:
        kept = kept.filter(categorie__code=choix.categorie)
    if choix.libres:
        kept = only_free(kept, choix.debut, choix.fin, choix.combien)
    return [str(pk) for pk in kept.order_by("-pk").values_list("pk", flat=True)]


def lignes(agent: "Agent", keys: list[str]) -> dict[str, Trouve]:
    """One query beside those of the reader."""
    things = Materiel.objects.visible_to(agent).lendable().filter(pk__in=map(int, keys))
    things = things.select_related("page", "collectivite", "categorie").defer("page__corps")
    return {
        str(one.pk): Trouve(one.page.title, one.page.adresse, f"{one.categorie.libelle}, {one.collectivite.nom}")
        for one in things
    }
