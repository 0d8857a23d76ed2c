"""Telling those whom a movement concerns, once, after the transaction that wrote it."""
