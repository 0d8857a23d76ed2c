"""Spreadsheets: files read line by line with the errors of each, and exports written."""

from extranet.lib.tableur.ecriture import csv, neutral, xlsx
from extranet.lib.tableur.lecture import Colonne, Erreur, Lecture, Ligne, parse_date, read_rows
from extranet.lib.tableur.sources import TableurRefuse

__all__ = [
    "Colonne",
    "Erreur",
    "Lecture",
    "Ligne",
    "TableurRefuse",
    "csv",
    "neutral",
    "parse_date",
    "read_rows",
    "xlsx",
]
