"""What the annuaire keeps beside the people and the collectivités of the ground floor."""

from annuaire.models.astreinte import Astreinte
from annuaire.models.fusion import Distinction, Fusion
from annuaire.models.importation import ImportAgents
from annuaire.models.invitation import Invitation, fingerprint
from annuaire.models.page import AnnuairePage
from annuaire.models.photo import Consentement, Photo

__all__ = [
    "AnnuairePage",
    "Astreinte",
    "Consentement",
    "Distinction",
    "Fusion",
    "ImportAgents",
    "Invitation",
    "Photo",
    "fingerprint",
]
