"""The names that filled files are given, and their kinds."""

from typing import TYPE_CHECKING

from extranet.lib.noms import plain
from ressources.remplir.formats import DOCX, ODT

if TYPE_CHECKING:
    from collectivites.models import Collectivite
    from ressources.models import VersionFichier

TYPES = {
    DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ODT: "application/vnd.oasis.opendocument.text",
}
_LONGUEUR = 120


def name_for(version: "VersionFichier", place: "Collectivite") -> str:
    """« Délibération du conseil municipal, Le Deschaux.docx »."""
    stem = version.nom.rpartition(".")[0]
    said = "".join(" " if mark in '\\/:*?"<>|' else mark for mark in place.nom)
    return f"{plain(stem)[:_LONGUEUR].strip(' .,')}, {plain(said)}.{version.extension}"
