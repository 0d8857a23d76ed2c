"""The lists whose searches may be kept, as the areas declare them (`apports.gardables`), and what is asked of them."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode

from django.http import QueryDict
from django.utils.text import Truncator

from collectivites.models import Collectivite
from extranet.lib.apports import DemandeLue, Gardable, collect
from extranet.lib.bornes import without_nul
from extranet.lib.typographie import Montrable
from search.models.gardee import CRITERES

if TYPE_CHECKING:
    from collectivites.models import Agent
    from search.models import RechercheGardee

# Where distances are measured from; no list has a filter of that name.
AUTOUR = "autour"
PROPOSE = 80  # letters of the name that is proposed


class ListeMuette(Montrable):
    """The search cannot say what is new; the text says why, and may be shown."""


@cache
def listes() -> Mapping[str, Gardable]:
    """By key."""
    return {one.cle: one for one in collect("gardables")}


def canonical(pairs: list[tuple[str, str]]) -> str:
    """The parameters of a `DemandeLue`: in one order, each once."""
    return urlencode(sorted(set(pairs)))


def at_place(recherche: "RechercheGardee", old: Collectivite, new: Collectivite) -> str:
    """Its parameters, those that name `old` naming `new`; as they are when none does, or when its list is gone."""
    liste = listes().get(recherche.liste)
    named = {AUTOUR, *(liste.lieux if liste else ())}
    becomes = {old.slug: new.slug, old.nom: new.nom}
    pairs = parse_qsl(recherche.parametres)
    found = [(name, becomes.get(value, value) if name in named else value) for name, value in pairs]
    return recherche.parametres if found == pairs else canonical(found)


def address_of(recherche: "RechercheGardee") -> str:
    """Where the search is read today; empty when its list is gone."""
    liste = listes().get(recherche.liste)
    return f"{liste.url}?{_without_place(recherche.parametres)}" if liste else ""


def _without_place(parametres: str) -> str:
    return urlencode([pair for pair in parse_qsl(parametres) if pair[0] != AUTOUR])


def read(liste: Gardable, query: str, agent: "Agent", place: "Collectivite | None") -> DemandeLue:
    """What `query`, the end of an address, asks of the list; where distances are measured from becomes part of it."""
    return _read(liste, *_parts(query, place), agent)


def _parts(query: str, place: "Collectivite | None") -> tuple[QueryDict, "Collectivite | None"]:
    params = without_nul(QueryDict(query)).copy()
    if asked := params.pop(AUTOUR, None):
        place = Collectivite.objects.filter(slug=asked[-1]).first()
    return params, place


def _read(liste: Gardable, params: QueryDict, place: "Collectivite | None", agent: "Agent") -> DemandeLue:
    lue = liste.lire(params, agent, place)
    if not (lue.autour and place):
        return lue
    mots = (*lue.mots, f"autour {place.de_nom}")
    return replace(lue, parametres=canonical([*parse_qsl(lue.parametres), (AUTOUR, place.slug)]), mots=mots)


def keys_of(liste_cle: str, parametres: str, agent: "Agent") -> list[str]:
    """All that answers a kept search today and that this reader may see.

    Raises ListeMuette when its list is gone, does not understand all that was asked, or can answer no more; and
    MoteurInjoignable.
    """
    liste = listes().get(liste_cle)
    if liste is None:
        raise ListeMuette("La liste où elle cherchait n’existe plus.")
    params, place = _parts(parametres, None)
    demande = _read(liste, params, place, agent)
    if demande.close:
        raise ListeMuette(demande.close)
    if demande.parametres != parametres:
        raise ListeMuette("Un de ses critères n’est plus proposé par la liste. L’alerte reprendra s’il revient.")
    return liste.cles(params, agent, place)


def words_of(demande: DemandeLue) -> str:
    """« délibération, Urbanisme, De ma taille » in one line."""
    return Truncator(", ".join(demande.mots)).chars(CRITERES)


def proposed_name(liste: Gardable, demande: DemandeLue) -> str:
    words = ", ".join(demande.mots) or liste.libelle
    return Truncator(words[:1].upper() + words[1:]).chars(PROPOSE)
