"""Habilitations that end: the batch of a commune, the seats held for it."""
