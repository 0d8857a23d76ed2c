"""The inbox: what awaits an answer, the answers by batch, the day, the late, the papers."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from collectivites.models import Collectivite
from materiel.enums import StatutPret
from materiel.models import Papier, Pret
from materiel.passages import stamp
from materiel.registre.fermetures import close_expired
from tests.materiel.factories import make_materiel
from tests.materiel.formulaires import send, text
from tests.materiel.prets import ask, commune, fresh, keeper, lend, make_late
from tests.sessions import open_session

pytestmark = pytest.mark.django_db
INBOX = "/materiel/demandes/"


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


class TestInbox:
    def test_what_awaits_and_who_asked_before(self, tavaux, foucherans, owner):
        thing = make_materiel("Balayeuse", collectivite=tavaux)
        lot = make_materiel("Barrières", collectivite=tavaux, stock=40, unite="barrières")
        lend(lot, commune("Damparis"), quantite=12)
        Pret.objects.filter(materiel=lot).update(quantite_demandee=12)
        ask(thing, foucherans)
        ask(thing, commune("Jouhe"), 1, 1)
        Pret.objects.filter(emprunteur__nom="Foucherans").update(created_at=timezone.now() - timedelta(days=1))
        big = ask(lot, commune("Choisey"), 4, 4, quantite=40)
        lend(lot, commune("Brevans"), 4, 4, quantite=12)
        page = text(owner.get(INBOX))
        assert "Trois demandes attendent votre réponse, la plus ancienne reçue hier." in page
        assert "Demandé avant par Foucherans" in page
        assert "28 libres sur 40" in page
        assert "En prêter 28" in page
        assert "Vous en avez 40 : 12 promis à Brevans" in page
        assert page.index("Foucherans") < page.index("Jouhe")
        assert big.numero in page

    def test_batch_says_what_passed_and_what_did_not(self, tavaux, owner):
        thing = make_materiel("Balayeuse", collectivite=tavaux)
        lot = make_materiel("Chaises", collectivite=tavaux, stock=80, unite="chaises")
        first, second = ask(thing, commune("Jouhe")), ask(thing, commune("Gevry"))
        other = ask(lot, commune("Choisey"), quantite=50)
        ticked = [f"{one.numero}|{stamp(one)}" for one in (second, other, first)]
        response = send(owner, INBOX, INBOX, action="accepter", demande=ticked)
        assert response.status_code == 302
        page = text(owner.get(INBOX))
        assert "2 demandes accordées : Jouhe (Balayeuse), Choisey (50 chaises)." in page
        assert "Pas faite, Gevry (Balayeuse) : « Balayeuse » n’est pas libre" in page
        assert [fresh(one).statut for one in (first, second, other)] == ["accepte", "demande", "accepte"]

    def test_batch_refusal(self, tavaux, owner):
        thing = make_materiel("Balayeuse", collectivite=tavaux)
        wanted = [ask(thing, commune(nom)) for nom in ("Jouhe", "Gevry")]
        ticked = [f"{one.numero}|{stamp(one)}" for one in wanted]
        response = send(owner, INBOX, INBOX, action="refuser", motif="Autre", demande=ticked)
        assert response.status_code == 422
        send(owner, INBOX, INBOX, action="refuser", motif="Il est en réparation.", demande=ticked)
        assert {fresh(one).statut for one in wanted} == {StatutPret.REFUSE}

    def test_batch_of_nothing_and_of_others(self, tavaux, owner, foucherans):
        ask(make_materiel(collectivite=tavaux), foucherans)
        ask(make_materiel(collectivite=tavaux), commune("Jouhe"))
        theirs = ask(make_materiel(collectivite=foucherans), tavaux)
        for ticked in ([], [f"{theirs.numero}|{stamp(theirs)}"]):
            send(owner, INBOX, INBOX, action="accepter", demande=ticked)
            assert "Choisissez au moins une demande." in text(owner.get(INBOX))
        assert fresh(theirs).statut == StatutPret.DEMANDE

    def test_read_by_who_works_there_answered_by_gestionnaires(self, distribution, foucherans):
        ask(make_materiel(collectivite=distribution.a), foucherans)
        client = open_session(distribution.agent_a)
        page = text(client.get(INBOX))
        assert "Une demande attend votre réponse" in page
        assert "Accepter" not in page
        assert open_session(distribution.sans_poste).get(INBOX).status_code == 403

    def test_the_day_the_late_and_the_papers(self, tavaux, foucherans, owner):
        today = timezone.localdate()
        lend(make_materiel("Sono", collectivite=tavaux), foucherans)
        Pret.objects.update(date_debut=today)
        thing = make_materiel("Podium", collectivite=tavaux)
        make_late(thing, commune("Villette", telephone="0353010062"))
        Papier.objects.create(materiel=thing, type="vgp", valable_jusqu_au=today + timedelta(days=7), bloquant=True)
        page = text(owner.get(INBOX))
        assert "1</strong>remise aujourd’hui" in page
        assert "Deux jours de retard" in page
        assert "03 53 01 00 62" in page
        assert "Dans 7 jours" in page
        assert "2 prêts accordés et 0 reçu cette année" in page

    def test_the_same_number_of_queries_whatever_the_requests(self, tavaux, owner):
        thing = make_materiel(collectivite=tavaux)

        def queries() -> int:
            with CaptureQueriesContext(connection) as found:
                assert owner.get(INBOX).status_code == 200
            return len(found)

        ask(thing, commune("Jouhe"))
        ask(thing, commune("Gevry"))
        owner.get(INBOX)
        two = queries()
        for n in range(6):
            ask(make_materiel(collectivite=tavaux), commune(f"Commune {n}"))
        assert queries() == two <= 25, two


def test_a_paper_that_ends_before_the_loan_is_told_alike_in_the_inbox_and_on_the_loan(tavaux, foucherans, owner):
    """It ends on Friday, the loan on Saturday: with a day kept after, the ledger alone says nothing."""
    thing = make_materiel("Nacelle", collectivite=tavaux, tampon_apres=1)
    pret = ask(thing, foucherans, 4, 5)
    Papier.objects.create(materiel=thing, type="vgp", bloquant=True, valable_jusqu_au=pret.date_debut)
    close_expired(thing)
    assert "Vérification périodique à renouveler" in text(owner.get(INBOX))
    assert "Le prêt doit finir ce jour-là au plus tard" in text(owner.get(pret.get_absolute_url()))
