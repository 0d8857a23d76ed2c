"""Afterwards: evaluations, history of a person, figures of the year."""
