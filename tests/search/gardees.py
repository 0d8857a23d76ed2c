"""Kept searches of the tests, and the mails that their alerts send."""

from datetime import datetime, time, timedelta
from html import unescape

from django.core.mail import EmailMessage
from django.http import HttpResponse
from django.utils import timezone

from collectivites.models import Agent, Collectivite, Theme
from extranet.lib.jours_ouvres import working_day_from
from notifications.composition import SansObjet, compose
from notifications.models import Courriel
from ressources.models import RessourcePage
from search.enums import FrequenceAlerte
from search.gardees import garder
from search.gardees.listes import listes, read
from search.models import RechercheGardee

JOUR, SEMAINE, JAMAIS = FrequenceAlerte


def fresh(agent: Agent) -> Agent:
    """As a new request reads them: an agent keeps its postes for the time of a request."""
    return Agent.objects.get(pk=agent.pk)


def diffuse(page: RessourcePage, *codes: str) -> None:
    page.diffusion = list(codes)
    page.save()


def kept(
    agent: Agent,
    demande: str = "",
    frequence: str = JOUR,
    *,
    liste: str = "ressources",
    nom: str = "Mon thème",
    place: Collectivite | None = None,
) -> RechercheGardee:
    """By default, the documents of the first theme."""
    demande = demande or f"theme={Theme.objects.first().slug}"
    reader = fresh(agent)
    asked = read(listes()[liste], demande, reader, place)
    return garder.keep(reader, listes()[liste], asked, nom=nom, frequence=frequence)


def morning(after: int = 1) -> datetime:
    """Eight o’clock, that many working days from now."""
    day = timezone.localdate()
    for _ in range(after):
        day = working_day_from(day + timedelta(days=1))
    return datetime.combine(day, time(8), tzinfo=timezone.get_default_timezone())


def next_monday() -> datetime:
    """Eight o’clock of a Monday that is worked."""
    now = morning()
    while now.isoweekday() != 1 or working_day_from(now.date()) != now.date():
        now += timedelta(days=1)
    return now


def waiting() -> list[Courriel]:
    return list(Courriel.objects.waiting().order_by("pk"))


def leave() -> list[EmailMessage]:
    """What waits leaves, as the sender does it: composed now, or cancelled."""
    sent = []
    for courriel in waiting():
        try:
            message = compose(courriel)
        except SansObjet as reason:
            courriel.cancel(str(reason))
        else:
            courriel.take()
            courriel.hand_over()
            courriel.sent()
            sent.append(message)
    return sent


def words(response: HttpResponse) -> str:
    return unescape(response.content.decode()).replace("\u00a0", " ")
