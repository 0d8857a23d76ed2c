"""Dates and numbers as French readers write them, where Django's own French formats differ."""

TIME_FORMAT = "G \\h i"
DATETIME_FORMAT = "j F Y, G \\h i"
SHORT_DATETIME_FORMAT = "d/m/Y, G \\h i"
THOUSAND_SEPARATOR = "\u202f"
