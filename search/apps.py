from django.apps import AppConfig
from django.conf import settings

from search.adresse import lire_adresse


class SearchConfig(AppConfig):
    name = "search"
    verbose_name = "Recherche"

    def ready(self) -> None:
        """A SEARCH_URL that cannot be read stops the start with a sentence."""
        if settings.SEARCH_URL:
            lire_adresse(settings.SEARCH_URL)
