"""The calendars of the training: who reads them by their address, what they tell, and when they stop answering."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from collectivites.diffusion import code_collectivite
from collectivites.models import Agent, EntreeJournal, Poste
from formations.catalogue import agendas
from formations.models import FormationPage, Inscription, LienAgenda, SessionFormation
from formations.places import annulation, dates, retraits
from formations.seances import rendez_vous
from formations.seances.organisme import organisme
from tests.distribution import Distribution
from tests.formations.factories import book, day, make_formation, make_session, monday, worker
from tests.materiel.formulaires import send
from tests.sessions import open_session

pytestmark = pytest.mark.django_db

PAGE = "/formations/agenda/"


def read(jeton: str, **headers: str) -> object:
    return Client().get(reverse("formations:agenda_ics", args=[jeton]), headers=headers)


def told(jeton: str) -> list:
    answer = read(jeton)
    assert answer.status_code == 200
    return Calendar.from_ical(answer.content).walk("VEVENT")


def titles(jeton: str) -> list[str]:
    return [str(one["SUMMARY"]).replace("\u00a0", " ") for one in told(jeton)]


def test_mine_are_my_seats_with_all_their_days(distribution: Distribution) -> None:
    agent, first = distribution.agent_a, monday()
    session = make_session(horaires=[*day(first), *day(first + timedelta(days=1))], lieu_nom="Salle Doubs")
    book(session, agent, distribution.a)
    book(make_session(make_formation("Budget"), on=monday(8)), worker(distribution.a))
    full = make_session(make_formation("Pleine"), on=monday(9), capacite=1)
    book(full, worker())
    book(full, agent, distribution.a)
    events = told(agendas.create(agent))
    assert [str(one["SUMMARY"]) for one in events] == ["Gestes et postures"]
    assert timezone.localdate(events[0]["DTSTART"].dt) == first
    assert events[0]["RRULE"]["COUNT"] == [2]
    assert timezone.localtime(events[0]["DTSTART"].dt).hour == 9
    assert timezone.localtime(events[0]["DTEND"].dt).hour == 16
    assert "Salle Doubs" in events[0]["LOCATION"]


def test_it_is_the_appointment_of_the_convocation(distribution: Distribution) -> None:
    """An agenda that has received the mail and subscribes to the feed shows one event: same uid, same days."""
    agent, first = distribution.agent_a, monday()
    session = make_session(horaires=[*day(first), *day(first + timedelta(days=1))], lieu_nom="Salle Doubs")
    seat = book(session, agent, distribution.a)
    mail = rendez_vous.agenda(seat, list(session.creneaux.all()), organisme(), rendez_vous.REQUEST)
    (sent,), (fed,) = Calendar.from_ical(mail).walk("VEVENT"), told(agendas.create(agent))
    for name in ("UID", "SEQUENCE", "SUMMARY", "LOCATION", "DESCRIPTION", "URL"):
        assert str(fed[name]) == str(sent[name]), name
    assert (fed["DTSTART"].dt, fed["DTEND"].dt, fed["RRULE"]) == (sent["DTSTART"].dt, sent["DTEND"].dt, sent["RRULE"])
    assert "ATTENDEE" not in fed, "whoever holds the address reads it"
    assert (str(fed["UID"]), "ATTENDEE" in sent) == (str(seat.uid), True)


def test_those_of_a_commune_count_its_agents_and_name_nobody(distribution: Distribution) -> None:
    session = make_session()
    people = [worker(distribution.a), worker(distribution.a), worker(distribution.b)]
    for one in people:
        book(session, one)
    jeton = agendas.create(distribution.gestionnaire_a, distribution.a)
    assert titles(jeton) == ["Gestes et postures (2 agents)"]
    body = read(jeton).content.decode()
    assert not any(one.nom in body or one.prenom in body for one in people)


def test_a_change_keeps_the_uid_and_raises_the_sequence(distribution: Distribution) -> None:
    agent = distribution.agent_a
    session = make_session()
    seat = book(session, agent, distribution.a)
    jeton = agendas.create(agent)
    (before,) = told(jeton)
    dates.fixer(session.pk, day(monday() + timedelta(days=1)), None)
    (moved,) = told(jeton)
    assert moved["SEQUENCE"] > before["SEQUENCE"]
    assert str(seat.uid) in moved["UID"]
    annulation.annuler(session.pk, distribution.responsable, "Pas assez d’inscrits")
    (gone,) = told(jeton)
    assert (gone["UID"], gone["STATUS"]) == (moved["UID"], "CANCELLED")
    assert gone["SEQUENCE"] > moved["SEQUENCE"]


def test_that_of_a_commune_never_goes_back_when_some_leave(distribution: Distribution) -> None:
    place, session = distribution.a, make_session()
    seats = [book(session, worker(place), place) for _ in range(3)]
    jeton = agendas.create(distribution.gestionnaire_a, place)
    dates.fixer(session.pk, day(monday() + timedelta(days=1)), None)
    known = [told(jeton)[0]["SEQUENCE"]]
    for seat in seats[:2]:
        retraits.desister(seat, seat.agent, "Réunion")
        known.append(told(jeton)[0]["SEQUENCE"])
    assert known == sorted(set(known))


def test_a_seat_given_back_leaves_the_calendar(distribution: Distribution) -> None:
    agent = distribution.agent_a
    seat = book(make_session(), agent, distribution.a)
    jeton = agendas.create(agent)
    retraits.desister(seat, agent, "Réunion")
    assert told(jeton) == []


def test_what_the_holder_may_no_longer_see_leaves_it(distribution: Distribution) -> None:
    """`visible_to` is asked at each reading, not when the address is made."""
    agent, page = distribution.agent_a, make_formation()
    book(make_session(page), agent, distribution.a)
    jeton = agendas.create(agent)
    assert len(told(jeton)) == 1
    FormationPage.objects.filter(pk=page.pk).update(diffusion=[code_collectivite(distribution.b.pk)])
    assert told(jeton) == []


def test_an_old_session_leaves_it(distribution: Distribution) -> None:
    agent = distribution.agent_a
    session = make_session()
    book(session, agent, distribution.a)
    long_ago = timezone.localdate() - agendas.PASSE - timedelta(days=1)
    SessionFormation.objects.filter(pk=session.pk).update(date_debut=long_ago, date_fin=long_ago)
    assert told(agendas.create(agent)) == []


def test_read_again_unchanged_and_at_a_constant_cost(distribution: Distribution, django_assert_max_num_queries) -> None:
    agent = distribution.agent_a
    for n in range(6):
        book(make_session(make_formation(f"Formation {n}"), on=monday(6 + n)), agent, distribution.a)
    jeton = agendas.create(agent)
    first = read(jeton)
    assert "private" in first["Cache-Control"]
    with django_assert_max_num_queries(10):
        again = read(jeton, if_none_match=first["ETag"])
    assert (again.status_code, again.content) == (304, b"")
    retraits.desister(Inscription.objects.first(), agent, "Réunion")
    assert read(jeton)["ETag"] != first["ETag"]


def test_only_the_fingerprint_is_kept(distribution: Distribution) -> None:
    jeton = agendas.create(distribution.agent_a)
    lien = LienAgenda.objects.get()
    assert jeton not in str(LienAgenda.objects.values().get())
    assert not EntreeJournal.objects.filter(donnees__icontains=jeton).exists()
    assert read(lien.empreinte).status_code == 404
    read(jeton)
    assert LienAgenda.objects.get().lu_le == timezone.localdate()


@pytest.mark.parametrize("of_place", [False, True])
@pytest.mark.parametrize("way", ["revoked", "replaced", "left", "closed", "shut", "erased", "wrong"])
def test_it_answers_no_more(distribution: Distribution, way: str, of_place: bool) -> None:
    agent, place = distribution.gestionnaire_a, distribution.a if of_place else None
    jeton = agendas.create(agent, place)
    assert read(jeton).status_code == 200
    yesterday = timezone.localdate() - timedelta(days=1)
    if way == "revoked":
        agendas.revoke(LienAgenda.objects.get(), agent)
    elif way == "replaced":
        assert read(agendas.create(agent, place)).status_code == 200
    elif way == "left":
        Poste.objects.filter(agent=agent).update(date_debut=yesterday, date_fin=yesterday)
    elif way == "closed":
        Poste.objects.filter(agent=agent).update(ferme_le=timezone.now())
    elif way == "shut":
        Agent.objects.filter(pk=agent.pk).update(is_active=False)
    elif way == "erased":
        Agent.objects.filter(pk=agent.pk).update(efface_le=timezone.now())
    else:
        jeton += "x"
    assert read(jeton).status_code == 404


@pytest.mark.parametrize("change", [{"gestionnaire": False}, {"collectivite": "b"}])
def test_that_of_a_commune_wants_its_gestionnaire(distribution: Distribution, change: dict) -> None:
    agent = distribution.gestionnaire_a
    theirs, own = agendas.create(agent, distribution.a), agendas.create(agent)
    fields = {name: getattr(distribution, value) if value == "b" else value for name, value in change.items()}
    Poste.objects.filter(agent=agent).update(**fields)
    assert (read(theirs).status_code, read(own).status_code) == (404, 200)


def test_made_on_the_page_and_shown_once(distribution: Distribution) -> None:
    client = open_session(distribution.gestionnaire_a)
    assert send(client, PAGE, PAGE, pour="commune").status_code == 302
    answer = client.get(PAGE)
    html = answer.content.decode()
    assert answer["Cache-Control"] == "no-store"
    start = html.index(PAGE, html.index('id="f-adresse"'))
    jeton = html[start:].split(".ics")[0].rsplit("/", 1)[1]
    assert read(jeton).status_code == 200
    assert LienAgenda.objects.get().collectivite == distribution.a
    later = client.get(PAGE).content.decode()
    assert jeton not in later
    assert "Remplacer l’adresse" in later


def test_an_agent_has_their_own_only(distribution: Distribution) -> None:
    client = open_session(distribution.agent_a)
    assert "Celles des agents" not in client.get(PAGE).content.decode()
    assert send(client, PAGE, PAGE, pour="commune").status_code == 403
    assert send(client, PAGE, PAGE, pour="moi").status_code == 302
    assert LienAgenda.objects.get().collectivite is None


def test_revoked_by_its_holder_or_a_gestionnaire_not_by_others(distribution: Distribution) -> None:
    holder = worker(distribution.a, gestionnaire=True)
    agendas.create(holder, distribution.a)
    agendas.create(holder)
    of_place = LienAgenda.objects.get(collectivite=distribution.a)
    own = LienAgenda.objects.get(collectivite=None)
    path = reverse("formations:agenda_revoquer", args=[of_place.pk])
    stranger = open_session(distribution.secretaire_b)
    assert send(stranger, PAGE, path).status_code == 404
    boss = open_session(distribution.gestionnaire_a)
    assert f"adresse de {holder}" in boss.get(PAGE).content.decode()
    assert send(boss, PAGE, reverse("formations:agenda_revoquer", args=[own.pk])).status_code == 404
    assert send(boss, PAGE, path).status_code == 302
    assert set(LienAgenda.objects.filter(revoque_le=None)) == {own}
