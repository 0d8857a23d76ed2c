"""The grid of the photos, one of them large, and what they tell to whom."""

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from ressources.enums import Licence
from ressources.models import Photo
from ressources.models.ressource import ADRESSES_PRISES
from search.chercher import chercher
from search.lecteur import Lecteur
from tests.collectivites.factories import CollectiviteFactory
from tests.distribution import Distribution
from tests.ressources.photos import agreed, make_photo
from tests.ressources.test_photos import LISTE, plain, ways
from tests.sessions import open_session

pytestmark = pytest.mark.django_db


@pytest.fixture
def alain(distribution: Distribution) -> Client:
    return open_session(distribution.agent_a)


def test_the_grid_is_narrowed_and_counted(distribution: Distribution, alain: Client) -> None:
    mont = CollectiviteFactory(nom="Mont-le-Pré", slug="mont-le-pre")
    make_photo("Le lavoir", lieu="Place basse", prise_le=date(2024, 5, 3), licence=Licence.CC_BY, collectivite=mont)
    make_photo("La fête", lieu="Place haute", prise_le=date(2025, 7, 13), collectivite=distribution.a)
    make_photo("Le pont", lieu="Place basse", licence=Licence.LICENCE_OUVERTE, collectivite=distribution.a)
    asked = {
        "": 3,
        "?libre=1": 2,
        "?lieu=Place+basse": 2,
        "?annee=2025": 1,
        f"?commune={mont.slug}": 1,
        "?licence=interne": 1,
        "?libre=1&lieu=Place+basse&commune=aval": 1,
        "?q=fête": 1,
        "?lieu=Ailleurs&annee=x&licence=y&theme=z": 0,
    }
    for query, total in asked.items():
        html = plain(alain.get(LISTE + query))
        said = f"{total} photo{'s' if total > 1 else ''}" if total else "Aucune photo"
        assert said in html, query
    assert 'value="Place basse"' in plain(alain.get(LISTE))
    fragment = alain.get(LISTE, headers={"HX-Request": "true"})
    assert "<html" not in plain(fragment)
    assert "hx-swap-oob" in plain(fragment)


def test_the_neighbours_are_those_of_the_list_that_one_came_from(alain: Client) -> None:
    one, two, three = (make_photo(f"Photo {rank}", lieu="Ici" if rank != 2 else "Là") for rank in (1, 2, 3))
    zoom = ways(two)["zoom"]
    html = plain(alain.get(zoom))
    assert "2 sur 3" in html
    assert f'href="{ways(three)["zoom"]}" rel="prev"' in html
    assert f'href="{ways(one)["zoom"]}" rel="next"' in html
    html = plain(alain.get(f"{ways(three)['zoom']}?lieu=Ici"))
    assert "1 sur 2" in html
    assert f'href="{ways(one)["zoom"]}?lieu=Ici" rel="next"' in html
    assert "D’une photo à l’autre" not in plain(alain.get(f"{zoom}?lieu=Ici"))


def test_who_agreed_is_told_to_those_who_keep_it_alone(distribution: Distribution, alain: Client) -> None:
    photo = make_photo(owner=distribution.gestionnaire_a, collectivite=distribution.b, **agreed())
    for page in ("zoom", "fiche"):
        assert "par courriel" not in plain(alain.get(ways(photo)[page]))
        assert "par courriel" in plain(open_session(distribution.gestionnaire_a).get(ways(photo)[page]))


def test_the_sheet_shows_the_same_block(alain: Client) -> None:
    photo = make_photo("Le lavoir", credit="Mairie d’Aval", licence=Licence.CC_BY)
    for page in ("zoom", "fiche"):
        html = plain(alain.get(ways(photo)[page]))
        assert "« Le lavoir », Mairie d’Aval, CC BY 4.0" in html
        assert "Copier le crédit" in html
        assert "(800 × 600" in html
        assert 'alt="Un lavoir de pierre"' in html


def test_a_page_costs_the_same_for_one_photo_or_ten(alain: Client) -> None:
    first = make_photo("Photo 0", lieu="Ici")
    pages = [LISTE, f"{LISTE}?q=photo", ways(first)["zoom"]]
    counts = []
    for number in (1, 10):
        while Photo.objects.count() < number:
            make_photo(f"Photo {Photo.objects.count()}", lieu="Là")
        for page in pages:
            alain.get(page)
        costs = []
        for page in pages:
            with CaptureQueriesContext(connection) as captured:
                alain.get(page)
            costs.append(len(captured))
        counts.append(costs)
    assert counts[0] == counts[1]


def test_the_words_of_a_photo_are_searched(distribution: Distribution) -> None:
    make_photo("Sans titre", description="Un héron cendré", lieu="Étang de Zibelinette")
    lecteur = Lecteur.of(distribution.agent_a)
    assert chercher("héron", lecteur).total == 1
    assert chercher("zibelinette", lecteur).total == 1


def test_the_address_of_the_photos_is_taken() -> None:
    assert "photos" in ADRESSES_PRISES
