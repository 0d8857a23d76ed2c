"""Bringing the territory and its people in from files, all or nothing."""
