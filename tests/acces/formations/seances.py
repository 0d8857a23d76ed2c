"""Rows of the access matrix: seances."""

from tests.acces.lignes import Ligne

LIGNES: dict[str, Ligne] = {}
