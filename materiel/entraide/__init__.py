"""Needs and their answers, and what communes have given one another."""
