"""Telling: who gets a line, who gets a mail, and what stays unsaid."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from collectivites.models import Absence, Agent
from notifications.composition import SansObjet, compose
from notifications.enums import Envoi, Frequence
from notifications.envoi import notify, withdraw, write_mail
from notifications.models import Courriel, Notification, Preference, Rythme
from tests.collectivites.factories import AgentFactory, PosteFactory
from tests.distribution import Distribution
from tests.notifications.factories import MAIL, mail_context

pytestmark = pytest.mark.django_db


def tell(*agents: Agent, sorte: str = "essai", titre: str = "Une nouvelle", **options: object) -> int:
    return notify(agents, sorte, titre, url="/annuaire/", **options)


def mails() -> list[str]:
    return sorted(Courriel.objects.values_list("adresse", flat=True))


def test_a_line_and_a_mail_are_written_together(distribution: Distribution):
    assert tell(distribution.agent_a, distribution.agent_a) == 1
    line = Notification.objects.get()
    assert (line.destinataire, line.area, line.envoi) == (distribution.agent_a, "annuaire", Envoi.IMMEDIAT)
    assert line.courriel.adresse == distribution.agent_a.email


def test_neither_remains_when_the_act_fails(distribution: Distribution):
    with transaction.atomic():
        tell(distribution.agent_a)
        assert Courriel.objects.exists()
        transaction.set_rollback(True)
    assert not Notification.objects.exists()
    assert not Courriel.objects.exists()


@pytest.mark.parametrize(
    ("frequence", "envoi", "mailed"),
    [
        (Frequence.IMMEDIATE, Envoi.IMMEDIAT, 1),
        (Frequence.QUOTIDIEN, Envoi.RESUME, 0),
        (Frequence.HEBDOMADAIRE, Envoi.RESUME, 0),
        (Frequence.JAMAIS, Envoi.AUCUN, 0),
    ],
)
def test_the_mail_is_as_the_reader_prefers(distribution: Distribution, frequence: str, envoi: str, mailed: int):
    Preference.objects.create(agent=distribution.agent_a, sorte="essai", frequence=frequence)
    tell(distribution.agent_a)
    assert Notification.objects.get().envoi == envoi
    assert Courriel.objects.count() == mailed


@pytest.mark.parametrize("options", [{"sorte": "imposee"}, {"urgente": True}])
def test_urgent_and_imposed_ones_are_always_mailed(distribution: Distribution, options: dict):
    for sorte in ("essai", "imposee"):
        Preference.objects.create(agent=distribution.agent_a, sorte=sorte, frequence=Frequence.JAMAIS)
    tell(distribution.agent_a, **options)
    assert mails() == [distribution.agent_a.email]


def test_what_the_kind_proposes_holds_until_one_chooses(distribution: Distribution):
    tell(distribution.agent_a, sorte="jour")
    assert Notification.objects.get().envoi == Envoi.RESUME


def test_an_absence_turns_mails_into_a_digest_but_not_urgent_ones(distribution: Distribution):
    today = timezone.localdate()
    for agent in (distribution.agent_a, distribution.secretaire_a):
        Absence.objects.create(agent=agent, date_debut=today, date_fin=today)
    Rythme.objects.create(agent=distribution.secretaire_a, pause_absences=False)
    tell(distribution.agent_a, distribution.secretaire_a)
    assert mails() == [distribution.secretaire_a.email]
    assert Notification.objects.get(destinataire=distribution.agent_a).envoi == Envoi.RESUME
    tell(distribution.agent_a, urgente=True)
    assert distribution.agent_a.email in mails()


def test_one_is_not_told_of_ones_own_act(distribution: Distribution):
    assert tell(distribution.agent_a, distribution.secretaire_a, auteur=distribution.agent_a) == 1
    assert Notification.objects.get().destinataire == distribution.secretaire_a


def test_closed_and_erased_accounts_are_not_told(distribution: Distribution):
    closed = AgentFactory(is_active=False)
    erased = AgentFactory(efface_le=timezone.now(), email=None)
    assert tell(closed, erased) == 0


def test_the_same_thing_is_told_once(distribution: Distribution):
    assert tell(distribution.agent_a, cle="actualite:1") == 1
    assert tell(distribution.agent_a, distribution.secretaire_a, titre="Corrigée", cle="actualite:1") == 1
    assert set(Notification.objects.values_list("titre", flat=True)) == {"Corrigée"}
    assert Courriel.objects.count() == 2


def test_told_again_to_fewer_it_leaves_the_others_inboxes(distribution: Distribution):
    tell(distribution.agent_a, distribution.secretaire_b, visible_par=["toutes"], cle="actualite:1")
    tell(distribution.agent_a, visible_par=[f"c:{distribution.a.pk}"], cle="actualite:1")
    assert Notification.objects.visible_to(distribution.agent_a).exists()
    assert not Notification.objects.visible_to(distribution.secretaire_b).exists()


def test_the_database_holds_one_line_a_key(distribution: Distribution):
    tell(distribution.agent_a, cle="un")
    line = Notification.objects.get()
    line.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        line.save(force_insert=True)


def test_an_unknown_kind_is_a_mistake_of_ours(distribution: Distribution):
    with pytest.raises(KeyError):
        tell(distribution.agent_a, sorte="inconnue")


def test_an_object_without_gate_cannot_be_told_about(distribution: Distribution):
    with pytest.raises(TypeError, match="visible_to"):
        tell(distribution.agent_a, objet=Rythme(agent=distribution.agent_a))


def test_an_agent_without_email_is_reached_through_the_gestionnaires(distribution: Distribution):
    sans_courriel = AgentFactory(email=None)
    PosteFactory(agent=sans_courriel, collectivite=distribution.a)
    assert tell(sans_courriel, cle="un") == 2
    relay = Notification.objects.get(destinataire=distribution.gestionnaire_a)
    assert relay.titre_complet == "À transmettre\u00a0: Une nouvelle"
    assert relay.transmission == f"À transmettre à {sans_courriel}, sans adresse de courriel."
    assert mails() == [distribution.gestionnaire_a.email]
    assert str(sans_courriel) in compose(relay.courriel).body
    assert tell(sans_courriel, cle="un") == 0


def test_a_gestionnaire_who_is_told_too_gets_one_line(distribution: Distribution):
    colleagues = [AgentFactory(email=None, nom=nom, prenom="Jo") for nom in ("Un", "Deux", "Trois")]
    for agent in colleagues:
        PosteFactory(agent=agent, collectivite=distribution.a)
    assert tell(*colleagues, distribution.gestionnaire_a) == 4
    line = Notification.objects.get(destinataire=distribution.gestionnaire_a)
    assert line.titre_complet == "Une nouvelle"
    assert line.transmission == "À transmettre à Jo Deux, Jo Trois et Jo Un, sans adresse de courriel."
    assert Courriel.objects.count() == 1


def test_the_relay_is_of_the_collectivite_it_is_about(distribution: Distribution):
    sans_courriel = AgentFactory(email=None)
    PosteFactory(agent=sans_courriel, collectivite=distribution.a)
    PosteFactory(agent=sans_courriel, collectivite=distribution.b)
    tell(sans_courriel, collectivite=distribution.b)
    assert mails() == [distribution.secretaire_b.email]


def test_the_number_of_queries_does_not_depend_on_the_readers(distribution: Distribution, django_assert_num_queries):
    with django_assert_num_queries(8):
        tell(distribution.agent_a, cle="un")
    agents = [AgentFactory() for _ in range(20)]
    with django_assert_num_queries(8):
        tell(*agents, cle="deux")
    silent = [AgentFactory(email=None) for _ in range(20)]
    for agent in silent:
        PosteFactory(agent=agent, collectivite=distribution.a)
    with django_assert_num_queries(11):
        tell(*agents, *silent, cle="trois")


def test_withdrawn_it_leaves_the_inboxes_and_the_mail_does_not_leave(distribution: Distribution):
    tell(distribution.agent_a, objet=distribution.a)
    assert withdraw(distribution.a) == 1
    assert not Notification.objects.exists()
    with pytest.raises(SansObjet):
        compose(Courriel.objects.get())


CONTEXTE = mail_context("Votre code", "123456")


def test_a_direct_mail_is_composed_when_written(distribution: Distribution):
    (courriel,) = write_mail(
        MAIL, CONTEXTE, adresse="Neuf@Essai.example", express=True, expire_apres=timedelta(minutes=15)
    )
    assert (courriel.adresse, courriel.sujet, courriel.agent) == ("neuf@essai.example", "Votre code", None)
    assert "123456" in courriel.texte
    assert courriel.expire_le - timezone.now() < timedelta(minutes=16)


def test_a_direct_mail_to_an_agent_without_email_goes_to_their_gestionnaires(distribution: Distribution):
    sans_courriel = AgentFactory(email=None)
    PosteFactory(agent=sans_courriel, collectivite=distribution.a)
    (courriel,) = write_mail(MAIL, CONTEXTE, agent=sans_courriel)
    assert courriel.adresse == distribution.gestionnaire_a.email
    assert f"À transmettre à {sans_courriel}" in courriel.texte
    assert write_mail(MAIL, CONTEXTE, agent=AgentFactory(email=None)) == []


def test_a_direct_mail_is_written_once_a_key(distribution: Distribution):
    first = write_mail(MAIL, CONTEXTE, agent=distribution.agent_a, cle="invitation:1")
    assert write_mail(MAIL, CONTEXTE, agent=distribution.agent_a, cle="invitation:1") == first
    assert Courriel.objects.count() == 1


def test_a_direct_mail_needs_somebody():
    with pytest.raises(ValueError, match="adresse"):
        write_mail(MAIL, CONTEXTE)
