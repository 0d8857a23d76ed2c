"""The calendar of a commune's loans: who reads it by its address, what it tells, and when it stops answering."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from collectivites.models import Agent, Collectivite, EntreeJournal, Poste
from extranet.lib.demi_journees import Moment
from materiel.entraide import agendas
from materiel.models import LienAgenda, Pret
from materiel.prets import modifications
from tests.materiel.factories import make_materiel
from tests.materiel.formulaires import send
from tests.materiel.prets import ask, commune, days, fresh, keeper, lend, manager, plain
from tests.sessions import open_session

pytestmark = pytest.mark.django_db

PAGE = "/materiel/agenda/"


@pytest.fixture
def tavaux() -> Collectivite:
    return commune("Tavaux", telephone="0353010061")


@pytest.fixture
def foucherans() -> Collectivite:
    return commune("Foucherans")


def address(jeton: str) -> str:
    return reverse("materiel:agenda_ics", args=[jeton])


def read(jeton: str, **headers: str) -> object:
    return Client().get(address(jeton), headers=headers)


def told(jeton: str) -> list:
    return Calendar.from_ical(read(jeton).content).walk("VEVENT")


def test_what_is_lent_and_what_is_borrowed(tavaux, foucherans):
    lent = lend(make_materiel("Podium", collectivite=tavaux, lieu="Rue des Vernes"), foucherans)
    back = lend(make_materiel("Chaises", collectivite=foucherans, stock=80, unite="chaises"), tavaux, 2, 3, quantite=20)
    ask(make_materiel("Sono", collectivite=tavaux), foucherans)
    lend(make_materiel("Ailleurs", collectivite=foucherans), commune("Gevry"))
    events = told(agendas.create(keeper(tavaux), tavaux))
    assert [plain(str(one["SUMMARY"])) for one in events] == [
        "Prêt à Foucherans : Podium",
        "Emprunt à Foucherans : 20 chaises",
    ]
    assert events[0]["LOCATION"] == "Rue des Vernes"
    assert str(events[0]["URL"]).endswith(lent.get_absolute_url())
    assert events[0]["DTSTART"].dt == lent.date_debut
    assert events[0]["DTEND"].dt == lent.date_fin + timedelta(days=1)
    assert events[1]["UID"].startswith(f"pret-{back.pk}@")


def test_no_person_is_named(tavaux, foucherans):
    pret = lend(make_materiel(collectivite=tavaux), foucherans, usage="Chez Zoé Quillfeldt")
    body = read(agendas.create(keeper(tavaux), tavaux)).content.decode()
    for agent in (pret.demandeur, pret.reponse_par, keeper(tavaux)):
        assert agent.nom not in body
    assert "Quillfeldt" not in body


def test_a_change_keeps_the_uid_and_raises_the_sequence(tavaux, foucherans):
    pret = lend(make_materiel(collectivite=tavaux), foucherans)
    jeton = agendas.create(keeper(tavaux), tavaux)
    (before,) = told(jeton)
    modifications.change_loan(pret, keeper(tavaux), **days(0, 2), quantite=1)
    (after,) = told(jeton)
    assert after["UID"] == before["UID"]
    assert after["SEQUENCE"] > before["SEQUENCE"]
    assert after["DTEND"].dt == before["DTEND"].dt + timedelta(days=1)
    modifications.cancel(fresh(pret), keeper(tavaux), "En panne")
    (gone,) = told(jeton)
    assert (gone["UID"], gone["STATUS"]) == (before["UID"], "CANCELLED")
    assert gone["SEQUENCE"] > after["SEQUENCE"]


def test_a_half_day_has_its_hours(tavaux, foucherans):
    half = days(0, 0)
    half["fin"] = type(half["fin"])(half["fin"].date, Moment.MATIN)
    lend(make_materiel(collectivite=tavaux), foucherans, **half)
    (event,) = told(agendas.create(keeper(tavaux), tavaux))
    assert timezone.localtime(event["DTSTART"].dt).hour == 8
    assert timezone.localtime(event["DTEND"].dt).hour == 12


def test_an_old_loan_leaves_the_calendar(tavaux, foucherans):
    pret = lend(make_materiel(collectivite=tavaux), foucherans)
    long_ago = timezone.localdate() - agendas.PASSE - timedelta(days=1)
    Pret.objects.filter(pk=pret.pk).update(date_debut=long_ago, date_fin=long_ago)
    assert told(agendas.create(keeper(tavaux), tavaux)) == []


def test_read_again_unchanged(tavaux, foucherans, django_assert_max_num_queries):
    lot = make_materiel("Chaises", collectivite=tavaux, stock=80)
    pret = lend(lot, foucherans, quantite=20)
    lend(lot, foucherans, 3, 4, quantite=20)
    jeton = agendas.create(keeper(tavaux), tavaux)
    first = read(jeton)
    assert first["Content-Type"] == "text/calendar; charset=utf-8"
    assert "private" in first["Cache-Control"]
    with django_assert_max_num_queries(6):
        again = read(jeton, if_none_match=first["ETag"])
    assert (again.status_code, again.content) == (304, b"")
    modifications.cancel(fresh(pret), keeper(tavaux), "En panne")
    assert read(jeton)["ETag"] != first["ETag"]


def test_only_the_fingerprint_is_kept(tavaux):
    jeton = agendas.create(keeper(tavaux), tavaux)
    lien = LienAgenda.objects.get()
    assert jeton not in str(LienAgenda.objects.values().get())
    assert lien.empreinte == agendas.fingerprint(jeton)
    assert not EntreeJournal.objects.filter(donnees__icontains=jeton).exists()
    assert read(lien.empreinte).status_code == 404


def test_it_says_when_it_was_last_read(tavaux):
    jeton = agendas.create(keeper(tavaux), tavaux)
    read(jeton)
    assert LienAgenda.objects.get().lu_le == timezone.localdate()


@pytest.mark.parametrize("way", ["revoked", "replaced", "left", "closed", "shut", "erased", "wrong"])
def test_it_answers_no_more(tavaux, way):
    agent = manager(tavaux)
    jeton = agendas.create(agent, tavaux)
    assert read(jeton).status_code == 200
    yesterday = timezone.localdate() - timedelta(days=1)
    if way == "revoked":
        agendas.revoke(LienAgenda.objects.get(), agent)
    elif way == "replaced":
        assert read(agendas.create(agent, tavaux)).status_code == 200
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


def test_a_poste_elsewhere_does_not_keep_it_open(tavaux, foucherans):
    agent = manager(tavaux)
    jeton = agendas.create(agent, tavaux)
    Poste.objects.filter(agent=agent).update(collectivite=foucherans)
    assert read(jeton).status_code == 404


def test_made_on_the_page_and_shown_once(tavaux):
    client = open_session(keeper(tavaux))
    assert send(client, PAGE, PAGE).status_code == 302
    answer = client.get(PAGE)
    page = answer.content.decode()
    assert answer["Cache-Control"] == "no-store"
    start = page.index("/materiel/agenda/", page.index('id="f-adresse"'))
    jeton = page[start:].split(".ics")[0].rsplit("/", 1)[1]
    assert read(jeton).status_code == 200
    later = client.get(PAGE).content.decode()
    assert jeton not in later
    assert "Remplacer mon adresse" in later


def test_revoked_by_its_holder_or_a_gestionnaire_not_by_others(tavaux, foucherans):
    holder, boss, stranger = manager(tavaux), keeper(tavaux), keeper(foucherans)
    Poste.objects.filter(agent=holder).update(gestionnaire=False)
    agendas.create(holder, tavaux)
    path = reverse("materiel:agenda_revoquer", args=[LienAgenda.objects.get().pk])
    client = open_session(stranger)
    assert send(client, PAGE, path).status_code == 404
    assert LienAgenda.objects.get().revoque_le is None
    client = open_session(boss)
    assert f"Celle de {holder}" in client.get(PAGE).content.decode()
    assert send(client, PAGE, path).status_code == 302
    assert LienAgenda.objects.get().revoque_le is not None
