"""Reads documents again: those that wait, and on demand those whose text was not read, scans, or everything."""

from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db.models import Q

from extranet.lib import antivirus
from extranet.lib.extraction import is_recognition_ready
from ressources.actes import examine_all
from ressources.actes import pending as pending_acts
from ressources.analyse import analyse, pending
from ressources.enums import Analyse, Examen
from ressources.models import Reprise, VersionFichier


class Command(BaseCommand):
    help = "Lit à nouveau les documents : texte, pages numérisées, antivirus."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--non-lus", action="store_true", help="aussi ceux dont le texte n’a pas été lu")
        parser.add_argument("--numerises", action="store_true", help="aussi ceux qui sont numérisés (tesseract)")
        parser.add_argument("--antivirus", action="store_true", help="aussi ceux que l’antivirus n’a jamais vus")
        parser.add_argument("--tout", action="store_true", help="tous, même ceux qui sont lus")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["numerises"] and not is_recognition_ready():
            self.stderr.write("tesseract, ou son français, manque : les pages numérisées restent non cherchables.")
        if options["antivirus"] and not antivirus.is_active():
            self.stderr.write("Aucun antivirus n’est réglé (CLAMD_ADDRESS est vide).")
        versions = self.asked(options).select_related("fichier__page", "auteur").defer("texte").order_by("pk")
        # The keys first: a long reading keeps no cursor open.
        keys = list(versions.values_list("pk", flat=True))
        analyses, examens = Counter[str](), Counter[str]()
        for key in keys:
            version = versions.filter(pk=key).first()
            if version is None:
                continue
            result = analyse(version)
            analyses[result.analyse.label] += 1
            examens[result.examen.label] += 1
            if result.analyse == Analyse.NON_LU or result.examen == Examen.INFECTE:
                self.stdout.write(f"{version} ({version.nom}) : {result.analyse.label}, {result.examen.label}")
        self.stdout.write(f"{len(keys)} documents lus. " + self.summary(analyses) + self.summary(examens))
        if acts := examine_all(self.acts(options).select_related("page", "collectivite", "agent").order_by("pk")):
            seen = Counter(examen.label for examen in acts)
            self.stdout.write(f"{len(acts)} actes de communes examinés. " + self.summary(seen))

    def acts(self, options: dict[str, Any]) -> Any:
        """Nothing is read of them: only the antivirus looks at them."""
        again = antivirus.is_active() and (options["antivirus"] or options["tout"])
        return Reprise.objects.exclude(acte="") if again else pending_acts()

    def asked(self, options: dict[str, Any]) -> Any:
        if options["tout"]:
            return VersionFichier.objects.all()
        wanted = Q(pk__in=pending().values("pk"))
        for option, also in (
            ("non_lus", Q(analyse=Analyse.NON_LU)),
            ("numerises", Q(analyse=Analyse.NUMERISE)),
            ("antivirus", Q(examen__in=[Examen.SANS, Examen.EN_ATTENTE])),
        ):
            if options[option]:
                wanted |= also
        return VersionFichier.objects.filter(wanted)

    def summary(self, counted: Counter[str]) -> str:
        return "".join(f"{number} {label}. " for label, number in sorted(counted.items()))
