"""Files that people send: their names, what they really hold, and pictures cleaned of all but what one sees."""

from extranet.lib.uploads.contenu import DOCUMENTS, check_document
from extranet.lib.uploads.images import clean_picture
from extranet.lib.uploads.noms import FichierRefuse, check_extension, check_name

__all__ = ["DOCUMENTS", "FichierRefuse", "check_document", "check_extension", "check_name", "clean_picture"]
