"""Seats that await the visa of a mairie, its rule, and the mails that ask for it."""

import re

from collectivites.models import Agent, Collectivite
from formations.enums import PolitiqueVisa, Visa
from formations.models import Inscription, RegleVisa
from notifications.models import Courriel
from tests.formations.factories import book, make_session, worker


def asked(place: Collectivite, number: int = 1) -> list[Inscription]:
    """Seats held until the visa of this mairie."""
    session = make_session()
    return [book(session, worker(place), visa=Visa.ATTENDU) for _ in range(number)]


def rule(place: Collectivite, politique: str = PolitiqueVisa.SIGNATAIRE, **people: Agent) -> RegleVisa:
    return RegleVisa.objects.create(collectivite=place, politique=politique, **people)


def told() -> list[str]:
    return list(Courriel.objects.filter(sorte="visa_demande").order_by("pk").values_list("adresse", flat=True))


def link_of(agent: Agent) -> str:
    """As in the last mail that they have received."""
    texte = Courriel.objects.filter(sorte="visa_demande", agent=agent).order_by("pk").last().texte
    return re.search(r"/formations/visa/[\w-]+/", texte)[0]
