"""`manage.py importer_collectivites FICHIER --epci SIREN`."""

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from collectivites.importation.refus import ImportRefuse
from collectivites.importation.territoire import import_territoire
from collectivites.listes import DATA
from extranet.lib.fichiers import why_unreadable
from extranet.lib.tableur import TableurRefuse

MILLESIME = 2026  # that of the populations of `collectivites/data/communes.csv`


class Command(BaseCommand):
    help = "Charge une intercommunalité et ses communes depuis un CSV ou un XLSX. Rejouable : met à jour."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("fichier", nargs="?", default=str(DATA / "communes.csv"), help="par défaut : %(default)s")
        parser.add_argument("--epci", required=True, help="le SIREN de l’intercommunalité, par exemple 200010650")
        parser.add_argument("--millesime", type=int, default=MILLESIME, help="l’année des populations (%(default)s)")

    def handle(self, *, fichier: str, epci: str, millesime: int, **options: object) -> None:
        if not 1990 <= millesime <= timezone.localdate().year + 1:
            raise CommandError(f"« {millesime} » n’est pas l’année d’un recensement.")
        try:
            with Path(fichier).open("rb") as file:
                bilan = import_territoire(file, epci, millesime)
        except OSError as error:
            raise CommandError(f"Le fichier {fichier} ne s’ouvre pas : {why_unreadable(error)}.") from error
        except TableurRefuse as refusal:
            raise CommandError(str(refusal)) from refusal
        except ImportRefuse as refusal:
            for erreur in refusal.erreurs:
                self.stderr.write(str(erreur))
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(
            f"{bilan.epci.nom} : {len(bilan.ajoutees)} commune(s) ajoutée(s), "
            f"{len(bilan.mises_a_jour)} mise(s) à jour, {bilan.inchangees} inchangée(s)."
        )
        if bilan.absentes:
            self.stdout.write(
                f"Absente(s) du fichier, laissée(s) en l’état : {', '.join(bilan.absentes)}. "
                "Si une commune est partie, notez sa date de sortie dans l’administration."
            )
