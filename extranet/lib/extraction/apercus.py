"""Pages drawn as pictures: of a PDF by pdfium, of an Office document through LibreOffice when the machine has it."""

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from extranet.lib.extraction.processus import Echec, Limites, run

WIDTH = 1_200
OFFICE = frozenset({"docx", "xlsx", "pptx", "odt", "ods", "odp", "rtf"})
_PICTURE = 20 * 1024 * 1024
_SECONDS_OFFICE = 90


@dataclass(frozen=True)
class Rendu:
    """`pages`: a picture each, in order, none when drawing failed. `total`: pages of the document, 0 when unknown."""

    pages: tuple[Path, ...] = ()
    total: int = 0


def render_pages(
    path: str | Path,
    folder: str | Path,
    *,
    first: int = 1,
    count: int = 3,
    width: int = WIDTH,
    kind: str = "webp",
    seconds: float = 60,
) -> Rendu:
    """Pages `first` to `first + count - 1` of a PDF as `page-0001.webp`… in `folder`, `width` points wide.

    Drawn in a process apart: what was drawn before a crash or the end of the time is kept. `kind`: webp or png.
    """
    target = Path(folder)
    limites = Limites(cpu=int(seconds), fichier=_PICTURE)
    try:
        answer = run(
            "dessin",
            *(str(path), str(target), str(first), str(count), str(width), kind),
            seconds=seconds,
            limites=limites,
        )
    except Echec as error:
        answer = error.answer
    lines = answer.split(b"\n")[:-1]
    if not lines:
        return Rendu()
    names = [json.loads(line) for line in lines[1:]]
    return Rendu(tuple(target / name for name in names), json.loads(lines[0]))


def is_office_rendered() -> bool:
    return shutil.which("soffice") is not None


def to_pdf(path: str | Path, extension: str, folder: str | Path, *, seconds: float = _SECONDS_OFFICE) -> Path | None:
    """The PDF that LibreOffice makes of an Office document, in `folder`; None when it is absent or does not manage."""
    program = shutil.which("soffice")
    if program is None or extension not in OFFICE:
        return None
    with TemporaryDirectory() as home:
        # The extension tells LibreOffice how to read, whatever name the storage gave.
        source = Path(home, f"document.{extension}")
        shutil.copyfile(path, source)
        arguments = f"-env:UserInstallation=file://{home}/profil", "--headless", "--norestore", "--convert-to", "pdf"
        try:
            run(
                program,
                *(*arguments, "--outdir", str(folder), str(source)),
                seconds=seconds,
                # Its libraries alone map two gigabytes.
                limites=Limites(4 * 1024**3, int(seconds), 200 * 1024**2, 1024),
                environment={"HOME": home, "PATH": "/usr/bin:/bin"},
            )
        except Echec:
            return None
    made = Path(folder, "document.pdf")
    return made if made.exists() else None
