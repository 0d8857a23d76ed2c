"""Needs on their pages: pinned, helped by a thing or a word, closed."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from collectivites.models import Agent, Collectivite
from extranet.lib.demi_journees import DemiJournee, Moment
from materiel.entraide import besoins
from materiel.enums import StatutBesoin, TypePapier
from materiel.models import Besoin, Papier, Pret, ReponseBesoin
from notifications.models import Notification
from tests.materiel.besoins import DOLE, PRES, nacelle, post
from tests.materiel.factories import EngagementFactory, half, make_materiel, monday
from tests.materiel.prets import commune, keeper
from tests.ressources.formulaires import key_for
from tests.sessions import open_session

pytestmark = pytest.mark.django_db


@pytest.fixture
def sampans() -> Collectivite:
    return commune("Sampans", latitude=DOLE[0], longitude=DOLE[1])


@pytest.fixture
def authume() -> Collectivite:
    return commune("Authume", latitude=PRES[0], longitude=PRES[1])


@pytest.fixture
def client(sampans: Collectivite) -> Client:
    return open_session(keeper(sampans))


def fields(agent: Agent, **changes: object) -> dict[str, object]:
    first = monday()
    given = {
        "objet": "60 chaises",
        "date_debut": first.isoformat(),
        "date_fin": first.isoformat(),
        "moment_debut": "matin",
        "moment_fin": "apres_midi",
        "occasion": "Repas des aînés",
        "quantite": "60",
        "categorie": "",
        "cle_unique": key_for(agent),
    }
    return given | changes


def test_a_need_is_pinned_with_the_category_of_its_words(client, sampans):
    answer = client.post("/materiel/besoins/", fields(keeper(sampans)), follow=True)
    besoin = Besoin.objects.get()
    assert (besoin.categorie.code, besoin.quantite, besoin.auteur) == ("salles", 60, keeper(sampans))
    page = answer.content.decode()
    assert "Votre besoin est affiché" in page
    assert f"60 chaises, le {DemiJournee(monday(), Moment.MATIN).date:%d}".replace(" 0", " ")[:14] in page
    assert "Nous ne cherchons plus" in page
    assert "Nous pouvons aider" not in page


@pytest.mark.parametrize(
    ("objet", "typed", "quantite"),
    [("60 chaises", "", 60), ("60 chaises", "12", 12), ("2 jours de nacelle", "", 1), ("Une nacelle", "", 1)]
    + [("12 m de barrières", "", 1), ("0 chaise", "", 1)],
)
def test_how_many_comes_from_the_words(client, sampans, objet, typed, quantite):
    client.post("/materiel/besoins/", fields(keeper(sampans), objet=objet, quantite=typed))
    assert Besoin.objects.get().quantite == quantite


def test_a_double_click_pins_once(client, sampans):
    sent = fields(keeper(sampans))
    for _ in range(2):
        assert client.post("/materiel/besoins/", sent).status_code == 302
    assert Besoin.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"objet": ""}, "Dites ce que vous cherchez"),
        ({"objet": "Un truc bleu"}, "ne disent pas la catégorie"),
        ({"date_debut": "2020-01-01"}, "Cette date est passée"),
        ({"date_fin": (monday() - timedelta(days=1)).isoformat()}, "avant le départ"),
        ({"date_debut": "9999-12-31", "date_fin": "9999-12-31"}, "On réserve jusqu’au"),
        ({"quantite": "0"}, "Il vous en faut un au moins"),
        ({"quantite": "99999999999"}, "Dix mille au plus"),
        ({"occasion": "x" * 301}, "300"),
    ],
)
def test_bad_input_is_said_and_kept(client, sampans, changes, said):
    answer = client.post("/materiel/besoins/", fields(keeper(sampans), **changes))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert said in page
    assert "Repas des aînés" in page or "occasion" in changes
    assert not Besoin.objects.exists()


def test_the_board_fills_the_form(client):
    page = client.get(f"/materiel/besoins/?objet=Une%20nacelle&du={monday()}&au={monday()}").content.decode()
    assert 'value="Une nacelle"' in page
    assert f'value="{monday()}"' in page


def test_the_title_says_who_seeks_and_what_is_ours_alone(client, sampans, authume):
    def title() -> str:
        return re.search(
            r'<div class="ec-toolbar"><h2>([^<]*)</h2>', client.get("/materiel/besoins/").content.decode()
        )[1]

    post(sampans)
    assert title() == "Ce que vous cherchez"
    post(authume)
    assert title() == "Une mairie cherche"
    for name in ("Gevry", "Jouhe"):
        post(commune(name))
    assert title() == "Trois mairies cherchent"


def test_ten_needs_cost_as_many_queries_as_one(client, sampans, django_assert_max_num_queries):
    for n in range(10):
        besoin = post(commune(f"Commune {n}"), f"Nacelle {n}")
        besoins.write(besoin, keeper(sampans), sampans, "Appelez-nous")
    with django_assert_max_num_queries(25):
        page = client.get("/materiel/besoins/").content.decode()
    assert page.count("Nous pouvons aider") == 10
    assert page.count("Appelez-nous") == 10


def test_helping_shows_what_is_free_and_offers_it(sampans, authume):
    besoin, thing = post(sampans), nacelle(authume)
    make_materiel("Barrières", collectivite=authume, categorie_code="securite", stock=80)
    client, url = open_session(keeper(authume)), f"/materiel/besoins/{besoin.pk}/repondre/"
    page = client.get(url).content.decode()
    assert "Libre ces jours-là" in page
    assert "Barrières" not in page
    assert f'value="{thing.pk}" id="id_materiel_0" checked' in page
    sent = {"materiel": thing.pk, "quantite": "1", "mot": "", "cle_unique": key_for(keeper(authume))}
    answer = client.post(url, sent)
    assert answer["Location"] == Pret.objects.get().get_absolute_url()
    assert client.get(answer["Location"]).status_code == 200


def test_what_is_not_free_says_why_to_its_owner(sampans, authume):
    besoin, thing = post(sampans), nacelle(authume)
    Papier.objects.create(
        materiel=thing, type=TypePapier.VGP, bloquant=True, valable_jusqu_au=besoin.date_debut - timedelta(days=1)
    )
    page = open_session(keeper(authume)).get(f"/materiel/besoins/{besoin.pk}/repondre/").content.decode()
    assert "Rien de libre chez vous" in page
    assert page.index("Chez vous, mais pas ces jours-là") < page.index("Nacelle 12\u00a0m") < page.index("Vérification")


def test_a_word_is_enough_and_read_by_who_seeks_alone(sampans, authume):
    besoin = post(sampans)
    client, url = open_session(keeper(authume)), f"/materiel/besoins/{besoin.pk}/repondre/"
    assert "Rien de libre chez vous" in client.get(url).content.decode()
    answer = client.post(url, {"mot": "", "cle_unique": key_for(keeper(authume))})
    assert (answer.status_code, ReponseBesoin.objects.count()) == (422, 0)
    client.post(url, {"mot": "Voyez l’entreprise Curie", "cle_unique": key_for(keeper(authume))})
    assert Notification.objects.get(sorte="besoin_reponse").destinataire == keeper(sampans)
    other = keeper(commune("Tavaux"))
    for agent, seen in ((keeper(sampans), True), (keeper(authume), True), (other, False)):
        page = open_session(agent).get("/materiel/besoins/").content.decode()
        assert ("entreprise Curie" in page) == seen
        assert "1 réponse" in page


def test_more_than_is_free_is_said(sampans, authume):
    besoin = post(sampans, "60 chaises", "salles", quantite=60)
    lot = make_materiel("Chaises", collectivite=authume, categorie_code="salles", stock=40)
    client, url = open_session(keeper(authume)), f"/materiel/besoins/{besoin.pk}/repondre/"
    sent = {"materiel": lot.pk, "quantite": "60", "mot": "Voilà", "cle_unique": key_for(keeper(authume))}
    page = client.post(url, sent).content.decode()
    assert "40 au plus sont libres" in page
    assert "Voilà" in page
    assert not Pret.objects.exists()


def test_what_was_taken_meanwhile_is_said_and_the_word_kept(sampans, authume):
    besoin, thing = post(sampans), nacelle(authume)
    EngagementFactory(materiel=thing, debut=half(monday()), fin=half(monday()))
    nacelle(authume, "Nacelle 15 m")
    client, url = open_session(keeper(authume)), f"/materiel/besoins/{besoin.pk}/repondre/"
    sent = {"materiel": thing.pk, "mot": "Avec le harnais", "cle_unique": key_for(keeper(authume))}
    answer = client.post(url, sent)
    assert answer.status_code == 422
    assert "n’est plus libre ces jours-là" in answer.content.decode()
    assert "Avec le harnais" in answer.content.decode()


def test_whose_need_is_closed_by_whom(client, sampans, authume):
    besoin = post(sampans)
    url = f"/materiel/besoins/{besoin.pk}/clore/"
    assert open_session(keeper(authume)).post(url, {"cle_unique": key_for(keeper(authume))}).status_code == 403
    assert client.post(url, {"cle_unique": key_for(keeper(sampans))}).status_code == 302
    besoin.refresh_from_db()
    assert besoin.statut == StatutBesoin.CLOS
    assert client.post(url, {"cle_unique": key_for(keeper(sampans))}).status_code == 404
