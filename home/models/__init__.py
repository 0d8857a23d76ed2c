"""The tree of pages, and the register of treatments."""

from home.models.accessibilite import AccessibilitePage
from home.models.accueil import HomePage
from home.models.actualite import ActualitePage, ActualitesPage
from home.models.legal import DonneesPersonnellesPage, MentionsLegalesPage
from home.models.registre import FicheTraitement
from home.models.standard import AidePage, PageStandard

__all__ = [
    "AccessibilitePage",
    "ActualitePage",
    "ActualitesPage",
    "AidePage",
    "DonneesPersonnellesPage",
    "FicheTraitement",
    "HomePage",
    "MentionsLegalesPage",
    "PageStandard",
]
