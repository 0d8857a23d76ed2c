"""Late: the borrower is told, then whoever expects it, with what else is free; reminders of the eve."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from collectivites.models import Collectivite, EntreeJournal
from materiel.models import Occupation, Pret
from materiel.prets import reponses, retards
from materiel.registre import now_index
from materiel.suivi import relances
from notifications.models import Courriel, Notification
from tests.materiel.factories import make_materiel, monday
from tests.materiel.prets import ask, commune, days, hand_over, keeper, lend, make_late, plain, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def tavaux() -> Collectivite:
    return commune("Tavaux", latitude=47.03, longitude=5.40)


@pytest.fixture
def villette() -> Collectivite:
    return commune("Villette")


@pytest.fixture
def authume() -> Collectivite:
    return commune("Authume", latitude=47.11, longitude=5.51)


def soon(materiel, place: Collectivite, after: int = 1, **fields: object) -> Pret:
    """Lent again, in so many days."""
    base = timezone.localdate() + timedelta(days=after)
    pret = ask(materiel, place, **days(0, 0, base), **fields)
    return reponses.accept(pret, keeper(pret.preteur))


def test_what_is_late_is_feared_for_seven_days_and_refuses_nothing(tavaux, villette):
    thing = make_materiel("Podium", collectivite=tavaux)
    pret = make_late(thing, villette)
    assert retards.watch() == 1
    rows = dict(Occupation.objects.filter(materiel=thing).values_list("creneau", "retard"))
    assert rows == dict.fromkeys(range(now_index(), now_index() + 15), 1)
    assert told(villette, "pret_retard") == ["À rendre à Tavaux : « Podium »"]
    assert told(tavaux, "pret_retard") == ["Villette n’a pas rendu « Podium »"]
    assert Courriel.objects.filter(sorte="pret_retard").count() == 2
    assert EntreeJournal.objects.filter(acte="pret.en_retard", objet_id=str(pret.pk)).count() == 1


def test_told_once_a_day_and_the_owner_once(tavaux, villette):
    make_late(make_materiel("Podium", collectivite=tavaux), villette)
    for _ in range(3):
        retards.watch()
    assert len(told(villette, "pret_retard")) == 1
    Notification.objects.filter(cle__startswith="pret-retard:").update(cle="hier")
    retards.watch()
    assert len(told(villette, "pret_retard")) == 2
    assert len(told(tavaux, "pret_retard")) == 1


def test_the_next_commune_is_told_with_the_nearest_substitutes(tavaux, villette, authume):
    thing = make_materiel("Podium 6 m", collectivite=tavaux, categorie_code="fetes")
    for nom, latitude in (("Jouhe", 47.14), ("Gevry", 47.05), ("Choisey", 47.06), ("Damparis", 47.07)):
        make_materiel("Podium", collectivite=commune(nom, latitude=latitude, longitude=5.50), categorie_code="fetes")
    make_materiel("Sono", collectivite=commune("Rainans", latitude=47.12, longitude=5.50), categorie_code="fetes")
    after = soon(thing, authume)
    make_late(thing, villette)
    retards.watch()
    note = Notification.objects.get(destinataire=keeper(authume), sorte="pret_retard")
    assert plain(note.titre).startswith("« Podium 6 m » risque de manquer")
    text = plain(note.texte)
    assert "Villette ne l’a pas encore rendu à Tavaux." in text
    assert "Podium à Jouhe (3 km), Podium à Damparis (5 km), Podium à Choisey (6 km)." in text
    assert "Sono" not in text
    owner = Notification.objects.filter(destinataire=keeper(tavaux), sorte="pret_retard").latest("pk")
    assert owner.url == f"{after.get_absolute_url()}?reponse=proposer#repondre"
    assert retards.threatens(after).emprunteur == villette
    retards.watch()
    assert len(told(authume, "pret_retard")) == 1


def test_enough_left_threatens_nobody(tavaux, villette, authume):
    lot = make_materiel("Chaises", collectivite=tavaux, stock=80)
    soon(lot, authume, quantite=40)
    make_late(lot, villette)
    retards.watch()
    assert told(authume, "pret_retard") == []


def test_beyond_seven_days_nobody_is_worried_yet(tavaux, villette, authume):
    thing = make_materiel("Podium", collectivite=tavaux)
    soon(thing, authume, 10)
    make_late(thing, villette)
    retards.watch()
    assert told(authume, "pret_retard") == []


def test_a_late_afternoon_is_not_late_yet(tavaux, villette):
    pret = make_late(make_materiel(collectivite=tavaux), villette, days_late=0)
    assert not pret.is_late()
    assert retards.watch() == 0


class TestReminders:
    def test_an_answer_that_is_due(self, tavaux, villette):
        pret = ask(make_materiel("Podium", collectivite=tavaux), villette)
        Notification.objects.all().delete()
        relances.remind(pret.repondre_avant)
        relances.remind(pret.repondre_avant)
        assert [one.startswith("Villette attend toujours : « Podium »") for one in told(tavaux)] == [True]

    def test_the_eve_of_a_hand_over_on_a_friday(self, tavaux, villette):
        lend(make_materiel("Podium", collectivite=tavaux, lieu="Atelier, rue des Vernes"), villette, 0, 0)
        Notification.objects.all().delete()
        friday = monday() - timedelta(days=3)
        assert relances.remind(friday - timedelta(days=1)) == 0
        assert relances.remind(friday) == 2
        assert relances.remind(friday + timedelta(days=1)) == 0
        assert [one.startswith("À remettre") for one in told(tavaux)] == [True]
        assert [one.startswith("À retirer") for one in told(villette)] == [True]
        assert "Atelier, rue des Vernes." in Notification.objects.first().texte
        assert not Courriel.objects.filter(sorte="pret_rappel").exists()

    def test_the_eve_of_a_return(self, tavaux, villette):
        hand_over(lend(make_materiel("Podium", collectivite=tavaux), villette, 0, 1))
        Notification.objects.all().delete()
        relances.remind(monday())
        assert [one.startswith("À rendre demain") or one.startswith("À rendre") for one in told(villette)] == [True]
        assert [one.startswith("À recevoir") for one in told(tavaux)] == [True]

    def test_nothing_on_a_holiday(self, tavaux, villette):
        lend(make_materiel(collectivite=tavaux), villette)
        assert relances.remind(date(2026, 12, 25)) == 0
