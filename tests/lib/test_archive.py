"""Archives that are written while they are sent: read by others, to the promised byte, even with something left out."""

import shutil
import subprocess
import zipfile
from datetime import datetime
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extranet.lib.archive import NOM_MAX, Archive, Entree, length_of, safe_names

NOON = datetime(2026, 11, 23, 12, 30, 8)  # noqa: DTZ001 - as an archive holds it


def entry(nom: str, contenu: bytes) -> Entree:
    return Entree.of(nom, contenu, NOON)


def written(files: dict[str, bytes], left_out: frozenset[str] = frozenset()) -> bytes:
    entries = {nom: entry(nom, contenu) for nom, contenu in files.items()}
    archive, sent = Archive(), b""
    for nom, one in entries.items():
        if nom not in left_out:
            sent += b"".join(archive.file(one, [files[nom]]))
    return sent + b"".join(archive.close(length_of(entries.values())))


FILES = {"Bail.pdf": b"%PDF" * 900, "Délibération n° 4.docx": b"PK" * 10, "vide.txt": b""}


def test_read_by_others() -> None:
    data = written(FILES)
    with zipfile.ZipFile(BytesIO(data)) as found:
        assert found.testzip() is None
        assert {one.filename: found.read(one) for one in found.infolist()} == FILES
        assert {one.date_time for one in found.infolist()} == {(2026, 11, 23, 12, 30, 8)}
    assert len(data) == length_of(entry(nom, contenu) for nom, contenu in FILES.items())


@pytest.mark.parametrize("left_out", [frozenset(), frozenset({"Bail.pdf"}), frozenset(FILES)])
def test_what_is_left_out_leaves_no_trace_and_the_promised_length(left_out: frozenset[str]) -> None:
    data = written(FILES, left_out)
    assert len(data) == length_of(entry(nom, contenu) for nom, contenu in FILES.items())
    with zipfile.ZipFile(BytesIO(data)) as found:
        assert found.testzip() is None
        assert set(found.namelist()) == set(FILES) - left_out
    assert not any(nom.encode() in data for nom in left_out)


@pytest.mark.skipif(not shutil.which("unzip"), reason="unzip n’est pas installé")
def test_unzip_finds_nothing_wrong(tmp_path: Path) -> None:
    path = tmp_path / "essai.zip"
    for left_out in (frozenset(), frozenset({"Bail.pdf"})):
        path.write_bytes(written(FILES, left_out))
        told = subprocess.run(["unzip", "-t", str(path)], capture_output=True, text=True, check=False)
        assert (told.returncode, told.stderr) == (0, "")


def test_other_bytes_than_those_announced_end_nothing() -> None:
    one = entry("a.txt", b"abc")
    for wrong in ([b"ab"], [b"abd"], [b"abc", b"d"]):
        with pytest.raises(ValueError, match="n’est plus le fichier annoncé"):
            list(Archive().file(one, wrong))


def test_more_than_the_format_holds_is_refused() -> None:
    with pytest.raises(ValueError, match="4 Gio"):
        length_of([Entree(f"{n}.bin", 2**31, 0, NOON) for n in range(2)])


def test_more_than_was_promised_is_refused() -> None:
    archive = Archive()
    list(archive.file(entry("a.txt", b"abc"), [b"abc"]))
    with pytest.raises(ValueError, match="longueur"):
        list(archive.close(10))


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("Bail.pdf", "Bail.pdf"),
        ("Arrêté : « voirie » 12/2026 <projet>?.docx", "Arrêté - « voirie » 12-2026 -projet.docx"),
        ("../../etc/passwd.pdf", "-..-etc-passwd.pdf"),
        ("CON.pdf", "_CON.pdf"),
        ("lpt1", "_lpt1"),
        ("Fin de ligne\r\n\tpuis.odt", "Fin de ligne puis.odt"),
        ("   ", "document"),
        ("Une propriété privée ?.odt", "Une propriété privée.odt"),
        ("Point final. .pdf", "Point final.pdf"),
        ("e\u0301tat.pdf", "état.pdf"),
        ("fdp\u202eexe.pdf", "fdp exe.pdf"),
    ],
)
def test_names_that_windows_takes(given: str, kept: str) -> None:
    assert safe_names([given]) == [kept]


def test_each_name_once() -> None:
    assert safe_names(["Bail.pdf", "BAIL.pdf", "Bail.pdf", "Bail (2).pdf", "Bail.odt"]) == [
        "Bail.pdf",
        "BAIL (2).pdf",
        "Bail (3).pdf",
        "Bail (2) (2).pdf",
        "Bail.odt",
    ]


@settings(max_examples=60)
@given(st.lists(st.text(max_size=200), max_size=12))
def test_any_words_make_names(noms: list[str]) -> None:
    made = safe_names(noms)
    assert len({one.casefold() for one in made}) == len(noms)
    for one in made:
        assert 0 < len(one) <= NOM_MAX
        assert not set(one) & set('<>:"/\\|?*')
        assert one == one.strip()
        assert not one.endswith(".")
        one.encode()


@settings(max_examples=40)
@given(st.dictionaries(st.text("abcdé", min_size=1, max_size=5), st.binary(max_size=400), max_size=8), st.randoms())
def test_any_choice_of_files_makes_an_archive(files: dict[str, bytes], chance: object) -> None:
    left_out = frozenset(nom for nom in files if chance.random() < 0.4)
    data = written(files, left_out)
    with zipfile.ZipFile(BytesIO(data)) as found:
        assert {one.filename: found.read(one) for one in found.infolist()} == {
            nom: contenu for nom, contenu in files.items() if nom not in left_out
        }
