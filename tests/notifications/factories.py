"""Factories of the notifications."""

from datetime import timedelta

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from notifications.models import Courriel, Notification
from tests.collectivites.factories import AgentFactory


class NotificationFactory(DjangoModelFactory):
    class Meta:
        model = Notification

    destinataire = factory.SubFactory(AgentFactory)
    sorte = "essai"
    titre = factory.Sequence(lambda n: f"Nouvelle {n}")
    url = "/annuaire/"


class CourrielFactory(DjangoModelFactory):
    """A direct mail, already composed."""

    class Meta:
        model = Courriel

    adresse = factory.Sequence(lambda n: f"boite-{n}@essai.example")
    sorte = "essai"
    sujet = factory.Sequence(lambda n: f"Courriel {n}")
    texte = "Bonjour"
    html = "<p>Bonjour</p>"
    expire_le = factory.LazyFunction(lambda: timezone.now() + timedelta(hours=48))


MAIL = "notifications/courriels/resume.html"


def mail_context(titre: str, texte: str = "Bonjour") -> dict:
    """What MAIL needs to be a direct mail."""
    line = {"titre_complet": texte, "url": "", "texte": "", "urgente": False}
    return {"titre": titre, "groupes": [{"espace": {"libelle": "Message"}, "lignes": [line]}]}
