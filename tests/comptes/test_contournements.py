"""Ways round the second factor, each of them closed."""

import json

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from collectivites.comptes import second_facteur
from collectivites.enums import Domaine
from collectivites.models import Agent
from notifications.models import Courriel
from tests.comptes.entrees import (
    PASSE,
    SECRET,
    age_session,
    ask_code,
    enter_by_code,
    enter_by_password,
    give_code,
    give_factor,
    is_in,
    last_code,
    totp,
    with_application,
    with_password,
)
from tests.distribution import Distribution
from tests.sessions import open_session

PROTEGER = reverse("compte_proteger")


def test_resetting_the_password_does_not_open(distribution: Distribution):
    agent = with_application(with_password(distribution.responsable))
    client = Client()
    client.post(reverse("account_reset_password"), {"email": agent.email})
    client.post(reverse("account_confirm_password_reset_code"), {"code": last_code(agent.email)})
    new = "ardoise fontaine merle pivoine"
    response = client.post(reverse("account_complete_password_reset"), {"password1": new, "password2": new})
    assert response["Location"] == reverse("account_password_reset_completed")
    assert not is_in(client)
    agent.refresh_from_db()
    assert agent.check_password(new)
    assert second_facteur.has_second_factor(agent)
    enter_by_password(client, agent.email, new)
    assert not is_in(client)
    assert Courriel.objects.filter(adresse=agent.email, sujet="Votre mot de passe a changé").exists()


def test_the_factor_page_cannot_be_reached_from_nowhere(client: Client, distribution: Distribution):
    with_application(distribution.responsable)
    assert client.get(reverse("mfa_authenticate"))["Location"] == reverse("account_login")
    assert give_factor(client, totp())["Location"] == reverse("account_login")
    assert not is_in(client)


def test_the_factor_page_does_not_wait_for_ever(client: Client, distribution: Distribution):
    agent = with_application(distribution.responsable)
    enter_by_code(client, agent)
    session = client.session
    session["account_login"]["initiated_at"] -= 15 * 60 + 1
    session.save()
    give_factor(client, totp())
    assert not is_in(client)


def test_the_factor_of_another_person_does_not_open(client: Client, distribution: Distribution):
    with_application(distribution.responsable)
    other = distribution.administrateur
    second_facteur.set_demo_totp(other, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")
    enter_by_code(client, distribution.responsable)
    give_factor(client, second_facteur.current_code("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"))
    assert not is_in(client)


def test_somebody_made_responsable_is_stopped_on_the_next_page(distribution: Distribution):
    client, agent = Client(), distribution.responsable
    groups = list(agent.groups.all())
    agent.groups.clear()
    enter_by_code(client, agent)
    assert client.get("/annuaire/").status_code == 200
    agent.groups.set(groups)
    assert client.get("/annuaire/")["Location"].startswith(PROTEGER)


def test_a_session_older_than_the_factor_has_only_the_proof_left(distribution: Distribution):
    """Whoever opened the mailbox before the factor was there must not add a key of their own."""
    client, agent = Client(), with_password(distribution.responsable)
    client.force_login(agent)
    with_application(agent)
    proof = reverse("mfa_reauthenticate")
    closed = ["/", "/admin/", "mfa_add_webauthn", "mfa_activate_totp", "account_reauthenticate", "account_set_password"]
    closed += ["account_reauthenticate_code", "compte_adresse", "mfa_view_recovery_codes", "mfa_deactivate_totp"]
    for name in closed:
        path = name if name.startswith("/") else reverse(name)
        for method in (client.get, client.post):
            assert method(path)["Location"].startswith(f"{proof}?next="), path
    assert client.post(f"{proof}?next=/annuaire/", {"code": "000000"}).status_code == 200
    response = client.post(f"{proof}?next=/annuaire/", {"code": totp()})
    assert response["Location"] == "/annuaire/"
    assert client.get("/annuaire/").status_code == 200


def test_with_a_factor_the_password_alone_proves_nothing(distribution: Distribution):
    agent = with_application(with_password(distribution.agent_a))
    client = Client()
    client.force_login(agent)
    response = client.post(f"{reverse('account_reauthenticate')}?next=/compte/", {"password": PASSE})
    assert response["Location"].startswith(reverse("mfa_reauthenticate"))
    assert client.get(reverse("mfa_add_webauthn"))["Location"].startswith(reverse("mfa_reauthenticate"))


def test_an_account_with_nothing_proves_its_mailbox_again(distribution: Distribution):
    """allauth asks nothing of it: a session left open would be enough to add a key."""
    agent, client = distribution.agent_a, Client()
    enter_by_code(client, agent)
    add = reverse("mfa_activate_totp")
    assert client.get(add).status_code == 200, "une preuve d’il y a un instant suffit"
    session = client.session
    session["account_authentication_methods"][0]["at"] -= 16 * 60
    session.save()
    page = reverse("account_reauthenticate_code")
    assert client.get(add)["Location"] == f"{page}?next=%2Fcompte%2Fapplication%2F"
    assert client.post(f"{page}?next={add}", {"code": "0000-0000"}).status_code == 200
    client.post(f"{page}?next={add}", {"envoyer": "1"})
    for _ in range(3):
        client.post(f"{page}?next={add}", {"code": "0000-0000"})
    right = last_code(agent.email)
    assert client.post(f"{page}?next={add}", {"code": right}).status_code == 200, "trois essais, pas un de plus"
    client.post(f"{page}?next={add}", {"envoyer": "1"})
    response = client.post(f"{page}?next={add}", {"code": last_code(agent.email)})
    assert response["Location"] == add
    assert client.get(add).status_code == 200


def test_a_code_of_login_is_not_one_of_proof(distribution: Distribution):
    agent = distribution.agent_a
    client, thief = Client(), Client()
    enter_by_code(client, agent)
    ask_code(thief, agent.email)
    page = reverse("account_reauthenticate_code")
    client.post(page, {"code": last_code(agent.email)})
    assert not any(p.get("reauthenticated") for p in client.session["account_authentication_methods"])
    give_code(thief, last_code(agent.email))
    assert is_in(thief)


HOSTILE = ["", "x", "null", "[]", "{}", '{"id": 1}', '{"response": {"userHandle": "MQ"}}', '{"response": []}', "1e999"]
HOSTILE += [json.dumps({"id": "a", "rawId": "a", "type": "public-key", "response": {"userHandle": None}})]
HOSTILE += [
    json.dumps(
        {
            "id": "YQ",
            "rawId": "YQ",
            "type": "public-key",
            "response": {
                "userHandle": "MQ",
                "clientDataJSON": "e30",
                "authenticatorData": "YQ",
                "signature": "YQ",
            },
        }
    )
]


@pytest.mark.parametrize("credential", HOSTILE)
def test_a_false_passkey_is_refused_in_words(distribution: Distribution, credential: str):
    anonymous = Client()
    anonymous.get(reverse("mfa_login_webauthn"), headers={"accept": "application/json"})
    response = anonymous.post(reverse("mfa_login_webauthn"), {"credential": credential})
    assert response["Location"] == reverse("account_login")
    assert not is_in(anonymous)
    half, agent = Client(), with_application(distribution.agent_a)
    enter_by_code(half, agent)
    half.get(reverse("mfa_authenticate"))
    assert half.post(reverse("mfa_authenticate"), {"credential": credential}).status_code == 200
    assert not is_in(half)
    client = Client()
    enter_by_code(client, distribution.secretaire_a)
    client.get(reverse("mfa_add_webauthn"))
    assert client.post(reverse("mfa_add_webauthn"), {"credential": credential, "name": "a"}).status_code == 200
    assert not Authenticator.objects.filter(user=distribution.secretaire_a).exists()


def test_wrong_factors_are_counted(distribution: Distribution):
    agent, client = with_application(distribution.agent_a), Client()
    enter_by_code(client, agent)
    for _ in range(5):
        give_factor(client, "000000")
    page = give_factor(client, totp())
    assert "Trop d’essais" in page.content.decode()
    assert not is_in(client)


def test_secrets_are_not_readable_in_the_database(distribution: Distribution):
    with_application(distribution.agent_a)
    stored = json.dumps(Authenticator.objects.get(user=distribution.agent_a).data)
    assert SECRET not in stored
    assert second_facteur.decrypt(json.loads(stored)["secret"]) == SECRET


def test_the_key_of_the_service_may_change(distribution: Distribution, settings):
    with_application(distribution.agent_a)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "une-autre-cle"
    client = Client()
    enter_by_code(client, distribution.agent_a)
    give_factor(client, totp())
    assert is_in(client)


def test_a_forgotten_group_does_not_open_the_admin(distribution: Distribution):
    """Wagtail looks at the groups only; ours ends with the last poste at the intercommunalité."""
    agent = distribution.sans_poste
    agent.groups.set(Group.objects.filter(name=Domaine.CONTENU.label))
    client = open_session(agent)
    assert Agent.objects.get(pk=agent.pk).has_perm("wagtailadmin.access_admin")
    response = client.get("/admin/")
    assert response.status_code == 403
    assert "réservée" in response.content.decode()


def test_pages_of_the_step_do_not_end_the_idle_time(distribution: Distribution):
    client = Client()
    client.force_login(distribution.responsable)
    age_session(client, session_vue_a=31 * 60)
    assert client.get(PROTEGER)["Location"].startswith(reverse("account_login"))
    assert not is_in(client)
