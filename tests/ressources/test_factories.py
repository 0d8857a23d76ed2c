"""What the other tests of the resources stand on."""

from django.test import Client

from extranet.lib.cherchable import reindex
from ressources.enums import StatutVersion
from ressources.models import RessourcePage, VersionFichier
from search.models import SearchEntry
from tests.distribution import Distribution
from tests.ressources.factories import make_ressource, make_version


def test_a_sheet_of_the_tests_is_read_and_found(distribution: Distribution, client: Client) -> None:
    page = make_ressource("Règlement du cimetière", "columbarium", collectivite=distribution.a)
    make_version(page.fichiers.get(), statut=StatutVersion.A_RELIRE)
    assert RessourcePage.objects.visible_to(distribution.agent_a).get() == page
    assert VersionFichier.objects.visible_to(distribution.agent_a).get().texte == "columbarium"
    reindex(RessourcePage.to_index().filter(pk=page.pk))
    assert "columbarium" in SearchEntry.objects.get(kind="ressource", objet=page.pk).texte
