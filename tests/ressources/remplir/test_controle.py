"""The check of a model: each field found wherever it stands, what is none named by its place, traps refused at once."""

import re
import time

import pytest
from django.core.files.base import ContentFile
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from extranet.lib.uploads import DEPOT, FichierRefuse, check_document
from ressources.remplir import docx
from ressources.remplir.champs import CHAMPS, GROUPES, PAR_CODE, Source, asked_for, cased, find, nearest
from ressources.remplir.controle import MAX_CHAMPS, controle_of
from ressources.remplir.paquet import ModeleIllisible
from tests.ressources.remplir.hostiles import HOSTILES
from tests.ressources.remplir.modeles import (
    control,
    open_text,
    opened,
    opened_word,
    paragraphs,
    phrases,
    saved,
    with_parts,
    word,
)

PATIENCE = 2.0  # seconds, for a hostile model
BOITE = (
    '<w:r {ns} xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape">'
    '<mc:AlternateContent><mc:Choice Requires="wps"><wps:txbx><w:txbxContent><w:p><w:r><w:t>{texte}</w:t></w:r></w:p>'
    "</w:txbxContent></wps:txbx></mc:Choice><mc:Fallback><w:pict><v:textbox><w:txbxContent><w:p><w:r><w:t>{texte}</w:t>"
    "</w:r></w:p></w:txbxContent></v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
)


def with_box(texte: str) -> bytes:
    document = opened_word(word("Avant"))
    document.paragraphs[0]._p.append(parse_xml(BOITE.format(ns=nsdecls("w"), texte=texte)))
    return saved(document)


def test_the_list_is_closed_and_sound() -> None:
    assert len(PAR_CODE) == len(CHAMPS)
    for champ in CHAMPS:
        assert champ.code.isidentifier()
        assert champ.code.islower()
        assert champ.groupe in GROUPES
        assert champ.exemple
        assert champ.libelle[0].isupper()
        assert bool(champ.depuis) == (champ.source == Source.CALCUL)
        assert all(PAR_CODE[code].source != Source.CALCUL for code in champ.depuis)


def test_capitals_are_those_of_the_name() -> None:
    assert find("commune") is find("Commune") is find("COMMUNE")
    assert find("cOmmune") is None
    assert cased("De_commune", "d’Éclans-Nenon") == "D’Éclans-Nenon"
    assert cased("DE_COMMUNE", "d’Éclans-Nenon") == "D’ÉCLANS-NENON"
    assert cased("de_commune", "d’Éclans-Nenon") == "d’Éclans-Nenon"


def test_a_calculated_field_asks_for_what_it_comes_from() -> None:
    assert [champ.code for champ in asked_for(["quorum", "nb_votants"])] == [
        "conseillers",
        "nb_presents",
        "nb_pouvoirs",
    ]
    assert nearest("comune") == "commune"
    assert nearest("zzzzzz") == ""


@pytest.mark.parametrize(
    "runs", [["{{ commune }}"], ["{", "{ com", "mune }", "}"], ["{{", "commune", "}}"], ["{{\u00a0commune }}"]]
)
def test_a_field_cut_in_runs_is_found(runs: list[str]) -> None:
    assert control(word(["La commune : ", *runs, ", adopte."])).champs == ["commune"]


def test_fields_are_found_wherever_they_stand() -> None:
    content = word("{{ objet }}", entete="{{ COMMUNE }}", pied="{{ telephone }}", lignes=[["Voix", "{{ pour }}"]])
    assert set(control(content).champs) == {"commune", "telephone", "objet", "pour"}
    assert control(with_box("{{ maire }}")).champs == ["maire"]


def test_unknown_ones_are_named_with_their_place() -> None:
    content = word(
        "Un paragraphe",
        "",
        "Le {{ date_consil }} à {{ commune }}",
        entete="{{ comune }}",
        lignes=[["Pour", "Contre"], ["{{ pour }}", "{{ tout_faux_ceci }}"]],
    )
    found = control(content)
    assert found.champs == ["commune", "pour"]
    assert not found.is_modele
    assert phrases(content) == [
        "« {{ date_consil }} », paragraphe 2 : ce champ n’existe pas. Vouliez-vous « {{ date_conseil }} » ?",
        "« {{ tout_faux_ceci }} », tableau 1, ligne 2 : ce champ n’existe pas.",
        "« {{ comune }} », en-tête : ce champ n’existe pas. Vouliez-vous « {{ commune }} » ?",
    ]


def test_a_text_box_is_said_once() -> None:
    assert phrases(with_box("{{ mare }}")) == [
        "« {{ mare }} », zone de texte 1 : ce champ n’existe pas. Vouliez-vous « {{ maire }} » ?"
    ]


def test_an_odt_is_read_the_same_way() -> None:
    body = (
        paragraphs("Premier")
        + "<text:p>La {<text:span>{ com</text:span><text:span>mune<text:s/>}</text:span>} et {{ maier }}"
        "<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>{{ insee }} "
        "{{ rien_de_tel }}</text:p>"
        "</text:note-body></text:note></text:p>"
        "<table:table><table:table-row><table:table-cell><text:p>{{ pour }} {{ pur }}</text:p></table:table-cell>"
        "</table:table-row></table:table>"
    )
    content = open_text(body, entete="{{ Commune }}", pied="{{ telefone }}")
    assert control(content, "odt").champs == ["commune", "insee", "pour"]
    assert phrases(content, "odt") == [
        "« {{ maier }} », paragraphe 2 : ce champ n’existe pas. Vouliez-vous « {{ maire }} » ?",
        "« {{ rien_de_tel }} », note 1 : ce champ n’existe pas.",
        "« {{ pur }} », tableau 1, ligne 1 : ce champ n’existe pas. Vouliez-vous « {{ pour }} » ?",
        "« {{ telefone }} », pied de page : ce champ n’existe pas. Vouliez-vous « {{ telephone }} » ?",
    ]


def test_other_files_hold_no_field() -> None:
    assert controle_of(ContentFile(b"%PDF-1.7"), "pdf").is_vide
    assert controle_of(ContentFile(b"PK nothing"), "docx").is_vide
    assert controle_of(ContentFile(word("Sans champ")), "docx").is_vide
    with pytest.raises(ModeleIllisible, match="DOCX ou ODT"):
        control(b"%PDF-1.7", "pdf")


# The engine reads the others as mere text, or leaves them out.
LUS = {nom: texte for nom, texte in HOSTILES.items() if nom not in {"fermee", "moins", "inverse", "commentaire"}}


@pytest.mark.parametrize("extension", ["docx", "odt"])
@pytest.mark.parametrize("texte", HOSTILES.values(), ids=HOSTILES)
def test_a_hostile_model_is_refused_at_once(texte: str, extension: str) -> None:
    content = word(texte, "{{ commune }}") if extension == "docx" else open_text(paragraphs(texte, "{{ commune }}"))
    started = time.monotonic()
    found = control(content, extension)
    assert time.monotonic() - started < PATIENCE
    assert found.fautes
    assert not found.is_modele


@pytest.mark.parametrize("texte", LUS.values(), ids=LUS)
def test_the_sandbox_refuses_it_too(texte: str) -> None:
    """Were the first check wrong: what is given to the engine is looked into again, and nothing of it is run."""
    started = time.monotonic()
    with pytest.raises(ModeleIllisible):
        docx.check_source(docx.sandbox(), f"<w:t>{texte}</w:t>", frozenset({"commune"}))
    assert time.monotonic() - started < PATIENCE


def test_cut_in_runs_a_trap_is_refused_too() -> None:
    assert phrases(word(["{", "{ commune.", "__class__ }", "}"]))
    assert phrases(word(["{", "% for x in y %", "}"]))


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        (("{", "{7*7}", "", "}", "{{ commune }}"), ["« { {7*7} », paragraphe 1 : ", "« {7*7} } », paragraphe 2 : "]),
        (("un {", "{{ commune }}"), ["« un { {{ commune }} », paragraphe 1 : "]),
        (("{", "% for x in y %", "{{ commune }}"), ["« { % for x in y % », paragraphe 1 : "]),
        (("Une liste {", "à la ligne }", "{{ commune }} 50 %"), []),
    ],
)
def test_braces_cut_across_paragraphs_are_named(texts: tuple[str, ...], said: list[str]) -> None:
    found = phrases(word(*texts))
    assert [phrase.partition("les accolades ne vont pas par deux")[0] for phrase in found] == said
    assert controle_of(ContentFile(word("{", "{", "}", "}")), "docx").is_vide


def test_what_passes_the_check_can_be_filled() -> None:
    """A file that docxtpl does not open is told so to who deposits it, not to who would fill it."""
    content = with_parts(word("{{ commune }}"), **{"[Content_Types].xml": "<x/>"})
    found = control(content)
    assert found.champs == ["commune"]
    assert not found.is_modele
    assert "ne s’ouvre pas comme un modèle" in phrases(content)[0]


@pytest.mark.parametrize(
    "part",
    [
        (
            "word/comments.xml",
            "<w:comments {ns}><w:comment><w:p><w:r><w:t>{{{{ commune }}}}</w:t></w:r></w:p></w:comment></w:comments>",
        ),
        ("word/endnotes.xml", "<w:endnotes {ns}><w:t>{{{{ commune.x }}}}</w:t></w:endnotes>"),
        ("customXml/item1.xml", "<x a='{{{{ commune }}}}'/>"),
        ("docProps/core.xml", "<x>{{% for %}}</x>"),
        ("docProps/app.xml", "<x>&#123;&#123; commune &#125;&#125;</x>"),
    ],
    ids=lambda part: part[0],
)
def test_what_nobody_would_fill_is_said(part: tuple[str, str]) -> None:
    name, xml = part
    content = with_parts(word("{{ maire }}"), **{name: xml.format(ns=nsdecls("w"))})
    assert "un champ ne se remplit pas" in phrases(content)[0]


@pytest.mark.parametrize(
    "xml",
    [
        "<w:del><w:r><w:delText>{{ commune }}</w:delText></w:r></w:del>",
        "<w:r><w:instrText>{% for x %}</w:instrText></w:r>",
        "<w:bookmarkStart w:id='1' w:name='{{ x }}'/>",
    ],
)
def test_a_deletion_a_code_or_a_name_is_no_place_for_a_field(xml: str) -> None:
    document = opened_word(word("{{ maire }}"))
    document.paragraphs[0]._p.append(parse_xml(re.sub(r"^<w:\w+", lambda tag: f"{tag[0]} {nsdecls('w')}", xml)))
    assert "un champ ne se remplit pas" in phrases(saved(document))[0]


def test_too_many_fields_or_too_heavy() -> None:
    assert phrases(word(*["{{ commune }}"] * (MAX_CHAMPS + 1))) == ["plus de 400 champs : un modèle en a moins."]
    assert control(word(*["{{ commune }}"] * 50)).is_modele
    heavy = word("x" * 5_000_000)
    started = time.monotonic()
    with pytest.raises(ModeleIllisible, match="trop lourd"):
        control(heavy)
    assert controle_of(ContentFile(heavy), "docx").is_vide
    assert time.monotonic() - started < PATIENCE


def test_uploads_refuse_the_bombs_before() -> None:
    """A ratio, an entity, macros: such a file never reaches the check; and the check itself opens no entity."""
    bomb = open_text(paragraphs("{{ commune }}"), **{"gros.bin": "0" * 200_000_000})
    with pytest.raises(FichierRefuse, match="décompressé"):
        check_document(ContentFile(bomb, name="modele.odt"), accepted=DEPOT, max_bytes=50_000_000)
    with pytest.raises(ModeleIllisible, match="trop lourd"):
        control(bomb, "odt")
    laughs = open_text("")
    entity = "<!DOCTYPE x [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;&a;'>]><x>&b;</x>"
    laughs = open_text("", **{"content.xml": entity})
    with pytest.raises(FichierRefuse, match="entités"):
        check_document(ContentFile(laughs, name="modele.odt"), accepted=DEPOT, max_bytes=50_000_000)
    with pytest.raises(ModeleIllisible):
        control(laughs, "odt")


def test_a_deep_document_is_no_model() -> None:
    deep = "<text:span>" * 400 + "{{ commune }}" + "</text:span>" * 400
    with pytest.raises(ModeleIllisible):
        control(open_text(f"<text:p>{deep}</text:p>"), "odt")


def test_what_is_opened_twice_is_the_same() -> None:
    content = word("{{ commune }}", entete="{{ maire }}")
    assert [one.texte for one in opened(content).paragraphes] == [one.texte for one in opened(content).paragraphes]
