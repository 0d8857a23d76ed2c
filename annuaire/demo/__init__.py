"""The directory of the demo: whom to call at night and outside, and which cards somebody has read."""

from annuaire.demo.chargement import load

__all__ = ["load"]
