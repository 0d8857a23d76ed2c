"""`manage.py veille`."""

from django.core.management.base import BaseCommand

from notifications.veille import Veilleur


class Command(BaseCommand):
    help = "Envoie les courriels, exécute les tâches de fond et tient les horaires. Deux ne se gênent pas."

    def handle(self, **options: object) -> None:
        Veilleur().run()
