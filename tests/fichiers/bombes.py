"""Small files that swell: each is written to a file, so that it takes no memory of the one who measures."""

import io
import random
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

from tests.fichiers import bureau

MEGABYTE = 1024 * 1024


def _zip(path: Path, entries: dict[str, int], *, stored: dict[str, bytes] | None = None) -> None:
    """Entries of so many megabytes of zeros."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (stored or {}).items():
            archive.writestr(name, content)
        for name, megabytes in entries.items():
            with archive.open(name, "w") as target:
                for _ in range(megabytes):
                    target.write(bytes(MEGABYTE))


def deep_zip(path: Path) -> None:
    """Ten archives, one in the other, the last of 200 MB of zeros."""
    _zip(path, {"fond.txt": 200})
    for level in range(10):
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.write(path, f"niveau{level}.zip")
        path.write_bytes(buffer.getvalue())


def swelling_docx(path: Path) -> None:
    _zip(path, {"word/document.xml": 300}, stored={"[Content_Types].xml": b"<Types/>"})


def lying_docx(path: Path) -> None:
    """Announces a part of 1 000 bytes, which unfolds to 200 MB."""
    _zip(path, {"word/document.xml": 200}, stored={"[Content_Types].xml": b"<Types/>"})
    data = bytearray(path.read_bytes())
    real, said = struct.pack("<L", 200 * MEGABYTE), struct.pack("<L", 1_000)
    path.write_bytes(data.replace(real, said))


def crowded_docx(path: Path) -> None:
    """Four hundred thousand empty entries: a directory of 26 MB."""
    count = 400_000
    path.write_bytes(b"")
    with path.open("wb") as target:
        header = struct.pack("<4s5H3L2H", b"PK\x03\x04", 20, 0, 0, 0, 33, 0, 0, 0, 19, 0)
        target.write(header + b"[Content_Types].xml")
        start = target.tell()
        for number in range(count):
            name = b"word/%012d.xml" % number
            target.write(
                struct.pack("<4s6H3L5H2L", b"PK\x01\x02", 20, 20, 0, 0, 0, 33, 0, 0, 0, len(name), 0, 0, 0, 0, 0, 0)
            )
            target.write(name)
        size = target.tell() - start
        target.write(struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 65_535, 65_535, size, start, 0))


def overlapping_docx(path: Path) -> None:
    """Four thousand entries that are one and the same megabyte of the file."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    raw, content = bytes(10 * MEGABYTE), b"word/document.xml"
    body = packer.compress(raw) + packer.flush()
    fields = 20, 0, 8, 0, 33, zlib.crc32(raw), len(body), len(raw), len(content), 0
    with path.open("wb") as target:
        target.write(struct.pack("<4s5H3L2H", b"PK\x03\x04", *fields) + content + body)
        start = target.tell()
        for _ in range(4_000):
            entry = struct.pack("<4s6H3L5H2L", b"PK\x01\x02", 20, *fields, 0, 0, 0, 0, 0)
            target.write(entry + content)
        size = target.tell() - start
        target.write(struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 4_000, 4_000, size, start, 0))


def huge_xlsx(path: Path) -> None:
    """Honest and heavy: 80 MB of cells that do not repeat much, in a file of some megabytes."""
    noise = random.Random(1)
    link = '<Relationship Id="r1" Target="worksheets/sheet1.xml"/>'
    parts = {
        "[Content_Types].xml": "<Types/>",
        "xl/workbook.xml": '<workbook xmlns:r="r"><sheet name="A" sheetId="1" r:id="r1"/></workbook>',
        "xl/_rels/workbook.xml.rels": f"<Relationships>{link}</Relationships>",
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
        with archive.open("xl/worksheets/sheet1.xml", "w") as target:
            target.write(b"<worksheet><sheetData>")
            for _ in range(2_000):
                cells = b"".join(b'<c t="b"><v>%d</v></c>' % noise.randrange(10**9) for _ in range(1_500))
                target.write(b"<row>" + cells + b"</row>")
            target.write(b"</sheetData></worksheet>")


def _pdf(path: Path, objects: list[bytes]) -> None:
    """Objects from number 1 on; the first is the catalogue."""
    data, places = b"%PDF-1.7\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(data))
        data += b"%d 0 obj\n" % number + content + b"\nendobj\n"
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + table
    path.write_bytes(
        data + end + b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, len(data))
    )


def looping_pdf(path: Path) -> None:
    """Pages whose children are their own parents, and a drawing that calls itself."""
    form = b"<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</F 4 0 R>>>>/Length 5>>"
    form += b"stream\n/F Do\nendstream"
    _pdf(
        path,
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Kids[3 0 R 2 0 R 5 0 R]/Count 100000000/Parent 2 0 R>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Resources<</XObject<</F 4 0 R>>>>/Contents 4 0 R>>",
            form,
            b"<</Type/Pages/Kids[2 0 R 5 0 R]/Count 50000000/Parent 5 0 R>>",
        ],
    )


def swelling_pdf(path: Path) -> None:
    """A page of 1 GB of orders to draw text, packed twice."""
    packer, body = zlib.compressobj(9), b""
    order = b"BT /F 12 Tf (Bonjour) Tj ET\n" * 40_000
    for _ in range(1_000):
        body += packer.compress(order)
    body = zlib.compress(body + packer.flush(), 9)
    stream = b"<</Filter[/FlateDecode/FlateDecode]/Length %d>>stream\n" % len(body) + body + b"\nendstream"
    _pdf(
        path,
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Resources<</Font<</F 5 0 R>>>>/Contents 4 0 R>>",
            stream,
            b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        ],
    )


def deep_xml(path: Path) -> None:
    path.write_bytes(bureau.docx("<w:p>" * 50_000 + "</w:p>" * 50_000))


BOMBS: dict[str, tuple[str, Callable[[Path], None]]] = {
    "ZIP profond": ("zip", deep_zip),
    "DOCX qui gonfle": ("docx", swelling_docx),
    "DOCX qui ment": ("docx", lying_docx),
    "DOCX aux 400 000 éléments": ("docx", crowded_docx),
    "DOCX aux éléments superposés": ("docx", overlapping_docx),
    "DOCX profond": ("docx", deep_xml),
    "XLSX énorme": ("xlsx", huge_xlsx),
    "PDF en boucle": ("pdf", looping_pdf),
    "PDF qui gonfle": ("pdf", swelling_pdf),
}
