"""Archives of several files: one by one, on disk, each with its own fate."""

import io
import zipfile
from pathlib import Path

import pytest

from extranet.lib.uploads import FichierRefuse, open_zip
from tests.fichiers.mauvais import locked
from tests.lib.envois import PDF, plain, sent


def archive(entries: dict[str, bytes], **options: int) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", **options) as target:
        for name, content in entries.items():
            target.writestr(name, content)
    return buffer.getvalue()


def test_each_file_is_on_disk_under_its_own_name_until_the_next():
    seen = []
    content = archive({"2027/Délibérations/été.pdf": PDF, "2027/": b"", "note.txt": b"Bonjour"})
    for extract in open_zip(sent("lot.zip", content)):
        path = Path(extract.fichier.temporary_file_path())
        seen.append((extract.dossier, extract.nom, extract.fichier.name, extract.fichier.size, path.read_bytes(), path))
    assert [row[:5] for row in seen] == [
        ("2027/Délibérations", "été.pdf", "été.pdf", len(PDF), PDF),
        ("", "note.txt", "note.txt", 7, b"Bonjour"),
    ]
    assert not any(row[5].exists() for row in seen)


def test_bad_file_is_refused_and_the_others_are_kept():
    entries = {
        "a.zip": b"x",
        "CON.pdf": PDF,
        "vide.pdf": b"",
        "gros.pdf": PDF.ljust(2_000_000),
        "bon.pdf": PDF,
        "facture\u202efdp.exe": b"x",
    }
    extracts = list(open_zip(sent("lot.zip", archive(entries)), max_bytes=1024**2))
    assert [bool(extract.refus) for extract in extracts] == [True, True, True, True, False, True]
    said = plain(" ".join(extract.refus for extract in extracts))
    for words in ("archive dans l’archive", "réservé par Windows", "est vide", "pèse 2 Mo", "inverse le sens"):
        assert words in said


def test_damaged_file_of_an_archive_does_not_stop_the_others():
    content = bytearray(archive({"a.pdf": PDF * 20, "b.pdf": PDF}))
    content[60] ^= 0xFF
    first, second = list(open_zip(sent("lot.zip", bytes(content))))
    assert "est abîmé. Déposez ce fichier seul" in plain(first.refus)
    assert (first.fichier, second.refus, second.nom) == (None, "", "b.pdf")


@pytest.mark.parametrize(("raw", "name"), [(b"Arr\x88t\x82.txt", "Arrêté.txt"), ("Arrêté.txt".encode(), "Arrêté.txt")])
def test_accents_of_old_windows_and_of_the_mac_are_read(raw: bytes, name: str):
    plain_name = "x" * len(raw)
    content = archive({plain_name: b"Bonjour"}).replace(plain_name.encode(), raw)
    assert [extract.nom for extract in open_zip(sent("lot.zip", content))] == [name]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (archive({"a": b"x"})[:-30], "est abîmée ou incomplète. Refaites-la"),
        (archive({}), "ne contient aucun fichier"),
        (archive({"__MACOSX/a": b"x", ".DS_Store": b"x"}), "ne contient aucun fichier"),
        (archive({f"{number}.txt": b"x" for number in range(11)}), "contient 11 fichiers, pour 10 au plus"),
        (archive({f"{number}": b"" for number in range(5_001)}), "compte 5 001 éléments, pour 5 000 au plus"),
        (locked(archive({"a.txt": b"x"})), "est protégée par un mot de passe"),
        (archive({"/etc/a.txt": b"x"}), "s’écrirait hors de son dossier"),
        (archive({"..\\a.txt": b"x"}), "s’écrirait hors de son dossier"),
        (archive({"C:\\a.txt": b"x"}), "s’écrirait hors de son dossier"),
        (archive({"a.txt": bytes(5_000_000)}, compression=zipfile.ZIP_DEFLATED), "fois une fois décompressé"),
        (archive({"a.txt": b"x"}, compression=zipfile.ZIP_LZMA), "compressé d’une façon que nous n’ouvrons pas"),
    ],
)
def test_archive_refused_as_a_whole_says_why_before_its_first_file(content: bytes, sentence: str):
    with pytest.raises(FichierRefuse) as refusal:
        open_zip(sent("lot.zip", content), max_files=10)
    assert sentence in plain(refusal.value)


def test_archive_that_lies_about_a_file_writes_no_more_than_it_said():
    content = archive({"a.txt": bytes(3_000_000)}, compression=zipfile.ZIP_STORED)
    lying = content.replace((3_000_000).to_bytes(4, "little"), (1_000).to_bytes(4, "little"))
    (extract,) = open_zip(sent("lot.zip", lying))
    assert "est abîmé" in extract.refus
