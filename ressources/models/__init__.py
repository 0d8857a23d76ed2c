"""Documents and images of the whole site; the library of ressources stands on them."""

from ressources.models.fichiers import Declinaison, DocumentPrive, ImagePrivee

__all__ = ["Declinaison", "DocumentPrive", "ImagePrivee"]
