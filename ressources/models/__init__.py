"""The library of the territory, and the documents and images of the whole site, on which it does not stand."""

from ressources.models.depot import Depot, FichierDepose
from ressources.models.documents import Declinaison, DocumentPrive, ImagePrivee
from ressources.models.echange import DemandeDocument, Echange, Soutien
from ressources.models.emport import LienFlux, Lot, PieceLot
from ressources.models.fichier import Fichier, VersionFichier
from ressources.models.listes import PublicVise, TypeRessource
from ressources.models.modele import ModeleARemplir, ValeurGardee
from ressources.models.partage import LienPartage
from ressources.models.photo import Photo
from ressources.models.question import QuestionReponse
from ressources.models.rappel import Rappel
from ressources.models.reglages import ReglagesRessources
from ressources.models.ressource import RessourcePage, RessourcesPage
from ressources.models.usage import Avis, Favori, Lecture, Reprise, Telechargement

__all__ = [
    "Avis",
    "Declinaison",
    "DemandeDocument",
    "Depot",
    "DocumentPrive",
    "Echange",
    "Favori",
    "Fichier",
    "FichierDepose",
    "ImagePrivee",
    "Lecture",
    "LienFlux",
    "LienPartage",
    "Lot",
    "PieceLot",
    "ModeleARemplir",
    "Photo",
    "PublicVise",
    "QuestionReponse",
    "Rappel",
    "ReglagesRessources",
    "Reprise",
    "RessourcePage",
    "RessourcesPage",
    "Soutien",
    "Telechargement",
    "TypeRessource",
    "ValeurGardee",
    "VersionFichier",
]
