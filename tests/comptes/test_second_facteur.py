"""The second factor: whom it is asked of, when, and how it comes and goes."""

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from collectivites.comptes import second_facteur
from collectivites.models import EntreeJournal
from notifications.models import Courriel
from tests.comptes.entrees import (
    PASSE,
    enter_by_code,
    enter_by_password,
    give_factor,
    is_in,
    totp,
    with_application,
    with_password,
)
from tests.distribution import Distribution
from tests.sessions import open_session

PROTEGER = reverse("compte_proteger")


def enrol(client: Client) -> None:
    """Ties an application through its page, as a person does."""
    client.get(reverse("mfa_activate_totp"))
    secret = client.session["mfa.totp.secret"]
    response = client.post(reverse("mfa_activate_totp"), {"code": second_facteur.current_code(secret)})
    assert response.status_code == 302, response.content.decode()


@pytest.mark.parametrize("role", ["responsable", "administrateur"])
@pytest.mark.parametrize("path", ["/", "/annuaire/", "/admin/", "/compte/", "/compte/sessions/", "/nulle-part/"])
def test_those_who_answer_for_something_protect_their_account_first(distribution: Distribution, role: str, path: str):
    client = Client()
    client.force_login(getattr(distribution, role))
    response = client.get(path)
    assert response["Location"].startswith(f"{PROTEGER}?next=")
    page = client.get(response["Location"]).content.decode()
    assert "un code par courriel ne suffit pas" in page


def test_the_others_are_only_offered_it(distribution: Distribution):
    client = Client()
    client.force_login(distribution.gestionnaire_a)
    assert client.get("/annuaire/").status_code == 200
    assert "Un code par courriel suffit" in client.get(PROTEGER).content.decode()


@pytest.mark.django_db(transaction=True)  # allauth tells of a factor once it is written
def test_enrolment_opens_the_site(distribution: Distribution):
    client, agent = Client(), distribution.responsable
    enter_by_code(client, agent)
    assert client.get("/annuaire/")["Location"].startswith(PROTEGER)
    enrol(client)
    codes = client.get(reverse("mfa_view_recovery_codes")).content.decode()
    assert codes.count('<li class="col">') == 10
    assert client.get("/annuaire/").status_code == 200
    assert EntreeJournal.objects.filter(acte="second_facteur.ajoute", objet_id=str(agent.pk)).exists()
    assert Courriel.objects.filter(adresse=agent.email, sujet__contains="protège maintenant").exists()


@pytest.mark.django_db(transaction=True)  # allauth tells of a factor once it is written
def test_the_page_asked_for_comes_back_after_enrolment(distribution: Distribution):
    client = Client()
    enter_by_code(client, distribution.responsable)
    address = f"{reverse('mfa_activate_totp')}?next=/annuaire/collectivites/"
    client.get(address)
    code = second_facteur.current_code(client.session["mfa.totp.secret"])
    response = client.post(address, {"code": code})
    assert 'href="/annuaire/collectivites/"' in client.get(response["Location"]).content.decode()


@pytest.mark.parametrize("way", ["code", "password"])
def test_login_asks_for_the_factor(distribution: Distribution, way: str):
    agent = with_application(with_password(distribution.responsable))
    client = Client()
    if way == "code":
        response = enter_by_code(client, agent, "/annuaire/")
    else:
        response = enter_by_password(client, agent.email, PASSE, "/annuaire/")
    assert response["Location"] == reverse("mfa_authenticate")
    assert not is_in(client)
    for path in ("/", "/annuaire/", "/admin/", "/compte/", reverse("mfa_activate_totp"), reverse("compte_proteger")):
        assert client.get(path)["Location"].startswith(reverse("account_login")), path
    assert give_factor(client, totp())["Location"] == "/annuaire/"
    assert is_in(client, agent)
    assert client.get("/annuaire/").status_code == 200


def test_an_ordinary_agent_with_a_factor_is_asked_too(distribution: Distribution):
    client, agent = Client(), with_application(distribution.agent_a)
    enter_by_code(client, agent)
    assert not is_in(client)
    give_factor(client, totp())
    assert is_in(client, agent)


def test_a_code_of_the_application_serves_once(distribution: Distribution):
    """allauth forgets it after thirty seconds, while a tolerant server still accepts it."""
    agent = with_application(distribution.agent_a)
    seen, first = totp(), Client()
    enter_by_code(first, agent)
    give_factor(first, seen)
    assert is_in(first)
    cache.delete(f"allauth.mfa.totp.used?user={agent.pk}&code={seen}")
    second = Client()
    enter_by_code(second, agent)
    give_factor(second, seen)
    assert not is_in(second)


@pytest.mark.django_db(transaction=True)  # allauth tells of a factor once it is written
def test_a_recovery_code_serves_once(distribution: Distribution):
    agent, client = distribution.agent_a, Client()
    enter_by_code(client, agent)
    enrol(client)
    code = Authenticator.objects.get(user=agent, type="recovery_codes").wrap().get_unused_codes()[0]
    for allowed in (True, False):
        other = Client()
        enter_by_code(other, agent)
        give_factor(other, code)
        assert is_in(other) is allowed


@pytest.mark.django_db(transaction=True)  # allauth tells of a factor once it is written
def test_the_other_sessions_close_when_a_factor_comes(distribution: Distribution):
    agent, mine, other = distribution.agent_a, Client(), Client()
    enter_by_code(other, agent)
    enter_by_code(mine, agent)
    enrol(mine)
    assert is_in(mine, agent)
    assert not is_in(other)


def test_the_last_factor_of_a_responsable_stays(distribution: Distribution):
    agent = with_application(distribution.responsable)
    client = open_session(agent)
    page = client.post(reverse("mfa_deactivate_totp"))
    assert "doit garder un second facteur" in page.content.decode()
    assert second_facteur.has_second_factor(agent)


@pytest.mark.django_db(transaction=True)  # allauth tells of a factor once it is written
def test_an_ordinary_agent_may_remove_it_after_a_proof(distribution: Distribution):
    agent, client = distribution.agent_a, Client()
    enter_by_code(client, agent)
    enrol(client)
    session = client.session
    for proof in session["account_authentication_methods"]:
        proof["at"] -= 3600
    session.save()
    remove = reverse("mfa_deactivate_totp")
    assert client.post(remove)["Location"].startswith(reverse("mfa_reauthenticate"))
    assert second_facteur.has_second_factor(agent)
    secret = second_facteur.decrypt(Authenticator.objects.get(user=agent, type="totp").data["secret"])
    cache.clear()
    client.post(f"{reverse('mfa_reauthenticate')}?next={remove}", {"code": second_facteur.current_code(secret)})
    client.post(remove)
    assert not second_facteur.has_second_factor(agent)
    assert EntreeJournal.objects.filter(acte="second_facteur.retire").exists()


def test_a_lost_factor_is_reset_by_an_administrator(distribution: Distribution):
    agent, client = with_application(distribution.agent_a), Client()
    enter_by_code(client, agent)
    give_factor(client, totp())
    second_facteur.reset_second_factor(agent, by=distribution.administrateur)
    assert not is_in(client)
    assert not Authenticator.objects.filter(user=agent).exists()
    entry = EntreeJournal.objects.get(acte="second_facteur.remis_a_zero")
    assert (entry.agent, entry.objet_id) == (distribution.administrateur, str(agent.pk))
    again = Client()
    enter_by_code(again, agent)
    assert is_in(again)


@pytest.mark.parametrize(("role", "kept"), [("responsable", True), ("agent_a", False)])
def test_the_page_of_the_account_offers_what_will_be_accepted(distribution: Distribution, role: str, kept: bool):
    agent = with_application(getattr(distribution, role))
    client = open_session(agent)
    page = client.get(reverse("mfa_index")).content.decode()
    assert ("Retirer l’application" in page) is not kept
    assert ("Le reste est à votre choix" in page) is not kept
    assert ("Votre seul second facteur" in page) is kept
    Authenticator.objects.create(user=agent, type=Authenticator.Type.WEBAUTHN, data={"name": "Clé", "credential": {}})
    page = client.get(reverse("mfa_index")).content.decode()
    assert "Retirer l’application" in page
    assert "retirer<span" in page
