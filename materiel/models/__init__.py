"""The lending of equipment: sheets, things, the ledger, loans, conventions, états des lieux, needs."""

from materiel.models.besoin import Besoin, ReponseBesoin
from materiel.models.categorie import Categorie
from materiel.models.constat import Constat, Element, Incident, PhotoConstat
from materiel.models.convention import Convention, Signature
from materiel.models.echange import Message
from materiel.models.materiel import Accessoire, Materiel, Unite
from materiel.models.page import MaterielPage, MaterielsPage
from materiel.models.papier import Papier
from materiel.models.pret import Affectation, Numerotation, Pret, Proposition
from materiel.models.registre import Engagement, Occupation
from materiel.models.reglages import LienAgenda, ReglagesMateriel
from materiel.models.textes import ModeleConventionPage, ReglementPretPage

__all__ = [
    "Accessoire",
    "Affectation",
    "Besoin",
    "Categorie",
    "Constat",
    "Convention",
    "Element",
    "Engagement",
    "Incident",
    "LienAgenda",
    "Materiel",
    "MaterielPage",
    "MaterielsPage",
    "Message",
    "ModeleConventionPage",
    "Numerotation",
    "Occupation",
    "Papier",
    "PhotoConstat",
    "Pret",
    "Proposition",
    "ReglagesMateriel",
    "ReglementPretPage",
    "ReponseBesoin",
    "Signature",
    "Unite",
]
