"""The address opens the account: who may choose that of another, and what is said of it."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from collectivites.enums import Signature
from collectivites.models import Agent, EntreeJournal
from notifications.models import Courriel
from tests.admin.formulaires import errors, filled, send
from tests.admin.test_comptes import edit, tracked_session
from tests.collectivites.factories import AdhesionFactory, FonctionFactory, PosteFactory
from tests.comptes.entrees import PASSE, ask_code, enter_by_password, give_code, is_in, last_code
from tests.distribution import Distribution
from tests.sessions import open_session

pytestmark = pytest.mark.django_db
NEW = "prise@essai.example"


def more_rights(cast: Distribution, held: str) -> Agent:
    """Somebody who holds what a responsable of the annuaire does not."""
    agent = cast.agent_a
    tomorrow = timezone.localdate() + timedelta(days=1)
    if held == "élue":
        return cast.elue_b
    if held == "gestionnaire":
        return cast.gestionnaire_a
    if held == "réseau":
        AdhesionFactory(agent=agent)
    elif held == "epci":
        PosteFactory(agent=agent, collectivite=cast.epci, fonction=FonctionFactory())
    else:
        PosteFactory(agent=agent, collectivite=cast.b, date_debut=tomorrow, signataire=Signature.DE_DROIT)
    return agent


@pytest.mark.parametrize("held", ["élue", "gestionnaire", "epci", "réseau", "signe demain"])
@pytest.mark.parametrize("known", [True, False])
def test_a_responsable_chooses_no_address_of_whoever_may_more(
    distribution: Distribution, held: str, known: bool
) -> None:
    agent = more_rights(distribution, held)
    if not known:
        Agent.objects.filter(pk=agent.pk).update(email=None)
    before = agent.email if known else None
    client = open_session(distribution.responsable)
    client.post(edit(agent), {**filled(client, edit(agent)), "email": NEW, "prenom": "Corrigé"})
    agent.refresh_from_db()
    assert (agent.email, agent.prenom) == (before, "Corrigé")
    assert "L’administration de l’extranet peut" in client.get(edit(agent)).content.decode()


def test_a_new_person_gets_the_address_that_is_written(distribution: Distribution) -> None:
    client = open_session(distribution.responsable)
    assert errors(send(client, reverse("wagtailusers_users:add"), prenom="Nadia", nom="Aval", email=NEW)) == ""
    assert Agent.objects.get(email=NEW)
    assert not Courriel.objects.exists()


@pytest.mark.parametrize("role", ["administration", "responsable"])
def test_a_change_is_told_to_the_former_address(
    distribution: Distribution,
    administration: Agent,
    role: str,
) -> None:
    actor = administration if role == "administration" else distribution.responsable
    agent = distribution.elue_b if role == "administration" else distribution.agent_a
    former, theirs = agent.email, tracked_session(agent)
    assert errors(send(open_session(actor), edit(agent), email=NEW)) == ""
    told = Courriel.objects.get(adresse=former)
    assert told.express
    assert str(actor) in told.texte
    assert "Ce n’est pas" in told.texte
    assert NEW not in told.texte, "une faute de frappe ne doit pas donner la nouvelle adresse à un inconnu"
    assert theirs.get("/")["Location"].startswith("/connexion/")
    entry = EntreeJournal.objects.get(acte="adresse.changee")
    assert (entry.agent, entry.collectivite, entry.objet_id) == (actor, distribution.epci, str(agent.pk))
    assert entry.donnees == {"avant": masked(former), "apres": "p…@essai.example"}
    assert former not in str(entry.donnees)


def masked(address: str) -> str:
    return f"{address[0]}…@essai.example"


def test_an_address_taken_away_is_told_too(distribution: Distribution) -> None:
    agent = distribution.agent_a
    former = agent.email
    EmailAddress.objects.create(user=agent, email=former, verified=True, primary=True)
    assert errors(send(open_session(distribution.responsable), edit(agent), email="")) == ""
    agent.refresh_from_db()
    assert agent.email is None
    assert "plus d’adresse" in Courriel.objects.get(adresse=former).texte
    assert not EmailAddress.objects.filter(user=agent).exists()
    assert EntreeJournal.objects.get(acte="adresse.changee").donnees["apres"] == ""


def test_the_first_address_of_somebody_is_written_down(distribution: Distribution) -> None:
    agent = distribution.agent_a
    Agent.objects.filter(pk=agent.pk).update(email=None)
    assert errors(send(open_session(distribution.responsable), edit(agent), email=NEW)) == ""
    assert EntreeJournal.objects.get(acte="adresse.changee").donnees == {"avant": "", "apres": "p…@essai.example"}
    assert not Courriel.objects.exists()


def test_another_field_tells_nobody(distribution: Distribution) -> None:
    assert errors(send(open_session(distribution.responsable), edit(distribution.agent_a), prenom="Alan")) == ""
    assert not Courriel.objects.exists()
    assert not EntreeJournal.objects.filter(acte="adresse.changee").exists()


def test_a_code_sent_to_the_former_address_opens_nothing(distribution: Distribution) -> None:
    agent, client = distribution.agent_a, Client()
    former = agent.email
    ask_code(client, former)
    code = last_code(former)
    send(open_session(distribution.responsable), edit(agent), email=NEW)
    page = give_code(client, code)
    assert not is_in(client)
    assert page["Location"].startswith("/connexion/")
    assert "Demandez-en un autre" in client.get(page["Location"]).content.decode()


def test_a_code_sent_to_the_former_address_sets_no_password(distribution: Distribution) -> None:
    agent, client = distribution.agent_a, Client()
    former = agent.email
    client.post(reverse("account_reset_password"), {"email": former})
    client.post(reverse("account_confirm_password_reset_code"), {"code": last_code(former)})
    send(open_session(distribution.responsable), edit(agent), email=NEW)
    client.post(reverse("account_complete_password_reset"), {"password1": PASSE, "password2": PASSE})
    agent.refresh_from_db()
    assert not agent.has_usable_password()
    other = Client()
    enter_by_password(other, NEW, PASSE)
    assert not is_in(other)
