"""The nouns that several areas point to, split by noun."""

from collectivites.models.absence import Absence
from collectivites.models.agent import Agent
from collectivites.models.collectivite import Collectivite, PlageOuverture, Secteur
from collectivites.models.envoi import CleUtilisee
from collectivites.models.habilitation import Habilitation, TypeHabilitation
from collectivites.models.journal import EntreeJournal
from collectivites.models.poste import Fonction, Poste, RoleTransversal
from collectivites.models.presence import Presence
from collectivites.models.reseau import Adhesion, Reseau
from collectivites.models.territoire import Territoire
from collectivites.models.theme import Expertise, Theme

__all__ = [
    "Absence",
    "Adhesion",
    "Agent",
    "CleUtilisee",
    "Collectivite",
    "EntreeJournal",
    "Expertise",
    "Fonction",
    "Habilitation",
    "PlageOuverture",
    "Poste",
    "Presence",
    "Reseau",
    "RoleTransversal",
    "Secteur",
    "Territoire",
    "Theme",
    "TypeHabilitation",
]
