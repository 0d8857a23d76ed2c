"""Opening the extranet of a territory: what an administrator has to do first, and whether it is done."""

from dataclasses import dataclass

from django.urls import reverse

from collectivites.models import Agent, Collectivite, Territoire
from home.models import ActualitePage, ActualitesPage


@dataclass(frozen=True)
class Etape:
    titre: str
    detail: str
    faite: bool
    action: str = ""
    url: str = ""


def opening_steps() -> list[Etape]:
    """Five queries, whatever the size of the territory."""
    territoire = Territoire.load()
    actualites = ActualitesPage.objects.first()
    return [
        Etape(
            "Nommer le territoire",
            "Son nom, l’intercommunalité, le téléphone de l’équipe.",
            bool(territoire.epci_id and territoire.designation and territoire.telephone),
            "Remplir les réglages",
            reverse("wagtailsettings:edit", args=["collectivites", "territoire"]),
        ),
        Etape(
            "Charger les communes",
            "Par la commande « manage.py importer_collectivites », ou une par une dans l’administration.",
            Collectivite.objects.communes().exists(),
        ),
        Etape(
            "Faire entrer les agents",
            "Par la commande « manage.py importer_agents », ou en invitant une personne gestionnaire par collectivité.",
            Agent.objects.in_office().count() > 1,
        ),
        Etape(
            "Publier une première actualité",
            "Elle paraît sur l’accueil de ceux à qui elle s’adresse.",
            ActualitePage.objects.live().exists(),
            "Écrire une actualité",
            reverse("wagtailadmin_pages:add", args=["home", "actualitepage", actualites.pk]) if actualites else "",
        ),
    ]
