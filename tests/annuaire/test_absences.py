"""Absences: who notes them, who answers, who is told, and how they end."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from annuaire.fiche import absences
from collectivites.models import Absence, Agent
from notifications.models import Notification
from tests.annuaire.portraits import key_of
from tests.distribution import Distribution
from tests.sessions import open_session

pytestmark = pytest.mark.django_db


def day(n: int) -> date:
    return timezone.localdate() + timedelta(days=n)


def url_of(agent: Agent) -> str:
    return f"/annuaire/agents/{agent.slug}/absences/"


def note(client: Client, url: str, first: int, last: int, **given: object) -> object:
    fields = {
        "date_debut": day(first).isoformat(),
        "moment_debut": "matin",
        "date_fin": day(last).isoformat(),
        "moment_fin": "apres_midi",
        "cle_unique": key_of(client, url),
    }
    return client.post(url, fields | given, follow=True)


def text(response: object) -> str:
    return response.content.decode().replace("\u00a0", " ").replace("&nbsp;", " ")


def test_who_answers_is_shown_and_told(distribution: Distribution) -> None:
    agent, other = distribution.agent_a, distribution.secretaire_a
    page = note(open_session(agent), url_of(agent), 0, 3, remplacant=other.pk)
    assert "Sylvie Aval répond et en est prévenu·e" in text(page)
    told = set(Notification.objects.values_list("destinataire__slug", flat=True))
    assert told == {"sylvie-aval", "gisele-aval"}
    assert "répond" in Notification.objects.first().texte
    reader = open_session(distribution.secretaire_b)
    assert "Sylvie Aval" in text(reader.get(agent.get_absolute_url()))
    assert "Sylvie Aval" in text(reader.get(distribution.a.get_absolute_url()))


def test_a_gestionnaire_notes_it_and_the_person_is_told(distribution: Distribution) -> None:
    note(open_session(distribution.gestionnaire_a), url_of(distribution.agent_a), 1, 2)
    assert Notification.objects.get().destinataire == distribution.agent_a
    assert open_session(distribution.secretaire_b).get(url_of(distribution.agent_a)).status_code == 403


def test_somebody_of_another_commune_by_name(distribution: Distribution) -> None:
    agent = distribution.agent_a
    note(open_session(agent), url_of(agent), 1, 2, autre="simone bourg")
    assert Absence.objects.get().remplacant == distribution.secretaire_b


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"autre": "Personne Inconnue"}, "Personne ne s’appelle"),
        ({"autre": "aval"}, "Plusieurs personnes répondent à ce nom"),
        ({"date_fin": "2020-01-01"}, "déjà finie"),
        ({"date_fin": ""}, "Choisissez un jour."),
        ({"remplacant": "999999"}, "n’est plus dans l’annuaire"),
        ({"autre": "Alain Aval"}, "Personne ne s’appelle"),
    ],
)
def test_what_is_wrong_is_said(distribution: Distribution, given: dict, words: str) -> None:
    page = note(open_session(distribution.agent_a), url_of(distribution.agent_a), 1, 2, **given)
    assert words in text(page)
    assert not Absence.objects.exists()


def test_dates_in_order_and_no_overlap(distribution: Distribution) -> None:
    client, url = open_session(distribution.agent_a), url_of(distribution.agent_a)
    assert "finit après avoir commencé" in text(note(client, url, 5, 4))
    afternoon = {"moment_debut": "apres_midi", "moment_fin": "matin"}
    assert "finit après avoir commencé" in text(note(client, url, 5, 5, **afternoon))
    note(client, url, 5, 5, moment_fin="matin")
    assert "déjà notée" in text(note(client, url, 4, 6))
    assert "L’absence est notée" in text(note(client, url, 5, 6, moment_debut="apres_midi"))


def test_not_oneself(distribution: Distribution) -> None:
    page = note(
        open_session(distribution.agent_a), url_of(distribution.agent_a), 1, 2, remplacant=distribution.agent_a.pk
    )
    assert "Choisissez-en une autre" in text(page)
    assert not Absence.objects.exists()


def test_a_hidden_person_is_not_proposed(distribution: Distribution) -> None:
    Agent.objects.filter(pk=distribution.secretaire_a.pk).update(oppose_le=timezone.now())
    client = open_session(distribution.agent_a)
    assert "Sylvie Aval" not in text(client.get(url_of(distribution.agent_a)))
    assert "Personne ne s’appelle" in text(note(client, url_of(distribution.agent_a), 1, 2, autre="Sylvie Aval"))


def test_a_substitute_who_is_away_is_said(distribution: Distribution) -> None:
    Absence.objects.create(agent=distribution.secretaire_a, date_debut=day(2), date_fin=day(9))
    page = note(
        open_session(distribution.agent_a), url_of(distribution.agent_a), 1, 3, remplacant=distribution.secretaire_a.pk
    )
    assert "Sylvie Aval est absent·e aussi" in text(page)
    assert Absence.objects.filter(agent=distribution.agent_a).exists()


def test_other_dates_and_another_substitute(distribution: Distribution) -> None:
    agent, client = distribution.agent_a, open_session(distribution.agent_a)
    note(client, url_of(agent), 1, 2, remplacant=distribution.secretaire_a.pk)
    one = Absence.objects.get()
    Notification.objects.all().delete()
    note(client, f"/annuaire/absences/{one.pk}/", 1, 4, remplacant=distribution.partage_ab.pk)
    one.refresh_from_db()
    assert (one.date_fin, one.remplacant) == (day(4), distribution.partage_ab)
    told = set(Notification.objects.values_list("destinataire__slug", flat=True))
    assert told == {"sylvie-aval", "paul-deux", "gisele-aval"}


def test_back_sooner(distribution: Distribution) -> None:
    agent, client = distribution.agent_a, open_session(distribution.agent_a)
    long = Absence.objects.create(agent=agent, date_debut=day(-3), date_fin=day(5))
    client.post(f"/annuaire/absences/{long.pk}/terminer/")
    long.refresh_from_db()
    assert not long.is_under_way()
    assert "absence jusqu" not in text(client.get(agent.get_absolute_url()))
    fresh = Absence.objects.create(agent=agent, date_debut=day(0), date_fin=day(5))
    client.post(f"/annuaire/absences/{fresh.pk}/terminer/")
    left = Absence.objects.filter(pk=fresh.pk).first()
    assert left is None or not left.is_under_way()


def test_cancelled(distribution: Distribution) -> None:
    one = Absence.objects.create(
        agent=distribution.agent_a, date_debut=day(3), date_fin=day(5), remplacant=distribution.secretaire_a
    )
    assert open_session(distribution.secretaire_b).post(f"/annuaire/absences/{one.pk}/supprimer/").status_code == 404
    open_session(distribution.agent_a).post(f"/annuaire/absences/{one.pk}/supprimer/")
    assert not Absence.objects.exists()
    assert Notification.objects.filter(destinataire=distribution.secretaire_a, titre__contains="annulée").exists()


def test_it_ends_by_itself_and_is_forgotten_after_a_year(distribution: Distribution) -> None:
    past = Absence.objects.create(agent=distribution.agent_a, date_debut=day(-3), date_fin=day(-1))
    old = Absence.objects.create(agent=distribution.agent_a, date_debut=day(-400), date_fin=day(-390))
    page = text(open_session(distribution.agent_a).get(url_of(distribution.agent_a)))
    assert "Aucune absence notée" in page
    assert open_session(distribution.agent_a).get(f"/annuaire/absences/{past.pk}/").status_code == 404
    assert absences.forget_past() == 1
    assert not Absence.objects.filter(pk=old.pk).exists()
