"""The last 24 hours: whoever is called and says yes has the seat that was freed."""

from datetime import timedelta

import pytest
from django.utils import timezone

from formations.enums import StatutInscription, Visa
from formations.places import appels, delais, retraits
from formations.places.verification import check
from formations.refus import InscriptionRefusee, SessionChangee
from tests.collectivites.factories import CollectiviteFactory
from tests.distribution import Distribution
from tests.formations.factories import book, fresh, make_session, reread, worker
from tests.formations.formulaires import manage, post, said
from tests.sessions import open_session

pytestmark = pytest.mark.django_db
S = StatutInscription


@pytest.fixture
def eve(monkeypatch: pytest.MonkeyPatch, distribution: Distribution):
    """A full session where three wait, then the hour at which a seat is given back, two hours before it begins."""
    session = make_session(capacite=2, quota_commune=1)
    place = CollectiviteFactory()
    gone, _ = book(session, worker()), book(session, worker(place))
    waiting = [book(session, worker()), book(session, worker(), visa=Visa.ATTENDU), book(session, worker(place))]
    begins = delais.starts_at(session)
    monkeypatch.setattr(timezone, "now", lambda: begins - timedelta(hours=2))
    retraits.desister(gone, None, "Malade")
    return session, waiting


def test_the_second_answers_and_has_the_seat(eve, distribution: Distribution) -> None:
    session, (first, second, _) = eve
    client = open_session(distribution.responsable)
    assert "À appeler, dans cet ordre" in said(client.get(manage(session)))
    post(client, manage(session, f"inscrits/{second.pk}/placer/"))
    assert [reread(one).statut for one in (first, second)] == [S.ATTENTE, S.TENUE]
    assert reread(second).tenue_jusqua == delais.starts_at(fresh(session))
    with pytest.raises(InscriptionRefusee, match="plus de place"):
        appels.placer(first, distribution.responsable)
    assert [one for one in check().ecarts if one.invariant != "I7"] == []


def test_a_quota_still_holds(eve, distribution: Distribution) -> None:
    _, (first, _, same) = eve
    with pytest.raises(InscriptionRefusee, match="plus de place"):
        appels.placer(same, distribution.responsable)
    assert appels.placer(first, distribution.responsable).statut == S.CONFIRMEE
    with pytest.raises(SessionChangee):
        appels.placer(first, distribution.responsable)


def test_before_the_list_moves_by_itself(distribution: Distribution) -> None:
    session = make_session(capacite=1)
    book(session, worker())
    one = book(session, worker())
    with pytest.raises(SessionChangee, match="24.heures"):
        appels.placer(one, distribution.responsable)
    answer = post(open_session(distribution.gestionnaire_a), manage(session, f"inscrits/{one.pk}/placer/"))
    assert answer.status_code == 403
