"""Rows of the access matrix: plan."""

from tests.acces.lignes import Ligne

LIGNES: dict[str, Ligne] = {}
