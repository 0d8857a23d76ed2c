"""The lending of the demo: what the communes lend, a year of loans, and those under way."""

from materiel.demo.chargement import load

__all__ = ["load"]
