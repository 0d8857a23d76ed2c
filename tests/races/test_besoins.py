"""Several at once on one need: offers, agreements, refusals and the sweep that tells the owners."""

import pytest
from django.utils import timezone

from materiel.entraide import besoins
from materiel.enums import StatutBesoin, StatutPret
from materiel.models import Besoin, Categorie, Pret
from materiel.prets import reponses
from materiel.refus import PretRefuse
from materiel.registre.verification import differences
from notifications.models import Notification
from tests.materiel.factories import make_materiel
from tests.materiel.prets import commune, days, keeper
from tests.races.ensemble import together

pytestmark = [pytest.mark.races, pytest.mark.django_db(transaction=True)]

AT_ONCE = 6


def post(**fields) -> Besoin:
    place = commune("Sampans")
    words = {"objet": "60 chaises", "categorie": Categorie.objects.get(code="salles"), "quantite": 60}
    return besoins.publish(keeper(place), place, **{**words, **days(), **fields})


def lots(number: int) -> list:
    return [
        make_materiel("Chaises", collectivite=commune(f"Commune {n}"), categorie_code="salles", stock=30)
        for n in range(number)
    ]


def offer(besoin, thing, quantite=30):
    place = thing.collectivite
    return besoins.offer(besoin, keeper(place), place, thing, quantite)


def test_the_same_thing_is_offered_once():
    besoin, (thing,) = post(), lots(1)
    answers = together([lambda: offer(besoin, thing, 5)] * AT_ONCE, PretRefuse)
    assert sum(isinstance(one, Pret) for one in answers) == 1
    assert all("déjà proposé" in str(one) for one in answers if isinstance(one, PretRefuse))
    assert differences() == []


def test_offers_and_agreements_do_not_wait_for_one_another():
    """Each takes the thing, then the need; numbers are given first."""
    for turn in range(4):
        besoin, things = post(objet=f"60 chaises, {turn}"), lots(4)
        loans = [offer(besoin, thing) for thing in things[:2]]
        seeker = keeper(besoin.collectivite)
        together(
            [
                lambda one=loans[0], by=seeker: reponses.answer_proposal(one, by, accepte=True),
                lambda one=loans[1], by=seeker: reponses.answer_proposal(one, by, accepte=True),
                lambda need=besoin, thing=things[2]: offer(need, thing),
                lambda need=besoin, thing=things[3]: offer(need, thing),
            ],
            PretRefuse,
        )
        besoin.refresh_from_db()
        assert [Pret.objects.get(pk=one.pk).statut for one in loans] == [StatutPret.ACCEPTE] * 2
        assert besoin.statut == StatutBesoin.POURVU
    assert differences() == []


def test_owners_are_told_once_by_two_sweeps():
    post()
    lots(3)
    Besoin.objects.update(created_at=timezone.now() - 2 * besoins.REFLEXION)
    assert sum(together([besoins.announce_pending] * AT_ONCE)) == 1
    assert Notification.objects.filter(sorte="besoin_a_aider").count() == 3
