"""The pages that are measured, as a secretary of three communes sees them on the large demonstration."""

from django.urls import reverse

from tests.mesures.accounts import accounts


def pages() -> dict[str, str]:
    """Name told in the table → address."""
    agent = accounts()["secretaire"]
    commune = agent.postes_en_cours[0].collectivite
    return {
        "accueil": "/",
        "annuaire": reverse("annuaire:index"),
        "collectivités": reverse("annuaire:collectivite_list"),
        "fiche d’agent": agent.get_absolute_url(),
        "fiche de commune": commune.get_absolute_url(),
    }
