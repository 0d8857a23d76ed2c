"""`manage.py search_check [--repair]`."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from search.engines import est_reparti, moteur
from search.engines.base import MoteurInjoignable
from search.etat import compare
from search.models import SearchEntry, SearchOutbox
from search.verification import repair


class Command(BaseCommand):
    help = "Compare ce que chaque moteur tient avec la table des entrées ; sort en erreur s’il y a un écart."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--repair", action="store_true", help="corrige les écarts, puis compare à nouveau")

    def handle(self, **options: Any) -> None:
        left = self._compare()
        if options["repair"] and left:
            try:
                repair()
            except MoteurInjoignable as error:
                raise CommandError(f"La grappe ne répond pas\u00a0: {error}") from error
            left = self._compare() + SearchOutbox.objects.count()
        if left:
            advice = "lancez search_rebuild" if options["repair"] else "relancez avec --repair"
            raise CommandError(f"Il reste {left} écart(s) ou changement(s) refusé(s)\u00a0: {advice}.")
        if est_reparti() and not (health := moteur().health()).ok:
            raise CommandError(f"La grappe n’a pas pu être comparée. {health.detail}")

    def _compare(self) -> int:
        total, left = SearchEntry.objects.count(), 0
        for name, found in compare():
            left += found.total
            told = (
                f"{len(found.manquantes)} manquante(s), {len(found.perimees)} périmée(s), {len(found.fantomes)} en trop"
            )
            self.stdout.write(f"{name}\u00a0: {total} entrées, {told if found else 'aucun écart'}.")
        return left
