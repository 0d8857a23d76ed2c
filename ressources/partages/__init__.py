"""Giving a document to somebody: a word to a colleague, or a file to who has no account."""
