"""A borrower, a lender, and a loan between them in the state that a test wants, made by the acts themselves."""

from datetime import date, timedelta

from django.utils import timezone

from collectivites.models import Agent, Collectivite
from extranet.lib.demi_journees import DemiJournee, Moment
from materiel import passages, registre
from materiel.enums import StatutPret
from materiel.models import Materiel, Pret
from materiel.prets import demandes, reponses
from notifications.models import Notification
from tests.collectivites.factories import AgentFactory, CollectiviteFactory, PosteFactory
from tests.materiel.factories import monday


def manager(place: Collectivite, prenom: str = "") -> Agent:
    """A gestionnaire in office there."""
    agent = AgentFactory(notice_vue_le=timezone.now(), **({"prenom": prenom} if prenom else {}))
    PosteFactory(agent=agent, collectivite=place, gestionnaire=True)
    return agent


def commune(nom: str, **fields: object) -> Collectivite:
    """With a gestionnaire, found again by `keeper`."""
    place = CollectiviteFactory(nom=nom, **fields)
    manager(place)
    return place


def keeper(place: Collectivite) -> Agent:
    return Agent.objects.filter(postes__collectivite=place, postes__gestionnaire=True).earliest("pk")


def days(first: int = 0, last: int | None = None, base: date | None = None) -> dict[str, DemiJournee]:
    """Whole days, counted from a Monday to come."""
    base = base or monday()
    end = base + timedelta(days=first if last is None else last)
    return {
        "debut": DemiJournee(base + timedelta(days=first), Moment.MATIN),
        "fin": DemiJournee(end, Moment.APRES_MIDI),
    }


def ask(materiel: Materiel, place: Collectivite, first: int = 0, last: int | None = 1, **fields: object) -> Pret:
    fields = {"usage": "Curage du fossé", "reglement": True, **days(first, last), **fields}
    return demandes.ask(materiel, keeper(place), place, **fields)


def lend(materiel: Materiel, place: Collectivite, first: int = 0, last: int | None = 1, **fields: object) -> Pret:
    """Asked, then accepted by its owner."""
    pret = ask(materiel, place, first, last, **fields)
    return pret if pret.statut == StatutPret.ACCEPTE else reponses.accept(pret, keeper(pret.preteur))


def hand_over(pret: Pret) -> Pret:
    """As an état des lieux leaves it, without its form."""
    pret = passages.locked(pret)
    pret.remis_le = timezone.now()
    pret.statut = StatutPret.REMIS
    pret.save()
    return pret


def make_late(materiel: Materiel, place: Collectivite, days_late: int = 2) -> Pret:
    """Out since before its end, which has passed."""
    pret = lend(materiel, place)
    engagement = passages.held(pret)
    last = timezone.localdate() - timedelta(days=days_late)
    registre.release(engagement)
    pret.date_debut, pret.date_fin = last - timedelta(days=1), last
    pret.remis_le, pret.statut = timezone.now() - timedelta(days=days_late + 1), StatutPret.REMIS
    pret.save()
    engagement.debut = DemiJournee(pret.date_debut, Moment.MATIN).index
    engagement.fin = DemiJournee(pret.date_fin, Moment.APRES_MIDI).index
    engagement.tenu = True
    engagement.save()
    return pret


def fresh(pret: Pret) -> Pret:
    return Pret.objects.select_related("materiel__page", "preteur", "emprunteur", "demandeur").get(pk=pret.pk)


def told(place: Collectivite, sorte: str | None = None) -> list[str]:
    """Titles that its gestionnaire received, the oldest first."""
    found = Notification.objects.filter(destinataire=keeper(place))
    if sorte:
        found = found.filter(sorte=sorte)
    return [plain(title) for title in found.order_by("pk").values_list("titre", flat=True)]


def plain(text: str) -> str:
    """With ordinary spaces."""
    return text.replace("\u00a0", " ").replace("\u202f", " ")
