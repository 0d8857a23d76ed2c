"""Invitations as the tests send and open them."""

import re

from django.test import Client

from annuaire import invitations
from annuaire.models import Invitation
from collectivites.models import Fonction
from notifications.models import Courriel
from tests.distribution import Distribution

NEW = "nouvelle.recrue@essai.example"


def invite(cast: Distribution, fonction: Fonction, **extra: object) -> Invitation:
    given = {"email": NEW, "prenom": "Nora", "nom": "Neuve", "fonction": fonction, **extra}
    return invitations.invite(cast.gestionnaire_a, cast.a, **given)


def link(email: str = NEW) -> str:
    """The link of the last mail written to this address."""
    text = Courriel.objects.filter(adresse=email).latest("pk").texte
    return re.search(r"http\S+(/invitation/\S+/)", text)[1]


def token(email: str = NEW) -> str:
    return link(email).split("/")[-2]


def key_of(client: Client, address: str) -> str:
    return re.search(r'name="cle_unique" value="([^"]+)"', client.get(address).content.decode())[1]


def fields(cast: Distribution, fonction: Fonction, **extra: object) -> dict:
    return {"collectivite": cast.a.pk, "email": NEW, "prenom": "Nora", "nom": "Neuve", "fonction": fonction.pk, **extra}
