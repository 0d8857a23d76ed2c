"""Filling: 47 communes and invented ones, in both formats; nothing left to fill, articles right, the rest untouched."""

import re
import time
from datetime import date

import pytest
from django.core.files.base import ContentFile
from docx.oxml.ns import qn

from extranet.lib.noms import a_nom, de_nom
from ressources.demo.a_remplir import DOSSIER
from ressources.remplir import docx
from ressources.remplir.apercu import MANQUE, VALEUR, blocks
from ressources.remplir.champs import PAR_CODE, Nature
from ressources.remplir.conseil import effectif_en_mots, effectif_legal
from ressources.remplir.dates import date_en_lettres, date_entiere, jour_et_date, nombre_en_lettres
from ressources.remplir.ecriture import clean, complete, written
from ressources.remplir.formats import Modele
from ressources.remplir.identite import sign
from ressources.remplir.paquet import ModeleIllisible
from tests.collectivites.factories import CollectiviteFactory
from tests.ressources.remplir.communes import RESTE, communes, fill, model, values_for
from tests.ressources.remplir.modeles import (
    control,
    open_text,
    opened,
    opened_word,
    paragraphs,
    text_of,
    word,
    words_of,
    words_of_odt,
)

# By name: « de », « à ». INSEE: the article of a name contracts when it is Le or Les, and stays when it is La or L’.
ATTENDUS = {
    "Foucherans": ("de Foucherans", "à Foucherans"),
    "Authume": ("d’Authume", "à Authume"),
    "Le Deschaux": ("du Deschaux", "au Deschaux"),
    "Éclans-Nenon": ("d’Éclans-Nenon", "à Éclans-Nenon"),
    "Amange": ("d’Amange", "à Amange"),
    "Villette-lès-Dole": ("de Villette-lès-Dole", "à Villette-lès-Dole"),
    "La Combe-aux-Loups": ("de La Combe-aux-Loups", "à La Combe-aux-Loups"),
    "L’Étang-Vieux": ("de L’Étang-Vieux", "à L’Étang-Vieux"),
    "L'Orme-Sec": ("de L’Orme-Sec", "à L’Orme-Sec"),
    "Les Essarts-du-Doubs": ("des Essarts-du-Doubs", "aux Essarts-du-Doubs"),
    "Le Hameau-Neuf": ("du Hameau-Neuf", "au Hameau-Neuf"),
    "Hauteroche": ("de Hauteroche", "à Hauteroche"),
}
TEXTES = sorted(path.stem for path in DOSSIER.glob("*.txt"))


@pytest.mark.parametrize("extension", ["docx", "odt"])
def test_forty_seven_communes_and_invented_ones(extension: str) -> None:
    """The délibération for each, opened again by another reader: no field left, each article right."""
    noms = communes()
    assert len(noms) == 47
    content, started = model("deliberation", extension), time.monotonic()
    for nom in dict.fromkeys([*noms, *ATTENDUS]):
        text = text_of(fill(content, extension, values_for(nom)), extension)
        assert not RESTE.search(text), nom
        de, a = ATTENDUS.get(nom, (de_nom(nom), a_nom(nom)))
        assert f"le conseil municipal {de}, dûment convoqué" in text.replace("\u00a0", " "), nom
        assert f"fait et délibéré {a}, les jour" in text.replace("\u00a0", " "), nom
        assert f"Mairie {de}" in text.replace("\u00a0", " "), nom
        assert not re.search(r"\bde (?:Le|Les)\b|\bà (?:Le|Les)\b|\bde [AÉÈÎO]", text.replace(de, "").replace(a, "")), (
            nom
        )
    assert time.monotonic() - started < 60


@pytest.mark.parametrize("extension", ["docx", "odt"])
@pytest.mark.parametrize("cle", TEXTES)
def test_each_model_of_the_demo_is_filled_whole(cle: str, extension: str) -> None:
    content = model(cle, extension)
    assert control(content, extension).is_modele
    text = text_of(fill(content, extension, {}), extension)
    assert not RESTE.search(text)
    assert "Deschaux" in text


def test_the_look_of_a_docx_survives() -> None:
    """Styles, numbering, tables, head, foot and the fields of Word: the same parts, the same properties."""
    content = model("convention-materiel", "docx")
    before, after = opened_word(content), opened_word(fill(content, "docx", {"la_commune": "la commune d’Ô"}))
    assert [one.style.style_id for one in before.paragraphs] == [one.style.style_id for one in after.paragraphs]
    assert len([one for one in after.paragraphs if one.style.style_id == "Titre2"]) == 16
    assert [len(table.rows) for table in before.tables] == [len(table.rows) for table in after.tables]
    for tag in ("w:numPr", "w:shd", "w:tblHeader", "w:b", "w:sectPr", "w:cantSplit"):
        assert len(list(before.element.iter(qn(tag)))) == len(list(after.element.iter(qn(tag)))), tag
    foot = after.sections[0].footer._element
    assert [one.get(qn("w:instr")) for one in foot.iter(qn("w:fldSimple"))] == ["PAGE", "NUMPAGES"]
    assert "Mairie du Deschaux" in words_of(fill(content, "docx", {}))


def test_the_look_of_an_odt_survives() -> None:
    content = model("deliberation", "odt")
    before = opened(content, "odt").paquet
    after = opened(fill(content, "odt", {}), "odt").paquet
    assert before.noms == after.noms
    assert before.noms[0] == "mimetype"
    for name in ("content.xml", "styles.xml"):
        tags = [[(one.tag, dict(one.attrib)) for one in paquet.xml(name).iter()] for paquet in (before, after)]
        assert tags[0] == tags[1], name


def test_no_signature_stands_alone_on_a_page() -> None:
    filled = opened_word(fill(model("arrete-circulation", "docx"), "docx", {}))
    body = list(filled.element.body)
    table = next(rank for rank, one in enumerate(body) if one.tag == qn("w:tbl"))
    before = [filled.styles.get_by_id(one.pPr.pStyle.val, 1) for one in body[table - 2 : table]]
    assert [style.paragraph_format.keep_with_next for style in before] == [True, True]


def test_a_field_cut_in_runs_keeps_the_look_of_its_first_letter() -> None:
    content = word(["La mairie ", "{{ de_", "comm", "une }", "}", " adopte"])
    after = opened_word(fill(content, "docx", {"de_commune": "d’Authume"}))
    assert [(run.text, bool(run.bold)) for run in after.paragraphs[0].runs if run.text] == [
        ("La mairie ", False),
        ("d’Authume", True),
        (" adopte", True),
    ]


def test_a_field_cut_in_spans_is_filled() -> None:
    body = (
        "<text:p>La <text:span>{</text:span>{<text:s/>de_<text:span>commune }</text:span>} vote, {{ maire }}.</text:p>"
    )
    text = words_of_odt(fill(open_text(body), "odt", {"de_commune": "d’Authume", "maire": "Anne B."}))
    assert text.split() == ["La", "d’Authume", "vote,", "Anne", "B.."]


TRAITRES = '{{ maire }} & <b>« L’eau »</b> "d\'ici" {% for x in y %} {_{ ]]> &amp;'


@pytest.mark.parametrize("extension", ["docx", "odt"])
def test_a_value_is_text_and_never_a_model(extension: str) -> None:
    content = word("Objet : {{ objet }}") if extension == "docx" else open_text(paragraphs("Objet : {{ objet }}"))
    text = text_of(fill(content, extension, {"objet": TRAITRES, "maire": "SECRET"}), extension)
    assert text.strip() == f"Objet : {TRAITRES}"
    assert "SECRET" not in text


@pytest.mark.parametrize("extension", ["docx", "odt"])
def test_lines_of_a_value_are_lines_of_the_document(extension: str) -> None:
    texte = "Ordre du jour : {{ ordre_du_jour }} (fin)"
    content = word(texte) if extension == "docx" else open_text(paragraphs(texte))
    text = text_of(fill(content, extension, {"ordre_du_jour": "Budget\nVoirie\nQuestions"}), extension)
    assert text.strip() == "Ordre du jour : Budget\nVoirie\nQuestions (fin)"


@pytest.mark.parametrize("extension", ["docx", "odt"])
@pytest.mark.parametrize("expose", ["x" * 4_000, "x\n" * 2_000], ids=["long", "lignes"])
def test_a_huge_output_is_refused_at_once(expose: str, extension: str) -> None:
    """As many fields as a model may hold, the longest answer in each."""
    texts = ["{{ expose }}"] * 399
    content, started = word(*texts) if extension == "docx" else open_text(paragraphs(*texts)), time.monotonic()
    with pytest.raises(ModeleIllisible, match="démesuré"):
        fill(content, extension, {"expose": expose})
    assert time.monotonic() - started < 2


def test_the_longest_document_takes_no_time() -> None:
    content, started = word(*["{{ expose }}"] * 70), time.monotonic()
    assert len(fill(content, "docx", {"expose": f"{'x' * 4_000}" + "\n" * 40})) < 1_000_000
    assert time.monotonic() - started < 5


def test_what_changed_since_its_check_is_not_rendered() -> None:
    """A file whose braces say something else than a known name is refused before the engine runs it."""
    modele = opened(word("{{ commune.__class__ }} et {{ commune }}"))
    with pytest.raises(ModeleIllisible, match="autre chose que des champs"):
        docx.fill(modele, {"commune": "Authume"})


def test_dates_and_numbers_are_written_in_french() -> None:
    day = date(2027, 3, 3)
    assert date_entiere(day).replace("\u00a0", " ") == "3 mars 2027"
    assert date_entiere(date(2026, 3, 1)).replace("\u00a0", " ") == "1er mars 2026"
    assert jour_et_date(day).replace("\u00a0", " ") == "mercredi 3 mars 2027"
    assert date_en_lettres(day) == "deux mille vingt-sept, le trois mars"
    assert date_en_lettres(date(2081, 4, 1)) == "deux mille quatre-vingt-un, le premier avril"
    letters = {
        0: "zéro",
        16: "seize",
        21: "vingt et un",
        71: "soixante et onze",
        80: "quatre-vingts",
        91: "quatre-vingt-onze",
    }
    letters |= {
        100: "cent",
        200: "deux cents",
        203: "deux cent trois",
        1000: "mille",
        1999: "mille neuf cent quatre-vingt-dix-neuf",
    }
    assert {number: nombre_en_lettres(number) for number in letters} == letters
    assert written(PAR_CODE["population"], 12345) == "12\u202f345"
    assert written(PAR_CODE["absents"], "") == "néant"
    assert written(PAR_CODE["maire"], None) == ""
    assert PAR_CODE["valeur"].nature == Nature.MONTANT
    assert written(PAR_CODE["valeur"], 18500) == "18\u202f500\u00a0€"


def test_what_is_deduced() -> None:
    found = complete({}, {"conseillers": 15, "nb_presents": 10, "nb_pouvoirs": 2, "date_conseil": date(2027, 3, 3)})
    assert (found["quorum"], found["nb_votants"]) == ("8", "12")
    assert complete({}, {"conseillers": 14})["quorum"] == "8"
    assert complete({}, {"nb_presents": 10}) == {}


@pytest.mark.parametrize(
    ("population", "members"),
    [(0, 7), (99, 7), (100, 11), (499, 11), (500, 15), (1_499, 15), (1_500, 19), (9_999, 29), (10_000, 33)]
    + [(25_000, 35), (299_999, 65), (300_000, 69), (500_000, 69)],
)
def test_the_law_says_how_many_sit_in_a_council(population: int, members: int) -> None:
    assert effectif_legal(population) == members
    said = effectif_en_mots(CollectiviteFactory.build(population_municipale=population))
    assert said.startswith(f"La loi en donne {members} à une commune de ")


def test_nothing_is_said_of_a_council_that_is_not_known() -> None:
    assert effectif_en_mots(CollectiviteFactory.build(population_municipale=None)) == ""
    assert effectif_en_mots(CollectiviteFactory.build(type="epci", population_municipale=50_000)) == ""


def test_the_act_says_the_truth_of_its_quorum() -> None:
    sat = complete({}, {"conseillers": 19, "nb_presents": 10})
    assert sat["mention_quorum"].startswith("le quorum de 10\u00a0présents est atteint")
    again = complete({}, {"conseillers": 19, "nb_presents": 9})
    assert "convoqué de nouveau, délibère sans condition de quorum" in again["mention_quorum"]
    assert "mention_quorum" not in complete({}, {"conseillers": 19})


def test_nobody_is_named_is_not_said_against_the_numbers() -> None:
    none = {"absents": "néant", "pouvoirs": "néant"}
    kept = complete(none, {"conseillers": 15, "nb_presents": 15, "nb_pouvoirs": 0})
    assert kept["absents"] == kept["pouvoirs"] == "néant"
    left = complete(none, {"conseillers": 15, "nb_presents": 12, "nb_pouvoirs": 2})
    assert not {"absents", "pouvoirs"} & left.keys()


@pytest.mark.parametrize(
    ("code", "typed", "said"),
    [
        ("formule", "Madame,", "Madame"),
        ("lieu_conseil", "en mairie.", "en mairie"),
        ("tribunal", "de Besançon", "Besançon"),
        ("tribunal", "d’Orléans", "Orléans"),
        ("tribunal", "Dijon", "Dijon"),
    ],
)
def test_what_the_sentence_already_has_is_not_said_twice(code: str, typed: str, said: str) -> None:
    assert written(PAR_CODE[code], typed) == said


def test_the_sentences_of_the_demo_hold_with_their_own_examples() -> None:
    text = text_of(fill(model("arrete-circulation", "docx"), "docx", {}), "docx").replace("\u00a0", " ")
    assert "les travaux suivants, pose d’une conduite d’eau, confiés à l’entreprise Exemple, à Dole, demandent" in text
    assert "par l’entreprise Exemple, à Dole. Le passage" in text
    letter = text_of(fill(model("courrier", "odt"), "odt", {}), "odt").replace("\u00a0", " ")
    assert "Je vous prie d’agréer, Madame, Monsieur, l’expression" in letter


@pytest.mark.parametrize(("extension", "part"), [("docx", "docProps/core.xml"), ("odt", "meta.xml")])
def test_a_filled_document_is_that_of_its_commune(extension: str, part: str) -> None:
    modele = opened(model("courrier", extension), extension)
    sign(modele, "Courrier, Le Deschaux", "Le Deschaux")
    said = modele.paquet.xml(part).xpath("string()")
    assert "Courrier, Le Deschaux" in said
    assert "La mairie" not in said
    assert "Un modèle" not in said


def test_what_is_typed_is_kept_visible() -> None:
    assert clean("a\r\n\r\n\r\n\r\nb\t c\x00\u202e d \u200b") == "a\n\nb c d"


def test_the_preview_says_what_is_written_and_what_is_missing() -> None:
    content = word("Le {{ date_conseil }} {{ A_commune }}", entete="{{ COMMUNE }}", lignes=[["Pour", "{{ pour }}"]])
    found = blocks(opened(content), {"commune": "Le Deschaux", "a_commune": "au Deschaux", "pour": "9"})
    assert [bloc.genre for bloc in found] == ["texte", "texte", "tableau"]
    assert [(bit.texte, bit.genre) for bit in found[0].bouts] == [("LE DESCHAUX", VALEUR)]
    assert [(bit.texte, bit.genre) for bit in found[1].bouts] == [
        ("Le ", ""),
        ("Date du conseil", MANQUE),
        (" ", ""),
        ("Au Deschaux", VALEUR),
    ]
    assert [[[bit.texte for bit in cell] for cell in row] for row in found[2].lignes] == [[["Pour"], ["9"]]]


def test_the_same_model_and_values_give_the_same_odt() -> None:
    content = model("courrier", "odt")
    assert fill(content, "odt", {}) == fill(content, "odt", {})
    assert isinstance(opened(content, "odt"), Modele)
    assert ContentFile(content).size < 20_000
