"""How long, about whom, and what is left after erasure."""

import json
from datetime import timedelta

import pytest
from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone

from extranet.lib.apports import contributions
from notifications.abonnements import follow
from notifications.apports import donnees_personnelles, effacer, fusionner
from notifications.conservation import purge
from notifications.enums import Envoi, Frequence, StatutCourriel
from notifications.envoi import notify
from notifications.models import Abonnement, Courriel, Notification, Preference, PropositionFaite, Rythme
from tests.collectivites.factories import ReseauFactory
from tests.distribution import Distribution
from tests.notifications.factories import CourrielFactory, NotificationFactory

pytestmark = pytest.mark.django_db


def test_the_old_goes_and_what_waits_stays():
    now = timezone.now()
    year, month = now - timedelta(days=366), now - timedelta(days=31)
    NotificationFactory(created_at=year)
    NotificationFactory(created_at=year, lue_le=year, archivee_le=now)
    NotificationFactory(created_at=year, lue_le=year, archivee_le=year)
    waiting = CourrielFactory()
    sent = CourrielFactory(statut=StatutCourriel.ENVOYE, envoye_le=month)
    refused = CourrielFactory(statut=StatutCourriel.REFUSE)
    Courriel.objects.update(created_at=month)
    recent = CourrielFactory(statut=StatutCourriel.ENVOYE, envoye_le=now)
    assert purge() == 3
    assert set(Courriel.objects.all()) == {waiting, refused, recent}
    assert sent not in Courriel.objects.all()
    assert Notification.objects.get().archivee_le == now


def test_what_a_digest_carried_stays_carried_after_the_mail_is_gone(distribution: Distribution):
    mail = CourrielFactory(statut=StatutCourriel.ENVOYE, envoye_le=timezone.now())
    line = NotificationFactory(envoi=Envoi.RESUME, resume=mail, resumee_le=timezone.now())
    Courriel.objects.update(created_at=timezone.now() - timedelta(days=31))
    purge()
    line.refresh_from_db()
    assert line.resume is None
    assert not Notification.objects.awaiting_digest().exists()


def test_everything_held_about_a_person_is_given(distribution: Distribution):
    agent = distribution.agent_a
    notify([agent], "essai", "Une nouvelle")
    Preference.objects.create(agent=agent, sorte="jour", frequence=Frequence.JAMAIS)
    Rythme.objects.create(agent=agent)
    follow(agent, f"reseau:{ReseauFactory().pk}")
    PropositionFaite.objects.create(agent=agent, objet="theme:1")
    held = json.loads(json.dumps(donnees_personnelles(agent), cls=DjangoJSONEncoder))
    assert {name: len(rows) for name, rows in held.items()} == dict.fromkeys(held, 1)
    assert set(held) == {"notifications", "courriels", "preferences", "rythme", "abonnements", "abonnements_proposes"}


def test_nothing_names_an_erased_person(distribution: Distribution):
    agent, other = distribution.agent_a, distribution.secretaire_a
    notify([agent], "essai", "Pour Alain")
    notify([other], "essai", "Alain a changé sa fiche", auteur=agent)
    notify([other], "essai", "La fiche d’Alain", objet=agent)
    carried = CourrielFactory(agent=other, sorte="resume.quotidien", html="Alain…")
    NotificationFactory(
        destinataire=other, auteur=agent, titre="Alain encore", resume=carried, resumee_le=timezone.now()
    )
    notify([other], "essai", "Sans rapport")
    relayed, shared = NotificationFactory(destinataire=other, relais=True), NotificationFactory(destinataire=other)
    for line in (relayed, shared):
        line.pour.add(agent)
    Preference.objects.create(agent=agent, sorte="jour", frequence=Frequence.JAMAIS)
    effacer(agent)
    assert set(Notification.objects.values_list("titre", flat=True)) == {"Sans rapport", shared.titre}
    assert shared.transmission == ""
    assert not Courriel.objects.filter(adresse=agent.email).exists()
    assert not Courriel.objects.filter(html__contains="Alain").exists()
    assert not Preference.objects.exists()


def test_merging_keeps_the_choices_of_the_one_who_stays(distribution: Distribution):
    kept, removed = distribution.agent_a, distribution.secretaire_a
    for agent, frequence in ((kept, Frequence.JAMAIS), (removed, Frequence.QUOTIDIEN)):
        Preference.objects.create(agent=agent, sorte="essai", frequence=frequence)
        Abonnement.objects.create(agent=agent, objet="theme:1")
        PropositionFaite.objects.create(agent=agent, objet="theme:1")
        NotificationFactory(destinataire=agent, cle="actualite:1")
    Preference.objects.create(agent=removed, sorte="jour", frequence=Frequence.HEBDOMADAIRE)
    Rythme.objects.create(agent=removed, heure="17:00")
    NotificationFactory(destinataire=removed, titre="À elle seule").pour.add(removed)
    fusionner(kept, removed)
    assert dict(Preference.objects.filter(agent=kept).values_list("sorte", "frequence")) == {
        "essai": "jamais",
        "jour": "hebdomadaire",
    }
    assert kept.rythme.heure == "17:00"
    assert Notification.objects.filter(destinataire=kept).count() == 2
    assert PropositionFaite.objects.get().agent == kept
    for model in (Preference, Abonnement, Rythme):
        assert not model.objects.filter(agent=removed).exists()
    assert not Notification.objects.filter(destinataire=removed).exists()
    assert list(Notification.objects.get(titre="À elle seule").pour.all()) == [kept]


def test_the_contributions_are_found():
    from_here = {
        name
        for name in ("echeances", "a_faire", "sante", "donnees_personnelles", "effacer", "fusionner", "installer")
        if any(function.__module__ == "notifications.apports" for function in contributions(name))
    }
    assert len(from_here) == 7
