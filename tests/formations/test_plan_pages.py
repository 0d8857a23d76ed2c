"""The pages of the census and of the plan: forms, who enters, constant queries."""

import io
from datetime import timedelta

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from formations.enums import StatutCampagne
from formations.models import BesoinFormation, Campagne, LignePlan
from formations.plan import lignes
from tests.collectivites.factories import CollectiviteFactory, PosteFactory
from tests.distribution import Distribution
from tests.formations.besoins import caces, make_campaign, say
from tests.formations.envois_plan import send
from tests.formations.factories import make_formation, worker
from tests.sessions import open_session

pytestmark = pytest.mark.django_db


@pytest.fixture
def campagne(distribution: Distribution) -> Campagne:
    return make_campaign()


class TestPages:
    def test_said_by_a_form_then_corrected(self, client: Client, distribution: Distribution, campagne: Campagne):
        cast = distribution
        client.force_login(cast.gestionnaire_a)
        url = reverse("formations:besoin_create", args=[campagne.pk])
        fields = {"intitule": "CACES R482", "effectif": 1, "priorite": 1, "agents": [cast.agent_a.pk]}
        wrong = {"effectif": 1, "agents": [cast.agent_a.pk, cast.secretaire_a.pk], "priorite": 1}
        page = send(client, url, wrong, client.get(url))
        assert page.status_code == 422
        assert "Dites la formation" in page.content.decode()
        assert "écrivez 2 au moins" in page.content.decode()
        send(client, url, fields, page)
        need = BesoinFormation.objects.get()
        assert (need.collectivite, need.effectif, list(need.agents.all())) == (cast.a, 1, [cast.agent_a])
        change = reverse("formations:besoin_update", args=[need.pk])
        send(client, change, {**fields, "effectif": 4}, client.get(change))
        need.refresh_from_db()
        assert need.effectif == 4
        stranger = {**fields, "agents": [cast.secretaire_b.pk]}
        assert send(client, change, stranger, client.get(change)).status_code == 422

    @pytest.mark.parametrize(
        ("name", "value"), [("effectif", "0"), ("effectif", "-3"), ("effectif", "9" * 25), ("agents", "9" * 25)]
    )
    def test_a_number_out_of_bounds_is_said(
        self, client: Client, distribution: Distribution, campagne: Campagne, name: str, value: str
    ):
        client.force_login(distribution.gestionnaire_a)
        url = reverse("formations:besoin_create", args=[campagne.pk])
        fields = {"intitule": "Paie", "effectif": 1, "priorite": 2, name: value}
        assert send(client, url, fields, client.get(url)).status_code == 422

    def test_the_double_click_says_it_once(self, client: Client, distribution: Distribution, campagne: Campagne):
        client.force_login(distribution.gestionnaire_a)
        url = reverse("formations:besoin_create", args=[campagne.pk])
        page = client.get(url)
        for _ in range(2):
            send(client, url, {"intitule": "Paie", "effectif": 1, "priorite": 2}, page)
        assert BesoinFormation.objects.count() == 1

    def test_the_needs_of_another_commune(self, client: Client, distribution: Distribution, campagne: Campagne):
        need = say(campagne, distribution.a, "Paie", 1)
        client.force_login(distribution.secretaire_b)
        for name in ("besoin_update", "besoin_nommer"):
            assert client.get(reverse(f"formations:{name}", args=[need.pk])).status_code == 404
        page = client.get(reverse("formations:besoin_list", args=[campagne.pk]), {"commune": "aval"})
        assert page.context["besoins"] == []

    def test_a_census_in_preparation_is_for_the_responsables(self, client: Client, distribution: Distribution):
        campaign = make_campaign(statut=StatutCampagne.PREPARATION)
        client.force_login(distribution.gestionnaire_a)
        assert client.get(campaign.get_absolute_url()).status_code == 404
        open_session(distribution.responsable, client)
        page = client.get(reverse("formations:campagne_reponses", args=[campaign.pk]))
        send(client, reverse("formations:campagne_statut", args=[campaign.pk]), {"action": "ouvrir"}, page)
        campaign.refresh_from_db()
        assert campaign.statut == StatutCampagne.OUVERTE

    def test_past_its_last_day_it_takes_answers_and_says_so(
        self, client: Client, distribution: Distribution, campagne: Campagne
    ):
        client.force_login(distribution.gestionnaire_a)
        url = reverse("formations:besoin_list", args=[campagne.pk])
        assert "Ouverte, réponses jusqu’au" in client.get(url).content.decode()
        Campagne.objects.update(repondre_avant=timezone.localdate() - timedelta(days=1))
        late = client.get(url).content.decode()
        assert "Encore ouverte, les réponses étaient attendues le" in late
        assert "Ajouter un besoin" in late

    def test_prepared_by_a_form(self, client: Client, distribution: Distribution):
        open_session(distribution.responsable, client)
        url = reverse("formations:campagne_create")
        fields = {"titre": "Besoins 2028", "annee": 2028, "repondre_avant": "2020-01-01"}
        page = send(client, url, fields, client.get(url))
        assert "passé" in page.content.decode()
        later = (timezone.localdate() + timedelta(days=9)).isoformat()
        send(client, url, {**fields, "repondre_avant": later}, page)
        assert Campagne.objects.get().auteur == distribution.responsable

    def test_the_plan_is_read_by_all_without_a_name(
        self, client: Client, distribution: Distribution, campagne: Campagne
    ):
        say(campagne, distribution.a, "Paie", 2, agents=[distribution.agent_a])
        lignes.gather_all(campagne, distribution.responsable)
        client.force_login(distribution.secretaire_b)
        page = client.get(campagne.get_absolute_url())
        assert "Paie" in page.content.decode()
        assert "Alain" not in page.content.decode()
        sheet = openpyxl.load_workbook(io.BytesIO(client.get(campagne.get_absolute_url() + "?format=xlsx").content))
        rows = list(sheet.active.iter_rows(values_only=True))
        assert rows[-1][:1] + rows[-1][3:5] == ("Paie", 2, 1)

    def test_made_by_the_responsable(self, client: Client, distribution: Distribution, campagne: Campagne):
        needs = caces(campagne, distribution)
        open_session(distribution.responsable, client)
        board = reverse("formations:ligne_list", args=[campagne.pk])
        gather = reverse("formations:ligne_reunir", args=[campagne.pk])
        ticked = {"action": "cochees", "besoin": [needs[0].pk, needs[1].pk], "intitule": "Engins", "ligne": ""}
        send(client, gather, ticked, client.get(board))
        line = LignePlan.objects.get()
        assert (line.intitule, line.besoins.count()) == ("Engins", 2)
        sheet = reverse("formations:ligne_detail", args=[line.pk])
        answer = send(client, sheet, {"statut": "ecartee", "reponse": ""}, client.get(sheet))
        assert answer.status_code == 422
        move = reverse("formations:besoin_deplacer", args=[needs[2].pk])
        send(client, move, {"ligne": line.pk}, client.get(sheet))
        page = make_formation("CACES R482 A")
        send(client, reverse("formations:ligne_session", args=[line.pk]), {"formation": page.pk}, client.get(sheet))
        line.refresh_from_db()
        assert (line.session.formation, line.session.capacite) == (page, 12)
        assert client.get(sheet).status_code == 200
        client.force_login(distribution.gestionnaire_a)
        need = reverse("formations:besoin_nommer", args=[needs[0].pk])
        send(client, need, {"agents": [distribution.agent_a.pk]}, client.get(need))
        assert line.session.inscriptions.get().agent == distribution.agent_a

    def test_the_same_queries_whatever_the_needs(self, client: Client, distribution: Distribution, campagne: Campagne):
        cast = distribution
        PosteFactory(agent=cast.responsable, collectivite=cast.a, gestionnaire=True, heures_hebdo=39)
        open_session(cast.responsable, client)
        names = ("campagne_detail", "campagne_reponses", "besoin_list", "ligne_list")

        def queries() -> list[int]:
            found = []
            for url in [*(reverse(f"formations:{name}", args=[campagne.pk]) for name in names), detail]:
                with CaptureQueriesContext(connection) as seen:
                    assert client.get(url).status_code == 200
                found.append(len(seen))
            return found

        first = say(campagne, cast.a, "Paie", 2, agents=[cast.agent_a])
        line = lignes.gather(campagne, [first], cast.responsable)
        say(campagne, cast.a, "Budget", 2, agents=[cast.agent_a])
        detail = reverse("formations:ligne_detail", args=[line.pk])
        client.get(detail)
        few = queries()
        for number in range(9):
            place = CollectiviteFactory()
            one = say(campagne, place, "Paie", 2, agents=[worker(place)])
            lignes.move(one, line, cast.responsable)
            say(campagne, cast.a, f"Sujet {number}", 1, agents=[cast.agent_a])
            other = say(campagne, cast.a, f"Autre {number}", 1)
            lignes.gather(campagne, [other], cast.responsable)
        assert queries() == few
        assert max(few) <= 25, few
