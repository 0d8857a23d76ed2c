"""The names that filled files are given, and their kinds."""

import re
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
_A_REMPLIR = re.compile(r"[\s,(_-]*\bà remplir\b", re.IGNORECASE)


def title_for(version: "VersionFichier", place: "Collectivite") -> str:
    """« Délibération du conseil municipal, Le Deschaux »: « à remplir » and what follows is no longer true of it."""
    stem = version.nom.rpartition(".")[0]
    stem = _A_REMPLIR.split(stem)[0].strip(" .,") or stem
    said = "".join(" " if mark in '\\/:*?"<>|' else mark for mark in place.nom)
    return f"{plain(stem)[:_LONGUEUR].strip(' .,')}, {plain(said)}"


def name_for(version: "VersionFichier", place: "Collectivite") -> str:
    """« Délibération du conseil municipal, Le Deschaux.docx »."""
    return f"{title_for(version, place)}.{version.extension}"
