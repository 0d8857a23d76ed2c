"""`manage.py installer`: what a service needs before its first visitor, ground first; run again, it changes nothing."""

import time

from django.core.management.base import BaseCommand

from extranet.lib.apports import contributions


class Command(BaseCommand):
    help = "Prépare la base : listes de référence, groupes, pages, textes. Se relance sans danger."

    def handle(self, *args: object, verbosity: int, **options: object) -> None:
        for function in contributions("installer"):
            start = time.monotonic()
            function()
            if verbosity > 0:
                app = function.__module__.split(".")[0]
                self.stdout.write(f"{app}\u00a0: en place ({time.monotonic() - start:.1f} s)")
