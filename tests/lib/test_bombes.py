"""Files made to swell or to hang: who takes them grows by no more than 30 MB, and goes on answering."""

import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.core.files.uploadedfile import TemporaryUploadedFile

from extranet.lib.extraction import Lecture, read_text, render_pages
from extranet.lib.uploads import FichierRefuse
from tests.fichiers.bombes import BOMBS
from tests.fichiers.deposer import Resultat, deposit

MAX_GROWTH = 30 * 1024
EXPECTED = {
    "ZIP profond": "archive dans l’archive",
    "DOCX qui gonfle": "fois une fois décompressé",
    "DOCX qui ment": "est abîmé ou incomplet",
    "DOCX aux 400 000 éléments": "compte beaucoup trop d’éléments",
    "DOCX aux éléments superposés": "une fois décompressé",
    "DOCX profond": "n’est pas construit comme un document ordinaire",
    # Past 64 MB of it, or past the time on a busy machine.
    "XLSX énorme": "seul",
}


def memory(line: str) -> int:
    """Kilobytes of this process: VmRSS now, VmHWM at its highest since it was last reset."""
    return int(re.search(rf"{line}:\s+(\d+) kB", Path("/proc/self/status").read_text())[1])


@contextmanager
def measured() -> Iterator[dict[str, float]]:
    """`growth` in kB, and `silence`: the longest time, in seconds, that another thread was kept from running."""
    seen, over = {"silence": 0.0}, threading.Event()

    def tick() -> None:
        last = time.monotonic()
        while not over.wait(0.005):
            now = time.monotonic()
            seen["silence"], last = max(seen["silence"], now - last), now

    Path("/proc/self/clear_refs").write_text("5")
    before = memory("VmRSS")
    other = threading.Thread(target=tick)
    other.start()
    try:
        yield seen
    finally:
        over.set()
        other.join()
        seen["growth"] = memory("VmHWM") - before


def sentence(result: Resultat) -> str:
    return result.motif if isinstance(result, Lecture) else " ".join(extract.refus for extract in result)


def dropped(path: Path, extension: str) -> TemporaryUploadedFile:
    fichier = TemporaryUploadedFile(f"bombe.{extension}", "application/octet-stream", path.stat().st_size, None)
    with path.open("rb") as source:
        while chunk := source.read(65_536):
            fichier.write(chunk)
    fichier.seek(0)
    return fichier


@pytest.mark.parametrize("name", BOMBS)
def test_bomb_is_met_without_growing_nor_stopping(name: str, tmp_path: Path):
    extension, make = BOMBS[name]
    path = tmp_path / f"bombe.{extension}"
    make(path)
    assert path.stat().st_size < 40 * 1024**2
    with dropped(path, extension) as fichier, measured() as seen:
        start = time.monotonic()
        try:
            said = sentence(deposit(fichier, read=lambda where, kind: read_text(where, kind, seconds=12)))
        except FichierRefuse as refusal:
            said = str(refusal)
        elapsed = time.monotonic() - start
    assert EXPECTED.get(name, "") in said
    assert seen["growth"] < MAX_GROWTH, seen
    assert seen["silence"] < 2, seen
    assert elapsed < 25


@pytest.mark.parametrize("name", ["PDF en boucle", "PDF qui gonfle"])
def test_trapped_pdf_is_drawn_apart(name: str, tmp_path: Path):
    path = tmp_path / "bombe.pdf"
    BOMBS[name][1](path)
    with measured() as seen:
        start = time.monotonic()
        render_pages(path, tmp_path, seconds=5)
        assert time.monotonic() - start < 15
    assert seen["growth"] < MAX_GROWTH
