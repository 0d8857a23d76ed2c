"""Configuration of the lending of equipment."""

from django.apps import AppConfig


class MaterielConfig(AppConfig):
    name = "materiel"
    verbose_name = "matériel"
