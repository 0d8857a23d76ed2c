"""The 25 good files, and what must come out of each."""

import io
import unicodedata
import zipfile
from collections.abc import Callable
from dataclasses import dataclass

from tests.fichiers import bureau, documents
from tests.lib.envois import picture

ROWS = "Commune;Habitants\nChampvans;1 402\nSaint-Aubin;1 739\nÉclans-Nenon;405\n"


@dataclass(frozen=True)
class Bon:
    """`mots`: words that its text must hold. `etat`: what its reading must be; empty for a picture or an archive."""

    nom: str
    contenu: Callable[[], bytes]
    mots: tuple[str, ...] = ()
    etat: str = "ok"
    titre: str = ""


def _word() -> bytes:
    paragraph = bureau.paragraph
    cells = "".join(f"<w:tc>{paragraph(text)}</w:tc>" for text in ("Lundi", "8 h 30"))
    box = paragraph("Encadré")
    return bureau.docx(
        f"{paragraph('Règlement de la cantine', 'Titre1')}<w:tbl><w:tr>{cells}</w:tr></w:tbl>"
        f'<mc:AlternateContent xmlns:mc="m"><mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback>'
        '</mc:AlternateContent><w:p><w:r><w:br w:type="page"/></w:r></w:p>'
        "<w:p><w:r><w:lastRenderedPageBreak/><w:t>Seconde page</w:t></w:r></w:p>"
        "<w:p><w:del><w:r><w:delText>Supprimé</w:delText></w:r></w:del></w:p>"
    )


def _libreoffice() -> bytes:
    body = bureau.paragraph("Délibération n° 2027-04", "Heading") + bureau.paragraph(
        "Le conseil, à l’unanimité, décide."
    )
    return bureau.docx(body, title="Délibération relative au préau")


def _zip() -> bytes:
    """As an old Windows writes it: names in the code page of DOS, and the noise of a Mac."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in ("dossier/Arrete.txt", "__MACOSX/dossier/._Arrete.txt", "Thumbs.db"):
            archive.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), "Arrêté du maire".encode())
    return buffer.getvalue().replace(b"dossier/Arrete", b"dossier/Arr\x88te")


GOOD = [
    Bon(
        "Délibération n° 12 (été).pdf",
        lambda: documents.pdf(
            "= Réfection du préau\nLe conseil décide.\n#pagebreak()\nAnnexe", title="Réfection du préau"
        ),
        ("Le conseil décide.", "\fAnnexe"),
        titre="Réfection du préau",
    ),
    Bon(
        "archive PDF-A.pdf",
        lambda: documents.pdf("= Plan communal de sauvegarde\n#lorem(80)", standard="a-2b"),
        ("Lorem ipsum",),
        titre="Plan communal de sauvegarde",
    ),
    Bon("restreint.pdf", lambda: documents.changed("droits"), ("Règlement intérieur",)),
    Bon("scan de la mairie.pdf", lambda: documents.scan(22), etat="numerise"),
    Bon(
        "délibération LibreOffice.docx",
        _libreoffice,
        ("Le conseil, à l’unanimité, décide.",),
        titre="Délibération relative au préau",
    ),
    Bon("Cantine.DOCX", _word, ("Lundi \t8 h 30", "Encadré", "\fSeconde page"), titre="Règlement de la cantine"),
    Bon(
        "budget.xlsx",
        documents.xlsx,
        ("Budget 2027\n", "Réfection du préau\t01/03/2027\t12500,5\toui\t\tà revoir", "\fDépenses\nÉclairage\t3"),
    ),
    Bon(
        "réunion.pptx",
        lambda: bureau.pptx(("Bilan de la saison", "Dix gymnases"), ("La suite", "Deux chantiers")),
        ("Dix gymnases\fLa suite\nDeux chantiers",),
        titre="Bilan de la saison",
    ),
    Bon(
        "convention.odt",
        bureau.odt,
        ("Entre la commune\tet le syndicat.", "\fArticle premier"),
        titre="Convention de mise à disposition",
    ),
    Bon("subventions.ods", bureau.ods, ("Subventions\nCommune", "\t\t\tMontant", "Champvans \t\t\t1 250,00 €")),
    Bon("réunion.odp", bureau.odp, ("PLUi\fCalendrier",), titre="Réunion publique du PLUi"),
    Bon("arrêté.rtf", lambda: documents.RTF, ("arrête", "pont’est fermé.\fFin"), titre="Arrêté de circulation"),
    Bon("circulaire.eml", documents.eml, ("3 mars", "circulaire été.pdf"), titre="Circulaire sur les élections"),
    Bon("communes.csv", lambda: ROWS.encode(), ("Éclans-Nenon\t405",)),
    Bon("communes ancien Excel.csv", lambda: ROWS.encode("cp1252"), ("Éclans-Nenon\t405",)),
    Bon("communes unicode.csv", lambda: ROWS.encode("utf-16"), ("Éclans-Nenon\t405",)),
    Bon("formules.csv", lambda: b"Nom;Calcul\n=1+1;+33\n-5;@x\n", ("=1+1\t+33",)),
    Bon("MZ.txt", lambda: "MZ, les initiales de Mireille Zeller, élue".encode(), ("élue",)),
    Bon(unicodedata.normalize("NFD", "Arrêté été.txt"), lambda: "\ufeffArrêté".encode(), ("Arrêté",)),
    Bon("é" * 196 + ".txt", lambda: b"Un nom de 200 lettres", ("200 lettres",)),
    Bon("IMG_0042.JPG", documents.phone_photo, etat=""),
    Bon("IMG_0043.heic", documents.heic, etat=""),
    Bon("capture d’écran.png", lambda: picture("PNG", size=(300, 200)), etat=""),
    Bon("affiche.webp", lambda: picture("WEBP", size=(300, 200)), etat=""),
    Bon("dossier complet.zip", _zip, etat=""),
]
