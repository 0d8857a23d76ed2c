"""Inviting: who may, what leaves, and who is told no."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from annuaire import apports, invitations
from annuaire.invitations import InvitationRefusee
from annuaire.models import Invitation, fingerprint
from annuaire.permissions import can_invite
from collectivites.models import Agent, EntreeJournal, Fonction
from notifications.composition import compose
from notifications.enums import StatutCourriel
from notifications.models import Courriel
from tests.annuaire.invites import NEW, fields, invite, key_of, link, token
from tests.collectivites.factories import AgentFactory
from tests.distribution import Distribution
from tests.sessions import open_session

FORM = reverse("annuaire:invitation_create")
LIST = reverse("annuaire:invitation_list")


def test_a_stopped_mail_leaves_no_link_to_read(distribution: Distribution, fonction: Fonction):
    invite(distribution, fonction)
    mail = Courriel.objects.get(adresse=NEW)
    assert "/invitation/" in mail.texte
    assert mail.take()
    assert mail.refuse(550, "Inconnu")
    mail.refresh_from_db()
    assert mail.texte == mail.html == ""
    assert not mail.send_again()
    assert "Invitez de nouveau" in mail.refaire


def test_names_that_would_deceive_are_kept_plain(distribution: Distribution, fonction: Fonction):
    client = open_session(distribution.gestionnaire_a)
    typed = {"prenom": "\u202eNora\r\nBcc: x@y.example", "nom": "Ne\u200duve", "intitule": "Accueil\u2028mairie"}
    client.post(FORM, fields(distribution, fonction, cle_unique=key_of(client, FORM), **typed))
    sent = Invitation.objects.get()
    assert (sent.prenom, sent.nom, sent.intitule) == ("Nora Bcc: x@y.example", "Neuve", "Accueil mairie")
    mail = Courriel.objects.get(adresse=NEW)
    assert "\u202e" not in mail.texte + mail.html
    message = compose(mail)
    assert "Bcc" not in message.message()


@pytest.mark.parametrize(
    ("role", "into_a", "into_b"),
    [
        ("gestionnaire_a", True, False),
        ("secretaire_a", False, False),
        ("agent_a", False, False),
        ("secretaire_b", False, True),
        ("elue_b", False, False),
        ("partage_ab", False, False),
        ("responsable", True, True),
        ("administrateur", True, True),
        ("sans_poste", False, False),
    ],
)
def test_who_may(distribution: Distribution, role: str, into_a: bool, into_b: bool):
    agent = getattr(distribution, role)
    assert (can_invite(agent, distribution.a), can_invite(agent, distribution.b)) == (into_a, into_b)


def test_nobody_invites_where_the_territory_no_longer_is(distribution: Distribution):
    distribution.a.date_sortie = timezone.localdate()
    assert not can_invite(distribution.gestionnaire_a, distribution.a)


def test_by_the_form(distribution: Distribution, fonction: Fonction):
    client = open_session(distribution.gestionnaire_a)
    response = client.post(FORM, fields(distribution, fonction, cle_unique=key_of(client, FORM)))
    assert response["Location"] == LIST
    sent = Invitation.objects.get()
    assert (sent.collectivite, sent.email, sent.nom_complet) == (distribution.a, NEW, "Nora Neuve")
    assert timedelta(days=7) - timedelta(minutes=1) < sent.expire_le - timezone.now() <= timedelta(days=7)
    mail = Courriel.objects.get(adresse=NEW)
    assert mail.sujet == "Gisele Aval vous invite dans l’extranet des communes"
    assert "Bonjour Nora" in mail.texte
    entry = EntreeJournal.objects.get(acte="invitation.envoyee")
    assert (entry.agent, entry.collectivite) == (distribution.gestionnaire_a, distribution.a)
    assert NEW in client.get(LIST).content.decode()


def test_the_database_does_not_hold_the_link(distribution: Distribution, fonction: Fonction):
    sent = invite(distribution, fonction)
    assert sent.empreinte == fingerprint(token())
    assert token() not in str(Invitation.objects.values().get())


def test_a_double_click_invites_once(distribution: Distribution, fonction: Fonction):
    client = open_session(distribution.gestionnaire_a)
    data = fields(distribution, fonction, cle_unique=key_of(client, FORM))
    assert client.post(FORM, data)["Location"] == client.post(FORM, data)["Location"] == LIST
    assert Courriel.objects.filter(adresse=NEW).count() == 1


def test_not_into_another_commune(distribution: Distribution, fonction: Fonction):
    client = open_session(distribution.gestionnaire_a)
    data = fields(distribution, fonction, cle_unique=key_of(client, FORM), collectivite=distribution.b.pk)
    page = client.post(FORM, data)
    assert page.status_code == 200
    assert not Invitation.objects.exists()


@pytest.mark.parametrize("role", ["secretaire_a", "agent_a", "elue_b", "sans_poste"])
def test_the_others_learn_who_may(distribution: Distribution, role: str):
    client = open_session(getattr(distribution, role))
    for address in (FORM, LIST):
        response = client.get(address)
        assert response.status_code == 403
        assert "gestionnaires" in response.content.decode()
    assert client.post(FORM, {}).status_code in {302, 403}
    assert not Invitation.objects.exists()


def test_what_is_missing_is_said(distribution: Distribution):
    client = open_session(distribution.gestionnaire_a)
    data = {"collectivite": distribution.a.pk, "email": "sans-fin@commune", "cle_unique": key_of(client, FORM)}
    page = client.post(FORM, data).content.decode()
    for words in ("Écrivez son prénom", "Écrivez son nom", "Choisissez sa fonction", "n’est pas complète"):
        assert words in page
    assert "sans-fin@commune" in page


def test_a_responsable_chooses_the_collectivite(distribution: Distribution, fonction: Fonction):
    client = open_session(distribution.responsable)
    page = client.get(FORM).content.decode()
    assert "Aval" in page
    assert "Bourg" in page
    assert 'name="agent"' not in page
    assert 'name="agent"' in client.get(f"{FORM}?collectivite=bourg").content.decode()
    data = fields(distribution, fonction, collectivite=distribution.b.pk, cle_unique=key_of(client, FORM))
    client.post(FORM, data)
    assert Invitation.objects.get().collectivite == distribution.b


def test_one_waits_at_a_time(distribution: Distribution, fonction: Fonction):
    invite(distribution, fonction)
    with pytest.raises(InvitationRefusee, match="attend déjà"):
        invite(distribution, fonction, email=NEW.upper())
    Invitation.objects.update(
        envoyee_le=timezone.now() - timedelta(days=8), expire_le=timezone.now() - timedelta(days=1)
    )
    invite(distribution, fonction)
    assert Invitation.objects.pending().count() == 1


def test_the_database_itself_refuses_two(distribution: Distribution, fonction: Fonction):
    one = invite(distribution, fonction)
    one.pk, one.empreinte = None, "autre"
    with pytest.raises(IntegrityError), transaction.atomic():
        one.save(force_insert=True)


def test_whoever_is_already_in_is_not_invited(distribution: Distribution, fonction: Fonction):
    Agent.objects.filter(pk=distribution.agent_a.pk).update(last_login=timezone.now())
    with pytest.raises(InvitationRefusee, match="déjà de la maison"):
        invite(distribution, fonction, email=distribution.agent_a.email)


def test_a_closed_account_is_not_invited(distribution: Distribution, fonction: Fonction):
    Agent.objects.filter(pk=distribution.secretaire_b.pk).update(is_active=False)
    with pytest.raises(InvitationRefusee, match="fermé"):
        invite(distribution, fonction, email=distribution.secretaire_b.email)


def test_the_address_of_another_person_is_refused(distribution: Distribution, fonction: Fonction):
    nobody = AgentFactory(email=None)
    with pytest.raises(InvitationRefusee, match="autre personne"):
        invite(distribution, fonction, email=distribution.elue_b.email, agent=nobody)


def test_the_list_shows_ones_own_only(distribution: Distribution, fonction: Fonction):
    invite(distribution, fonction)
    invitations.invite(
        distribution.secretaire_b, distribution.b, email="b@essai.example", prenom="B", nom="B", fonction=fonction
    )
    page = open_session(distribution.gestionnaire_a).get(LIST).content.decode()
    assert NEW in page
    assert "b@essai.example" not in page
    page = open_session(distribution.responsable).get(LIST).content.decode()
    assert NEW in page
    assert "b@essai.example" in page


def test_those_of_another_commune_are_unknown(distribution: Distribution, fonction: Fonction):
    sent = invite(distribution, fonction)
    client = open_session(distribution.secretaire_b)
    assert client.post(reverse("annuaire:invitation_withdraw", args=[sent.pk])).status_code == 404
    data = {"cle_unique": key_of(client, FORM)}
    assert client.post(reverse("annuaire:invitation_resend", args=[sent.pk]), data).status_code == 404


def test_names_are_forgotten_two_months_after(distribution: Distribution, fonction: Fonction):
    kept, gone = invite(distribution, fonction), invite(distribution, fonction, email="autre@essai.example")
    past = timezone.now() - timedelta(days=61)
    Invitation.objects.filter(pk=gone.pk).update(envoyee_le=past - timedelta(days=7), expire_le=past)
    assert apports.forget_invitations() == 1
    assert list(Invitation.objects.all()) == [kept]


def test_erasing_a_person(distribution: Distribution, fonction: Fonction):
    agent = distribution.secretaire_b
    sent = invite(distribution, fonction, email=agent.email)
    assert apports.donnees_personnelles(agent)["invitations"][0]["adresse"] == agent.email
    address = link(agent.email)
    apports.effacer(agent)
    sent.refresh_from_db()
    assert (sent.email, sent.prenom, sent.nom) == ("", "", "")
    assert Client().post(address).status_code == 410


def test_merging_two_cards(distribution: Distribution, fonction: Fonction):
    sent = invite(distribution, fonction, email=distribution.secretaire_b.email)
    apports.fusionner(distribution.elue_b, distribution.secretaire_b)
    sent.refresh_from_db()
    assert sent.agent == distribution.elue_b


def test_lists_cost_the_same_for_one_and_ten(
    distribution: Distribution, fonction: Fonction, django_assert_max_num_queries
):
    client = open_session(distribution.gestionnaire_a)
    for rows in (1, 10):
        for n in range(rows):
            invite(distribution, fonction, email=f"recrue{rows}-{n}@essai.example")
        with django_assert_max_num_queries(20):
            client.get(LIST)


@pytest.mark.parametrize("act", [invitations.withdraw, invitations.resend])
def test_the_mail_of_a_dead_link_does_not_leave(distribution: Distribution, fonction: Fonction, act: Callable):
    invitation = invite(distribution, fonction)
    first = Courriel.objects.get(adresse=NEW)
    other = invite(distribution, fonction, email="autre@essai.example")
    act(invitation, distribution.gestionnaire_a)
    first.refresh_from_db()
    assert (first.statut, first.texte, first.html) == (StatutCourriel.ANNULE, "", "")
    waiting = set(Courriel.objects.waiting().values_list("adresse", flat=True))
    assert waiting == {other.email, *([NEW] if act is invitations.resend else [])}
