"""`manage.py envoyer_courriels`."""

from django.core.management.base import BaseCommand, CommandError

from notifications.expedition import Expediteur, tidy
from notifications.models import Courriel

MOTS = {
    "envoye": "envoyé(s)",
    "reporte": "remis à plus tard",
    "refuse": "refusé(s)",
    "incertain": "incertain(s)",
    "annule": "annulé(s)",
    "abandonne": "abandonné(s)",
}


class Command(BaseCommand):
    help = "Envoie une fois ce qui attend, comme le fait sans cesse « veille »."

    def handle(self, **options: object) -> None:
        tidy()
        expediteur = Expediteur()
        bilan = expediteur.send_due()
        told = [f"{bilan[key]} {words}" for key, words in MOTS.items() if bilan[key]]
        self.stdout.write(", ".join(told) or "Rien à envoyer.")
        if expediteur.failures:
            waiting = Courriel.objects.waiting().count()
            raise CommandError(
                f"Le serveur de courriel ne répond pas ({expediteur.error}). Courriels en attente\u00a0: {waiting}."
            )
