"""What leaves the library with a reader: an archive, a table, a feed. Each asks the gate when it is taken."""
