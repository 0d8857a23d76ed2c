import io
import json
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PIL import Image
from pypdf import PdfReader

from extranet.lib import pdf
from extranet.lib.pdf import IMPRIMES, RenduImpossible, render
from extranet.lib.typographie import DRAWN

EXAMPLES = Path(__file__).resolve().parent.parent / "data" / "imprimes"
TEMPLATES = sorted(path.stem for path in IMPRIMES.glob("*.typ") if path.stem != "commun")
NOON = datetime(2026, 10, 7, 12, tzinfo=UTC)


def example(template: str) -> dict:
    return json.loads((EXAMPLES / f"{template}.json").read_text(encoding="utf-8"))


def portrait(colour: str, size: tuple[int, int] = (300, 330), kind: str = "JPEG") -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", size, colour).save(buffer, kind)
    return buffer.getvalue()


PORTRAITS = {"portrait-1": portrait("teal"), "portrait-2": portrait("brown", (640, 480), "PNG")}


def render_example(template: str, **changes) -> bytes:
    return render(template, example(template) | changes, images=PORTRAITS, date=NOON)


def read(content: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(content))


def text_of(content: bytes) -> str:
    """The text in reading order, on one line, with plain spaces."""
    text = " ".join(page.extract_text() for page in read(content).pages)
    return " ".join(text.split())


def test_each_template_has_an_example():
    assert sorted(path.stem for path in EXAMPLES.glob("*.json")) == TEMPLATES
    assert len(TEMPLATES) == 10


@pytest.mark.parametrize("template", TEMPLATES)
def test_template_gives_an_accessible_document(template: str):
    reader = read(render_example(template))
    catalogue = reader.root_object
    assert catalogue["/MarkInfo"]["/Marked"]
    assert catalogue["/Lang"] == "fr-FR"
    assert catalogue["/ViewerPreferences"]["/DisplayDocTitle"]
    assert len(catalogue["/StructTreeRoot"]["/K"]) > 0
    assert reader.metadata.title
    assert "pdfuaid" in str(catalogue["/Metadata"].get_data())
    assert "pdfaid" in str(catalogue["/Metadata"].get_data())


@pytest.mark.parametrize("template", TEMPLATES)
def test_same_data_and_date_give_the_same_bytes(template: str):
    assert render_example(template) == render_example(template)


@pytest.mark.parametrize(
    ("template", "words"),
    [
        ("attestation", ["Mickaël Prost", "Jeudi 5 novembre 2026", "vice‑présidente"]),
        ("convention", ["Article 6. Litiges", "577,50 €", "3 367,50 €", "Signé le 7 octobre 2026 à 14 h 12"]),
        ("convocation", ["39100 Foucherans", "extranet.grand-dole.example/f/2026-F-31"]),
        ("emargement", ["Gaëlle Michaud", "Signature de la formatrice, Sylvie Marchal"]),
        ("etiquette-qr", ["Nacelle automotrice 12 m", "N° GD-002"]),
        ("fiche-de-pret", ["Karim Belkacem", "1 piquet manque déjà"]),
        ("liste-telephone", ["Sophie Ravier, secrétaire générale", "03 53 01 00 99"]),
        ("trombinoscope", ["Isabelle Ferrand", "03 53 01 02 70", "Villette-lès-Dole"]),
    ],
)
def test_document_says_what_it_was_given(template: str, words: list[str]):
    text = text_of(render_example(template))
    for word in words:
        assert word in text


def test_title_and_date_come_from_the_caller():
    metadata = read(render_example("attestation")).metadata
    assert metadata.title == "Attestation de formation, Mickaël Prost"
    assert metadata.author == "Communauté d’agglomération du Grand Dole"
    assert metadata.creation_date == NOON


def test_photos_are_embedded_with_their_alternative_text():
    page = read(render_example("trombinoscope")).pages[0]
    assert {image.image.size for image in page.images} == {(300, 330), (640, 480)}
    content = render_example("trombinoscope")
    assert "Photo de Odile Vuillermet" in _alternative_texts(content)


def test_qr_codes_have_their_address_as_alternative_text():
    assert "Code QR de l’adresse https://extranet.grand-dole.example/pret/2026-107" in _alternative_texts(
        render_example("fiche-de-pret")
    )


def _alternative_texts(content: bytes) -> list[str]:
    reader = read(content)
    objects = (reader.get_object(number) for number in range(1, reader.trailer["/Size"]))
    return [item["/Alt"] for item in objects if isinstance(item, dict) and "/Alt" in item]


def test_every_character_said_to_be_drawn_is_drawn_in_every_style():
    characters = [chr(code) for code in range(32, 0x2300) if DRAWN.match(chr(code))]
    drawn = " ".join("".join(characters[start : start + 30]) for start in range(0, len(characters), 30))
    data = example("attestation")
    data["heures"][0]["jour"] = drawn
    assert len(characters) > 300
    assert render("attestation", data | {"nom": drawn, "titre": drawn, "objectifs": [drawn]})


@pytest.mark.parametrize("name", ["Zoé 🎉 Πέτρος", "北京 m\u0303\x07", '#import "commun.typ": * $x$ @a \\ `b` *c*'])
def test_any_name_is_printed(name: str):
    data = example("attestation") | {"nom": name}
    assert read(render("attestation", data)).metadata.title.startswith("Attestation de formation, ")


def test_markup_in_the_data_is_printed_as_it_is():
    assert "#panic(1) *gras* _x_ $y$" in text_of(render_example("attestation", nom="#panic(1) *gras* _x_ $y$"))


def test_long_content_runs_over_pages_and_loses_nothing():
    data = example("emargement")
    name = "Marie-Antoinette de La Rochefoucauld-Montmorency, responsable des bâtiments et de la voirie"
    data["stagiaires"] = [
        {"nom": f"{name} {number}", "fonction": name, "commune": "Saint-Remy-en-Bouzemont-Saint-Genest-et-Isson"}
        for number in range(1, 61)
    ]
    content = render("emargement", data)
    assert len(read(content).pages) > 10
    text = text_of(content)
    assert all(f"voirie {number} " in text for number in range(1, 61))


def test_phone_list_of_a_large_territory_is_whole():
    data = example("liste-telephone")
    data["groupes"] = [commune | {"nom": f"Commune {n}"} for n in range(30) for commune in data["groupes"]]
    text = text_of(render("liste-telephone", data))
    assert all(text.count(f"Commune {n} ") == 5 for n in range(30))


@pytest.mark.parametrize(
    ("template", "cause"),
    [
        ("inconnu", "No such file"),
        ("attestation", "does not contain key"),
    ],
)
def test_a_mistake_in_template_or_data_is_refused(template: str, cause: str):
    with pytest.raises(RenduImpossible, match=cause) as refusal:
        render(template, {"service": {"nom": "Extranet", "collectivite": "Grand Dole"}})
    assert f"« {template} »" in str(refusal.value)


def test_a_mere_warning_of_the_template_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "doute.typ").write_text(
        '#set document(title: "Doute")\n'
        '#set text(lang: "fr", font: ("Police Absente", "Atkinson Hyperlegible Next"))\n'
        "Bonjour"
    )
    monkeypatch.setattr(pdf, "IMPRIMES", tmp_path)
    with pytest.raises(RenduImpossible, match="unknown font family"):
        render("doute", {})


@pytest.mark.parametrize("content", [b"", b"<svg/>", portrait("red")[:200], portrait("red", kind="GIF")])
def test_an_image_that_is_not_a_jpeg_or_png_is_refused(content: bytes):
    with pytest.raises(RenduImpossible, match="portrait-1"):
        render("trombinoscope", example("trombinoscope"), images=PORTRAITS | {"portrait-1": content})


def test_a_photo_that_is_not_given_is_refused():
    with pytest.raises(RenduImpossible, match="image-portrait-1"):
        render("trombinoscope", example("trombinoscope"))


def test_renders_at_the_same_time_do_not_disturb_one_another():
    expected, done = render_example("attestation"), []

    def work():
        done.extend(render_example("attestation") == expected for _ in range(5))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert done == [True] * 20


def test_templates_fetch_nothing():
    for path in IMPRIMES.glob("*.typ"):
        source = path.read_text(encoding="utf-8")
        assert "@preview" not in source
        assert "http" not in source.replace('"https://"', "")
