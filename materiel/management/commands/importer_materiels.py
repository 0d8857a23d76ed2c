"""`manage.py importer_materiels TABLEAU --au-nom-de ADRESSE`: what it would post; `--appliquer` posts it."""

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from collectivites.models import Agent, Collectivite
from extranet.lib.fichiers import why_unreadable
from extranet.lib.tableur import TableurRefuse
from materiel.parc.importation import Etat, Listes, import_things, read_inventory


class Command(BaseCommand):
    help = (
        "Lit l’inventaire (XLSX ou CSV) du matériel d’une ou de plusieurs communes, et dit ce qui serait proposé au "
        "prêt. Avec --appliquer, le propose, ligne par ligne\u00a0: interrompu, il se relance sans rien prendre deux "
        "fois."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("tableau")
        parser.add_argument("--au-nom-de", required=True, metavar="ADRESSE", help="un gestionnaire ou un responsable")
        parser.add_argument("--commune", default="", help="celle des lignes qui n’en nomment pas")
        parser.add_argument("--brouillons", action="store_true", help="garde les fiches en brouillon")
        parser.add_argument("--appliquer", action="store_true", help="importe")

    def handle(
        self, *, tableau: str, au_nom_de: str, commune: str, brouillons: bool, appliquer: bool, **options: object
    ) -> None:
        agent = Agent.objects.filter(email=au_nom_de.lower()).first()
        listes = Listes(agent) if agent is not None else None
        if listes is None or not listes.places:
            raise CommandError(f"{au_nom_de} n’est pas l’adresse d’une personne qui gère du matériel.")
        try:
            place = self.place(agent, listes, commune)
            with Path(tableau).open("rb") as content:
                lecture = read_inventory(content, listes)
        except OSError as error:
            raise CommandError(f"{error.filename} ne s’ouvre pas\u00a0: {why_unreadable(error)}.") from error
        except (TableurRefuse, ValueError) as refusal:
            raise CommandError(str(refusal)) from refusal
        for erreur in lecture.erreurs:
            self.stderr.write(str(erreur))
        refused = 0
        for found in import_things(lecture, listes, agent, place, write=appliquer, draft=brouillons):
            refused += found.etat == Etat.REFUSE
            output = self.stderr if found.etat == Etat.REFUSE else self.stdout
            output.write(f"{found.etat}\tligne {found.numero}\t{found.nom}\t{found.phrase}")
            output.flush()
        if not appliquer:
            self.stdout.write("Rien n’est encore écrit\u00a0: relancez avec --appliquer.")
        if refused or lecture.erreurs:
            raise CommandError(f"{refused} ligne(s) refusée(s), {len(lecture.erreurs)} cellule(s) à corriger.")

    def place(self, agent: Agent, listes: Listes, commune: str) -> Collectivite:
        """That of the option, else that of the first poste where one manages."""
        if commune:
            return listes.place(commune)
        mine = [poste.collectivite for poste in agent.postes_en_cours if poste.gestionnaire]
        return next(iter([*mine, *listes.places.values()]))
