"""Two responsables on the same session: what one has written is never overwritten unseen by the form of the other."""

from datetime import date

import pytest
from django.test import Client
from django.utils import timezone

from formations.models import Mouvement, SessionFormation
from formations.places import dates, sessions
from tests.distribution import Distribution
from tests.formations.factories import book, day, fresh, make_session, monday, reread, worker
from tests.formations.formulaires import manage, post, said
from tests.sessions import open_session

pytestmark = pytest.mark.django_db
WORDS = {"capacite": 12, "minimum": 0, "repas": "aucun"}


@pytest.fixture
def client(distribution: Distribution) -> Client:
    return open_session(distribution.responsable)


def whole_day(on: date) -> dict[str, object]:
    """As `factories.day`."""
    hours = {"matin_de": "09:00", "matin_a": "12:00", "apres_midi_de": "13:30", "apres_midi_a": "16:30"}
    return {"nb_jours": 3, "j0-jour": on.isoformat(), **{f"j0-{name}": value for name, value in hours.items()}}


def test_what_changed_is_named_and_sending_again_decides(client: Client) -> None:
    session = make_session()
    path = manage(session, "modifier/")
    read = client.get(path).context["vu"]
    sessions.modifier(session.pk, None, capacite=9, lieu_nom="Salle Doubs", repas="offert")
    answer = post(client, path, **WORDS, acces="Par la cour", vu=read)
    assert answer.status_code == 422
    told = "Elle dit maintenant : places (9), lieu (Salle Doubs), repas de midi (repas offert sur place). Rien n’est"
    assert told in said(answer)
    assert b"Par la cour" in answer.content
    assert fresh(session).capacite == 9
    assert post(client, path, **WORDS, acces="Par la cour", vu=answer.context["vu"]).status_code == 302
    assert (fresh(session).capacite, fresh(session).acces) == (12, "Par la cour")


def test_another_fault_keeps_what_was_read(client: Client) -> None:
    session = make_session()
    path = manage(session, "modifier/")
    read = client.get(path).context["vu"]
    sessions.modifier(session.pk, None, capacite=9)
    wrong = post(client, path, **{**WORDS, "minimum": 13}, vu=read)
    assert post(client, path, **WORDS, vu=wrong.context["vu"]).status_code == 422
    assert post(client, path, **WORDS).status_code == 422
    assert fresh(session).capacite == 9


def test_dates_moved_meanwhile_are_said_and_kept(client: Client) -> None:
    session = make_session()
    path = manage(session, "dates/")
    read = client.get(path).context["vu"]
    dates.fixer(session.pk, day(monday(8)), None)
    answer = post(client, path, **whole_day(monday(7)), vu=read)
    assert answer.status_code == 422
    assert "Les dates de cette session ont changé" in said(answer)
    assert f'value="{monday(7).isoformat()}"' in answer.content.decode()
    assert fresh(session).date_debut == monday(8)
    assert post(client, path, **whole_day(monday(7)), vu=answer.context["vu"]).status_code == 302
    assert fresh(session).date_debut == monday(7)


def test_the_same_half_days_change_nothing(client: Client) -> None:
    session = make_session()
    seat = book(session, worker())
    SessionFormation.objects.filter(pk=session.pk).update(convoquee_le=timezone.now())
    before = Mouvement.objects.count()
    path = manage(session, "dates/")
    assert post(client, path, **whole_day(monday()), vu=client.get(path).context["vu"]).status_code == 302
    assert (Mouvement.objects.count(), reread(seat).sequence) == (before, seat.sequence)
    assert fresh(session).convoquee_le
    assert "rien ne change" in said(client.get(manage(session)))


def test_the_journal_says_from_what_to_what(client: Client) -> None:
    session = make_session()
    sessions.modifier(session.pk, None, capacite=9, lieu_nom="Salle Doubs")
    assert "lieu, places : 12 → 9" in said(client.get(manage(session, "journal/")))
