"""`manage.py verifier_registre`: tells the ledger again from what is held; exit status 2 when they differ."""

import sys

from django.core.management.base import BaseCommand

from materiel.registre.verification import differences


class Command(BaseCommand):
    help = "Recompte le registre des prêts à partir de ce qui est retenu. Sort avec le code 2 s’il y a une différence."

    def handle(self, **options: object) -> None:
        found = differences()
        for one in found:
            self.stdout.write(str(one))
        if found:
            self.stdout.write(f"{len(found)} différence(s). « manage.py reconstruire_registre » récrit le registre.")
            sys.exit(2)
        self.stdout.write("Le registre dit ce qui est retenu, et rien d’autre.")
