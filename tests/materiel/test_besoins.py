"""Needs: posted, told to the owners of that category with a free one, answered by a thing or a word, counted."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from collectivites.models import Agent, Collectivite
from extranet.lib.demi_journees import DemiJournee, Moment
from materiel.entraide import besoins
from materiel.enums import Nature, StatutBesoin, StatutPret
from materiel.models import Besoin, Categorie, Engagement, Pret, ReponseBesoin
from materiel.prets import reponses
from materiel.prets.modifications import cancel
from materiel.refus import PlusAssez, PretRefuse
from materiel.registre.verification import differences
from notifications.models import Notification
from tests.materiel.factories import EngagementFactory, half, make_materiel, monday
from tests.materiel.prets import commune, days, keeper
from tests.ressources.formulaires import key_for
from tests.sessions import open_session

pytestmark = pytest.mark.django_db
DOLE, PRES, LOIN = (47.09, 5.49), (47.12, 5.5), (47.6, 6.2)


@pytest.fixture
def sampans() -> Collectivite:
    return commune("Sampans", latitude=DOLE[0], longitude=DOLE[1])


@pytest.fixture
def authume() -> Collectivite:
    return commune("Authume", latitude=PRES[0], longitude=PRES[1])


def post(place: Collectivite, objet: str = "Une nacelle", code: str = "levage", first: int = 0, last: int = 1, **more):
    category = Categorie.objects.get(code=code)
    fields = {"objet": objet, "categorie": category, **days(first, last), **more}
    return besoins.publish(keeper(place), place, **fields)


def tell() -> int:
    Besoin.objects.update(created_at=timezone.now() - timedelta(minutes=6))
    return besoins.announce_pending()


def nacelle(place: Collectivite, titre: str = "Nacelle 12 m", **fields):
    return make_materiel(titre, collectivite=place, categorie_code="levage", **fields)


def asked() -> dict[str, str]:
    """Who was told, and of what."""
    rows = Notification.objects.filter(sorte="besoin_a_aider").select_related("collectivite")
    return {one.collectivite.nom: one.texte for one in rows}


def test_owners_of_that_category_with_a_free_one_nearby_are_told_once(sampans, authume):
    """The others are not: another category, taken, too far, overdue, a draft, one's own."""
    nacelle(authume)
    make_materiel("Barnum", collectivite=commune("Foucherans"), categorie_code="fetes")
    taken = nacelle(commune("Damparis", latitude=PRES[0], longitude=PRES[1]), "Nacelle prise")
    EngagementFactory(materiel=taken, debut=half(monday()) + 2, fin=half(monday()) + 2)
    nacelle(commune("Vesoul", latitude=LOIN[0], longitude=LOIN[1]))
    nacelle(commune("Choisey"), publie=False)
    nacelle(sampans)
    nacelle(commune("Tavaux"), "Nacelle sans coordonnées")
    post(sampans, occasion="Guirlandes de Noël.")
    assert besoins.announce_pending() == 0  # five minutes to think again
    assert tell() == 1
    assert asked().keys() == {"Authume", "Tavaux"}
    assert "Guirlandes de Noël." in asked()["Authume"]
    assert "«\u00a0Nacelle 12\u00a0m\u00a0»" in asked()["Authume"]
    assert tell() == 0
    assert Notification.objects.filter(sorte="besoin_a_aider").count() == 2


def test_a_need_closed_before_is_told_to_nobody(sampans, authume):
    nacelle(authume)
    besoins.close(post(sampans), keeper(sampans))
    assert tell() == 0
    assert asked() == {}


def test_we_may_help_makes_a_loan_to_be_confirmed_and_holds_it(sampans, authume):
    thing, besoin = nacelle(authume), post(sampans)
    pret = besoins.offer(besoin, keeper(authume), authume, thing, 1, "Avec le harnais.")
    assert (pret.statut, pret.emprunteur, pret.preteur) == (StatutPret.PROPOSE, sampans, authume)
    assert (pret.demandeur, pret.usage, pret.besoin) == (keeper(sampans), "Une nacelle", besoin)
    option = Engagement.objects.get()
    assert (option.nature, option.pret, option.debut) == (Nature.OPTION, pret, half(monday()))
    told = Notification.objects.get(sorte="pret_a_repondre")
    assert told.destinataire == keeper(sampans)
    assert "Avec le harnais." in told.texte
    assert differences() == []
    reponses.answer_proposal(pret, keeper(sampans), accepte=True)
    besoin.refresh_from_db()
    assert besoin.statut == StatutBesoin.POURVU
    assert Engagement.objects.get().nature == Nature.PRET
    assert differences() == []


def test_a_need_is_met_when_enough_is_granted_and_sought_again_when_it_is_taken_back(sampans, authume):
    tables = {"categorie_code": "salles", "stock": 40}
    first = make_materiel("Chaises", collectivite=authume, **tables)
    second = make_materiel("Chaises rouges", collectivite=commune("Tavaux"), **tables)
    besoin = post(sampans, "60 chaises", "salles", quantite=60)
    loans = [besoins.offer(besoin, keeper(one.collectivite), one.collectivite, one, 30) for one in (first, second)]
    for pret, statut in zip(loans, (StatutBesoin.OUVERT, StatutBesoin.POURVU), strict=True):
        reponses.answer_proposal(pret, keeper(sampans), accepte=True)
        besoin.refresh_from_db()
        assert besoin.statut == statut
    cancel(loans[0], keeper(sampans), "Moins de monde")
    besoin.refresh_from_db()
    assert (besoin.statut, besoin.clos_le) == (StatutBesoin.OUVERT, None)


@pytest.mark.parametrize(
    ("quantite", "said"), [(0, "proposez-en de 1 à 1"), (2, "proposez-en de 1 à 1")], ids=["aucun", "trop"]
)
def test_what_cannot_be_offered_is_refused(sampans, authume, quantite, said):
    thing, besoin = nacelle(authume), post(sampans)
    with pytest.raises(PretRefuse, match=said):
        besoins.offer(besoin, keeper(authume), authume, thing, quantite)


def test_offers_are_of_ones_own_free_things_once(sampans, authume):
    thing, besoin = nacelle(authume), post(sampans)
    with pytest.raises(PretRefuse, match="les autres y répondent"):
        besoins.offer(besoin, keeper(sampans), sampans, nacelle(sampans), 1)
    with pytest.raises(PretRefuse, match="de votre commune"):
        besoins.offer(besoin, keeper(authume), authume, nacelle(sampans), 1)
    besoins.offer(besoin, keeper(authume), authume, thing, 1)
    with pytest.raises(PretRefuse, match="déjà proposé"):
        besoins.offer(besoin, keeper(authume), authume, thing, 1)
    other = nacelle(authume, "Nacelle prise")
    EngagementFactory(materiel=other, debut=half(monday()), fin=half(monday()))
    with pytest.raises(PlusAssez):
        besoins.offer(besoin, keeper(authume), authume, other, 1)
    assert Pret.objects.count() == 1
    besoins.close(besoin, keeper(sampans))
    with pytest.raises(PretRefuse, match="n’attend plus"):
        besoins.write(besoin, keeper(authume), authume, "Trop tard")


@pytest.mark.parametrize(
    ("debut", "fin", "said"),
    [(3, 1, "avant le départ"), (-60, 1, "passée"), (0, 3000, "au plus tard")],
    ids=["ordre", "passe", "loin"],
)
def test_days_that_cannot_be_are_refused(sampans, debut, fin, said):
    with pytest.raises(PretRefuse, match=said):
        post(sampans, first=debut, last=fin)


class TestPages:
    @pytest.fixture
    def client(self, sampans: Collectivite) -> Client:
        return open_session(keeper(sampans))

    def fields(self, agent: Agent, **changes: object) -> dict[str, object]:
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

    def test_a_need_is_pinned_with_the_category_of_its_words(self, client, sampans):
        answer = client.post("/materiel/besoins/", self.fields(keeper(sampans)), follow=True)
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
    def test_how_many_comes_from_the_words(self, client, sampans, objet, typed, quantite):
        client.post("/materiel/besoins/", self.fields(keeper(sampans), objet=objet, quantite=typed))
        assert Besoin.objects.get().quantite == quantite

    def test_a_double_click_pins_once(self, client, sampans):
        sent = self.fields(keeper(sampans))
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
    def test_bad_input_is_said_and_kept(self, client, sampans, changes, said):
        answer = client.post("/materiel/besoins/", self.fields(keeper(sampans), **changes))
        page = answer.content.decode()
        assert answer.status_code == 422
        assert said in page
        assert "Repas des aînés" in page or "occasion" in changes
        assert not Besoin.objects.exists()

    def test_the_board_fills_the_form(self, client):
        page = client.get(f"/materiel/besoins/?objet=Une%20nacelle&du={monday()}&au={monday()}").content.decode()
        assert 'value="Une nacelle"' in page
        assert f'value="{monday()}"' in page

    def test_ten_needs_cost_as_many_queries_as_one(self, client, sampans, django_assert_max_num_queries):
        for n in range(10):
            besoin = post(commune(f"Commune {n}"), f"Nacelle {n}")
            besoins.write(besoin, keeper(sampans), sampans, "Appelez-nous")
        with django_assert_max_num_queries(25):
            page = client.get("/materiel/besoins/").content.decode()
        assert page.count("Nous pouvons aider") == 10
        assert page.count("Appelez-nous") == 10

    def test_helping_shows_what_is_free_and_offers_it(self, sampans, authume):
        besoin, thing = post(sampans), nacelle(authume)
        make_materiel("Barrières", collectivite=authume, categorie_code="securite", stock=80)
        client, url = open_session(keeper(authume)), f"/materiel/besoins/{besoin.pk}/repondre/"
        page = client.get(url).content.decode()
        assert page.index("Nacelle 12\u00a0m") < page.index("Barrières")
        assert "80 sur 80 libres ces jours-là" in page
        assert page.index("Barrières") < page.index("Rien de tout cela")
        assert f'value="{thing.pk}" id="id_materiel_0" checked' in page
        sent = {"materiel": thing.pk, "quantite": "1", "mot": "", "cle_unique": key_for(keeper(authume))}
        answer = client.post(url, sent)
        assert answer["Location"] == Pret.objects.get().get_absolute_url()
        assert client.get(answer["Location"]).status_code == 200

    def test_a_word_is_enough_and_read_by_who_seeks_alone(self, sampans, authume):
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

    def test_more_than_is_free_is_said(self, sampans, authume):
        besoin = post(sampans, "60 chaises", "salles", quantite=60)
        lot = make_materiel("Chaises", collectivite=authume, categorie_code="salles", stock=40)
        client, url = open_session(keeper(authume)), f"/materiel/besoins/{besoin.pk}/repondre/"
        sent = {"materiel": lot.pk, "quantite": "60", "mot": "Voilà", "cle_unique": key_for(keeper(authume))}
        page = client.post(url, sent).content.decode()
        assert "40 au plus sont libres" in page
        assert "Voilà" in page
        assert not Pret.objects.exists()

    def test_what_was_taken_meanwhile_is_said_and_the_word_kept(self, sampans, authume):
        besoin, thing = post(sampans), nacelle(authume)
        EngagementFactory(materiel=thing, debut=half(monday()), fin=half(monday()))
        nacelle(authume, "Nacelle 15 m")
        client, url = open_session(keeper(authume)), f"/materiel/besoins/{besoin.pk}/repondre/"
        sent = {"materiel": thing.pk, "mot": "Avec le harnais", "cle_unique": key_for(keeper(authume))}
        answer = client.post(url, sent)
        assert answer.status_code == 422
        assert "n’est plus libre ces jours-là" in answer.content.decode()
        assert "Avec le harnais" in answer.content.decode()

    def test_whose_need_is_closed_by_whom(self, client, sampans, authume):
        besoin = post(sampans)
        url = f"/materiel/besoins/{besoin.pk}/clore/"
        assert open_session(keeper(authume)).post(url, {"cle_unique": key_for(keeper(authume))}).status_code == 403
        assert client.post(url, {"cle_unique": key_for(keeper(sampans))}).status_code == 302
        besoin.refresh_from_db()
        assert besoin.statut == StatutBesoin.CLOS
        assert client.post(url, {"cle_unique": key_for(keeper(sampans))}).status_code == 404


def test_what_nobody_could_lend_is_counted_for_the_intercommunalite(distribution):
    a, b = distribution.a, distribution.b
    asker = distribution.gestionnaire_a
    levage, salles = (Categorie.objects.get(code=code) for code in ("levage", "salles"))
    for n, (category, place) in enumerate([(levage, a), (levage, b), (salles, a)]):
        besoin = besoins.publish(asker, place, objet=f"Besoin {n}", categorie=category, quantite=n + 1, **days())
        besoins.close(besoin, asker)
    gone = besoins.publish(asker, a, objet="Jours passés", categorie=levage, **days())
    Besoin.objects.filter(pk=gone.pk).update(date_debut="2020-01-01", date_fin="2020-01-02")
    besoins.publish(asker, a, objet="Encore cherché", categorie=levage, **days())
    client = open_session(distribution.responsable)
    page = client.get("/materiel/besoins/bilan/").content.decode()
    assert "Encore cherché" not in page
    assert page.index("Levage") < page.index("Salles")
    assert "Jours passés" in client.get("/materiel/besoins/bilan/?annee=2020").content.decode()
    assert "Besoin 1" not in client.get("/materiel/besoins/bilan/?annee=2020").content.decode()
    assert client.get("/materiel/besoins/bilan/?annee=deux&page=x").status_code == 200
    book = load_workbook(BytesIO(client.get("/materiel/besoins/bilan/?format=xlsx").content))
    rows = list(book.active.values)
    assert rows[0][0] == "Besoin"
    assert {row[0] for row in rows[1:]} == {"Besoin 0", "Besoin 1", "Besoin 2", "Jours passés"}
    assert open_session(distribution.gestionnaire_a).get("/materiel/besoins/bilan/").status_code == 403
