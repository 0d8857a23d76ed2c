import io
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from extranet.lib import tableur
from extranet.lib.tableur import neutral


def moment(text: str) -> datetime:
    """A naive moment, the only kind that a workbook holds."""
    return datetime.fromisoformat(text)


TITLES = ["Nom", "Arrivée", "Vu le", "Part", "Élu", "Secteurs", "Note"]
ROW = [
    "Thévenin",
    date(2026, 2, 28),
    datetime(2026, 7, 1, 22, 30, tzinfo=UTC),
    Decimal("17.5"),
    True,
    ["Plaine", "Serre"],
    None,
]


def test_workbook_written_has_bold_frozen_titles_and_dates_that_are_dates():
    sheet = load_workbook(io.BytesIO(tableur.xlsx("Agents [2026]", TITLES, [ROW]))).active
    assert sheet.title == "Agents  2026 "
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:G2"
    assert all(cell.font.bold for cell in sheet[1])
    assert [cell.value for cell in sheet[2]] == [
        "Thévenin",
        moment("2026-02-28"),
        moment("2026-07-02T00:30"),
        17.5,
        "oui",
        "Plaine, Serre",
        None,
    ]
    assert [sheet["B2"].number_format, sheet["C2"].number_format] == ["DD/MM/YYYY", "DD/MM/YYYY HH:MM"]


def test_columns_are_as_wide_as_their_content_within_reason():
    sheet = load_workbook(io.BytesIO(tableur.xlsx("x", ["N", "Intitulé"], [["a" * 20, "b" * 500]]))).active
    assert [sheet.column_dimensions[letter].width for letter in "AB"] == [23, 60]


def test_csv_written_opens_in_a_french_spreadsheet():
    content = tableur.csv(TITLES, [ROW])
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.decode("utf-8-sig").split("\r\n") == [
        "Nom;Arrivée;Vu le;Part;Élu;Secteurs;Note",
        "Thévenin;28/02/2026;02/07/2026 00:30;17,5;oui;Plaine, Serre;",
        "",
    ]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_text_that_would_act_as_a_formula_is_neutralised(start: str):
    text = f"{start}HYPERLINK(1)"
    assert neutral(text) == f"'{text}"
    row = [text, [text], 5]
    cells = load_workbook(io.BytesIO(tableur.xlsx("x", [text, "b", "c"], [row]))).active
    written = [cells["A1"], cells["A2"], cells["B2"]]
    assert all(cell.data_type == "s" and cell.value.startswith("'") for cell in written)
    assert tableur.csv(["a", "b", "c"], [row]).decode("utf-8-sig").count("'" + start) == 2


def test_negative_numbers_stay_numbers():
    assert load_workbook(io.BytesIO(tableur.xlsx("x", ["a"], [[-5]]))).active["A2"].value == -5
    assert tableur.csv(["a"], [[-5]]).decode("utf-8-sig") == "a\r\n-5\r\n"


def test_characters_that_a_workbook_refuses_are_dropped():
    sheet = load_workbook(io.BytesIO(tableur.xlsx("", ["a"], [["x\x07\ufffe\ud800y"], ["z" * 40_000]]))).active
    assert sheet["A2"].value == "xy"
    assert len(sheet["A3"].value) == 32_767
