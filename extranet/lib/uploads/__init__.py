"""Files that people send: their names, what they really hold, and pictures cleaned of all but what one sees."""

from extranet.lib.uploads.contenu import ARCHIVES, DEPOT, DOCUMENTS, PHOTOS, check_document, check_reading
from extranet.lib.uploads.images import clean_picture, taken_on
from extranet.lib.uploads.lots import Extrait, open_zip
from extranet.lib.uploads.noms import FichierRefuse, check_extension, check_name

__all__ = [
    "ARCHIVES",
    "DEPOT",
    "DOCUMENTS",
    "PHOTOS",
    "Extrait",
    "FichierRefuse",
    "check_document",
    "check_extension",
    "check_name",
    "check_reading",
    "clean_picture",
    "open_zip",
    "taken_on",
]
