"""What docxtpl is given, and what it makes of a file made to hold it up: our fields are all that it reads."""

import time

import pytest
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml.ns import nsdecls

from ressources.remplir import docx, paquet
from ressources.remplir.paquet import ModeleIllisible
from tests.ressources.remplir.communes import fill
from tests.ressources.remplir.hostiles import LOURDS
from tests.ressources.remplir.modeles import (
    control,
    open_text,
    opened,
    opened_word,
    paragraphs,
    saved,
    text_of,
    with_body,
    with_parts,
    word,
    words_of,
)


@pytest.mark.parametrize("corps", LOURDS.values(), ids=LOURDS)
def test_what_is_piled_up_is_filled_as_fast(corps: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each piece is read once, even in a file of twice what is allowed."""
    content = with_body(word("{{ commune }}"), corps)
    monkeypatch.setattr(paquet, "MAX_ELEMENTS", 120_000)
    started = time.process_time()
    assert control(content).champs == ["commune"]
    assert fill(content, "docx", {})
    assert time.process_time() - started < 3


def test_too_many_elements_or_parts_are_no_model() -> None:
    content = word("{{ commune }}")
    for heavy in (
        with_body(content, "<w:p/>" * (paquet.MAX_ELEMENTS + 1)),
        with_body(content, "<!---->" * (paquet.MAX_ELEMENTS + 1)),
        with_body(content, "<w:p " + " ".join(f"a{rank}='1'" for rank in range(60_000)) + "/>"),
        with_parts(content, **{f"word/media/{rank}.xml": "<x/>" for rank in range(paquet.MAX_PARTS)}),
    ):
        started = time.process_time()
        with pytest.raises(ModeleIllisible, match="trop lourd"):
            control(heavy)
        assert time.process_time() - started < 2


@pytest.mark.parametrize(
    "texts",
    [
        ("{", "{7*7}", "}", "{{ maire }}"),
        ("{", "{{ maire }}", "} fin"),
        ("{", "% for x in y %", "}", "{_{ maire }_} {_% x %_} {{ maire }}"),
    ],
)
def test_only_the_fields_reach_the_engine(texts: tuple[str, ...]) -> None:
    """Braces that docxtpl would join across paragraphs, or unescape, are letters like others."""
    text = words_of(docx.fill(opened(word(*texts)), {"maire": "Anne"}))
    assert text.strip().split("\n") == [one.replace("{{ maire }}", "Anne") for one in texts]


def test_a_table_without_grid_is_filled() -> None:
    content = with_body(word(), "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>{{ maire }}</w:t></w:r></w:p></w:tc></w:tr></w:tbl>")
    assert words_of(fill(content, "docx", {"maire": "Anne"})).strip() == "Anne"


def test_a_note_is_filled_once_however_many_sections() -> None:
    """docxtpl reads notes for each section: what a person typed would be read again as a field."""
    note = "<w:footnotes {}><w:footnote><w:p><w:r><w:t>{{{{ objet }}}}</w:t></w:r></w:p></w:footnote></w:footnotes>"
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
    document = opened_word(with_body(word("{{ maire }}"), "<w:p><w:pPr><w:sectPr/></w:pPr></w:p>"))
    part = Part(PackURI("/word/footnotes.xml"), docx._NOTES, note.format(nsdecls("w")).encode(), document.part.package)
    document.part.relate_to(part, kind)
    after = fill(saved(document), "docx", {"maire": "Anne", "objet": "{{ maire }} & {{ objet }}"})
    assert "{{ maire }} &amp; {{ objet }}<" in opened(after).paquet.parts["word/footnotes.xml"].decode()


def test_what_the_engine_does_not_open_is_said_in_words(caplog: pytest.LogCaptureFixture) -> None:
    """Never a failure of the page, and never a silence for us."""
    broken = with_parts(word("{{ maire }}"), **{"[Content_Types].xml": "<x/>"})
    with pytest.raises(ModeleIllisible, match="ne s’ouvre pas comme un modèle"):
        docx.fill(opened(broken), {"maire": "Anne"})
    assert "modele.illisible" in caplog.text


@pytest.mark.parametrize("extension", ["docx", "odt"])
def test_what_xml_cannot_hold_is_left_out(extension: str) -> None:
    content = word("{{ objet }}") if extension == "docx" else open_text(paragraphs("{{ objet }}"))
    assert text_of(fill(content, extension, {"objet": "a\x01b\x0b\x07\ufffe\ud800c"}), extension).strip() == "abc"


def test_a_header_that_would_be_written_twice_is_no_model() -> None:
    content = word("{{ maire }}", entete="{{ commune }}")
    links = opened(content).paquet.parts["word/_rels/document.xml.rels"].decode()
    header = next(f"<{one}" for one in links.split("<") if "header1.xml" in one)
    twice = links.replace(header, header + header.replace('Id="', 'Id="z'))
    assert control(content).is_modele
    assert not control(with_parts(content, **{"word/_rels/document.xml.rels": twice})).is_modele
