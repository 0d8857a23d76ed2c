"""`manage.py search_rebuild`."""

from time import monotonic
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from search.engines.base import MoteurInjoignable
from search.indexation import refill
from search.models import SearchEntry
from search.reconstruction import rebuild

WIDTH = 30


class Command(BaseCommand):
    help = (
        "Refait l’index à neuf, sans que la recherche s’arrête. Interrompue, elle reprend l’index de la grappe où elle"
        " l’avait laissé ; celui de la base est refait sur place, lot par lot."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--objets", action="store_true", help="redemande d’abord son entrée à chaque objet")

    def handle(self, **options: Any) -> None:
        self._told = 0.0
        if options["objets"]:
            done = 0
            for done in refill():
                self._show(f"{done} objets relus")
            self._show(f"{done} objets relus", last=True)
        total = SearchEntry.objects.count()
        try:
            count = rebuild(lambda done: self._advance(done, max(total, done)))
        except MoteurInjoignable as error:
            raise CommandError(
                f"La grappe ne répond plus, l’index précédent reste en service\u00a0: {error} Relancez pour reprendre."
            ) from error
        self.stdout.write(f"Index refait\u00a0: {count} entrées.")

    def _advance(self, done: int, total: int) -> None:
        full = WIDTH * done // total
        self._show(f"[{'█' * full}{'·' * (WIDTH - full)}] {done} / {total}", last=done == total)

    def _show(self, line: str, *, last: bool = False) -> None:
        """On one line of a terminal; elsewhere a line every ten seconds."""
        live = self.stderr.isatty()
        if not last and monotonic() < self._told + (0.1 if live else 10):
            return
        self._told = monotonic()
        self.stderr.write(f"\r{line}" if live else line, ending="\n" if last or not live else "", style_func=str)
