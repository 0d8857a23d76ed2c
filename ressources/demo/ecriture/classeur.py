"""Workbooks of several sheets, one a table."""

import io
import re
from zipfile import ZipFile

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from extranet.lib.tableur.ecriture import neutral
from ressources.demo.ecriture.commun import zipped
from ressources.demo.textes import Texte, tableaux


def xlsx(texte: Texte) -> tuple[bytes, str, int]:
    """A sheet for each table, the last one to say where they come from. With its text, sheet by sheet, and their
    number.
    """
    book, shown = Workbook(), []
    book.remove(book.active)
    book.properties.title, book.properties.creator, book.properties.language = texte.titre, texte.auteur, "fr"
    about = [[line] for line in (texte.titre, texte.avertissement, texte.credit) if line]
    for rank, (titre, rows) in enumerate([*tableaux(texte.parties), ("À lire", about)], 1):
        name = _sheet_name(titre, rank, book.sheetnames)
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append([neutral(cell) for cell in row])
        for cell in sheet[1]:
            cell.font = Font(bold=True)
        for cells in sheet.iter_rows():
            for cell in cells:
                cell.alignment = Alignment(vertical="top", wrap_text=True)
        for column in range(1, len(rows[0]) + 1):
            longest = max(len(row[column - 1]) for row in rows if len(row) >= column)
            sheet.column_dimensions[get_column_letter(column)].width = min(longest + 3, 60)
        shown.append("\n".join([name, *("\t".join(row) for row in rows)]))
    buffer = io.BytesIO()
    book.save(buffer)
    with ZipFile(buffer) as written:  # openpyxl notes the hour everywhere
        parts = {name: written.read(name).decode() for name in written.namelist()}
    parts["docProps/core.xml"] = re.sub(r"\d{4}-\d\d-\d\dT[\d:]+Z", "2020-11-01T00:00:00Z", parts["docProps/core.xml"])
    return zipped(parts), "\f".join(shown), len(shown)


def _sheet_name(titre: str, rank: int, taken: list[str]) -> str:
    name = (
        re.sub(r"\s+", " ", re.sub(r"[\[\]:*?/\\\u00a0\u202f]", " ", titre)).strip()[:28].strip() or f"Tableau {rank}"
    )
    return f"{name[:25].strip()} {rank}" if name in taken else name
