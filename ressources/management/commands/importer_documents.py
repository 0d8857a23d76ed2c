"""`manage.py importer_documents ARCHIVE TABLEAU --au-nom-de ADRESSE`: what it would take; `--appliquer` takes it."""

from argparse import ArgumentParser
from pathlib import Path

from django.core.files import File
from django.core.management.base import BaseCommand, CommandError

from collectivites.models import Agent
from extranet.lib.fichiers import why_unreadable
from extranet.lib.tableur import TableurRefuse
from extranet.lib.uploads import FichierRefuse
from ressources.importation import Etat, Table, import_documents, read_table
from ressources.permissions import can_review


class Command(BaseCommand):
    help = (
        "Lit une archive ZIP et le tableau (XLSX ou CSV) qui décrit ses fichiers, et dit ce qui serait importé. Avec "
        "--appliquer, l’importe, fichier par fichier\u00a0: interrompu, il se relance sans rien prendre deux fois."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("archive")
        parser.add_argument("tableau")
        parser.add_argument("--au-nom-de", required=True, metavar="ADRESSE", help="un responsable des ressources")
        parser.add_argument("--appliquer", action="store_true", help="importe")

    def handle(self, *, archive: str, tableau: str, au_nom_de: str, appliquer: bool, **options: object) -> None:
        agent = Agent.objects.filter(email=au_nom_de.lower()).first()
        if agent is None or not can_review(agent):
            raise CommandError(f"{au_nom_de} n’est pas l’adresse d’un responsable des ressources en poste.")
        try:
            with Path(tableau).open("rb") as table:
                lines = read_table(table)
            with Path(archive).open("rb") as packed:
                refused = self.take(File(packed, name=Path(archive).name), lines, agent, write=appliquer)
        except OSError as error:
            raise CommandError(f"{error.filename} ne s’ouvre pas\u00a0: {why_unreadable(error)}.") from error
        except (TableurRefuse, FichierRefuse) as refusal:
            raise CommandError(str(refusal)) from refusal
        if not appliquer:
            self.stdout.write("Rien n’est encore écrit\u00a0: relancez avec --appliquer.")
        if refused or lines.erreurs:
            raise CommandError(f"{refused} fichier(s) refusé(s), {len(lines.erreurs)} cellule(s) à corriger.")

    def take(self, packed: File, lines: Table, agent: Agent, *, write: bool) -> int:
        """Announces each file once it is written; returns how many were refused."""
        for erreur in lines.erreurs:
            self.stderr.write(str(erreur))
        refused = 0
        place = agent.postes_en_cours[0].collectivite
        for found in import_documents(packed, lines, agent, place, write=write):
            refused += found.etat == Etat.REFUSE
            output = self.stderr if found.etat == Etat.REFUSE else self.stdout
            output.write(f"{found.etat}\t{found.sha256}\t{found.fichier}\t{found.phrase}".replace("\t\t", "\t"))
            output.flush()
        return refused
