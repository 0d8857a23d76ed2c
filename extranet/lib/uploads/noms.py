"""Names of the files that people send."""

import re
import unicodedata

from extranet.lib.extraction.signatures import PROGRAMS
from extranet.lib.typographie import Montrable

MAX_NAME = 200

_PATH = re.compile(r"[/\\]|^[A-Za-z]:")
# After U+202E, a name that ends by « fdp.exe » reads « exe.pdf » (Unicode TR36 §3).
_BIDIRECTIONAL = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
_REFUSED_BY_WINDOWS = re.compile(r'[<>:"|?*]')

MACROS = {
    **dict.fromkeys(("docm", "dotm"), "docx"),
    **dict.fromkeys(("xlsm", "xltm", "xlam", "xlsb"), "xlsx"),
    **dict.fromkeys(("pptm", "potm", "ppsm", "ppam"), "pptx"),
}
OLD_FORMATS = {"doc": "docx", "dot": "docx", "xls": "xlsx", "xlt": "xlsx", "ppt": "pptx", "pps": "pptx"}


class FichierRefuse(Montrable):
    """A file that we do not take; the text names it, says why and what to do."""


def check_name(nom: str) -> str:
    """The name as we keep it (NFC, no space around, nothing that Windows refuses). Raises FichierRefuse."""
    shown = _shown(nom)
    if any(unicodedata.category(character) in {"Cc", "Cs"} for character in nom):
        raise FichierRefuse(f"Le nom « {shown} » contient un caractère invisible. Renommez le fichier et recommencez.")
    if _BIDIRECTIONAL.search(nom):
        raise FichierRefuse(
            f"Le nom « {shown} » contient un caractère qui inverse le sens de lecture et peut cacher la nature du "
            "fichier. Renommez-le et recommencez."
        )
    if _PATH.search(nom):
        raise FichierRefuse(f"Le nom « {shown} » contient un chemin de dossier. Envoyez le fichier sous son seul nom.")
    if len(nom) > MAX_NAME:
        raise FichierRefuse(f"Le nom « {shown} » compte {len(nom)} caractères. Raccourcissez-le à {MAX_NAME} au plus.")
    clean = unicodedata.normalize("NFC", _REFUSED_BY_WINDOWS.sub("-", nom)).strip().rstrip(".")
    if not clean.strip(". "):
        raise FichierRefuse("Ce fichier n’a pas de nom. Renommez-le, par exemple « plan-du-gymnase.pdf ».")
    if is_reserved(clean):
        raise FichierRefuse(
            f"« {shown} » est un nom réservé par Windows : personne ne pourrait ouvrir ce fichier. Renommez-le."
        )
    return clean


def is_reserved(nom: str) -> bool:
    """Windows keeps it for a device, whatever its extension: « con.txt »."""
    return _RESERVED.fullmatch(nom) is not None


def check_extension(nom: str, accepted: frozenset[str]) -> str:
    """The extension of a checked name, in lower case. Raises FichierRefuse, with the cure that fits."""
    stem, dot, extension = nom.rpartition(".")
    if not dot or not stem:
        raise FichierRefuse(
            f"Le fichier « {nom} » n’a pas d’extension. Ajoutez-la à son nom, par exemple « {extension}.pdf »."
        )
    extension = extension.lower()
    if extension in accepted:
        return extension
    raise FichierRefuse(_why_not(nom, stem, extension, accepted))


def _why_not(nom: str, stem: str, extension: str, accepted: frozenset[str]) -> str:
    if extension in PROGRAMS and "." in stem:
        hidden = stem.rpartition(".")[2]
        return (
            f"Le fichier « {nom} » n’est pas un .{hidden} : sa vraie extension est .{extension}, celle d’un programme. "
            "Ne l’ouvrez pas et prévenez votre service informatique."
        )
    if extension in PROGRAMS:
        return (
            f"Le fichier « {nom} » est un programme. Les programmes ne sont pas acceptés. Envoyez plutôt un document."
        )
    if extension in MACROS:
        return (
            f"Le fichier « {nom} » contient des macros, qui ne sont pas acceptées. Enregistrez-le au format "
            f".{MACROS[extension]} ou .pdf puis recommencez."
        )
    if extension in OLD_FORMATS:
        return (
            f"Le fichier « {nom} » est à un ancien format. Enregistrez-le au format .{OLD_FORMATS[extension]} ou .pdf "
            "puis recommencez."
        )
    if extension in {"html", "htm", "mht", "mhtml"}:
        return f"Le fichier « {nom} » est une page web. Imprimez-la au format PDF depuis votre navigateur."
    if extension in {"svg", "svgz"}:
        return f"Le dessin « {nom} » est un SVG, qui peut contenir du code. Enregistrez-le en PNG ou en PDF."
    formats = ", ".join(f".{name}" for name in sorted(accepted))
    return f"Le format .{extension} de « {nom} » n’est pas accepté. Formats acceptés : {formats}."


def _shown(nom: str) -> str:
    """A name as it may be printed in a message: nothing invisible, and not too long."""
    visible = "".join("�" if unicodedata.category(mark) in {"Cc", "Cf", "Cs"} else mark for mark in nom).strip()
    return visible if len(visible) <= 60 else f"{visible[:40]}…{visible[-15:]}"
