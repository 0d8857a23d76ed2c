"""What the card of a collectivité gives to a model, as the reader may see it: nothing more than the directory shows."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from collectivites.enums import Signature
from collectivites.models import Collectivite, Poste, Territoire
from extranet.lib.francais import milliers, telephone

if TYPE_CHECKING:
    from collectivites.models import Agent

_MAIRES = ("maire", "president")
_ARTICLES = {"": "", "le": "le ", "la": "la ", "l": "l’", "les": "les "}


def card_of(place: Collectivite, agent: "Agent") -> dict[str, str]:
    """By code, what is known; what is not is left out. Three queries at most."""
    territoire = Territoire.load()
    epci = territoire.epci or Collectivite.objects.filter(type="epci").first()
    heads = _heads([place, epci], agent)
    found = {
        "commune": place.nom.replace("'", "’"),
        "de_commune": place.de_nom,
        "a_commune": place.a_nom,
        "la_commune": designation(place, territoire),
        "insee": place.insee or "",
        "siren": _siren(place.siren or ""),
        "adresse": place.adresse,
        "code_postal": place.code_postal,
        "ville": place.ville or (place.nom if place.is_commune else ""),
        "telephone": telephone(place.telephone),
        "courriel": place.courriel,
        "population": _number(place.population_municipale),
        "population_totale": _number(place.population_totale),
        "maire": heads.get(place.pk, ""),
        "dpo": territoire.dpo_nom,
        "dpo_courriel": territoire.dpo_courriel,
    }
    if epci is not None:
        found |= {
            "epci": epci.nom,
            "de_epci": epci.de_nom,
            "l_epci": designation(epci, territoire),
            "epci_adresse": seat_of(epci),
            "president_epci": heads.get(epci.pk, ""),
        }
    return {code: value for code, value in found.items() if value}


def designation(place: Collectivite, territoire: Territoire) -> str:
    """As in the middle of a sentence: « la commune du Deschaux », « la communauté d’agglomération du Grand Dole »."""
    if place.is_commune:
        return f"la commune {place.de_nom}"
    if place.is_epci:
        return territoire.designation or f"l’intercommunalité {place.de_nom}"
    return f"{_ARTICLES[place.article]}{place.nom}"


def seat_of(place: Collectivite) -> str:
    """« 1 place de la Mairie, 39120 Le Deschaux »."""
    return ", ".join(filter(None, [place.adresse, f"{place.code_postal} {place.ville}".strip()]))


def _heads(places: Iterable[Collectivite | None], agent: "Agent") -> dict[int, str]:
    """Who is at the head of each: whoever signs there by right, else its mayor or president, as the directory says."""
    keys = [place.pk for place in places if place is not None]
    postes = Poste.objects.visible_to(agent).in_force().filter(collectivite__in=keys).for_list().main_first()
    found: dict[int, str] = {}
    for poste in sorted(postes, key=lambda one: one.signataire != Signature.DE_DROIT):
        by_right = poste.signataire == Signature.DE_DROIT
        if by_right or poste.fonction.code in _MAIRES:
            found.setdefault(poste.collectivite_id, poste.agent.nom_complet)
    return found


def _siren(siren: str) -> str:
    return "\u00a0".join((siren[:3], siren[3:6], siren[6:])) if siren else ""


def _number(number: int | None) -> str:
    return milliers(number) if number is not None else ""
