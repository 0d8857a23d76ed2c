"""The training: sheets, sessions, seats, visas, presences, habilitations that end, needs, evaluations."""

from formations.models.evaluation import Evaluation
from formations.models.inscription import BesoinParticulier, DemiJourneePrise, Inscription, Mouvement
from formations.models.page import FormationPage, FormationsPage, PublicFormation
from formations.models.plan import BesoinFormation, Campagne, Interet, LignePlan, ReponseCampagne, Souhait
from formations.models.presence import Attestation, Emargement, FeuilleSignee
from formations.models.reglages import LienAgenda, ReglagesFormation
from formations.models.session import Creneau, Numerotation, SessionCommune, SessionFormation
from formations.models.titre import RappelTitre
from formations.models.visa import LienVisa, RegleVisa

__all__ = [
    "Attestation",
    "BesoinFormation",
    "BesoinParticulier",
    "Campagne",
    "Creneau",
    "DemiJourneePrise",
    "Emargement",
    "Evaluation",
    "FeuilleSignee",
    "FormationPage",
    "FormationsPage",
    "Inscription",
    "Interet",
    "LienAgenda",
    "LienVisa",
    "LignePlan",
    "Mouvement",
    "Numerotation",
    "PublicFormation",
    "RappelTitre",
    "ReglagesFormation",
    "RegleVisa",
    "ReponseCampagne",
    "SessionCommune",
    "SessionFormation",
    "Souhait",
]
