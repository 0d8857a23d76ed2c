"""The request of a loan: what its form says, refuses and keeps."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from collectivites.models import Collectivite, Habilitation, TypeHabilitation
from materiel.enums import Conducteur, StatutPret, Transport
from materiel.models import Pret
from materiel.prets import reponses
from tests.distribution import Distribution
from tests.materiel.factories import make_materiel, monday
from tests.materiel.formulaires import dated, send, text
from tests.materiel.prets import ask, commune, days, keeper, lend
from tests.sessions import open_session

pytestmark = pytest.mark.django_db


@pytest.fixture
def tavaux() -> Collectivite:
    return commune("Tavaux", latitude=47.03, longitude=5.40, telephone="0353010061")


@pytest.fixture
def foucherans() -> Collectivite:
    return commune("Foucherans", latitude=47.08, longitude=5.46)


@pytest.fixture
def owner(tavaux) -> Client:
    return open_session(keeper(tavaux))


@pytest.fixture
def borrower(foucherans) -> Client:
    return open_session(keeper(foucherans))


FRAGMENT = {"HX-Request": "true", "HX-Target": "demande-etat"}


def accepted(**fields: object) -> dict[str, object]:
    """Two days, the rules of the loans accepted."""
    return dated(**{"reglement": "on", **fields})


class TestAsking:
    def test_the_form_says_what_is_free_and_asks(self, tavaux, borrower):
        thing = make_materiel("Mini-pelle", collectivite=tavaux)
        url = f"/materiel/{thing.pk}/demander/"
        asked = days(0, 1)
        page = text(borrower.get(f"{url}?du={asked['debut'].date}&au={asked['fin'].date}"))
        assert "Libre les lundi" in page
        response = send(borrower, url, url, **accepted(usage="Curage du fossé"))
        pret = Pret.objects.get()
        assert response["Location"] == f"/materiel/prets/{pret.numero}/"
        assert "Votre demande est partie." in text(borrower.get(response["Location"]))

    @pytest.mark.parametrize("granted", [True, False], ids=["granted", "asked"])
    def test_the_third_request_is_offered_what_is_left(self, tavaux, borrower, granted):
        """Two hundred barriers, three requests of eighty: on the sheet as on the page of the request."""
        lot = make_materiel("Barrières", collectivite=tavaux, stock=200)
        for name in ("Gevry", "Choisey"):
            (lend if granted else ask)(lot, commune(name), 0, 1, quantite=80)
        asked = dated(0, 0, quantite=80)
        pages = [
            text(borrower.get(lot.page.adresse, asked)),
            text(borrower.get(f"/materiel/{lot.pk}/demander/", asked)),
        ]
        fragment = borrower.get(lot.page.adresse, asked, headers=FRAGMENT)
        assert "HX-Target" in fragment["Vary"]
        assert "<html" not in text(fragment)
        for page in (*pages, text(fragment)):
            assert "En demander 40" in page
            assert f"{'Prêté à' if granted else 'Demandé avant vous par'} Choisey, jusqu’au mardi" in page
            assert ("et vous en demandez 80." in page) == granted
            assert ("liste d’attente" in page) == granted
        response = send(
            borrower, lot.page.adresse, f"/materiel/{lot.pk}/demander/", **accepted(usage="Fête", quantite=80)
        )
        assert response.status_code == (422 if granted else 302)

    def test_the_second_is_told_by_whom_and_until_when(self, tavaux, borrower):
        thing = make_materiel("Balayeuse", collectivite=tavaux)
        ask(thing, commune("Champvans"), 0, 2)
        page = text(borrower.get(thing.page.adresse, dated(1, 2), headers=FRAGMENT))
        assert "mais une autre demande est arrivée avant." in page
        assert "Demandé avant vous par Champvans, jusqu’au mercredi" in page
        assert "Libre au plus près" in page

    def test_the_sheet_asks_puts_on_the_list_and_sends_elsewhere(self, tavaux, borrower):
        thing = make_materiel("Balayeuse", collectivite=tavaux)
        other = make_materiel("Balayeuse aspiratrice", collectivite=commune("Gevry", latitude=47.05, longitude=5.45))
        lend(thing, commune("Champvans"))
        page = text(borrower.get(thing.page.adresse, dated()))
        assert "Déjà pris les lundi" in page
        assert "Prêté à Champvans, jusqu’au mardi" in page
        assert f'href="{other.page.adresse}?du=' in page
        assert "Balayeuse aspiratrice à Gevry" in page
        assert 'name="attente" value="1"' in page
        send(borrower, thing.page.adresse, f"/materiel/{thing.pk}/demander/", **accepted(usage="Fête", attente="1"))
        assert Pret.objects.latest("pk").statut == StatutPret.ATTENTE

    @pytest.mark.parametrize(
        ("wrong", "said"),
        [
            (dated(1, 0), "Le retour vient avant le départ."),
            (dated(0, 20), "au plus pour ce matériel"),
            (dated(quantite=41), "40 au plus par prêt, sur 80."),
            (dated(quantite=0), "Demandez-en un au moins."),
            (dated(quantite=""), "Dites combien il vous en faut."),
            (dated(date_debut="2026-13-45"), "Dites à partir de quel jour."),
            (dated(date_debut="0001-01-01"), "Cette date est passée."),
            (dated(date_fin="9999-12-31"), "au plus tard."),
            (dated(quantite=10**30), "au plus par prêt"),
            (dated(date_fin=""), "Dites jusqu’à quel jour."),
            (dated(usage=" "), "Dites pour quoi"),
        ],
        ids=["order", "length", "cap", "none", "empty", "absurd", "ancient", "endless", "huge", "open", "usage"],
    )
    def test_bad_input_is_told_and_nothing_is_lost(self, tavaux, borrower, wrong, said):
        lot = make_materiel("Barrières", collectivite=tavaux, stock=80, part_max=50, duree_max_jours=10)
        url = f"/materiel/{lot.pk}/demander/"
        fields = {"quantite": 10, "usage": "Course cycliste", "message": "Nous les transportons.", **wrong}
        response = send(borrower, url, url, **fields)
        assert response.status_code == 422
        assert said in text(response)
        assert "Nous les transportons." in text(response)
        assert not Pret.objects.exists()

    def test_what_is_taken_is_refused_and_one_may_wait(self, tavaux, borrower):
        thing = make_materiel("Balayeuse", collectivite=tavaux)
        lend(thing, commune("Champvans"))
        url = f"/materiel/{thing.pk}/demander/"
        response = send(borrower, url, url, **accepted(usage="Fête"))
        assert response.status_code == 422
        assert "il est déjà pris" in text(response)
        assert "S’inscrire en liste d’attente" in text(response)
        response = send(borrower, url, url, **accepted(usage="Fête", attente="1"))
        assert Pret.objects.latest("pk").statut == StatutPret.ATTENTE
        assert "Vous êtes en liste d’attente." in text(borrower.get(response["Location"]))

    def test_a_double_click_asks_once(self, tavaux, borrower):
        thing = make_materiel(collectivite=tavaux)
        url = f"/materiel/{thing.pk}/demander/"
        key = re.search(r'name="cle_unique" value="([^"]+)"', borrower.get(url).content.decode())[1]
        answers = [borrower.post(url, {"cle_unique": key, **accepted(usage="Fête")}) for _ in range(2)]
        assert Pret.objects.count() == 1
        assert len({one["Location"] for one in answers}) == 1

    def test_not_to_oneself_nor_without_the_right(self, tavaux, owner, foucherans):
        thing = make_materiel(collectivite=tavaux)
        response = owner.get(f"/materiel/{thing.pk}/demander/")
        assert response.status_code == 403
        assert "à votre commune" in text(response)

    def test_only_gestionnaires_ask(self, distribution: Distribution, tavaux):
        thing = make_materiel(collectivite=tavaux)
        url = f"/materiel/{thing.pk}/demander/"
        assert open_session(distribution.secretaire_a).get(url).status_code == 403
        assert open_session(distribution.gestionnaire_a).get(url).status_code == 200
        assert open_session(distribution.sans_poste).get(url).status_code == 403

    def test_a_hidden_thing_is_unknown(self, tavaux, borrower):
        thing = make_materiel(collectivite=tavaux, diffusion=[f"c{tavaux.pk}"])
        assert borrower.get(f"/materiel/{thing.pk}/demander/").status_code == 404

    def test_all_its_questions(self, tavaux, foucherans, borrower):
        kind = TypeHabilitation.objects.create(code="caces-x", libelle="CACES R482 A")
        thing = make_materiel(
            "Mini-pelle", collectivite=tavaux, conducteur=Conducteur.POSSIBLE, transport=Transport.LIVRAISON,
            prix_livraison=35,
        )  # fmt: skip
        thing.habilitations.add(kind)
        end = monday() + timedelta(days=400)
        Habilitation.objects.create(
            agent=keeper(foucherans), type=kind, obtenue_le=timezone.localdate(), valable_jusqu_au=end
        )
        url = f"/materiel/{thing.pk}/demander/"
        page = text(borrower.get(url))
        assert f"{keeper(foucherans)}, CACES R482 A valable jusqu’au" in page
        assert "Livraison par Tavaux, 35 €" in page
        fields = dated(usage="Fossé", conducteur=keeper(foucherans).pk, transport="livraison", heure_remise="07:45")
        assert "Acceptez le règlement de prêt" in text(send(borrower, url, url, **fields))
        wrong = text(send(borrower, url, url, **accepted(**fields | {"heure_remise": "14:30"})))
        assert "14 h 30, c’est l’après-midi : vos dates disent le matin." in wrong
        assert '<details class="ec-fold" open>' in wrong
        assert not Pret.objects.exists()
        send(borrower, url, url, **accepted(**fields))
        pret = Pret.objects.get()
        assert (pret.conducteur, pret.transport) == (keeper(foucherans), Transport.LIVRAISON)
        assert f"{pret.heure_remise:%H:%M}" == "07:45"


def test_its_own_request_is_told_as_its_own(tavaux, foucherans, borrower) -> None:
    thing = make_materiel("Mini-pelle", collectivite=tavaux)
    pret = ask(thing, foucherans)
    query = f"?du={pret.date_debut}&au={pret.date_fin}"
    for url in (reverse("materiel:pret_create", args=[thing.pk]), thing.page.adresse):
        page = borrower.get(url + query).content.decode()
        assert f'<a href="{pret.get_absolute_url()}">Vous l’avez déjà demandé pour ces dates</a>' in page
        assert "demandé avant vous" not in page.lower()
        assert "une autre demande" not in page
    reponses.accept(pret, keeper(tavaux))
    page = borrower.get(thing.page.adresse + query).content.decode()
    assert f'<a href="{pret.get_absolute_url()}">Vous l’avez déjà emprunté pour ces dates</a>' in page
