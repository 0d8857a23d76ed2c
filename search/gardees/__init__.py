"""Searches kept by somebody, and the mail that says what is new in them."""
