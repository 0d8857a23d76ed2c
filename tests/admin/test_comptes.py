"""Accounts in the admin: who may change whom, and what it does."""

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from collectivites.enums import Domaine
from collectivites.models import Agent, EntreeJournal
from tests.admin.formulaires import errors, filled, send
from tests.collectivites.factories import PosteFactory
from tests.distribution import Distribution
from tests.sessions import open_session

pytestmark = pytest.mark.django_db


def edit(agent: Agent) -> str:
    return reverse("wagtailusers_users:edit", args=[agent.pk])


def tracked_session(agent: Agent) -> Client:
    """A session as a real login leaves it: allauth knows it, and may close it."""
    client = open_session(agent)
    UserSession.objects.create(user=agent, ip="127.0.0.1", session_key=client.session.session_key, user_agent="")
    return client


def actes(agent: Agent) -> list[str]:
    return list(EntreeJournal.objects.filter(objet_id=agent.pk).order_by("pk").values_list("acte", flat=True))


def test_a_person_is_added_with_a_closed_password(distribution: Distribution) -> None:
    client = open_session(distribution.responsable)
    url = reverse("wagtailusers_users:add")
    response = send(client, url, prenom="Nadia", nom="Aval", email="Nadia@Essai.example")
    agent = Agent.objects.get(nom="Aval", prenom="Nadia")
    assert response["Location"] == reverse("admin_postes:add") + f"?agent={agent.pk}"
    assert agent.email == "nadia@essai.example"
    assert agent.slug == "nadia-aval"
    assert not agent.has_usable_password()
    assert EmailAddress.objects.get(user=agent).verified
    assert actes(agent) == ["agent.cree"]


def test_a_name_is_added_plain(distribution: Distribution) -> None:
    client = open_session(distribution.responsable)
    url = reverse("wagtailusers_users:add")
    send(client, url, prenom="Nadia\u202e", nom="Aval\nde Foucherans", email="nadia@essai.example")
    agent = Agent.objects.get(email="nadia@essai.example")
    assert (agent.nom_complet, agent.slug) == ("Nadia Aval de Foucherans", "nadia-aval-de-foucherans")
    assert errors(send(client, url, prenom="\u202e", nom="Aval")) == "Champ requis."


def test_no_password_is_seen_nor_set(distribution: Distribution) -> None:
    distribution.agent_a.set_password("quinze caractères et plus")
    distribution.agent_a.save()
    client = open_session(distribution.administrateur)
    for name in ("edit", "inspect"):
        page = client.get(reverse(f"wagtailusers_users:{name}", args=[distribution.agent_a.pk])).content.decode()
        assert distribution.agent_a.password not in page
        assert 'type="password"' not in page
    assert "password" not in client.get(edit(distribution.agent_a)).context["form"].fields


def test_closing_an_account_ends_its_sessions(distribution: Distribution) -> None:
    agent = distribution.agent_a
    theirs = tracked_session(agent)
    assert theirs.get("/").status_code == 200
    send(open_session(distribution.responsable), edit(agent), is_active=None)
    agent.refresh_from_db()
    assert not agent.is_active
    assert theirs.get("/").status_code == 302
    assert "compte.ferme" in actes(agent)
    send(open_session(distribution.responsable), edit(agent), is_active="on")
    assert "compte.rouvert" in actes(agent)
    assert theirs.get("/").status_code == 302


def test_a_new_address_takes_the_place_of_the_old(distribution: Distribution) -> None:
    agent = distribution.agent_a
    EmailAddress.objects.create(user=agent, email=agent.email, verified=True, primary=True)
    theirs = tracked_session(agent)
    assert errors(send(open_session(distribution.responsable), edit(agent), email="alain@nouveau.example")) == ""
    assert list(EmailAddress.objects.filter(user=agent).values_list("email", flat=True)) == ["alain@nouveau.example"]
    agent.refresh_from_db()
    assert agent.email == "alain@nouveau.example"
    assert theirs.get("/")["Location"].startswith("/connexion/")


def test_two_people_cannot_have_one_address(distribution: Distribution) -> None:
    client = open_session(distribution.responsable)
    response = send(client, edit(distribution.agent_a), email=distribution.elue_b.email.upper())
    assert "existe déjà" in errors(response)


def test_a_responsable_gives_no_group(distribution: Distribution) -> None:
    client = open_session(distribution.responsable)
    group = Group.objects.get(name=Domaine.ADMINISTRATION.label)
    for target in (distribution.responsable, distribution.agent_a):
        before = set(target.groups.all())
        fields = client.get(edit(target)).context["form"].fields
        assert not {"groups", "is_superuser"} & set(fields)
        data = filled(client, edit(target)) | {"groups": [group.pk], "is_superuser": "on"}
        client.post(edit(target), data)
        target.refresh_from_db()
        assert set(target.groups.all()) == before
        assert not target.is_superuser


@pytest.mark.parametrize("acteur", ["responsable", "administration"])
def test_nobody_edits_whoever_may_more(distribution: Distribution, administration: Agent, acteur: str) -> None:
    actor = administration if acteur == "administration" else distribution.responsable
    stronger = distribution.administrateur if acteur == "administration" else administration
    client = open_session(actor)
    for url in (edit(stronger), reverse("wagtailusers_users:second_facteur", args=[stronger.pk])):
        assert client.get(url)["Location"] == "/admin/"
        assert (
            client.post(url, {"prenom": "Autre", "nom": "Nom", "email": "pris@essai.example"})["Location"] == "/admin/"
        )
    stronger.refresh_from_db()
    assert stronger.email != "pris@essai.example"


def test_the_administration_gives_groups_but_makes_no_superuser(
    distribution: Distribution, administration: Agent
) -> None:
    client = open_session(administration)
    group = Group.objects.get(name=Domaine.CONTENU.label)
    assert errors(send(client, edit(distribution.agent_a), groups=[group.pk], is_superuser="on")) == ""
    distribution.agent_a.refresh_from_db()
    assert list(distribution.agent_a.groups.all()) == [group]
    assert not distribution.agent_a.is_superuser
    entry = EntreeJournal.objects.get(acte="compte.droits_changes")
    assert entry.donnees == {"avant": [], "apres": [Domaine.CONTENU.label], "superadministration": False}
    assert entry.agent == administration
    assert entry.collectivite == distribution.epci


def test_the_administration_does_not_change_its_own_rights(administration: Agent) -> None:
    client = open_session(administration)
    assert not {"groups", "is_superuser", "is_active", "email"} & set(
        client.get(edit(administration)).context["form"].fields
    )


def test_an_administrator_resets_a_lost_second_factor(distribution: Distribution) -> None:
    agent = distribution.responsable
    TOTP.activate(agent, generate_totp_secret())
    theirs = tracked_session(agent)
    client = open_session(distribution.administrateur)
    url = reverse("wagtailusers_users:second_facteur", args=[agent.pk])
    assert "de vive voix" in client.get(url).content.decode()
    assert Authenticator.objects.filter(user=agent).exists()
    assert client.post(url).status_code == 302
    assert not Authenticator.objects.filter(user=agent).exists()
    assert theirs.get("/").status_code == 302
    assert actes(agent) == ["second_facteur.remis_a_zero"]


def test_a_responsable_resets_nobody(distribution: Distribution) -> None:
    client = open_session(distribution.responsable)
    url = reverse("wagtailusers_users:second_facteur", args=[distribution.agent_a.pk])
    assert client.post(url)["Location"] == "/admin/"


@pytest.mark.parametrize("action", ["delete", "assign_role", "set_active_state"])
def test_acts_on_many_users_do_not_exist(distribution: Distribution, action: str) -> None:
    client = open_session(distribution.administrateur)
    url = reverse("wagtail_bulk_action", args=["collectivites", "agent", action]) + f"?id={distribution.agent_a.pk}"
    assert client.get(url).status_code == 404
    assert client.post(url).status_code == 404
    assert Agent.objects.filter(pk=distribution.agent_a.pk).exists()


def test_an_agent_is_never_deleted(distribution: Distribution) -> None:
    client = open_session(distribution.administrateur)
    assert client.get(f"/admin/agents/delete/{distribution.sans_poste.pk}/").status_code == 404


def test_the_list_costs_the_same_for_one_and_for_many(
    distribution: Distribution, django_assert_max_num_queries: object
) -> None:
    for _ in range(20):
        PosteFactory(collectivite=distribution.a)
    client = open_session(distribution.responsable)
    url = reverse("wagtailusers_users:index")
    client.get(url)
    with django_assert_max_num_queries(25):
        assert client.get(url).status_code == 200


@pytest.mark.parametrize(("typed", "found"), [("ELISE", True), ("bourg élise", True), ("lise b", True), ("zoé", False)])
def test_people_are_found_whatever_accents_and_order(distribution: Distribution, typed: str, found: bool) -> None:
    client = open_session(distribution.responsable)
    page = client.get(reverse("wagtailusers_users:index_results"), {"q": typed}).content.decode()
    assert ("elise-bourg@essai.example" in page) is found


def test_the_list_says_who_may_enter(distribution: Distribution) -> None:
    Agent.objects.filter(pk=distribution.agent_a.pk).update(email=None)
    Agent.objects.filter(pk=distribution.elue_b.pk).update(is_active=False)
    client = open_session(distribution.responsable)
    url = reverse("wagtailusers_users:index")
    for agent, value, words in (
        (distribution.agent_a, "sans-adresse", "sans adresse"),
        (distribution.elue_b, "ferme", "compte fermé"),
        (distribution.secretaire_a, "oui", "peut se connecter"),
    ):
        response = client.get(url, {"connexion": value})
        listed = list(response.context["object_list"])
        assert agent in listed
        assert {one.connexion for one in listed} == {words}
        assert f"{words}\n" in "\n".join(line.strip() for line in response.content.decode().splitlines())
        assert words in client.get(reverse("wagtailusers_users:inspect", args=[agent.pk])).content.decode()
    assert "Compte ouvert" not in client.get(url).content.decode()
