"""Portraits: the text that allows them, how one arrives and goes, and what is swept after a failure."""
