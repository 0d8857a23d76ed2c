"""The collectivités: their hours, how far they are, who is there today and who answers."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.urls import reverse

from annuaire.filters import FAMILLE
from annuaire.models import Photo
from collectivites.enums import FamilleFonction
from collectivites.models import Collectivite, PlageOuverture, Poste
from collectivites.presence import ouverture, situations
from extranet.lib.noms import place_sort_key

SHOWN, FEW = 12, 3  # rows shown before « Voir les autres », unless these are few
SERVICES = {
    FamilleFonction.ADMINISTRATIF: "Services administratifs",
    FamilleFonction.TECHNIQUE: "Services techniques",
    FamilleFonction.SCOLAIRE_SOCIAL: "Écoles, social et sécurité",
}


@dataclass(frozen=True)
class Service:
    """Those of one family of fonctions: how many, at which number they answer, and the list of them."""

    nom: str
    nombre: int
    telephone: str
    url: str


def furnished(places: QuerySet[Collectivite], own: Collectivite | None) -> list[Collectivite]:
    """The intercommunalité first, then by name, each with its doors today and its distance from `own`."""
    found = sorted(places.select_related("secteur"), key=lambda c: (not c.is_epci, place_sort_key(c.nom)))
    hours = hours_of(found)
    for one in found:
        one.ouverture = ouverture(hours.get(one.pk, []), feminin=one.is_commune)
        one.km = km(one, own)
    return found


def hours_of(places: Iterable[Collectivite]) -> dict[int, list]:
    """Opening hours of each, as plain rows: a thousand objects would cost more than the rest of the page."""
    rows = PlageOuverture.objects.filter(collectivite__in=[one.pk for one in places])
    found: dict[int, list] = {}
    for row in rows.values_list("collectivite_id", "jour", "ouverture", "fermeture", named=True):
        found.setdefault(row.collectivite_id, []).append(row)
    return found


def km(one: Collectivite, own: Collectivite | None) -> int | None:
    """Whole kilometres from one's own collectivité; None for itself or when a position is unknown."""
    distance = one.distance_to(own) if own and own.pk != one.pk else None
    return None if distance is None else max(1, round(distance))


def agents_of(postes: list[Poste]) -> list[Poste]:
    """Those who are not élus: who can be met first, then who cannot, then who has told no days."""
    agents = [poste for poste in postes if poste.fonction.famille != FamilleFonction.ELUS]
    now_in = situations(agents)
    for poste in agents:
        poste.situation = now_in.get(poste.pk)
    return sorted(agents, key=_order_of_today)


def elus_of(postes: list[Poste]) -> list[Poste]:
    elus = [poste for poste in postes if poste.fonction.famille == FamilleFonction.ELUS]
    return sorted(elus, key=lambda poste: (poste.fonction.ordre, not poste.is_signataire, poste.agent.nom))


def show_photos(postes: Iterable[Poste]) -> None:
    """One query for the portraits of them all."""
    postes = list(postes)
    photos = {photo.agent_id: photo for photo in Photo.objects.filter(agent__in={p.agent_id for p in postes})}
    for poste in postes:
        photo = photos.get(poste.agent_id)
        poste.photo = photo.url_vignette if photo else ""


def services_of(place: Collectivite, agents: list[Poste]) -> list[Service]:
    """The families of fonctions that somebody holds there; the number is that of whoever is named first by the list."""
    found = []
    for famille, nom in SERVICES.items():
        held = [poste for poste in agents if poste.fonction.famille == famille]
        if held:
            first = sorted(held, key=lambda poste: (poste.fonction.ordre, poste.pk))
            number = next((poste.telephone for poste in first if poste.telephone), "")
            query = urlencode({"collectivite": place.slug, "fonction": f"{FAMILLE}{famille}"})
            people = len({poste.agent_id for poste in held})
            found.append(Service(nom, people, number, f"{reverse('annuaire:index')}?{query}"))
    return found


def first_of(postes: list[Poste]) -> list[Poste]:
    return postes if len(postes) <= SHOWN + FEW else postes[:SHOWN]


def _order_of_today(poste: Poste) -> tuple:
    one = poste.situation
    return (one is None, one is not None and not one.la, poste.fonction.ordre, poste.agent.nom, poste.agent.prenom)
