"""Conventions and rules of lending: their words, their papers, their signatures."""
