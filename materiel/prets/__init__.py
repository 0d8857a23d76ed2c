"""The acts of a loan, from its request to what was agreed of it."""
