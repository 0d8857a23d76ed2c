"""`manage.py envoyer_digests`."""

from django.core.management.base import BaseCommand

from notifications.resumes import write_digests


class Command(BaseCommand):
    help = "Écrit les résumés du jour et de la semaine dont l’heure est passée. Relancée, elle n’en répète aucun."

    def handle(self, **options: object) -> None:
        self.stdout.write(f"Résumés écrits\u00a0: {write_digests()}.")
