"""The month of the trainings: each day, the same as a list, other months, filters."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from formations.enums import Visa
from tests.distribution import Distribution
from tests.formations.factories import book, day, make_formation, make_session, monday, worker
from tests.sessions import open_session

pytestmark = pytest.mark.django_db

PAGE = "/formations/calendrier/"


@pytest.fixture
def client(distribution: Distribution) -> Client:
    return open_session(distribution.gestionnaire_a)


def month_of(client: Client, on: object, query: str = "") -> object:
    return client.get(f"{PAGE}?mois={on:%Y-%m}{query}").context["mois"]


def test_a_day_leads_to_its_sessions_in_the_list(client: Client) -> None:
    session = make_session(on=monday())
    html = client.get(f"{PAGE}?mois={monday():%Y-%m}").content.decode()
    anchor = f"jour-{session.date_debut.day}"
    assert f'class="ec-month__a" href="#{anchor}"' in html
    assert f'id="{anchor}" tabindex="-1"' in html
    assert f"?session={session.numero}" in html
    assert f"{session.capacite} places restantes" in html


def test_every_day_of_a_session_is_marked_and_no_other(client: Client) -> None:
    first = monday()
    make_session(horaires=[*day(first), *day(first + timedelta(days=2))])
    marked = {one.date for on in {first, first + timedelta(days=2)} for one in month_of(client, on).jours}
    assert marked == {first, first + timedelta(days=2)}


def test_the_colour_of_a_day_is_never_alone(client: Client, distribution: Distribution) -> None:
    own = make_session(make_formation("À moi"), on=monday(6))
    full = make_session(make_formation("Pleine"), on=monday(6) + timedelta(days=1), capacite=1)
    make_session(make_formation("Libre"), on=monday(6) + timedelta(days=2))
    book(own, distribution.gestionnaire_a, distribution.a, Visa.ACCORDE)
    book(full, worker())
    told = {one.date: (one.classe, one.lu) for n in range(3) for one in month_of(client, _after(n)).jours}
    assert told[_after(0)] == ("is-own", "1 session, vous y êtes")
    assert told[_after(1)] == ("is-taken", "1 session, complet")
    assert told[_after(2)] == ("is-free", "1 session")


def _after(days: int) -> object:
    return monday(6) + timedelta(days=days)


@pytest.mark.parametrize("asked", ["", "jamais", "2026-13", "1900-01", "9999-12", "2026-1"])
def test_a_month_that_means_nothing_is_this_one(client: Client, asked: str) -> None:
    month = client.get(PAGE, {"mois": asked}).context["mois"]
    today = timezone.localdate()
    assert any(one and one.date == today and one.choisi for week in month.semaines for one in week)


def test_the_filters_go_along(client: Client) -> None:
    make_session(make_formation("En visio"), on=monday(), distanciel=True)
    make_session(make_formation("Sur place"), on=monday())
    month = month_of(client, monday(), "&ou=visio")
    assert [line.session.formation.title for one in month.jours for line in one.lignes] == ["En visio"]
    assert "ou=visio" in month.suivant[1]
    assert month.total == 1


def test_an_empty_month_says_so(client: Client) -> None:
    assert "Aucune session ce mois-ci" in client.get(PAGE).content.decode()


@pytest.mark.parametrize("address", [PAGE, "/formations/?vue=toutes", "/formations/"])
def test_without_a_poste_the_page_stands_and_shows_nothing(distribution: Distribution, address: str) -> None:
    make_session(on=monday())
    answer = open_session(distribution.sans_poste).get(address, {"mois": f"{monday():%Y-%m}"})
    assert answer.status_code == 200
    assert "Gestes et postures" not in answer.content.decode()
