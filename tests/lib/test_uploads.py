import pytest
from hypothesis import given
from hypothesis import strategies as st

from extranet.lib.uploads import FichierRefuse, check_document, check_name
from tests.lib.envois import (
    OLE,
    PDF,
    PROGRAM,
    archive,
    office,
    open_document,
    picture,
    plain,
    sent,
)


@pytest.mark.parametrize(
    ("nom", "kept"),
    [
        ("Délibération n° 12 (1).pdf", "Délibération n° 12 (1).pdf"),
        ("De\u0301libe\u0301ration.pdf", "Délibération.pdf"),
        ("  plan.pdf ", "plan.pdf"),
        ("plan.pdf.", "plan.pdf"),
        ("Quel avenir ?.pdf", "Quel avenir -.pdf"),
        ("contrat.pdf", "contrat.pdf"),
        ("CONseil.pdf", "CONseil.pdf"),
        ("a" * 196 + ".pdf", "a" * 196 + ".pdf"),
    ],
)
def test_good_name_is_kept(nom: str, kept: str):
    assert check_name(nom) == kept


@pytest.mark.parametrize(
    ("nom", "sentence"),
    [
        ("../../etc/passwd", "Le nom « ../../etc/passwd » contient un chemin de dossier."),
        ("C:\\Users\\zoe\\plan.pdf", "contient un chemin de dossier."),
        ("plan\0.pdf", "Le nom « plan�.pdf » contient un caractère invisible."),
        ("plan\n.pdf", "contient un caractère invisible."),
        ("plan\ud800.pdf", "contient un caractère invisible."),
        ("facture\u202efdp.exe", "contient un caractère qui inverse le sens de lecture"),
        ("a" * 296 + ".pdf", "compte 300 caractères. Raccourcissez-le à 200 au plus."),
        ("CON.pdf", "« CON.pdf » est un nom réservé par Windows"),
        ("lpt1.tar.gz", "est un nom réservé par Windows"),
        ("...", "Ce fichier n’a pas de nom."),
        ("   ", "Ce fichier n’a pas de nom."),
        ("", "Ce fichier n’a pas de nom."),
    ],
)
def test_dangerous_name_is_refused_with_its_own_sentence(nom: str, sentence: str):
    with pytest.raises(FichierRefuse) as refusal:
        check_document(sent(nom, PDF))
    assert sentence in plain(refusal.value)
    assert "\0" not in str(refusal.value)
    assert "\u202e" not in str(refusal.value)


@given(st.text(max_size=250))
def test_kept_name_is_safe_on_any_system(nom: str):
    try:
        kept = check_name(nom)
    except FichierRefuse:
        return
    assert kept == check_name(kept)
    assert not set(kept) & set('/\\<>:"|?*\0\n\u202e')
    assert kept.strip(" .")


@pytest.mark.parametrize(
    ("nom", "content"),
    [
        ("plan.pdf", PDF),
        ("scan.PDF", b"\xef\xbb\xbf\n" + PDF),
        ("courrier.docx", office("word")),
        ("budget.xlsx", office("xl")),
        ("conseil.pptx", office("ppt")),
        ("courrier.odt", open_document("text")),
        ("budget.ods", open_document("spreadsheet")),
        ("conseil.odp", open_document("presentation")),
        ("note.rtf", b"{\\rtf1 Bonjour}"),
        ("agents.csv", "Nom;Prénom\nThévenin;Jean-Marc".encode("cp1252")),
        ("MZ.txt", b"MZ, les initiales de Mireille Zeller"),
    ],
)
def test_good_document_is_accepted_and_left_at_its_beginning(nom: str, content: bytes):
    fichier = sent(nom, content)
    assert check_document(fichier) == nom
    assert fichier.read() == content


@pytest.mark.parametrize(
    ("nom", "content", "sentence"),
    [
        ("vide.pdf", b"", "Le fichier « vide.pdf » est vide."),
        ("outil.exe", PROGRAM, "« outil.exe » est un programme. Les programmes ne sont pas acceptés."),
        ("rapport.pdf.exe", PROGRAM, "n’est pas un .pdf : sa vraie extension est .exe, celle d’un programme."),
        ("rapport.pdf", PROGRAM, "est en réalité un programme. Ne l’ouvrez pas"),
        ("rapport.txt", b"#!/bin/sh\nrm -rf /", "est en réalité un programme."),
        ("page.pdf", b"<!DOCTYPE html><script>alert(1)</script>", "est en réalité une page web."),
        ("page.txt", b"\n <!-- x --><SCRIPT>1</SCRIPT>", "est en réalité une page web."),
        ("plan.docm", office("word"), "contient des macros, qui ne sont pas acceptées. Enregistrez-le au format .docx"),
        ("budget.xlsm", office("xl"), "Enregistrez-le au format .xlsx ou .pdf puis recommencez."),
        ("courrier.doc", OLE, "est à un ancien format. Enregistrez-le au format .docx ou .pdf"),
        ("courrier.docx", OLE, "ou protégé par un mot de passe. Enregistrez-le au format .docx, sans mot de passe."),
        ("logo.svg", b"<svg/>", "est un SVG, qui peut contenir du code. Enregistrez-le en PNG ou en PDF."),
        ("photos.rar", b"Rar!\x1a\x07\x01\0", "Le format .rar de « photos.rar » n’est pas accepté."),
        ("LISEZMOI", b"bonjour", "n’a pas d’extension. Ajoutez-la à son nom, par exemple « LISEZMOI.pdf »."),
        (".pdf", PDF, "n’a pas d’extension."),
        ("plan.pdf", picture(), "porte l’extension .pdf mais contient une image JPEG."),
        ("plan.docx", PDF, "porte l’extension .docx mais contient un PDF."),
        ("plan.docx", office("xl"), "porte l’extension .docx mais contient un classeur Excel."),
        ("plan.odt", archive(x=b""), "porte l’extension .odt mais contient une archive ZIP."),
        ("plan.docx", office("word")[:40], "contient quelque chose que nous ne reconnaissons pas."),
        ("dessin.txt", b'<?xml version="1.0"?>\n<svg onload="x()"/>', "contient un dessin SVG."),
    ],
)
def test_bad_document_is_refused_with_its_own_sentence(nom: str, content: bytes, sentence: str):
    with pytest.raises(FichierRefuse) as refusal:
        check_document(sent(nom, content))
    assert sentence in plain(refusal.value)


def test_document_at_the_limit_is_accepted_and_one_byte_more_is_refused():
    assert check_document(sent("plan.pdf", PDF.ljust(2 * 1024**2)), max_bytes=2 * 1024**2) == "plan.pdf"
    with pytest.raises(FichierRefuse, match="pèse 2,1.Mo, pour 2.Mo au plus"):
        check_document(sent("plan.pdf", PDF.ljust(2 * 1024**2 + 1)), max_bytes=2 * 1024**2)
