"""Making the demo, once, on an empty database."""

from datetime import date

from django.db import transaction

from collectivites.demo.comptes import open_accounts
from collectivites.demo.grande import widen
from collectivites.demo.monde import Monde
from collectivites.demo.peuplement import populate
from collectivites.demo.territoire import make_territoire
from collectivites.journal import record
from collectivites.models import Agent, Collectivite, EntreeJournal
from extranet.lib.apports import contributions

ACTE = "demo.faite"


class DemoRefusee(Exception):
    """The demo may not be made here; the text may be shown."""


def is_demo() -> bool:
    """True on a database that the demo has filled."""
    return EntreeJournal.objects.filter(acte=ACTE).exists()


def make_demo(day: date, *, grande: bool = False) -> Monde:
    """The territory, its people, then what every app brings by its `apports.demo`, all or nothing."""
    if is_demo():
        raise DemoRefusee("La démonstration est déjà là. Pour la refaire, repartez d’une base vide.")
    if Agent.objects.exists() or Collectivite.objects.exists():
        raise DemoRefusee("Cette base contient déjà des agents ou des communes : la démonstration n’y touche pas.")
    monde = Monde(day, grande)
    with transaction.atomic():
        make_territoire(monde)
        populate(monde)
        if grande:
            widen(monde)
        open_accounts(monde)
        for demo in contributions("demo"):
            demo(monde)
        record(ACTE, monde.epci, agent=None, date=day.isoformat(), taille="grande" if grande else "normale")
    return monde
