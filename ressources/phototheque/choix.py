"""What the address of the grid asks for: the same words as those of the list of documents, other facets."""

from dataclasses import dataclass
from typing import ClassVar
from urllib.parse import urlencode

from ressources.filtres import Choix

LIBRE = "1"
FACETTES = {
    "libre": ("Droits", ""),
    "theme": ("Thème", "thèmes"),
    "commune": ("Commune", "communes"),
    "lieu": ("Lieu", "lieux"),
    "annee": ("Année", "années"),
    "licence": ("Licence", "licences"),
}


@dataclass(frozen=True)
class ChoixPhotos(Choix):
    adresse: ClassVar[str] = "/ressources/photos/"
    facettes: ClassVar[dict[str, tuple[str, str]]] = FACETTES

    @property
    def suite(self) -> str:
        """What follows the address of a photo, so that the next one is that of the same list."""
        pairs = [("q", self.q)] if self.q else []
        pairs += [(name, value) for name, values in self.filtres for value in values]
        pairs += [("exact", "1")] if self.exact else []
        return f"?{urlencode(pairs)}" if pairs else ""
