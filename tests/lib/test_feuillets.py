"""Parts of files: their words, and the place of a position in the text of an entry."""

import pytest

from extranet.lib.feuillets import FICHIER, bounds_of, feuillet, feuillets, mark, place_of


@pytest.mark.parametrize(
    ("extension", "un", "trois"),
    [
        ("pdf", "page", "pages"),
        ("DOCX", "page", "pages"),
        ("csv", "page", "pages"),
        ("", "page", "pages"),
        ("xlsx", "feuille", "feuilles"),
        ("ODS", "feuille", "feuilles"),
        ("pptx", "diapositive", "diapositives"),
        ("odp", "diapositive", "diapositives"),
    ],
)
def test_words(extension: str, un: str, trois: str) -> None:
    assert feuillets(1, extension) == f"1\u00a0{un}"
    assert feuillets(3, extension) == f"3\u00a0{trois}"
    assert feuillet(2, extension) == f"{un}\u00a02"


TEXTE = FICHIER.join(["un\fdeux", mark("trois\fquatre\fcinq", "xlsx"), mark("six\fsept", "pptx"), "huit"])
MOTS = ["un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit"]
LIEUX = ["page 1", "page 2", "feuille 1", "feuille 2", "feuille 3", "diapositive 1", "diapositive 2", ""]


@pytest.mark.parametrize(("mot", "lieu"), list(zip(MOTS, LIEUX, strict=True)))
def test_places(mot: str, lieu: str) -> None:
    at = TEXTE.index(mot)
    assert place_of(TEXTE, at) == lieu.replace(" ", "\u00a0")
    start, end = bounds_of(TEXTE, at)
    assert TEXTE[start:end] == mot
