"""Scanned pages read by `tesseract`, when the machine has it with its French."""

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

from extranet.lib.extraction.apercus import render_pages
from extranet.lib.extraction.lecture import Lecture
from extranet.lib.extraction.processus import Echec, Limites, run

MAX_PAGES = 20
# About 3 s a page on a slow core.
SECONDS_BY_PAGE = 30
_WIDTH = 1_654  # an A4 at 200 points an inch
_ENVIRONMENT = {"OMP_THREAD_LIMIT": "1"}
_ABSENT = "Ce document est numérisé\u00a0: son texte n’est pas cherchable."


def is_recognition_ready() -> bool:
    """The program is there, and reads French."""
    program = shutil.which("tesseract")
    if program is None:
        return False
    try:
        listed = run(program, "--list-langs", seconds=10, environment=_ENVIRONMENT)
    except Echec:
        return False
    return b"fra" in listed.split()


def recognise(path: str | Path) -> Lecture:
    """The text of a scanned PDF, its first 20 pages at most. Long: for a task, not for a request.

    State numerise when the program is absent, non_lu when no page could be read.
    """
    program = shutil.which("tesseract")
    if program is None or not is_recognition_ready():
        return Lecture("numerise", motif=_ABSENT)
    with TemporaryDirectory() as folder:
        rendu = render_pages(path, folder, count=MAX_PAGES, width=_WIDTH)
        if not rendu.pages:
            return Lecture("non_lu", motif="Les pages de ce document ne se dessinent pas. Réessayez plus tard.")
        texts = [_text_of(program, page) for page in rendu.pages]
    texte = "\f".join(texts)
    if not texte.strip():
        return Lecture("numerise", pages=rendu.total, motif="Aucun mot n’a été reconnu sur les pages numérisées.")
    if rendu.total > len(texts):
        motif = f"Texte reconnu sur les {len(texts)} premières pages, pour {rendu.total} en tout."
        return Lecture("partiel", texte, rendu.total, motif=motif)
    return Lecture("ok", texte, rendu.total)


def _text_of(program: str, page: Path) -> str:
    """Empty for a page that resists: the others are worth keeping."""
    try:
        answer = run(
            program,
            *(str(page), "-", "-l", "fra"),
            seconds=SECONDS_BY_PAGE,
            limites=Limites(cpu=SECONDS_BY_PAGE),
            environment=_ENVIRONMENT,
        )
    except Echec:
        return ""
    return answer.decode("utf-8", "replace").replace("\f", "").strip()
