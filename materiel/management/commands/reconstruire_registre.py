"""`manage.py reconstruire_registre`: writes the ledger anew from what is held, thing by thing, the service running."""

import sys

from django.core.management.base import BaseCommand

from materiel.registre.verification import rebuild


class Command(BaseCommand):
    help = "Récrit le registre des prêts à partir de ce qui est retenu. Sort avec le code 2 si un matériel ne le peut."

    def handle(self, **options: object) -> None:
        bilan = rebuild()
        for one in bilan.reecrits:
            self.stdout.write(f"Récrit. {one}")
        for one in bilan.impossibles:
            self.stderr.write(f"À régler à la main. {one}")
        self.stdout.write(f"{len(bilan.reecrits)} matériel(s) récrit(s), {len(bilan.impossibles)} à régler à la main.")
        if bilan.impossibles:
            sys.exit(2)
