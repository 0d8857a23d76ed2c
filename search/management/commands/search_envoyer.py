"""`manage.py search_envoyer`."""

from django.core.management.base import BaseCommand, CommandError

from search.engines import est_reparti
from search.envoi import Envoi
from search.models import SearchOutbox


class Command(BaseCommand):
    help = "Envoie une fois à la grappe ce qui attend, comme le fait sans cesse « veille »."

    def handle(self, **options: object) -> None:
        if not est_reparti():
            self.stdout.write("SEARCH_URL est vide\u00a0: la recherche vit dans la base, rien n’est à envoyer.")
            return
        envoi = Envoi()
        self.stdout.write(f"Changements envoyés\u00a0: {envoi.send_due()}.")
        if waiting := SearchOutbox.objects.count():
            reason = envoi.error or f"{len(envoi.aside)} refusé(s)"
            raise CommandError(f"Changements en attente\u00a0: {waiting} ({reason}).")
