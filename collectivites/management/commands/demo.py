"""`manage.py demo`: a fictional territory to look at, with its accounts."""

from argparse import ArgumentParser, ArgumentTypeError
from datetime import date

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from collectivites.demo.comptes import COMPTES, codes, described
from collectivites.demo.execution import DemoRefusee, is_demo, make_demo
from collectivites.models import Agent
from extranet.lib.apports import contributions


def iso_date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"« {text} » n’est pas une date, écrivez par exemple 2026-10-08") from None


class Command(BaseCommand):
    help = "Fait le territoire de démonstration sur une base vide, et en donne les comptes."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--taille", choices=["normale", "grande"], default="normale", help="130 communes si grande")
        parser.add_argument("--date", type=iso_date, help="le jour de la démonstration (aujourd’hui)")
        parser.add_argument("--si-vide", action="store_true", help="ne fait rien si la démonstration est déjà là")
        parser.add_argument("--code", action="store_true", help="donne le code du moment des comptes à second facteur")

    def handle(self, *, taille: str, si_vide: bool, code: bool, **options: object) -> None:
        if code:
            self.stdout.write(codes(self.visitors()))
            return
        if not (si_vide and is_demo()):
            for install in contributions("installer"):
                install()
            try:
                make_demo(options["date"] or timezone.localdate(), grande=taille == "grande")
            except DemoRefusee as refusal:
                raise CommandError(str(refusal)) from refusal
        self.stdout.write(described(self.visitors()))

    def visitors(self) -> dict[str, Agent]:
        """The accounts of the demo; on any other database there are none to tell."""
        if not is_demo():
            raise CommandError("Cette base n’est pas celle de la démonstration.")
        return {agent.slug: agent for agent in Agent.objects.filter(slug__in=[compte.cle for compte in COMPTES])}
