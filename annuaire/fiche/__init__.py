"""Keeping a card true: changing it, reading it again each year, hiding it, saying who answers meanwhile."""
