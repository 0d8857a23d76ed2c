"""Each way in, and each refusal."""

import re
from urllib.parse import urlencode

import pytest
from allauth.account.models import EmailAddress
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, reverse

from collectivites.models import Agent, Territoire
from notifications.models import Courriel
from tests.comptes.entrees import (
    PASSE,
    ask_code,
    cookie,
    enter_by_code,
    enter_by_password,
    give_code,
    is_in,
    last_code,
    with_password,
)
from tests.distribution import Distribution
from tests.sessions import open_session

STRANGER = "inconnue@ailleurs.example"


def test_a_code_sent_by_mail_lets_in(client: Client, distribution: Distribution):
    agent = distribution.agent_a
    response = ask_code(client, agent.email, "/annuaire/")
    assert response["Location"] == f"{reverse('account_confirm_login_code')}?next=%2Fannuaire%2F"
    anonymous_key = cookie(client)
    response = give_code(client, last_code(agent.email), "/annuaire/")
    assert response["Location"] == "/annuaire/"
    assert is_in(client, agent)
    assert cookie(client) != anonymous_key, "la session garde la clé qu’elle avait avant la connexion"
    assert client.get("/annuaire/").status_code == 200


def test_the_address_may_be_typed_in_capitals(client: Client, distribution: Distribution):
    agent = distribution.agent_a
    ask_code(client, f"  {agent.email.upper()} ")
    give_code(client, last_code(agent.email).replace("-", " "))
    assert is_in(client, agent)


def test_a_code_serves_once(client: Client, distribution: Distribution):
    agent = distribution.agent_a
    enter_by_code(client, agent)
    used = last_code(agent.email)
    other = Client()
    ask_code(other, agent.email)
    assert last_code(agent.email) != used
    give_code(other, used)
    assert not is_in(other)


def test_three_wrong_codes_start_again(client: Client, distribution: Distribution):
    agent = distribution.agent_a
    ask_code(client, agent.email)
    right = last_code(agent.email)
    for _ in range(2):
        assert give_code(client, "0000-0000").status_code == 200
    assert give_code(client, "0000-0000")["Location"] == reverse("account_login")
    give_code(client, right)
    assert not is_in(client)


def test_a_code_lives_ten_minutes(client: Client, distribution: Distribution):
    agent = distribution.agent_a
    ask_code(client, agent.email)
    session = client.session
    session["account_login"]["state"]["stages"]["login_by_code"]["data"]["at"] -= 601
    session.save()
    assert give_code(client, last_code(agent.email)).status_code == 302
    assert not is_in(client)


def test_another_code_may_be_asked_for(client: Client, distribution: Distribution):
    agent = distribution.agent_a
    ask_code(client, agent.email)
    first = last_code(agent.email)
    client.post(reverse("account_confirm_login_code"), {"action": "resend"})
    second = last_code(agent.email)
    assert first != second
    give_code(client, first)
    assert not is_in(client)
    give_code(client, second)
    assert is_in(client, agent)


def test_one_can_change_address_on_the_way(client: Client, distribution: Distribution):
    ask_code(client, STRANGER)
    page = client.get(reverse("account_login"))
    assert page.status_code == 200
    assert "Recevoir un code" in page.content.decode()


def answers(client: Client, email: str) -> tuple:
    """All that somebody outside can see of asking a code for this address, and of a wrong code after it."""
    first = ask_code(client, email)
    page = client.get(first["Location"])
    wrong = give_code(client, "1111-1111")
    texts = [r.content.decode().replace(email, "ADRESSE") for r in (page, wrong)]
    tokens = [client.cookies["csrftoken"].value] if "csrftoken" in client.cookies else []
    shapes = [_without_tokens(text) for text in texts]
    return first.status_code, first["Location"], page.status_code, wrong.status_code, shapes, len(tokens)


def _without_tokens(html: str) -> str:
    return "\n".join(line for line in html.splitlines() if "csrfmiddlewaretoken" not in line)


def test_an_unknown_address_gets_the_same_answers_and_no_mail(distribution: Distribution):
    closed = distribution.secretaire_b
    closed.is_active = False
    closed.save()
    known = answers(Client(), distribution.agent_a.email)
    assert answers(Client(), STRANGER) == known
    assert answers(Client(), closed.email) == known
    assert set(Courriel.objects.values_list("adresse", flat=True)) == {distribution.agent_a.email}


def test_an_unknown_address_costs_the_same_work(distribution: Distribution):
    """Queries by kind, in their order: what takes time is the same, so the time tells nothing."""

    def work(email: str, address: str, field: str) -> list[str]:
        with CaptureQueriesContext(connection) as captured:
            Client().post(reverse(address), {field: email})
        aside = ("SAVEPOINT", "extranet_cache")  # the counters are the same for both, and kept apart
        return [q["sql"].split()[0] for q in captured if not any(word in q["sql"] for word in aside)]

    Territoire.load()
    for address, field in (("account_login", "login"), ("account_reset_password", "email")):
        assert work(STRANGER, address, field) == work(distribution.agent_a.email, address, field), address


def test_an_unknown_address_is_told_nothing_by_the_password_either(distribution: Distribution):
    agent = with_password(distribution.agent_a)
    known = enter_by_password(Client(), agent.email, "mauvais mot de passe")
    unknown = enter_by_password(Client(), STRANGER, "mauvais mot de passe")
    without = enter_by_password(Client(), distribution.secretaire_b.email, "mauvais mot de passe")
    pages = [_without_tokens(answer.content.decode()) for answer in (known, unknown, without)]
    assert len({re.sub(r"[\w.-]+@\w+\.example", "ADRESSE", page) for page in pages}) == 1
    assert "ne convient pas" in pages[0]


def test_a_password_lets_in_whoever_set_one(client: Client, distribution: Distribution):
    agent = with_password(distribution.agent_a)
    response = enter_by_password(client, agent.email.upper(), PASSE, "/annuaire/")
    assert response["Location"] == "/annuaire/"
    assert is_in(client, agent)
    assert client.session.get_expiry_age() <= 12 * 3600


def test_no_password_opens_an_account_without_one(client: Client, distribution: Distribution):
    for attempt in ("", "!", distribution.agent_a.password):
        enter_by_password(client, distribution.agent_a.email, attempt)
        assert not is_in(client)


def test_a_closed_account_is_told_only_to_whom_knows_its_password(client: Client, distribution: Distribution):
    agent = with_password(distribution.agent_a)
    agent.is_active = False
    agent.save()
    assert "ne convient pas" in enter_by_password(client, agent.email, "un autre mot de passe").content.decode()
    response = enter_by_password(client, agent.email, PASSE)
    assert response["Location"] == reverse("account_inactive")
    assert "Votre compte est fermé" in client.get(response["Location"]).content.decode()
    assert not is_in(client)


def test_an_account_closed_between_the_code_and_the_page_stays_out(client: Client, distribution: Distribution):
    agent = distribution.agent_a
    ask_code(client, agent.email)
    Agent.objects.filter(pk=agent.pk).update(is_active=False)
    assert give_code(client, last_code(agent.email))["Location"] == reverse("account_inactive")
    assert not is_in(client)


def test_without_poste_one_sees_only_ones_own(client: Client, distribution: Distribution):
    agent = distribution.sans_poste
    enter_by_code(client, agent)
    assert client.get(agent.get_absolute_url()).status_code == 200
    assert client.get(reverse("mfa_index")).status_code == 200
    assert client.get(distribution.agent_a.get_absolute_url()).status_code == 404
    assert client.get(distribution.a.get_absolute_url()).status_code == 404


def test_a_former_address_no_longer_opens(client: Client, distribution: Distribution):
    """allauth finds people by a table of addresses of its own, which an administrator does not see."""
    agent = with_password(distribution.agent_a)
    former = "ancienne@essai.example"
    EmailAddress.objects.create(user=agent, email=former, verified=True, primary=True)
    ask_code(client, former)
    client.post(reverse("account_reset_password"), {"email": former})
    assert not Courriel.objects.exists()
    enter_by_password(client, former, PASSE)
    assert not is_in(client)
    enter_by_code(client, agent)
    assert list(EmailAddress.objects.filter(user=agent).values_list("email", "verified")) == [(agent.email, True)]


@pytest.mark.parametrize(
    "hostile",
    [
        "https://ailleurs.example/",
        "//ailleurs.example/",
        "/\\ailleurs.example",
        "javascript:alert(1)",
        "https:/ailleurs",
    ],
)
def test_the_page_to_come_back_to_is_ours(client: Client, distribution: Distribution, hostile: str):
    response = enter_by_code(client, distribution.agent_a, hostile)
    assert response["Location"] == "/"
    response = client.get(f"{reverse('account_login')}?{urlencode({'next': hostile})}")
    assert response["Location"] == "/"


def test_whoever_is_in_is_sent_on(distribution: Distribution):
    client = open_session(distribution.agent_a)
    login = reverse("account_login")
    assert client.get(login)["Location"] == "/"
    assert client.get(f"{login}?next=/annuaire/")["Location"] == "/annuaire/"
    assert client.get(f"{login}?next={login}")["Location"] == "/"


def test_leaving_needs_a_click(distribution: Distribution):
    client = open_session(distribution.agent_a)
    page = client.get(reverse("account_logout"))
    assert "Se déconnecter" in page.content.decode()
    assert is_in(client)
    assert client.post(reverse("account_logout"))["Location"] == reverse("account_login")
    assert not is_in(client)


@pytest.mark.parametrize("name", ["account_signup", "account_email", "socialaccount_connections", "mfa_trust"])
def test_what_is_not_of_use_has_no_address(name: str):
    with pytest.raises(NoReverseMatch):
        reverse(name)


def test_no_form_can_make_an_account(client: Client, distribution: Distribution):
    before = Agent.objects.count()
    for path in ("/signup/", "/connexion/inscription/", "/accounts/signup/"):
        client.post(path, {"email": STRANGER, "password1": PASSE, "password2": PASSE})
    assert Agent.objects.count() == before
