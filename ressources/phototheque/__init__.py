"""The photos of the library: their grid, their sizes, what allows them, and what ends it."""
