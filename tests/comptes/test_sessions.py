"""How long a session lives, what it writes, and how it is closed."""

import re

import pytest
from allauth.usersessions.models import UserSession
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from collectivites.models import EntreeJournal
from tests.comptes.entrees import PASSE, age_session, enter_by_code, enter_by_password, is_in, with_password, writes
from tests.distribution import Distribution
from tests.sessions import open_session

HOUR = 3600


@pytest.mark.parametrize(
    ("role", "idle"), [("agent_a", 8 * HOUR), ("responsable", HOUR / 2), ("administrateur", HOUR / 2)]
)
def test_an_idle_session_ends(distribution: Distribution, role: str, idle: float):
    agent = getattr(distribution, role)
    for past, alive in ((idle - 60, True), (idle + 1, False)):
        client = open_session(agent)
        age_session(client, session_vue_a=past)
        response = client.get("/annuaire/")
        assert is_in(client) is alive, past
        assert response.status_code == (200 if alive else 302)
    assert response["Location"] == f"{reverse('account_login')}?next=/annuaire/"
    assert "Votre session s’est fermée" in client.get(response["Location"]).content.decode()


def test_twelve_hours_are_the_most(distribution: Distribution):
    client = open_session(distribution.agent_a)
    age_session(client, session_ouverte_a=12 * HOUR + 1)
    client.get("/annuaire/")
    assert not is_in(client)


def test_a_session_that_does_not_know_its_age_is_closed(distribution: Distribution):
    client = open_session(distribution.agent_a)
    session = client.session
    del session["session_ouverte_a"]
    session.save()
    client.get("/annuaire/")
    assert not is_in(client)


def test_entering_again_forgets_that_a_session_closed(distribution: Distribution):
    client = open_session(distribution.agent_a)
    age_session(client, session_vue_a=9 * HOUR)
    client.get("/annuaire/")
    enter_by_code(client, distribution.agent_a)
    client.post(reverse("account_logout"))
    assert "session s’est fermée" not in client.get(reverse("account_login")).content.decode()


PAGES = ["/annuaire/", "/compte/", "/compte/sessions/", "/compte/donnees/", "/compte/mot-de-passe/choisir/"]


@pytest.mark.parametrize("path", PAGES)
def test_reading_writes_nothing(distribution: Distribution, path: str):
    client = Client()
    enter_by_code(client, distribution.agent_a)
    client.get(path)
    assert writes(client, "get", path) == []


@pytest.mark.parametrize("name", ["account_login", "account_login_password", "account_reset_password"])
def test_the_pages_before_login_write_nothing(client: Client, db: None, name: str):
    client.get(reverse(name))
    assert writes(client, "get", reverse(name)) == []


def test_the_activity_is_written_once_in_five_minutes(distribution: Distribution):
    client = Client()
    enter_by_code(client, distribution.agent_a)
    client.get("/compte/")
    age_session(client, session_vue_a=240)
    assert writes(client, "get", "/compte/") == []
    age_session(client, session_vue_a=61)
    tables = {re.search(r'"(\w+)"', sql)[1] for sql in writes(client, "get", "/compte/")}
    assert tables == {"django_session", "usersessions_usersession"}
    assert writes(client, "get", "/compte/") == []


def test_activity_keeps_a_session_open(distribution: Distribution):
    client = open_session(distribution.agent_a)
    for _ in range(3):
        age_session(client, session_vue_a=7 * HOUR)
        client.get("/compte/")
    assert is_in(client)


def test_asking_how_long_is_left_is_no_activity(distribution: Distribution):
    client = open_session(distribution.responsable)
    age_session(client, session_vue_a=25 * 60)
    quiet = {"headers": {"x-sans-activite": "1"}}
    assert writes(client, "get", reverse("compte_session"), **quiet) == []
    left = client.get(reverse("compte_session"), **quiet).json()
    assert 290 <= left["reste"] <= 300
    assert client.post(reverse("compte_session")).json()["reste"] >= 30 * 60 - 1
    age_session(client, session_vue_a=31 * 60)
    assert client.get(reverse("compte_session"), **quiet).status_code == 302


def test_nothing_makes_a_session_longer_than_twelve_hours(distribution: Distribution):
    client = open_session(distribution.agent_a)
    age_session(client, session_ouverte_a=12 * HOUR - 100)
    left = client.post(reverse("compte_session")).json()
    assert left["reste"] <= 100
    assert left["reste"] == left["au_plus"]


def test_the_page_carries_the_warning(distribution: Distribution):
    page = open_session(distribution.agent_a).get("/annuaire/").content.decode()
    assert re.search(r'data-secondes="28[78]\d\d"', page)
    assert "Rester connecté·e" in page


def test_ones_sessions_are_listed_and_closed(distribution: Distribution):
    agent, address = distribution.agent_a, reverse("usersessions_list")
    here, phone, office = Client(), Client(), Client()
    for client, name in (
        (here, "Firefox/128.0"),
        (phone, "Mozilla/5.0 (iPhone) Safari/604"),
        (office, "Windows Edg/1"),
    ):
        client.defaults["HTTP_USER_AGENT"] = name
        enter_by_code(client, agent)
    page = here.get(address).content.decode()
    assert all(name in page for name in ("Firefox", "Safari sur iPhone", "Edge sur Windows", "Celle-ci"))
    one = UserSession.objects.get(user_agent__contains="iPhone")
    here.post(address, {"session": one.pk})
    assert (is_in(here), is_in(phone), is_in(office)) == (True, False, True)
    assert phone.get("/annuaire/").status_code == 302
    here.post(address, {"session": "toutes"})
    assert (is_in(here), is_in(office)) == (True, False)
    assert EntreeJournal.objects.filter(acte="sessions.fermees", agent=agent).count() == 2


def test_the_sessions_of_another_person_cannot_be_closed(distribution: Distribution):
    other, mine = Client(), Client()
    enter_by_code(other, distribution.secretaire_a)
    enter_by_code(mine, distribution.agent_a)
    theirs = UserSession.objects.get(user=distribution.secretaire_a)
    mine.post(reverse("usersessions_list"), {"session": theirs.pk})
    mine.post(reverse("usersessions_list"), {"session": "toutes"})
    assert is_in(other)


def test_listing_costs_the_same_for_one_and_for_ten(distribution: Distribution):
    agent, client = distribution.agent_a, Client()
    enter_by_code(client, agent)
    client.get(reverse("usersessions_list"))
    counts = []
    for more in (0, 9):
        for _ in range(more):
            other = Client()
            other.force_login(agent)
            UserSession.objects.create(user=agent, ip="192.0.2.1", session_key=other.session.session_key)
        with CaptureQueriesContext(connection) as captured:
            page = client.get(reverse("usersessions_list")).content.decode()
        counts.append(len(captured))
        assert page.count('name="session" value="') == (more + 1 if more else 0)
    assert counts[0] == counts[1]


def test_a_new_password_closes_the_other_sessions(distribution: Distribution):
    agent, here, elsewhere = with_password(distribution.agent_a), Client(), Client()
    for client in (here, elsewhere):
        enter_by_password(client, agent.email, PASSE)
    new = "ardoise fontaine merle pivoine"
    here.post(reverse("account_change_password"), {"oldpassword": PASSE, "password1": new, "password2": new})
    assert here.get("/annuaire/").status_code == 200
    assert elsewhere.get("/annuaire/").status_code == 302


def test_an_account_closed_by_another_way_loses_its_session_at_the_first_visit(distribution: Distribution):
    agent, client = distribution.agent_a, Client()
    enter_by_code(client, agent)
    agent.is_active = False
    agent.save()
    client.get("/annuaire/")
    agent.is_active = True
    agent.save()
    assert client.get("/annuaire/").status_code == 302


def test_the_cookie_cannot_be_read_by_a_script(distribution: Distribution):
    client = Client()
    enter_by_code(client, distribution.agent_a)
    morsel = client.cookies["sessionid"]
    assert morsel["httponly"]
    assert morsel["samesite"] == "Lax"
    assert int(morsel["max-age"]) == 12 * HOUR


def test_an_htmx_fragment_never_shows_the_login_page(distribution: Distribution):
    client = open_session(distribution.agent_a)
    age_session(client, session_vue_a=9 * HOUR)
    headers = {"hx-request": "true", "hx-current-url": "http://testserver/annuaire/?q=a"}
    response = client.get("/annuaire/?q=ab", headers=headers)
    assert response.headers["HX-Redirect"] == f"{reverse('account_login')}?next=%2Fannuaire%2F%3Fq%3Da"


def test_without_any_session_to_show_the_page_says_so(distribution: Distribution):
    client = open_session(distribution.agent_a)
    UserSession.objects.all().delete()
    text = client.get(reverse("usersessions_list")).content.decode()
    assert "Aucune session à montrer" in text
    assert "<table" not in text
