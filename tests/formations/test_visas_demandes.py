"""Who is asked for the visas of a mairie, when, and once a day at most."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from collectivites.enums import Signature
from collectivites.models import Absence, Agent, Collectivite
from formations.enums import PolitiqueVisa, StatutInscription, Visa
from formations.inscrire import visas
from formations.models import Inscription
from notifications.models import Courriel
from tests.collectivites.factories import CollectiviteFactory
from tests.formations.factories import book, make_formation, make_session, monday, worker
from tests.formations.visas import asked, link_of, rule, told

pytestmark = pytest.mark.django_db
S = StatutInscription


@pytest.fixture
def place() -> Collectivite:
    return CollectiviteFactory(nom="Tavaux")


@pytest.fixture
def maire(place: Collectivite) -> Agent:
    return worker(place, signataire=Signature.DE_DROIT)


@pytest.fixture
def keeper(place: Collectivite) -> Agent:
    return worker(place, gestionnaire=True)


def test_the_viseur_is_asked_and_the_link_opens(place: Collectivite, maire: Agent, keeper: Agent) -> None:
    rule(place, viseur=maire)
    (seat,) = asked(place)
    assert visas.ask_all() == 1
    assert told() == [maire.email]
    page = Client().get(link_of(maire))
    assert seat.agent.nom_complet in page.content.decode()


@pytest.mark.parametrize("politique", [None, PolitiqueVisa.GESTIONNAIRE, PolitiqueVisa.SIGNATAIRE])
def test_without_a_viseur_all_whom_the_rule_allows_are_asked(
    place: Collectivite, maire: Agent, keeper: Agent, politique: str | None
) -> None:
    if politique:
        rule(place, politique)
    asked(place)
    visas.ask_all()
    assert told() == [(maire if politique == PolitiqueVisa.SIGNATAIRE else keeper).email]


def test_one_mail_a_day_for_all_the_mairies_of_a_person(place: Collectivite) -> None:
    boss, other = worker(place, gestionnaire=True), CollectiviteFactory(nom="Foucherans")
    worker(other, gestionnaire=False)
    boss.postes.create(
        collectivite=other, gestionnaire=True, fonction=boss.postes.get().fonction, date_debut=timezone.localdate()
    )
    asked(place), asked(other)
    assert (visas.ask_all(), visas.ask_all()) == (1, 0)
    texte = Courriel.objects.get(sorte="visa_demande").texte
    assert "Tavaux" in texte
    assert "Foucherans" in texte
    asked(place)
    assert visas.ask_all() == 0, "tomorrow"
    assert visas.ask_all(timezone.now() + timedelta(days=1)) == 1


def test_nobody_is_asked_again_until_the_last_day(place: Collectivite, keeper: Agent) -> None:
    (seat,) = asked(place)
    visas.ask_all()
    last = seat.tenue_jusqua.replace(hour=9)
    asked_on = [day for day in range(1, 12) if visas.ask_all(timezone.now() + timedelta(days=day))]
    due = (timezone.localdate(last) - timezone.localdate()).days
    # Once when half of the delay is gone would be the deputy’s; here the same person, on the last working days.
    assert asked_on, "the reminder before the seat is lost"
    assert min(asked_on) <= due
    assert Courriel.objects.filter(sujet__startswith="Dernier jour").exists()


def test_the_deputy_is_asked_when_the_viseur_is_away(place: Collectivite, maire: Agent, keeper: Agent) -> None:
    rule(place, PolitiqueVisa.GESTIONNAIRE, viseur=maire, suppleant=keeper)
    today = timezone.localdate()
    Absence.objects.create(agent=maire, date_debut=today, date_fin=today + timedelta(days=3))
    asked(place)
    visas.ask_all()
    assert sorted(told()) == sorted([maire.email, keeper.email])


def test_the_deputy_is_asked_at_half_of_the_delay(place: Collectivite, maire: Agent, keeper: Agent) -> None:
    rule(place, PolitiqueVisa.GESTIONNAIRE, viseur=maire, suppleant=keeper)
    (seat,) = asked(place)
    visas.ask_all()
    assert told() == [maire.email]
    half: datetime = seat.statut_le + (seat.tenue_jusqua - seat.statut_le) / 2 + timedelta(minutes=1)
    visas.ask_all(half)
    assert keeper.email in told()


def test_a_viseur_who_left_is_not_asked(place: Collectivite, maire: Agent, keeper: Agent) -> None:
    rule(place, PolitiqueVisa.GESTIONNAIRE, viseur=maire, suppleant=keeper)
    maire.postes.update(date_fin=timezone.localdate() - timedelta(days=1))
    asked(place)
    visas.ask_all()
    assert told() == [keeper.email]


def test_the_mail_holds_no_more_than_it_must(place: Collectivite, keeper: Agent) -> None:
    (seat,) = asked(place)
    Inscription.objects.filter(pk=seat.pk).update(priorite=1, priorite_motif="Confidentiel")
    visas.ask_all()
    courriel = Courriel.objects.get(sorte="visa_demande")
    assert "Confidentiel" not in courriel.texte + courriel.html
    assert courriel.refaire, "its words are erased once it has left"


def test_nothing_awaited_nobody_asked(place: Collectivite, keeper: Agent) -> None:
    book(make_session(make_formation("Autre"), on=monday(7)), worker(place))
    assert visas.ask_all() == 0
    assert not Courriel.objects.filter(sorte="visa_demande").exists()


def test_a_seat_lost_before_the_next_mail_is_asked_the_same_day(place: Collectivite, keeper: Agent) -> None:
    asked(place)
    assert visas.ask_all() == 1
    near = book(make_session(make_formation("Demain"), on=timezone.localdate() + timedelta(days=1)), worker(place))
    end = timezone.now() + timedelta(hours=20)
    Inscription.objects.filter(pk=near.pk).update(statut=S.TENUE, visa=Visa.ATTENDU, visa_le=None, tenue_jusqua=end)
    assert (visas.ask_all(), visas.ask_all()) == (1, 0)
    assert near.agent.nom_complet in Courriel.objects.filter(sorte="visa_demande").order_by("pk").last().texte
    page = Client().get(link_of(keeper)).content.decode()
    assert near.agent.nom_complet in page, "the former link is closed: that of the last mail opens them all"
