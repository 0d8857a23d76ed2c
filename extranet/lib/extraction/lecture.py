"""The text of a file, for the search, the preview and the title proposed; and the dangers met on the way."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO

from extranet.lib.extraction.processus import Echec, Limites, run

SECONDS = 20
_MODULES = {
    "pdf": "pdf",
    **dict.fromkeys(("docx", "xlsx", "pptx", "odt", "ods", "odp"), "bureau"),
    **dict.fromkeys(("txt", "csv", "rtf", "html", "htm"), "textes"),
    "eml": "courriels",
}
FORMATS = frozenset(_MODULES)
_PRINT = "Imprimez-le au format PDF depuis votre lecteur, puis déposez ce nouveau fichier."
# What may follow « Le fichier « plan.pdf » ».
DANGERS = {
    "chiffre": "est protégé par un mot de passe\u00a0: nous ne pouvons pas le vérifier. Enregistrez-le sans mot de "
    "passe puis recommencez.",
    "javascript": f"contient un programme (JavaScript), qui n’est pas accepté. {_PRINT}",
    "lancement": f"veut lancer un programme sur l’ordinateur de qui l’ouvre. {_PRINT}",
    "fichier_joint": "contient un autre fichier, que nous ne pouvons pas vérifier. Déposez cet autre fichier à part, "
    "et imprimez le premier au format PDF.",
    "formulaire": f"est un formulaire d’Adobe (XFA), que les navigateurs n’ouvrent pas. {_PRINT}",
    "programme_joint": "a un programme en pièce jointe. Enregistrez le message sans elle puis recommencez.",
    "virus": "contient un virus, ou sa signature d’essai. Ne l’ouvrez pas et prévenez votre service informatique.",
}
_TOO_LONG = "La lecture du texte a pris trop de temps. Réessayez plus tard\u00a0; le document reste utilisable."
# Said by the confined reader itself, which keeps what it has read.
COUPE = "Le texte est très long à lire\u00a0: seul son début est cherchable."
_CRASH = "La lecture du texte s’est interrompue. Réessayez plus tard\u00a0; le document reste utilisable."


@dataclass(frozen=True)
class Lecture:
    """What was read.

    `etat`: ok, partiel (the text is cut, `motif` says where), numerise (pictures of pages), vide, refuse (`motif`),
    non_lu (the process crashed or ran out of time: worth another try).
    `texte` has a form feed between pages, sheets or slides. `pages` is their number, 0 when unknown. `titre` is a
    proposal, perhaps empty. `dangers`, for `uploads.check_reading`: chiffre, javascript, lancement, fichier_joint,
    formulaire, programme_joint, virus; known even when the text then made the process crash.
    """

    etat: str
    texte: str = ""
    pages: int = 0
    titre: str = ""
    motif: str = ""
    dangers: tuple[str, ...] = ()

    @property
    def is_cut_short(self) -> bool:
        """Its beginning alone was read, for want of time: more of it comes with more."""
        return self.etat == "partiel" and self.motif == COUPE


def read_text(path: str | Path, extension: str, *, seconds: float = SECONDS) -> Lecture:
    """Read a file on disk, in a process apart; never raises for its content. `extension` in lower case, no dot."""
    module = _MODULES.get(extension)
    if module is None:
        return Lecture("refuse", motif=f"Le texte d’un fichier .{extension} ne se lit pas.")
    try:
        # The reader stops by itself before it is stopped: what it has read is then kept.
        told = str(path), extension, str(0.75 * seconds)
        answer, failure = run(module, *told, seconds=seconds, limites=Limites(cpu=ceil(seconds))), None
    except Echec as error:
        answer, failure = error.answer, error
    known = _known(answer)
    dangers = known.get("dangers", ())
    if dangers:
        return Lecture("refuse", motif=f"Ce fichier {DANGERS[dangers[0]]}", dangers=dangers)
    if failure is None and "etat" in known:
        return Lecture(**known)
    motif = _TOO_LONG if failure and failure.trop_long else _CRASH
    return Lecture("non_lu", motif=motif)


def _known(answer: bytes) -> dict:
    """The last whole line: the dangers are told first, then again with the text."""
    for line in reversed(answer.split(b"\n")):
        try:
            known = json.loads(line)
        except ValueError:
            continue
        return {**known, "dangers": tuple(known.get("dangers", ()))}
    return {}


@contextmanager
def on_disk(fichier: IO[bytes]) -> Iterator[Path]:
    """The path of an upload or of a stored file: its own, or a copy's for the time of the block.

    The file is left at its beginning.
    """
    own = _own_path(fichier)
    if own is not None:
        yield own
        return
    with NamedTemporaryFile() as copy:
        fichier.seek(0)
        while chunk := fichier.read(1024 * 1024):
            copy.write(chunk)
        copy.flush()
        fichier.seek(0)
        yield Path(copy.name)


def _own_path(fichier: IO[bytes]) -> Path | None:
    """Of an upload written on disk, or of a file of a storage that has paths."""
    if hasattr(fichier, "temporary_file_path"):
        fichier.flush()
        return Path(fichier.temporary_file_path())
    try:
        return Path(fichier.path)
    except (AttributeError, NotImplementedError):
        return None
