"""Needs of communes whose distance is known."""

from datetime import timedelta

from django.utils import timezone

from collectivites.models import Collectivite
from materiel.entraide import besoins
from materiel.models import Besoin, Categorie
from tests.materiel.factories import make_materiel
from tests.materiel.prets import days, keeper

DOLE, PRES = (47.09, 5.49), (47.12, 5.5)


def post(place: Collectivite, objet: str = "Une nacelle", code: str = "levage", first: int = 0, last: int = 1, **more):
    category = Categorie.objects.get(code=code)
    fields = {"objet": objet, "categorie": category, **days(first, last), **more}
    return besoins.publish(keeper(place), place, **fields)


def tell() -> int:
    Besoin.objects.update(created_at=timezone.now() - timedelta(minutes=6))
    return besoins.announce_pending()


def nacelle(place: Collectivite, titre: str = "Nacelle 12 m", **fields):
    return make_materiel(titre, collectivite=place, categorie_code="levage", **fields)
