"""Opening the extranet of a territory: what an administrator has to do first, and whether it is done."""

from dataclasses import dataclass

from django.urls import reverse

from collectivites.models import Agent, Collectivite, Territoire
from home.models import ActualitePage, ActualitesPage
from home.models.legal import missing_mentions


@dataclass(frozen=True)
class Etape:
    titre: str
    detail: str
    faite: bool
    url: str = ""


def opening_steps() -> list[Etape]:
    """Six queries, whatever the size of the territory."""
    territoire = Territoire.load()
    settings_url = reverse("wagtailsettings:edit", args=["collectivites", "territoire"])
    actualites = ActualitesPage.objects.first()
    return [
        Etape(
            "Nommer le territoire",
            "Son nom, l’intercommunalité, le téléphone de l’équipe.",
            bool(territoire.epci_id and territoire.designation and territoire.telephone),
            settings_url,
        ),
        Etape(
            "Charger les communes",
            "Commande « manage.py importer_collectivites », ou une par une dans l’administration.",
            Collectivite.objects.communes().exists(),
        ),
        Etape(
            "Faire entrer les agents",
            "Commande « manage.py importer_agents », ou une invitation à chaque gestionnaire.",
            Agent.objects.in_office().count() > 1,
        ),
        Etape(
            "Dire qui publie et qui héberge",
            "La loi veut que chacun le sache.",
            not missing_mentions(territoire),
            settings_url,
        ),
        Etape(
            "Publier une première actualité",
            "Elle paraît sur l’accueil de ceux à qui elle s’adresse.",
            ActualitePage.objects.live().exists(),
            reverse("wagtailadmin_pages:add", args=["home", "actualitepage", actualites.pk]) if actualites else "",
        ),
    ]
