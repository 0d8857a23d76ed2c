"""The training of the demo: sheets, sessions to come in every state, and a year that has passed."""

from formations.demo.chargement import load

__all__ = ["load"]
