"""Needs of the communes, for the tests of the plan."""

from datetime import timedelta

from django.utils import timezone

from collectivites.models import Agent, Collectivite
from formations.enums import StatutCampagne
from formations.models import BesoinFormation, Campagne
from formations.plan import besoins
from tests.collectivites.factories import CollectiviteFactory
from tests.distribution import Distribution
from tests.formations.factories import worker


def make_campaign(annee: int = 2027, **fields: object) -> Campagne:
    fields = {"repondre_avant": timezone.localdate() + timedelta(days=20), "statut": StatutCampagne.OUVERTE, **fields}
    return Campagne.objects.create(titre=f"Besoins {annee}", annee=annee, **fields)


def keeper(place: Collectivite) -> Agent:
    return worker(place, gestionnaire=True)


def say(campagne: Campagne, place: Collectivite, intitule: str, effectif: int, **fields: object) -> BesoinFormation:
    return besoins.say(campagne, place, keeper(place), intitule=intitule, effectif=effectif, **fields)


def caces(campagne: Campagne, cast: Distribution) -> list[BesoinFormation]:
    """4 + 5 + 3, in the words of each."""
    third = CollectiviteFactory(nom="Cours")
    said = ((cast.a, "CACES R482", 4), (cast.b, "Formation au CACES R 482", 5), (third, "caces r482", 3))
    return [say(campagne, place, words, number) for place, words, number in said]
