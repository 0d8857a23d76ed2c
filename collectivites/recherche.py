"""What the search knows of agents and collectivités: one entry each, for whoever has a poste in force."""

import datetime
from typing import TYPE_CHECKING

from django.utils import timezone

from collectivites.enums import TypeCollectivite
from extranet.lib.apports import Entree
from extranet.lib.francais import milliers

if TYPE_CHECKING:
    from collectivites.models import Agent, Collectivite, Poste

TOUTES = "toutes"


def entree_agent(agent: "Agent") -> Entree | None:
    """An agent in office, by name, postes and expertises. None without a poste to come, or when the card is hidden."""
    postes = sorted((p for p in agent.postes.all() if not p.is_over()), key=_main_first)
    if agent.efface_le or agent.oppose_le or not postes:
        return None
    places = list(dict.fromkeys(poste.collectivite.nom for poste in postes))
    works = dict.fromkeys(word for poste in postes for word in (poste.intitule, poste.fonction.libelle) if word)
    roles = dict.fromkeys(role.libelle for poste in postes for role in poste.roles.all())
    expertises = [expertise.libelle for expertise in agent.expertises.all()] if agent.montre_expertises else []
    number = next((poste.numero for poste in postes if poste.numero), "")
    return Entree(
        kind=agent.genre,
        pk=agent.pk,
        titre=agent.nom_complet,
        url=agent.get_absolute_url(),
        detail=f"{', '.join(dict.fromkeys(poste.libelle for poste in postes))} – {', '.join(places)}",
        texte="\n".join([*works, *roles, *expertises, *places, *([f"Téléphone\u00a0: {number}"] if number else [])]),
        commune=places[0],
        codes=(TOUTES,),
        icone="person",
        telephone=number,
        debut=_beginning(postes),
        fin=_end(postes),
    )


def _main_first(poste: "Poste") -> tuple:
    return (not poste.is_in_force(), -(poste.heures_hebdo or 0), poste.date_debut, poste.pk)


def _beginning(postes: list["Poste"]) -> datetime.datetime | None:
    first = min(poste.date_debut for poste in postes)
    return _midnight(first) if first > timezone.localdate() else None


def _end(postes: list["Poste"]) -> datetime.datetime | None:
    """The morning after the last day; none while a poste has no end."""
    if any(poste.date_fin is None for poste in postes):
        return None
    return _midnight(max(poste.date_fin for poste in postes) + datetime.timedelta(days=1))


def _midnight(day: datetime.date) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time.min))


def entree_collectivite(collectivite: "Collectivite") -> Entree | None:
    """A member of the territory, by name, kind and place."""
    if collectivite.date_sortie:
        return None
    kind = collectivite.get_type_display()
    people = f", {milliers(collectivite.population_totale)} habitants" if collectivite.population_totale else ""
    secteur = collectivite.secteur.nom if collectivite.secteur else ""
    hall = "mairie" if collectivite.type == TypeCollectivite.COMMUNE else ""
    days = dict.fromkeys(plage.get_jour_display() for plage in collectivite.plages.all())
    hours = f"Horaires d’ouverture\u00a0: ouverte le {', le '.join(days)}" if days else ""
    place = (collectivite.adresse, collectivite.code_postal, collectivite.ville, collectivite.insee, collectivite.siren)
    return Entree(
        kind=collectivite.genre,
        pk=collectivite.pk,
        titre=collectivite.nom,
        url=collectivite.get_absolute_url(),
        detail=f"{kind}{people}",
        texte="\n".join(filter(None, [hall, secteur, *place, *_reached(collectivite), hours])),
        commune=collectivite.nom,
        codes=(TOUTES,),
        icone="building",
        telephone=collectivite.telephone,
    )


def _reached(collectivite: "Collectivite") -> list[str]:
    """Its telephone and its mail by their names: « téléphone Tavaux »."""
    ways = (("Téléphone", collectivite.telephone), ("Courriel", collectivite.courriel))
    return [f"{name}\u00a0: {value}" for name, value in ways if value]
