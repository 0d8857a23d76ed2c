"""The first pages of a file as pictures: drawn once, behind the pages, and kept by content in the private storage."""

import re
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

from django.core.cache import cache
from django.core.files import File

from extranet.lib.extraction import is_office_rendered, render_pages, to_pdf
from extranet.lib.feuillets import FEUILLE, unite
from extranet.lib.stockage import stockage_prive
from ressources.models import VersionFichier

DOSSIER, PAGES = "apercus", 3
# A drawing asked for is not asked again at each visit; one that failed is tried again the next day.
ATTENTE = 24 * 3600
OFFICE = frozenset({"docx", "odt", "xlsx", "ods", "pptx", "odp", "rtf"})
_NUMERO = re.compile(r"page-(\d{4})\.webp$")


def is_drawable(version: VersionFichier) -> bool:
    """A PDF always; an Office document when the machine has LibreOffice."""
    return version.extension == "pdf" or (version.extension in OFFICE and is_office_rendered())


def drawn(version: VersionFichier) -> list[int]:
    """Numbers of the pages that are ready, from 1."""
    folder = Path(stockage_prive().path(_folder(version)))
    if not folder.is_dir():
        return []
    return sorted(int(found[1]) for name in folder.iterdir() if (found := _NUMERO.search(name.name)))


def path_of(version: VersionFichier, numero: int) -> str:
    """Name in the storage, of a page that `drawn` gives."""
    return f"{_folder(version)}/page-{numero:04}.webp"


def is_awaited(version: VersionFichier) -> bool:
    """True the first time that a drawing is to be asked for, of what can be drawn and is not."""
    return is_drawable(version) and cache.add(f"apercu:{version.sha256}", 1, ATTENTE)


def draw(version: VersionFichier) -> int:
    """Draws the first pages; returns how many. What cannot be drawn leaves nothing, and its text is shown."""
    storage = stockage_prive()
    with TemporaryDirectory() as work:
        source = version.file.path
        if version.extension != "pdf":
            source = to_pdf(source, version.extension, work)
        if source is None:
            return 0
        rendu = render_pages(source, work, count=PAGES)
        for page in rendu.pages:
            numero = int(_NUMERO.search(page.name)[1])
            if not storage.exists(path_of(version, numero)):
                with page.open("rb") as picture:
                    storage.save(path_of(version, numero), File(picture))
        if rendu.total and version.pages is None and unite(version.extension) != FEUILLE:
            VersionFichier.objects.filter(pk=version.pk, pages=None).update(pages=rendu.total)
    return len(rendu.pages)


def sweep() -> int:
    """Removes the pictures of contents that no version holds any more; returns how many contents."""
    storage, gone = stockage_prive(), 0
    root = Path(storage.path(DOSSIER))
    held = set(VersionFichier.objects.order_by().values_list("sha256", flat=True)) if root.is_dir() else set()
    for folder in root.glob("??/*"):
        if folder.name not in held:
            shutil.rmtree(folder, ignore_errors=True)
            gone += 1
    return gone


def _folder(version: VersionFichier) -> str:
    return f"{DOSSIER}/{version.sha256[:2]}/{version.sha256}"
