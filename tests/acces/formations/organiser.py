"""Rows of the access matrix: organiser."""

from tests.acces.lignes import Ligne

LIGNES: dict[str, Ligne] = {}
