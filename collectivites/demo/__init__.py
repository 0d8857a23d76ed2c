"""A fictional territory to look at, to measure and to test in: real communes, invented people."""

from collectivites.demo.monde import Monde

__all__ = ["Monde"]
