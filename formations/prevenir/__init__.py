"""Telling those whom it concerns: each line of the history once, in the words of whoever reads it."""
