"""Configuration of the library."""

from importlib import import_module

from django.apps import AppConfig


class RessourcesConfig(AppConfig):
    name = "ressources"
    verbose_name = "ressources"

    def ready(self) -> None:
        # It imports models: not before the apps are loaded.
        import_module("ressources.annonces").connect()
        import_module("ressources.relecture").connect()
        import_module("ressources.questions.indexation").connect()
