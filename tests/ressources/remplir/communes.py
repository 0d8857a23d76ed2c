"""The models of the demonstration, filled for the communes of the Grand Dole."""

import csv
import re
from pathlib import Path

from collectivites.listes import DATA
from extranet.lib.noms import a_nom, de_nom
from extranet.lib.typographie import space
from ressources.demo.a_remplir import DOSSIER, register
from ressources.demo.ecriture import actes_odf, actes_word
from ressources.remplir import docx, odt
from ressources.remplir.champs import cased, find
from tests.ressources.remplir.modeles import opened

GRAND_DOLE = "200010650"
# What a field left to fill would show.
RESTE = re.compile(r"\{\{|\}\}|\{%|%\}")


def communes() -> list[str]:
    with (Path(DATA) / "communes.csv").open(encoding="utf-8", newline="") as file:
        return [row["nom"] for row in csv.DictReader(file) if row["epci_siren"] == GRAND_DOLE]


def model(cle: str, extension: str) -> bytes:
    body = (DOSSIER / f"{cle}.txt").read_text(encoding="utf-8").partition("\n\n")[2]
    write = actes_word.docx if extension == "docx" else actes_odf.odt
    return write("Un modèle", "La mairie", space(body.replace("@traitements", register())))


def fill(content: bytes, extension: str, values: dict[str, str]) -> bytes:
    modele = opened(content, extension)
    texts = {name: cased(name, values.get(find(name).code, find(name).exemple)) for name in modele.balises()}
    return (docx if extension == "docx" else odt).fill(modele, texts)


def values_for(nom: str) -> dict[str, str]:
    nom = nom.replace("'", "’")
    return {
        "commune": nom,
        "de_commune": de_nom(nom),
        "a_commune": a_nom(nom),
        "la_commune": f"la commune {de_nom(nom)}",
    }
