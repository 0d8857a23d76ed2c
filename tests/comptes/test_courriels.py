"""The mails of accounts: one template each, through the outbox, before the others."""

from pathlib import Path

import pytest
from allauth.account.adapter import get_adapter
from django.conf import settings
from django.test import Client
from django.utils import timezone

from notifications.models import Courriel
from tests.comptes.entrees import ask_code
from tests.distribution import Distribution

FOLDER = Path(settings.BASE_DIR) / "templates" / "comptes" / "courriels"
NAMES = sorted(path.stem for path in FOLDER.glob("[a-z]*.html"))


@pytest.mark.parametrize("name", NAMES)
def test_each_mail_says_what_happened_and_what_to_do(distribution: Distribution, name: str):
    agent = distribution.agent_a
    context = {"code": "1234-5678", "timestamp": timezone.now(), "nouvelle": "neuve@essai.example"}
    get_adapter().send_mail(f"account/email/{name}", agent.email, context)
    mail = Courriel.objects.get()
    assert mail.agent == agent
    assert mail.express
    assert len(mail.sujet) > 10
    assert "1234" not in mail.sujet, "le sujet se lit sur un écran verrouillé, et reste après l’envoi"
    assert ("Ce n’est pas vous" in mail.texte) or ("Vous n’avez rien demandé" in mail.texte)
    assert ("1234-5678" in mail.texte) == ("code" in mail.sujet and "secours" not in mail.sujet)
    assert "http" not in mail.texte, "aucun lien : un analyseur de messagerie les ouvre"


def test_a_code_is_declared_a_secret(client: Client, distribution: Distribution):
    ask_code(client, distribution.agent_a.email)
    assert "demande un autre code" in Courriel.objects.get().refaire
    get_adapter().send_mail("account/email/password_changed", distribution.agent_a.email, {"timestamp": timezone.now()})
    assert Courriel.objects.latest("pk").refaire == ""


def test_a_code_waits_ten_minutes_in_the_outbox_at_most(client: Client, distribution: Distribution):
    ask_code(client, distribution.agent_a.email)
    life = Courriel.objects.get().expire_le - timezone.now()
    assert 9 * 60 < life.total_seconds() <= 10 * 60
