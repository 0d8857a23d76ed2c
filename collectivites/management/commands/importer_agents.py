"""`manage.py importer_agents FICHIER`: what a file of agents would change, and with `--appliquer` the change itself."""

from argparse import ArgumentParser, ArgumentTypeError
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from collectivites.importation.agents import Rapport, import_agents
from collectivites.importation.refus import ImportRefuse
from extranet.lib.fichiers import why_unreadable
from extranet.lib.tableur import Erreur, TableurRefuse

# Past that, nobody reads on: the first ones tell what is going on.
SHOWN = 40


def line_numbers(text: str) -> list[int]:
    """« 37,164 » gives two lines."""
    try:
        return [int(number) for number in text.split(",") if number.strip()]
    except ValueError:
        raise ArgumentTypeError("donnez des numéros de ligne, par exemple 37,164") from None


class Command(BaseCommand):
    help = (
        "Lit des agents et leurs postes dans un CSV ou un XLSX, et dit ce qui changerait. "
        "Avec --appliquer, l’écrit, en entier ou pas du tout."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("fichier")
        parser.add_argument("--appliquer", action="store_true", help="écrit, s’il ne reste aucune ligne à corriger")
        parser.add_argument(
            "--meme-personne",
            type=line_numbers,
            default=[],
            metavar="LIGNES",
            help="lignes dont l’homonyme de l’annuaire est la même personne, par exemple 37,164",
        )

    def handle(self, *, fichier: str, appliquer: bool, meme_personne: list[int], **options: object) -> None:
        try:
            with Path(fichier).open("rb") as file:
                rapport = import_agents(file, write=appliquer, same=meme_personne)
        except OSError as error:
            raise CommandError(f"Le fichier {fichier} ne s’ouvre pas : {why_unreadable(error)}.") from error
        except TableurRefuse as refusal:
            raise CommandError(str(refusal)) from refusal
        except ImportRefuse as refusal:
            self.show_errors(refusal.erreurs)
            raise CommandError(str(refusal)) from refusal
        self.show(rapport)
        self.show_errors(sorted(rapport.erreurs, key=lambda erreur: erreur.numero))
        if rapport.erreurs:
            raise CommandError(
                f"{len(rapport.lignes_fausses)} ligne(s) à corriger sur {rapport.total}. Rien n’a été écrit."
            )
        self.stdout.write("C’est écrit." if rapport.ecrit else "Rien n’est encore écrit : relancez avec --appliquer.")

    def show_errors(self, erreurs: list[Erreur]) -> None:
        for erreur in erreurs:
            self.stderr.write(str(erreur))

    def show(self, rapport: Rapport) -> None:
        self.stdout.write(f"{rapport.total} lignes ({rapport.source}).")
        if rapport.ignorees:
            self.stdout.write(f"Colonnes ignorées : {', '.join(rapport.ignorees)}.")
        self.stdout.write(
            f"{len(rapport.ajouts)} personne(s) et {len(rapport.postes)} poste(s) à ajouter dans "
            f"{len(rapport.communes)} collectivité(s), {len(rapport.changements)} changement(s), "
            f"{rapport.inchangees} ligne(s) déjà à jour."
        )
        for change in rapport.changements[:SHOWN]:
            self.stdout.write(
                f"  ligne {change.ligne} : {change.personne} ({change.lieu}), {change.libelle.lower()} : "
                f"{change.avant} → {change.apres}"
            )
        if len(rapport.changements) > SHOWN:
            self.stdout.write(f"  et {len(rapport.changements) - SHOWN} autres changements")
        for numero, personne in rapport.rapprochees:
            self.stdout.write(f"  ligne {numero} : {personne.nom_complet}, la même personne que dans une autre commune")
        for doublon in rapport.doublons:
            self.stdout.write(
                f"  ligne {doublon.ligne} : {doublon.personne} ({doublon.lieu}) a le nom d’une autre personne. "
                f"Si c’est la même : --meme-personne {doublon.ligne}"
            )
