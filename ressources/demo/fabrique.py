"""Files made of texts: what is asked for, and what comes of it, with the words that a reader would find in it.

The same order gives the same bytes, so a second demo in the same process makes nothing anew.
"""

import hashlib
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from os import cpu_count

import pypdfium2 as pdfium
from django.core.files.base import ContentFile

from extranet.lib.extraction.lecteurs.commun import Texte as Lu
from extranet.lib.pdf import render
from ressources.demo.ecriture import actes, actes_odf, actes_word
from ressources.demo.ecriture.classeur import xlsx
from ressources.demo.ecriture.commun import lines_of
from ressources.demo.ecriture.odf import odt
from ressources.demo.ecriture.word import docx
from ressources.demo.images import scanned
from ressources.demo.paysages import landscape
from ressources.demo.textes import Bloc, Texte
from ressources.enums import Analyse
from ressources.remplir.controle import examine

PDF, DOCX, ODT, XLSX, SCAN, ABIME, PHOTO = "pdf", "docx", "odt", "xlsx", "scan", "abime", "photo"
ACTE_DOCX, ACTE_ODT = "acte-docx", "acte-odt"
EXTENSIONS = {SCAN: "pdf", ABIME: "pdf", PHOTO: "jpg", ACTE_DOCX: "docx", ACTE_ODT: "odt"}
_NUMERISE = "Ce document est numérisé\u00a0: son texte n’est pas cherchable."
_PERDU = "Ce PDF est abîmé ou incomplet\u00a0: son texte ne se lit pas."
_JOUR = datetime(2020, 11, 1, 12, tzinfo=UTC)
_SECONDS = 60.0


@dataclass(frozen=True)
class Commande:
    """A text, and the file to make of it."""

    texte: Texte
    forme: str

    @property
    def extension(self) -> str:
        return EXTENSIONS.get(self.forme, self.forme)


@dataclass(frozen=True)
class Produit:
    contenu: bytes
    texte: str = ""
    pages: int | None = None
    analyse: Analyse = Analyse.LU
    motif: str = ""
    # Of a model that fills itself in.
    champs: tuple[str, ...] = ()

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.contenu).hexdigest()


def make_all(commandes: Iterable[Commande]) -> dict[Commande, Produit]:
    """All of them; PDF are composed by as many threads as there are processors, typst lets them run together."""
    wanted = list(dict.fromkeys(commandes))
    with ThreadPoolExecutor(cpu_count() or 1) as pool:
        list(pool.map(composed, [one.texte for one in wanted if one.forme in {PDF, SCAN, ABIME}]))
    return {one: make(one) for one in wanted}


@cache
def make(commande: Commande) -> Produit:
    """Not by several threads: pdfium, which reads the pages, allows one."""
    texte, forme = commande.texte, commande.forme
    if forme == PHOTO:
        return Produit(landscape(texte.titre, texte.auteur), analyse=Analyse.SANS_TEXTE)
    if forme == XLSX:
        content, words, sheets = xlsx(texte)
        return Produit(content, words, sheets)
    if forme in {ACTE_DOCX, ACTE_ODT}:
        return _act(texte, EXTENSIONS[forme])
    if forme in {DOCX, ODT}:
        return Produit((docx if forme == DOCX else odt)(texte), "\n".join(lines_of(texte)))
    return _pdf(texte, forme)


def _act(texte: Texte, extension: str) -> Produit:
    """Looked into as any model that is deposited."""
    words = texte.parties[0].texte
    content = (actes_word.docx if extension == DOCX else actes_odf.odt)(texte.titre, texte.auteur, words)
    champs = examine(ContentFile(content), extension).champs
    return Produit(content, "\n".join(actes.lines_of(words)), champs=tuple(champs))


def _pdf(texte: Texte, forme: str) -> Produit:
    content = composed(texte)
    if forme == SCAN:
        picture, pages = scanned(content, texte.titre)
        return Produit(picture, "", pages, Analyse.NUMERISE, _NUMERISE)
    if forme == ABIME:  # as a copy stopped half way leaves it
        return Produit(content[: len(content) // 3], "", None, Analyse.NON_LU, _PERDU)
    words, pages = _words(content)
    return Produit(content, words, pages)


@cache
def composed(texte: Texte) -> bytes:
    data = {
        "titre": texte.titre,
        "auteur": texte.auteur,
        "sujet": texte.surtitre or texte.titre,
        "pied": texte.auteur,
        "surtitre": texte.surtitre,
        "avertissement": texte.avertissement,
        "credit": texte.credit,
        "parties": [
            {"titre": partie.titre, "blocs": [_block(bloc) for bloc in partie.blocs]} for partie in texte.parties
        ],
    }
    return render("texte", data, date=_JOUR)


def _block(bloc: Bloc) -> dict:
    """Items as a tree: each with those of the levels below that follow it."""
    roots: list[dict] = []
    open_ones: list[tuple[int, list[dict]]] = [(-1, roots)]
    for level, text in bloc.items:
        while open_ones[-1][0] >= level:
            open_ones.pop()
        item = {"texte": text, "enfants": []}
        open_ones[-1][1].append(item)
        open_ones.append((level, item["enfants"]))
    return {"genre": bloc.genre, "texte": bloc.texte, "items": roots, "lignes": bloc.lignes}


def _words(content: bytes) -> tuple[str, int]:
    """What the reader of the site finds in these pages."""
    lu = Lu(_SECONDS)
    document = pdfium.PdfDocument(content)
    pages = len(document)
    for number, page in enumerate(document):
        textpage = page.get_textpage()
        lu.add("\f" * bool(number) + textpage.get_text_bounded())
        textpage.close()
        page.close()
    document.close()
    return lu.clean().strip("\f"), pages
