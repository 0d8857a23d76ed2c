"""The library of the demo: real texts of 2020, models written for it, and three years of what communes do with them."""

from ressources.demo.chargement import load

__all__ = ["load"]
