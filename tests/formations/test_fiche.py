"""The sheet of a training: what it says, who may be booked from it, and what sending it gives."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from collectivites.models import Agent, Collectivite, Fonction, Habilitation, TypeHabilitation
from formations.enums import TypeOrganisme, Visa
from formations.models import FormationPage, Inscription, PublicFormation
from formations.places import annulation
from tests.collectivites.factories import CollectiviteFactory
from tests.formations.envois import keeper, key_of, send
from tests.formations.factories import book, day, make_formation, make_session, monday, worker
from tests.materiel.formulaires import text
from tests.sessions import open_session

pytestmark = pytest.mark.django_db


@pytest.fixture
def foucherans() -> Collectivite:
    return CollectiviteFactory(nom="Foucherans", latitude=47.08, longitude=5.46)


@pytest.fixture
def odile(foucherans) -> Agent:
    return keeper(foucherans)


@pytest.fixture
def client(odile) -> Client:
    return open_session(odile)


class TestReading:
    def test_it_says_what_for_whom_who_pays_and_how_long(self, client):
        sst = TypeHabilitation.objects.get(code="sst")
        page = make_formation(
            "Sauveteur secouriste", duree_heures=14, titre_delivre=sst, objectifs="Alerter\nMasser", prerequis="Aucun"
        )
        said = text(client.get(page.adresse))
        for words in ("2 jours, 14 heures", "Pris en charge par l’intercommunalité", "Titre valable 2 ans", "Masser"):
            assert words in said
        assert "Aucune session n’est ouverte pour le moment" in said

    def test_its_sessions_say_when_where_how_far_and_until_when(self, client):
        tavaux = CollectiviteFactory(nom="Tavaux", latitude=47.03, longitude=5.40)
        session = make_session(lieu=tavaux, lieu_nom="Centre technique", limite_desistement=monday(4))
        book(session, worker())
        said = text(client.get(session.formation.adresse))
        for words in (
            "9 h à 16 h 30, Centre technique, Tavaux, 7&nbsp;km",
            "11 places restantes</strong> sur 12",
            "sans frais",
        ):
            assert words in said

    def test_why_a_session_cannot_be_chosen(self, client):
        page, now = make_formation(), timezone.now()
        make_session(page, ouverture=now + timedelta(days=3))
        make_session(page, on=monday(7), cloture=now - timedelta(days=1))
        said = text(client.get(page.adresse))
        assert "Les inscriptions ouvrent le" in said
        assert "Les inscriptions sont closes depuis le" in said

    def test_an_address_chooses_its_session_or_says_why_not(self, client):
        page = make_formation()
        make_session(page)
        second, gone = make_session(page, on=monday(8)), make_session(page, on=monday(9))
        chosen = client.get(second.get_absolute_url(), follow=True).content.decode()
        assert re.search(rf'value="{second.numero}" checked', chosen)
        annulation.annuler(gone.pk, worker(), "Formateur absent")
        assert f"La session {gone.numero} est annulée." in text(client.get(f"{page.adresse}?session={gone.numero}"))

    def test_the_quota_of_my_commune(self, client, foucherans):
        session = make_session(quota_commune=2, quota_leve_le=timezone.now() + timedelta(days=9))
        book(session, worker(foucherans))
        said = text(client.get(session.formation.adresse))
        assert "2 places au plus par commune jusqu’au" in said
        assert "il en reste 1 à Foucherans" in said

    def test_the_quota_leaves_nothing_in_a_full_session(self, client):
        session = make_session(quota_commune=2, capacite=1)
        book(session, worker())
        said = text(client.get(session.formation.adresse))
        assert "2 places au plus par commune." in said
        assert "il en reste" not in said

    def test_each_one_who_cannot_be_booked_says_why(self, client, foucherans):
        public = PublicFormation.objects.create(code="essai", libelle="Essais")
        public.fonctions.set([Fonction.objects.get(code="agent-technique")])
        session = make_session(make_formation(publics=[public]))
        fit, other = (
            worker(foucherans),
            worker(foucherans, fonction=Fonction.objects.exclude(code="agent-technique")[0]),
        )
        busy = worker(foucherans)
        book(make_session(make_formation("Ailleurs")), busy)
        page = client.get(session.formation.adresse)
        said, html = text(page), page.content.decode()
        assert "Cette formation s’adresse à : essais." in said
        assert "Suit déjà « Ailleurs » à ce moment-là." in said
        assert not re.search(rf'value="{key_of(fit, foucherans)}" disabled', html)
        for one in (other, busy):
            assert re.search(rf'value="{key_of(one, foucherans)}" disabled', html)

    def test_the_end_of_a_title_is_said_to_who_keeps_the_cards(self, client, foucherans):
        sst = TypeHabilitation.objects.get(code="sst")
        held, today = worker(foucherans), timezone.localdate()
        Habilitation.objects.create(
            agent=held, type=sst, obtenue_le=today - timedelta(days=600), valable_jusqu_au=today + timedelta(days=20)
        )
        session = make_session(make_formation("Recyclage", titre_delivre=sst))
        assert "Titre valable jusqu’au" in text(client.get(session.formation.adresse))

    def test_a_simple_agent_books_nobody_else(self, foucherans):
        alain = worker(foucherans)
        other = worker(foucherans)
        html = open_session(alain).get(make_session().formation.adresse).content.decode()
        assert f'value="{key_of(alain, foucherans)}" checked' in html
        assert other.nom_complet not in html
        assert "pas encore de fiche" not in html

    def test_a_basket_across_the_communes_that_one_serves(self):
        a, b = CollectiviteFactory(nom="Aval"), CollectiviteFactory(nom="Bourg")
        shared, one, two = keeper(a, b), worker(a), worker(b)
        session = make_session(capacite=2)
        browser = open_session(shared)
        assert send(browser, session, key_of(one, a), key_of(two, b)).status_code == 302
        found = Inscription.objects.order_by("pk")
        assert [(i.agent, i.collectivite, i.visa) for i in found] == [(one, a, Visa.ACCORDE), (two, b, Visa.ACCORDE)]
        assert len({i.lot for i in found}) == 1

    def test_what_is_booked_on_two_days_is_told_so(self, foucherans):
        session = make_session(horaires=[*day(monday()), *day(monday() + timedelta(days=1))])
        browser = open_session(keeper(foucherans))
        answer = send(browser, session, *(key_of(worker(foucherans), foucherans) for _ in range(2)))
        said = text(browser.get(answer["Location"])).replace("\xa0", " ")
        assert f", du {session.date_debut.day}" in said
        assert ", le lundi" not in said

    def test_a_long_list_is_searched_by_name(self, client, foucherans):
        page = make_session().formation
        for _ in range(29):
            worker(foucherans)
        assert "data-noms" not in text(client.get(page.adresse))
        last = worker(foucherans)
        said = text(client.get(page.adresse))
        assert "Chercher un nom parmi 31 agents" in said
        assert f'data-nom="{last.nom_complet} ' in said

    def test_the_same_number_of_queries_for_one_or_many(self, client, foucherans):
        page = make_formation()
        make_session(page)
        client.get(page.adresse)
        with CaptureQueriesContext(connection) as few:
            client.get(page.adresse)
        for week in range(7, 12):
            session = make_session(page, on=monday(week), quota_commune=3)
            book(session, worker(foucherans)), book(session, worker())
        with CaptureQueriesContext(connection) as many:
            client.get(page.adresse)
        assert len(many) <= len(few) + 1, [q["sql"][:150] for q in many][len(few) :]
        assert len(many) <= 45


@pytest.mark.parametrize(
    ("organisme", "told"),
    [("CNFPT", "CNFPT, union"), ("Secours Jura", "Secours Jura, CNFPT, union"), ("", "CNFPT, union")],
)
def test_who_trains_is_said_once(organisme: str, told: str) -> None:
    page = FormationPage(organisme=organisme, type_organisme=TypeOrganisme.CNFPT_UNION)
    assert page.organisme_dit == told
