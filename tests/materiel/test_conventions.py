"""The shipped models, composed and printed: sixteen articles, signed, on paper, as a draft, for a year, very long."""

import io
import json
from functools import cache
from pathlib import Path

import pytest
from pypdf import PdfReader

from extranet.lib.pdf import render
from materiel.redaction import BASES, compose_articles, compose_visas, load
from tests.lib.test_pdf import EXAMPLES, NOON, example, read, text_of
from tests.materiel.textes import VALEURS

CAS = sorted(path.stem for path in (EXAMPLES / "conventions").glob("*.json"))


def data_of(base: str, cadre: bool, changes: dict) -> dict:
    modele = load(base, cadre=cadre)
    data = example("convention") | {
        "titre": modele.titre,
        "visas": compose_visas(modele.visas, VALEURS),
        "articles": compose_articles(modele.articles, VALEURS),
    }
    merged = data | changes
    return {key: value for key, value in merged.items() if value is not None}


@cache
def printed(cas: str) -> bytes:
    given = json.loads(Path(EXAMPLES / "conventions" / f"{cas}.json").read_text(encoding="utf-8"))
    return render("convention", data_of(given["base"], given["cadre"], given["donnees"]), date=NOON)


@cache
def text(cas: str) -> str:
    return text_of(printed(cas)).replace("\u00a0", " ").replace("\u202f", " ")


def pages(content: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(io.BytesIO(content)).pages]


@pytest.mark.parametrize("cas", CAS)
def test_each_case_is_accessible_and_whole(cas: str):
    catalogue = read(printed(cas)).root_object
    assert catalogue["/MarkInfo"]["/Marked"]
    assert catalogue["/Lang"] == "fr-FR"
    assert "pdfuaid" in str(catalogue["/Metadata"].get_data())
    places = [text(cas).index(f"Article {number}.") for number in range(1, 17)]
    assert places == sorted(places)
    assert "Article 17." not in text(cas)


@pytest.mark.parametrize("cadre", [False, True])
@pytest.mark.parametrize("base", BASES)
def test_each_model_prints_its_own_title(base: str, cadre: bool):
    content = render("convention", data_of(base, cadre, {"materiel": None, "jours": None} if cadre else {}), date=NOON)
    words = text_of(content).replace("\u00a0", " ")
    assert load(base, cadre=cadre).titre in words
    assert ("Valeur de remplacement de l’ensemble" in words) == (not cadre)
    assert len(pages(content)) <= 4


def test_signed_convention_shows_both_signatures_their_mode_and_the_digest():
    words = text("signee")
    assert "Signé le 7 octobre 2026 à 14 h 12" in words
    assert "Signé le 8 octobre 2026 à 9 h 30" in words
    assert words.count("Signé en ligne après double authentification.") == 2
    assert "0b5e3f2a 0b5e3f2a" in words


def test_signatures_are_never_alone_on_their_page():
    for cas in CAS:
        (last,) = [page for page in pages(printed(cas)) if "Signatures" in page]
        assert "Article 16." in last.replace("\u00a0", " ")


def test_draft_says_what_it_is():
    words = text("projet")
    assert "Projet du 3 octobre 2026, sans effet" in words
    assert "Empreinte" not in words
    assert words.count("Nom, qualité, date, signature et cachet") == 2


def test_paper_has_room_for_two_hands():
    words = text("papier")
    assert "Fait en deux exemplaires originaux" in words
    assert words.count("Signature et cachet") == 2
    assert words.count("Qualité") == 2


def test_agreement_for_a_year_has_neither_table_nor_empty_list():
    words = text("cadre")
    assert "Convention-cadre" in words
    assert "Inventaire" not in words
    assert "Pièces jointes" not in words
    assert "Signature manuscrite, sur la copie déposée le 9 octobre 2026." in words


def test_thirty_accessories_long_names_and_forty_papers_lose_nothing():
    words = text("longue")
    assert all(f"Accessoire {number} dont" in words for number in range(1, 31))
    assert all(f"Pièce jointe {number}, de" in words for number in range(1, 41))
    assert "Communauté d’agglomération du Grand Dole prête à Saint-Remy-en-Bouzemont-Saint-Genest-et-Isson" in words
    # Cut in the running heading, whose whole is on the first page.
    assert "Saint-Remy-en-Bouze…" in words


def test_thousands_and_cents_of_the_total_are_right():
    total = 48_500 + sum(3.5 * number * number for number in range(1, 31))
    assert f"{total:,.2f} €".replace(",", " ").replace(".", ",") in text("longue")
