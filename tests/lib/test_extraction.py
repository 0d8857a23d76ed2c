"""Reading apart: what is read, what is refused, and what becomes of a process that crashes, hangs or says too much."""

import random
import shutil
import time
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import FileField
from django.db.models.fields.files import FieldFile
from PIL import Image

from extranet.lib.extraction import is_recognition_ready, on_disk, read_text, recognise, render_pages, to_pdf
from extranet.lib.extraction import processus as module
from extranet.lib.extraction.lecteurs.commun import Plein, Texte
from extranet.lib.extraction.lecture import Lecture
from extranet.lib.extraction.processus import Echec, Limites, run
from tests.fichiers import bureau, documents
from tests.lib.envois import plain

# Words no computer has as a font: a picture of them is what a copier gives.
PRINTED = "#set text(size: 18pt)\nLe conseil municipal décide la réfection du préau de l’école élémentaire."


def written(path: Path, content: bytes | str) -> Path:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def program(path: Path, lines: str) -> str:
    """A program of the machine, as LibreOffice or tesseract is one."""
    written(path, f"#!/bin/sh\n{lines}\n").chmod(0o755)
    return str(path)


def test_what_lacked_time_may_be_read_again_and_what_is_too_long_may_not(tmp_path: Path) -> None:
    with pytest.raises(Plein) as late:
        Texte(-1).add("Le conseil délibère.")
    assert Lecture("partiel", "Le conseil", motif=str(late.value)).is_cut_short
    assert not read_text(written(tmp_path / "long.txt", "é" * 1_200_000), "txt").is_cut_short


def processes_holding(mark: str) -> list[str]:
    found = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            found += [str(entry)] if mark.encode() in entry.read_bytes() else []
        except OSError:  # it has ended
            continue
    return found


@pytest.mark.parametrize(
    ("extension", "content", "etat", "words"),
    [
        ("txt", b"", "vide", ""),
        ("txt", "\ufeffÉté".encode(), "ok", "Été"),
        ("txt", "Été".encode("utf-16"), "ok", "Été"),
        ("txt", "Été".encode("cp1252"), "ok", "Été"),
        ("txt", "caf\xe9".encode("cp1252"), "ok", "café"),
        ("txt", b" " + "é".encode() * 2_100_000, "partiel", "éééé"),
        ("txt", b"a" * 1_200_000, "partiel", "premier million de caractères"),
        ("txt", b"a\0b\x07c", "ok", "abc"),
        ("csv", b'a,"b, c"\n1,2', "ok", "a\tb, c\n1\t2"),
        ("csv", b'a;"b\n', "ok", "a\tb"),
        ("html", b"<title>T</title><style>s</style><p>Un&eacute;<script>x()</script><td>b", "ok", "Uné"),
        ("rtf", b"{\\rtf1 a\\'e9{\\*\\inconnu x}\\par b\\\\c", "ok", "aé\nb\\c"),
        ("rtf", b"{\\rtf1 \\u-10179?\\u-8694? fin}", "ok", "😊 fin"),
        ("rtf", b"{" * 50_000, "vide", ""),
        ("eml", b"Subject: x\n\nBonjour", "ok", "Bonjour"),
        ("eml", b"Content-Type: text/plain; charset=inconnu\n\nBonjour", "ok", "Bonjour"),
        ("pdf", b"%PDF-1.7\nrien", "refuse", "Ce PDF est abîmé"),
        ("pdf", random.Random(1).randbytes(5_000), "refuse", "Ce PDF est abîmé"),
        ("docx", b"PK\x03\x04rien", "refuse", "est abîmé"),
        ("docx", bureau.docx("<w:p>"), "refuse", "est abîmé"),
        (
            "docx",
            bureau.packed({"word/document.xml": '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}),
            "refuse",
            "extérieurs",
        ),
        ("xlsx", bureau.packed({"a": ""}), "vide", ""),
        ("doc", b"", "refuse", "Le texte d’un fichier .doc ne se lit pas."),
    ],
    ids=lambda value: value if isinstance(value, str) else "contenu",
)
def test_text_is_read_or_its_absence_explained(extension: str, content: bytes, etat: str, words: str, tmp_path: Path):
    reading = read_text(written(tmp_path / "f", content), extension)
    assert reading.etat == etat
    assert plain(words) in plain(f"{reading.texte} {reading.motif}")


def test_file_that_has_gone_is_not_read(tmp_path: Path):
    assert read_text(tmp_path / "parti.txt", "txt").etat == "non_lu"


@pytest.mark.parametrize(
    ("metadata", "body", "titre"),
    [
        ("Microsoft Word - note.doc", "= Note aux communes\nLe texte.", "Note aux communes"),
        ("Document1", "Page 3\n\n12 mars 2027\n\nConvention de prêt de matériel", "Convention de prêt de matériel"),
        ("Sans titre", "= Un mot \\ ou deux\nTexte plus petit ici.", "Un mot ou deux"),
        ("Guide des marchés", "= Autre chose\nTexte.", "Guide des marchés"),
        ("", "12", ""),
    ],
)
def test_title_is_proposed_from_the_document(metadata: str, body: str, titre: str, tmp_path: Path):
    path = written(tmp_path / "f.pdf", documents.pdf(body, title=metadata))
    assert read_text(path, "pdf").titre == titre


def test_headings_of_a_table_are_no_title(tmp_path: Path):
    assert read_text(written(tmp_path / "f.csv", "Commune;Nombre d’habitants\nDole;23 000"), "csv").titre == ""


def test_long_title_is_cut_between_two_words(tmp_path: Path):
    text = "Une délibération " * 30
    titre = read_text(written(tmp_path / "f.txt", text), "txt").titre
    assert 130 < len(titre) <= 150
    assert text.startswith(titre.replace("…", " "))


def test_mail_with_a_program_attached_is_dangerous(tmp_path: Path):
    content = documents.eml().replace(b"application/pdf", b"application/x-x").replace(b".pdf", b".exe")
    reading = read_text(written(tmp_path / "f.eml", content), "eml")
    assert (reading.etat, reading.dangers, reading.texte) == ("refuse", ("programme_joint",), "")


@pytest.mark.parametrize("words", ["HTML/JavaScript", "Programme (/Launch) ou /EmbeddedFile", "/S /Launchpad"])
def test_pdf_that_speaks_of_programs_is_no_danger(words: str, tmp_path: Path):
    path = written(tmp_path / "f.pdf", documents.pdf(f'= Guide\n#raw("{words}")', title=f"Guide {words}"))
    assert (read_text(path, "pdf").etat, read_text(path, "pdf").dangers) == ("ok", ())


def test_action_named_through_another_object_is_seen(tmp_path: Path):
    content = documents.changed("lancement par un autre objet")
    assert b"/S /Launch" not in content
    assert read_text(written(tmp_path / "f.pdf", content), "pdf").dangers == ("lancement",)


def test_stored_file_is_read_where_it_is(tmp_path: Path):
    storage = FileSystemStorage(tmp_path)
    storage.save("a.txt", ContentFile(b"Bonjour"))
    field = FileField(storage=storage, name="piece")
    with FieldFile(None, field, "a.txt").open("rb") as fichier, on_disk(fichier) as path:
        assert path == tmp_path / "a.txt"


def test_upload_kept_in_memory_has_a_path_for_the_time_of_its_reading():
    fichier = SimpleUploadedFile("a.txt", b"Bonjour")
    with on_disk(fichier) as path:
        assert path.read_bytes() == b"Bonjour"
    assert not path.exists()
    assert fichier.read() == b"Bonjour"


def test_process_that_hangs_ends_with_all_it_started(tmp_path: Path):
    mark = str(tmp_path / "endormi")
    sleeper = program(tmp_path / "dort", f"sleep 60 & exec sh -c 'sleep 60; : {mark}'")
    start = time.monotonic()
    with pytest.raises(Echec) as failure:
        run(sleeper, seconds=0.5)
    assert failure.value.trop_long
    assert time.monotonic() - start < 3
    assert processes_holding(mark) == []


def test_process_that_closes_its_output_and_goes_on_is_ended(tmp_path: Path):
    start = time.monotonic()
    with pytest.raises(Echec) as failure:
        run(program(tmp_path / "muet", "exec 1>&-; sleep 60"), seconds=0.5)
    assert failure.value.trop_long
    assert time.monotonic() - start < 3


def test_process_that_says_too_much_is_stopped(tmp_path: Path):
    with pytest.raises(Echec) as failure:
        run(program(tmp_path / "bavard", "exec yes"), seconds=20)
    assert len(failure.value.answer) == module.MAX_ANSWER


def test_process_is_bound_and_knows_nothing_of_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SECRET_KEY", "secret")
    show = program(tmp_path / "montre", "cat /proc/self/limits; echo politesse $(cut -d' ' -f19 /proc/self/stat); env")
    said = run(show, seconds=10, limites=Limites(memoire=300 * 1024**2, cpu=7, fichier=1_000, ouverts=20)).decode()
    values = {line[:26].strip(): line[26:46].strip() for line in said.splitlines() if line.startswith("Max ")}
    assert values["Max address space"] == str(300 * 1024**2)
    assert values["Max cpu time"] == "7"
    assert values["Max file size"] == "1000"
    assert values["Max open files"] == "20"
    assert values["Max core file size"] == "0"
    assert "secret" not in said
    assert int(said.partition("politesse ")[2].split()[0]) >= 10


def test_processor_time_is_bound(tmp_path: Path):
    with pytest.raises(Echec) as failure:
        run(program(tmp_path / "tourne", "while :; do :; done"), seconds=20, limites=Limites(cpu=1))
    assert failure.value.trop_long


def test_pages_of_a_pdf_are_drawn(tmp_path: Path):
    path = written(tmp_path / "f.pdf", documents.pdf("Un #pagebreak() Deux #pagebreak() Trois #pagebreak() Quatre"))
    rendu = render_pages(path, tmp_path, first=2, count=2, width=600)
    assert ([page.name for page in rendu.pages], rendu.total) == (["page-0002.webp", "page-0003.webp"], 4)
    with Image.open(rendu.pages[0]) as image:
        assert (image.format, image.width) == ("WEBP", 600)
        assert image.convert("L").getextrema()[0] < 100
    assert render_pages(path, tmp_path, first=9).pages == ()


def test_what_is_no_pdf_gives_no_picture(tmp_path: Path):
    rendu = render_pages(written(tmp_path / "f.pdf", b"rien"), tmp_path)
    assert (rendu.pages, rendu.total) == ((), 0)


def scanned(path: Path) -> Path:
    """A page of words, printed then scanned: its PDF holds a picture and no letter."""
    drawn = render_pages(written(path / "mots.pdf", documents.pdf(PRINTED)), path, kind="png", width=1_654).pages[0]
    with Image.open(drawn) as image:
        image.save(path / "scan.pdf", "PDF", resolution=200)
    return path / "scan.pdf"


def test_scan_stays_a_scan_without_tesseract(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = scanned(tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not is_recognition_ready()
    assert read_text(path, "pdf").etat == "numerise"
    assert recognise(path).etat == "numerise"


@pytest.mark.skipif(not is_recognition_ready(), reason="tesseract et son français ne sont pas installés")
def test_scan_is_recognised_in_french(tmp_path: Path):
    reading = recognise(scanned(tmp_path))
    assert (reading.etat, reading.pages) == ("ok", 1)
    assert "réfection du préau" in reading.texte


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice n’est pas installé")
def test_office_document_becomes_a_pdf(tmp_path: Path):
    made = to_pdf(written(tmp_path / "f", bureau.docx(bureau.paragraph("Bonjour"))), "docx", tmp_path)
    assert "Bonjour" in read_text(made, "pdf").texte


def test_office_document_stays_what_it_is_without_libreoffice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert to_pdf(tmp_path / "f", "docx", tmp_path) is None
