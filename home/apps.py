"""Configuration of the home app."""

from importlib import import_module

from django.apps import AppConfig


class HomeConfig(AppConfig):
    name = "home"
    verbose_name = "accueil et pages"

    def ready(self) -> None:
        # Its modules import models: not before the apps are loaded.
        import_module("home.annonces").connect()
        import_module("home.relecture").connect()
