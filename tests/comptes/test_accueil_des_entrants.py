"""The information notice, the doors of Wagtail, and the change of one's own address."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from django.urls import reverse

from collectivites.models import EntreeJournal
from notifications.models import Courriel
from tests.comptes.entrees import PASSE, enter_by_code, is_in, last_code, with_password
from tests.distribution import Distribution
from tests.sessions import open_session

NOTICE = reverse("compte_notice")


@pytest.fixture
def newcomer(distribution: Distribution):
    agent = distribution.agent_a
    agent.notice_vue_le = None
    agent.save()
    return agent


@pytest.mark.parametrize("path", ["/", "/annuaire/", "/compte/", "/nulle-part/"])
def test_the_notice_comes_before_anything(newcomer, path: str):
    client = Client()
    enter_by_code(client, newcomer)
    response = client.get(path)
    assert response["Location"].startswith(f"{NOTICE}?next=")
    page = client.get(response["Location"]).content.decode()
    assert "Avant d’entrer" in page
    for word in ("D’où viennent-elles", "Vos droits", "CNIL", "mission", "Mission d’intérêt public"):
        assert word.lower() in page.lower()


def test_it_is_read_once(newcomer):
    client = Client()
    enter_by_code(client, newcomer, "/annuaire/")
    assert client.get("/annuaire/").status_code == 302
    newcomer.refresh_from_db()
    assert newcomer.notice_vue_le is None, "le montrer n’est pas le lire"
    assert client.post(f"{NOTICE}?next=/annuaire/")["Location"] == "/annuaire/"
    assert client.get("/annuaire/").status_code == 200
    newcomer.refresh_from_db()
    read = newcomer.notice_vue_le
    assert EntreeJournal.objects.filter(acte="notice.lue", agent=newcomer).count() == 1
    other = Client()
    enter_by_code(other, newcomer)
    assert other.get("/annuaire/").status_code == 200
    other.post(NOTICE)
    newcomer.refresh_from_db()
    assert newcomer.notice_vue_le == read
    assert "Relire" not in other.get(NOTICE).content.decode()


def test_the_legal_pages_stay_open_meanwhile(newcomer):
    client = Client()
    enter_by_code(client, newcomer)
    for name in ("home:donnees_personnelles", "home:mentions_legales", "home:accessibilite"):
        assert client.get(reverse(name)).status_code == 200, name


def test_the_foot_of_the_door_leads_nowhere_else(distribution: Distribution):
    """Who must protect their account first reads the legal pages, and is offered no link that leads back here."""
    client = Client()
    enter_by_code(client, distribution.responsable)
    page = client.get("/", follow=True)
    assert page.redirect_chain[-1][0].startswith("/compte/proteger/")
    foot = page.content.decode().partition("ec-login__help")[2]
    links = [link for link in re.findall(r'href="(/[^"]*)"', foot) if not link.startswith("/static/")]
    assert links == [reverse(f"home:{name}") for name in ("accessibilite", "donnees_personnelles", "mentions_legales")]
    for link in links:
        assert client.get(link).status_code == 200, link


DOORS = ["/admin/login/", "/_util/login/", "/admin/password_reset/", "/admin/password_reset/done/"]
DOORS += ["/admin/password_reset/confirm/MQ/set-password/", "/admin/password_reset/complete/"]


@pytest.mark.parametrize("door", DOORS)
def test_the_doors_of_wagtail_lead_to_ours(distribution: Distribution, door: str):
    agent = with_password(distribution.administrateur)
    client = Client()
    ours = reverse("account_reset_password") if "reset" in door else reverse("account_login")
    assert client.get(door)["Location"] == ours
    assert client.get(f"{door}?next=/admin/pages/")["Location"] == f"{ours}?next=%2Fadmin%2Fpages%2F"
    data = {"username": agent.email, "email": agent.email, "password": PASSE, "next": "/admin/"}
    assert client.post(door, data)["Location"] == ours
    assert not is_in(client)
    assert not Courriel.objects.exists()


def test_the_way_out_of_the_admin_is_ours(distribution: Distribution):
    client = open_session(distribution.administrateur)
    client.post("/admin/logout/")
    assert not is_in(client)


PATHS = [
    "/",
    "/annuaire/",
    "/admin/",
    "/admin/pages/",
    "/admin/users/",
    "/admin/login/?next=/admin/",
    "/admin/password_reset/",
    "/_util/login/?next=/admin/",
    "/connexion/?next=/admin/",
    "/connexion/?next=/connexion/",
    "/compte/proteger/",
]


@pytest.mark.parametrize("path", PATHS)
def test_nobody_goes_round_in_circles(distribution: Distribution, path: str):
    for name, agent in distribution.roles().items():
        client = open_session(agent) if agent else Client()
        response = client.get(path, follow=True)
        assert len(response.redirect_chain) <= 3, f"{name} : {response.redirect_chain}"
        assert response.status_code in {200, 403, 404}, f"{name} : {response.status_code}"


@pytest.mark.parametrize("role", ["gestionnaire_a", "agent_a", "elue_b", "sans_poste"])
def test_the_admin_says_whom_to_ask(distribution: Distribution, role: str):
    response = open_session(getattr(distribution, role)).get("/admin/pages/")
    assert response.status_code == 403
    assert "Cette page est réservée à l’administration de l’extranet" in response.content.decode()


@pytest.mark.parametrize("role", ["responsable", "administrateur"])
def test_the_admin_opens_to_those_who_answer_for_something(distribution: Distribution, role: str):
    assert open_session(getattr(distribution, role)).get("/admin/").status_code == 200


def test_ones_address_changes_after_a_code_at_the_new_one(distribution: Distribution):
    agent, new, client, other = distribution.agent_a, "alain.neuf@essai.example", Client(), Client()
    former = agent.email
    enter_by_code(other, agent)
    enter_by_code(client, agent)
    client.post(reverse("compte_adresse"), {"email": new.upper()})
    client.post(reverse("compte_adresse_code"), {"code": "0000-0000"})
    agent.refresh_from_db()
    assert agent.email == former
    client.post(reverse("compte_adresse_code"), {"code": last_code(new)})
    agent.refresh_from_db()
    assert agent.email == new
    assert list(EmailAddress.objects.filter(user=agent).values_list("email", flat=True)) == [new]
    assert (is_in(client), is_in(other)) == (True, False)
    assert Courriel.objects.filter(adresse=former, sujet="Votre adresse a changé", texte__contains=new).exists()
    assert EntreeJournal.objects.filter(acte="adresse.changee", agent=agent).exists()


def test_an_address_already_taken_gets_the_same_answer_and_no_mail(distribution: Distribution):
    client, taken = Client(), distribution.secretaire_b.email
    enter_by_code(client, distribution.agent_a)
    assert client.post(reverse("compte_adresse"), {"email": taken})["Location"] == reverse("compte_adresse_code")
    assert not Courriel.objects.filter(adresse=taken).exists()


def test_changing_address_needs_a_recent_proof(distribution: Distribution):
    client = Client()
    client.force_login(distribution.agent_a)
    response = client.post(reverse("compte_adresse"), {"email": "voleur@ailleurs.example"})
    assert response["Location"].startswith(reverse("account_reauthenticate_code"))
    assert client.get(reverse("compte_adresse_code"))["Location"] == reverse("compte_adresse")
    assert not Courriel.objects.exists()
