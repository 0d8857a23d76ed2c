"""What the search brings to the other apps: the index follows what they save."""

from search.indexation import desindexer, indexer

__all__ = ["desindexer", "indexer"]
