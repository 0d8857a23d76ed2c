"""The two parties of a convention: how a sentence names them, who signs for them and by which power."""

from collections.abc import Iterable
from typing import Any

from django.utils import dateformat

from collectivites.enums import Signature as Pouvoir
from collectivites.models import Collectivite, Poste, Territoire
from extranet.lib.pliage import fold
from materiel.redaction import A_COMPLETER

# Who acts by law: the mayor (CGCT L. 2122-21), the president of an intercommunalité (L. 5211-9).
DE_DROIT = {
    "commune": "l’article L. 2122-21 du code général des collectivités territoriales",
    "epci": "l’article L. 5211-9 du code général des collectivités territoriales",
}
ARTICLES = {"": "", "le": "le ", "la": "la ", "l": "l’", "les": "les "}


def designation(place: Collectivite) -> str:
    """As in the middle of a sentence: « la commune de Tavaux », « la communauté d’agglomération du Grand Dole »."""
    if place.is_commune:
        return f"la commune {place.de_nom}"
    if place.is_epci:
        return Territoire.load().designation or f"l’intercommunalité {place.de_nom}"
    return f"{ARTICLES[place.article]}{place.nom}"


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def signer(place: Collectivite, among: Iterable[Poste] | None = None) -> Poste | None:
    """Who signs there: the one who does by law first, then a delegate. `among`: postes in force, when read already."""
    if among is None:
        among = Poste.objects.in_force().filter(collectivite=place, agent__efface_le=None).for_list()
    found = [one for one in among if one.is_signataire and one.collectivite_id == place.pk]
    found = sorted(found, key=lambda poste: (poste.signataire != Pouvoir.DE_DROIT, poste.pk))
    return found[0] if found else None


def power(poste: Poste) -> str:
    """« l’arrêté n° 2026-31 du 3 avril 2026 », or the law for whoever signs by right."""
    if poste.signataire == Pouvoir.DE_DROIT:
        place = poste.collectivite
        kind = "commune" if place.is_commune else "epci" if place.is_epci else ""
        return DE_DROIT.get(kind, "ses statuts")
    said = delegation(poste)
    return f"l’{said} portant délégation" if fold(said).startswith("arrete") else f"la délégation de signature {said}"


def delegation(poste: Poste) -> str:
    """Empty for whoever signs by right."""
    if poste.signataire != Pouvoir.DELEGATION:
        return ""
    return f"{poste.delegation_reference} du {date_complete(poste.delegation_date)}"


def date_complete(day: Any) -> str:
    """With its year, whatever the year."""
    number = "1er" if day.day == 1 else str(day.day)
    return f"{number} {dateformat.format(day, 'F Y')}"


def printed(place: Collectivite) -> dict[str, str]:
    """The party in the head of the convention; what is not known shows as to be completed."""
    poste = signer(place)
    seat = ", ".join(filter(None, [place.adresse, f"{place.code_postal} {place.ville}".strip()]))
    return {
        "nom": place.nom,
        "designation": capital(designation(place)),
        "siren": f"{place.siren[:3]} {place.siren[3:6]} {place.siren[6:]}" if place.siren else A_COMPLETER,
        "siege": seat or A_COMPLETER,
        "represente": poste.agent.nom_complet if poste else A_COMPLETER,
        "qualite": poste.libelle.lower() if poste else A_COMPLETER,
        "pouvoir": power(poste) if poste else A_COMPLETER,
    }
