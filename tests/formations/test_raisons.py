"""What a mairie and its agents read of an act that has a reason: once, and in a sentence."""

from types import SimpleNamespace

import pytest

from formations.enums import Visa
from formations.places import annulation, priorites, visas
from formations.prevenir.sortes import ATTENTE, COMMUNE, SESSION
from tests.collectivites.factories import CollectiviteFactory
from tests.formations.annonces import quiet, tell, told, words
from tests.formations.factories import book, make_session, reread, worker

pytestmark = pytest.mark.django_db


@pytest.fixture
def place() -> SimpleNamespace:
    commune = CollectiviteFactory()
    return SimpleNamespace(commune=commune, boss=worker(commune, gestionnaire=True), agent=worker(commune))


def test_one_cancelling_is_one_piece_of_news_for_a_mairie(place: SimpleNamespace) -> None:
    session, boss = make_session(capacite=2), worker()
    seat, held = book(session, place.agent), book(session, worker(place.commune), visa=Visa.ATTENDU)
    waits = book(session, worker(place.commune))
    quiet()
    annulation.annuler(session.pk, boss, "Formateur absent")
    tell()
    assert told(place.boss) == [SESSION]
    names = ", ".join(one.agent.nom_complet for one in (seat, held, waits))
    assert words(place.boss).endswith(f"| Motif : Formateur absent. Vos agents : {names}.")
    assert words(waits.agent).endswith(
        "| Motif : Formateur absent. L’organisateur vous dira quelle autre session vous est proposée."
    )


def test_a_rank_that_passes_first_is_told(place: SimpleNamespace) -> None:
    session = make_session(capacite=1)
    book(session, worker())
    waits = book(session, place.agent)
    quiet()
    priorites.donner(waits, worker(), "Session 2026-F-3 annulée")
    tell()
    assert words(place.agent).startswith("Votre rang 1 passe avant les autres : « Gestes et postures »")
    assert (told(place.agent), told(place.boss)) == ([ATTENTE], [COMMUNE])
    priorites.retirer(reread(waits), worker(), "Erreur")
    tell()
    assert told(place.agent) == [ATTENTE]


def test_a_visa_refused_says_why_in_a_sentence(place: SimpleNamespace) -> None:
    one = book(make_session(), place.agent, visa=Visa.ATTENDU)
    quiet()
    visas.refuser([one], worker(), "effectif réduit")
    tell()
    assert words(place.agent).endswith("| Motif : effectif réduit.")
    assert words(place.boss).endswith("| Motif : effectif réduit.")
