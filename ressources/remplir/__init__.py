"""Models that fill themselves in: their fields, the check of a file, the card of a commune, the file that comes out."""
