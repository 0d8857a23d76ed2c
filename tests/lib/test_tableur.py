import io
import zipfile
from datetime import date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from extranet.lib import tableur
from extranet.lib.tableur import Colonne, Lecture, TableurRefuse, neutral, parse_date, read_rows

COLONNES = [
    Colonne("nom", "Nom", obligatoire=True),
    Colonne("email", "Courriel", autres=("Adresse électronique", "e-mail"), lire=str.lower),
    Colonne("arrivee", "Date d’arrivée", lire=parse_date),
    Colonne("telephone", "Téléphone"),
]


def read(content: bytes | str, **limits: int) -> Lecture:
    content = content.encode() if isinstance(content, str) else content
    return read_rows(io.BytesIO(content), colonnes=COLONNES, **limits)


def workbook(*rows: list, sheet: str = "Agents") -> bytes:
    book, buffer = Workbook(), io.BytesIO()
    book.active.title = sheet
    for row in rows:
        book.active.append(row)
    book.save(buffer)
    return buffer.getvalue()


def moment(text: str) -> datetime:
    """A naive moment, the only kind that a workbook holds."""
    return datetime.fromisoformat(text)


def plain(text: object) -> str:
    return str(text).replace("\u00a0", " ").replace("\u202f", " ")


def values(lecture: Lecture) -> list[dict]:
    assert lecture.erreurs == []
    return [ligne.valeurs for ligne in lecture.lignes]


ODILE = {"nom": "Vuillermet", "email": "odile@foucherans.example", "arrivee": date(2026, 2, 28), "telephone": None}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_csv_is_read_whatever_wrote_it(encoding: str, separator: str, end: str):
    rows = [["Nom", "Courriel", "Date d'arrivée"], ["Thévenin", "JM@Gevry.example", "1/3/2026"]]
    content = end.join(separator.join(row) for row in rows).encode(encoding)
    assert values(read(content)) == [
        {"nom": "Thévenin", "email": "jm@gevry.example", "arrivee": date(2026, 3, 1), "telephone": None}
    ]


def test_source_says_how_the_file_was_understood():
    assert read("Nom\nProst").source == "CSV, UTF-8"
    assert read("Nom\nThévenin".encode("cp1252")).source == "CSV, Windows-1252"
    assert plain(read(workbook(["Nom"], ["Prost"])).source) == "feuille « Agents »"


@pytest.mark.parametrize("title", ["Adresse électronique", " ADRESSE  ELECTRONIQUE ", "E-Mail", "email", "courriel"])
def test_titles_are_recognised_whatever_their_case_accents_and_spaces(title: str):
    assert values(read(f"{title};NOM\na@b.example;Prost"))[0]["email"] == "a@b.example"


def test_unknown_columns_are_ignored_and_named():
    lecture = read("Nom;Observations;Adresse personnelle;\nProst;aime le vélo;;")
    assert lecture.ignorees == ["Observations", "Adresse personnelle"]


def test_separator_is_the_one_that_parts_the_titles():
    assert values(read('Nom,Courriel\n"Prost; Clerc",a@b.example'))[0]["nom"] == "Prost; Clerc"
    assert values(read("Nom;Courriel\nProst, Clerc;a@b.example"))[0]["nom"] == "Prost, Clerc"


def test_hint_of_excel_is_followed_and_not_counted():
    lecture = read("sep=,\r\nNom,Courriel\r\nProst,a@b.example\r\n")
    assert [(ligne.numero, ligne.valeurs["email"]) for ligne in lecture.lignes] == [(2, "a@b.example")]


def test_workbook_gives_dates_numbers_and_texts():
    content = workbook(
        ["Nom", "Courriel", "Date d’arrivée", "Téléphone"],
        ["Vuillermet", "Odile@Foucherans.example", moment("2026-02-28"), None],
        ["Prost", None, "28/02/2026", 353010000],
        ["Clerc", None, None, 3.5],
        ["Roy", None, None, time(8, 30)],
        ["Comte", None, None, True],
        ["Regad", None, None, date(2026, 2, 28)],
    )
    lignes = values(read(content))
    assert lignes[0] == ODILE
    assert lignes[1]["arrivee"] == date(2026, 2, 28)
    assert [ligne["telephone"] for ligne in lignes[1:]] == ["353010000", "3,5", "08:30", "oui", "28/02/2026"]


def test_line_numbers_are_those_of_the_margin():
    header, rows = "\n\nNom;Courriel", ["", "Prost;", '"Clerc\nSandrine";', "", ";vide@b.example"]
    lecture = read("\n".join([header, *rows]))
    assert [ligne.numero for ligne in lecture.lignes] == [5, 6]
    assert [erreur.numero for erreur in lecture.erreurs] == [8]
    in_workbook = read(workbook([], [], ["Nom", "Courriel"], [], ["Prost"], ["Clerc"], [], [None, "vide@b.example"]))
    assert [ligne.numero for ligne in in_workbook.lignes] == [5, 6]
    assert [erreur.numero for erreur in in_workbook.erreurs] == [8]


@pytest.mark.parametrize("make", [lambda rows: "\n".join(";".join(row) for row in rows), lambda rows: workbook(*rows)])
def test_errors_are_collected_with_their_line_and_a_sentence(make):
    lecture = read(
        make(
            [
                ["Nom", "Courriel", "Date d’arrivée", "Téléphone"],
                ["Prost", "a@b.example", "28/02/2026", "03 53 01 00 00"],
                ["", "b@b.example", "31/02/2026", ""],
                ["Vuillemin", "", "", "=1+1"],
                ["Clerc", "", "", "+33 3 53 01 00 00"],
                ["Lambey", "@import", "", "-5"],
                ["Roy", "", "", "+cmd|calc"],
            ]
        )
    )
    assert [plain(erreur) for erreur in lecture.erreurs] == [
        "Ligne 3 : La cellule « Nom » est vide. Remplissez-la, ou retirez la ligne.",
        "Ligne 3 : « 31/02/2026 » n’est pas une date, écrivez par exemple « 28/02/2026 ».",
        "Ligne 4 : La cellule « Téléphone » commence par « = ». Écrivez sa valeur sans signe devant.",
        "Ligne 6 : La cellule « Courriel » commence par « @ ». Écrivez sa valeur sans signe devant.",
        "Ligne 7 : La cellule « Téléphone » commence par « + ». Écrivez sa valeur sans signe devant.",
    ]
    assert [ligne.numero for ligne in lecture.lignes] == [2, 5]
    assert lecture.total == 6


def test_three_hundred_lines_with_seven_errors_name_the_seven():
    wrong = {14, 58, 91, 130, 187, 222, 268}
    rows = [f"Agent {n};{'32/01/2026' if n in wrong else ''}" for n in range(2, 302)]
    lecture = read("\n".join(["Nom;Date d’arrivée", *rows]))
    assert {erreur.numero for erreur in lecture.erreurs} == wrong
    assert (len(lecture.lignes), lecture.total) == (293, 300)


def truncated(content: bytes) -> bytes:
    return content[: len(content) // 2]


def other_zip() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
    return buffer.getvalue()


def with_part(content: bytes, name: str, part: bytes) -> bytes:
    """The same workbook with one of its parts replaced."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in source.namelist():
            target.writestr(entry, part if entry == name else source.read(entry))
    return buffer.getvalue()


SHEET = "xl/worksheets/sheet1.xml"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "Ce fichier est vide."),
        (b" \r\n\t ", "Ce fichier est vide."),
        (b"\xef\xbb\xbf;;\n;;\n", "Ce fichier est vide."),
        (workbook(), "Ce fichier est vide."),
        ("Nom;Courriel\n;\n", "Ce fichier ne contient que les titres des colonnes."),
        ("Patronyme;Courriel\nProst;", "Il manque la colonne « Nom ». La première ligne du fichier donne :"),
        ("Nom;Courriel;NOM\nProst;;", "La colonne « Nom » figure 2 fois. Gardez-en une seule."),
        ("Nom\nMickaël".encode("mac-roman"), "Les accents de ce fichier ne se lisent pas."),
        ("Nom\nMélanie".encode("cp850"), "Les accents de ce fichier ne se lisent pas."),
        ("Nom\nMickaël".encode().decode("cp1252"), "Les accents de ce fichier ne se lisent pas."),
        ("Nom\nMickaël".encode("utf-16"), "Ce fichier n’est ni un CSV ni un classeur .xlsx."),
        (b"%PDF-1.7\n\0\0", "Ce fichier n’est ni un CSV ni un classeur .xlsx."),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "Ce classeur est à l’ancien format .xls"),
        (truncated(workbook(["Nom"], ["Prost"])), "Ce fichier n’est pas un classeur lisible."),
        (other_zip(), "Ce fichier n’est pas un classeur lisible."),
        (with_part(workbook(["Nom"], ["Prost"]), SHEET, b"<worksheet><sheetData><row>"), "n’est pas un classeur"),
        ('Nom;Courriel\nProst;"ouvert\nClerc;', "La ligne 2 a un guillemet qui n’est pas fermé"),
        ("Nom\n" + "x" * 200_000, "La ligne 2 a un guillemet qui n’est pas fermé, ou une cellule trop longue."),
        ("x" * 2_000, "Il manque la colonne « Nom »."),
    ],
)
def test_file_that_cannot_be_read_is_one_sentence(content: bytes | str, sentence: str):
    with pytest.raises(TableurRefuse) as refusal:
        read(content)
    assert sentence in plain(refusal.value)


def test_too_many_lines_are_refused_and_the_limit_itself_is_accepted():
    assert len(read("Nom\n" + "Prost\n" * 50, max_lines=50).lignes) == 50
    with pytest.raises(TableurRefuse, match="plus de 50 lignes"):
        read("Nom\n" + "Prost\n" * 51, max_lines=50)


def test_two_hundred_thousand_lines_are_refused():
    with pytest.raises(TableurRefuse, match="plus de 20.000 lignes"):
        read("Nom\n" + "P\n" * 200_000)


def test_too_many_bytes_are_refused():
    with pytest.raises(TableurRefuse, match="dépasse 1.Mo"):
        read("Nom\n" + "Prost\n" * 200_000, max_bytes=1024**2)


def test_workbook_that_swells_once_open_is_refused():
    with pytest.raises(TableurRefuse, match="trop gros une fois ouvert"):
        read(with_part(workbook(["Nom"], ["Prost"]), SHEET, b" " * (201 * 1024**2)))


def test_entities_of_a_workbook_are_not_expanded():
    sheet = (
        '<!DOCTYPE x [<!ENTITY a "Prost">]><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        '<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>Nom</t></is></c></row>'
        '<row r="2"><c r="A2" t="inlineStr"><is><t>&a;&a;</t></is></c></row></sheetData></worksheet>'
    )
    with pytest.raises(TableurRefuse, match="n’est pas un classeur lisible"):
        read(with_part(workbook(["Nom"], ["Prost"]), SHEET, sheet.encode()))


def test_sheet_formatted_to_its_last_line_ends_with_its_content():
    assert len(read(workbook(["Nom"], ["Prost"], *([[None, ""]] * 3000))).lignes) == 1


@pytest.mark.parametrize("typed", ["28/02/2026", "28-2-2026", "28.02.2026", "2026-02-28"])
def test_date_is_read_as_people_type_it(typed: str):
    assert parse_date(typed) == date(2026, 2, 28)


@pytest.mark.parametrize("typed", ["31/02/2026", "28/02/26", "février 2026", "2026-13-01", "28/02/2026 10:00"])
def test_what_is_not_a_date_is_refused(typed: str):
    with pytest.raises(ValueError, match="n’est pas une date, écrivez par exemple"):
        parse_date(typed)


words = st.text("abcdxyzABCDXYZàâçéèêëîïôùûüÿœæÀÂÇÉÈÊËÎÏÔÙÛÜŒŁšα0189 ;,\t\n\"'.-()=+@", min_size=1)


@given(st.lists(words.filter(lambda word: word == word.strip() and neutral(word) == word), min_size=1, max_size=5))
def test_what_is_exported_is_read_back(noms: list[str]):
    for content in (tableur.xlsx("x", ["Nom"], [[n] for n in noms]), tableur.csv(["Nom"], [[n] for n in noms])):
        assert [ligne["nom"] for ligne in values(read(content))] == noms
