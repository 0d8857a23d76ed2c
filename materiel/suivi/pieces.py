"""« Pièces du prêt »: its convention and its papers, each with its file, its weight and where it stands."""

from dataclasses import dataclass
from datetime import date

from django.db.models.fields.files import FieldFile
from django.urls import reverse

from extranet.lib.francais import NBSP, jour, poids
from materiel.constats.dossier import Dossier
from materiel.enums import Cote
from materiel.models import Convention, Papier


@dataclass(frozen=True)
class Piece:
    """`fait` is « PDF, 84 Ko »; without a file, nothing is opened and `extension` is empty."""

    titre: str
    url: str = ""
    extension: str = ""
    fait: str = ""
    ton: str = ""
    icone: str = ""
    etat: str = ""


def pieces(dossier: Dossier) -> list[Piece]:
    """The convention that covers the loan or is to be signed for it, the papers of the thing, the last insurance."""
    convention = dossier.cadre or dossier.propre
    papers = [*dossier.papiers_du_materiel, *dossier.assurances[:1]]
    found = [_of_paper(one, dossier.pret.date_fin) for one in papers]
    return [_of_convention(convention), *found] if convention else found


def _of_convention(convention: Convention) -> Piece:
    name = "Convention-cadre" if convention.is_cadre else "Convention"
    missing = len(Cote) - len(convention.signatures.all())
    if convention.signee_le:
        state = ("ok", "", f"Signée le {jour(convention.signee_le)}")
    elif convention.copie_attend:
        state = ("wait", "file-earmark-check", "Copie à reconnaître")
    elif missing < len(Cote):
        state = ("wait", "pen", "Une signature manque")
    else:
        state = ("wait", "pen", "À signer")
    url = reverse("materiel:convention_pdf", args=[convention.pk])
    return _piece(f"{name} n°{NBSP}{convention.numero}", url, convention.signe or convention.file, state)


def _of_paper(paper: Papier, fin: date) -> Piece:
    name = str(paper)
    until, state = jour(paper.valable_jusqu_au), ("", "", "")
    if not paper.is_valid():
        state = ("alert", "calendar-x", f"Échu le {until}")
    elif not paper.is_valid(fin):
        state = ("alert", "calendar-x", f"Finit avant le retour, le {until}")
    elif until:
        state = ("ok", "", f"Valable jusqu’au {until}")
    url = reverse("materiel:papier_fichier", args=[paper.pk, paper.nom]) if paper.file else ""
    return _piece(f"{name[:1].upper()}{name[1:]}", url, paper.file, state)


def _piece(titre: str, url: str, file: FieldFile, state: tuple[str, str, str]) -> Piece:
    if not file:
        return Piece(titre, "", "", "Fichier non joint", *state)
    kind = file.name.rpartition(".")[2].upper()[:5]
    try:
        weight = file.size
    except FileNotFoundError:  # lost by the storage: its own page says so
        return Piece(titre, "", "", "Fichier introuvable", *state)
    return Piece(titre, url, kind, f"{kind}, {poids(weight)}", *state)
