"""From the needs of three communes to a session: said, put together, decided, ranked, dated."""

import io
from datetime import date, timedelta

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from collectivites.models import Collectivite, TypeHabilitation
from formations.enums import PolitiqueVisa, Priorite, StatutCampagne, StatutInscription, StatutLigne, Visa
from formations.models import BesoinFormation, Campagne, FormationPage, LignePlan, RegleVisa
from formations.places import dates
from formations.plan import besoins, campagnes, lignes, sessions, tableau
from formations.refus import InscriptionRefusee, SessionChangee
from notifications.models import Notification
from tests.collectivites.factories import CollectiviteFactory, PosteFactory
from tests.distribution import Distribution
from tests.formations.envois_plan import send
from tests.formations.factories import day, make_formation, monday, worker
from tests.sessions import open_session

pytestmark = pytest.mark.django_db


@pytest.fixture
def campagne(distribution: Distribution) -> Campagne:
    return make_campaign()


def make_campaign(annee: int = 2027, **fields: object) -> Campagne:
    fields = {"repondre_avant": timezone.localdate() + timedelta(days=20), "statut": StatutCampagne.OUVERTE, **fields}
    return Campagne.objects.create(titre=f"Besoins {annee}", annee=annee, **fields)


def keeper(place: Collectivite):
    return worker(place, gestionnaire=True)


def say(campagne: Campagne, place: Collectivite, intitule: str, effectif: int, **fields: object) -> BesoinFormation:
    return besoins.say(campagne, place, keeper(place), intitule=intitule, effectif=effectif, **fields)


def caces(campagne: Campagne, cast: Distribution) -> list[BesoinFormation]:
    """4 + 5 + 3, in the words of each."""
    third = CollectiviteFactory(nom="Cours")
    said = ((cast.a, "CACES R482", 4), (cast.b, "Formation au CACES R 482", 5), (third, "caces r482", 3))
    return [say(campagne, place, words, number) for place, words, number in said]


class TestNeeds:
    def test_three_communes_make_twelve(self, distribution: Distribution, campagne: Campagne):
        caces(campagne, distribution)
        (group,) = lignes.propose_groups(campagne)
        assert (group.agents, group.communes, group.ligne) == (12, 3, None)
        assert lignes.gather_all(campagne, distribution.responsable) == 3
        (line,) = lignes.lines_of(campagne)
        assert (line.agents, line.communes) == (12, 3)
        assert lignes.propose_groups(campagne) == []

    def test_the_same_title_is_the_same_need_whatever_the_words(self, distribution: Distribution, campagne: Campagne):
        sst, other = TypeHabilitation.objects.get(code="sst"), TypeHabilitation.objects.get(code="psc")
        say(campagne, distribution.a, "Secourisme", 2, titre=sst)
        say(campagne, distribution.b, "SST", 3, titre=sst)
        say(campagne, distribution.b, "Secourisme", 1, titre=other)
        assert sorted(group.agents for group in lignes.propose_groups(campagne)) == [1, 5]

    @pytest.mark.parametrize(
        ("first", "second", "same"),
        [
            ("Formation à l’élagage", "Élagages", True),
            ("Les finances pour les élus", "Finances des élus", True),
            ("CACES R482", "CACES R489", False),
            ("Excel débutant", "Excel, aller plus loin", False),
        ],
    )
    def test_words_alike(self, first: str, second: str, same: bool):
        assert (lignes.words_of(first) == lignes.words_of(second)) is same

    def test_who_may_say_and_when(self, distribution: Distribution, campagne: Campagne):
        cast = distribution
        with pytest.raises(InscriptionRefusee, match="gestionnaires"):
            besoins.say(campagne, cast.a, cast.secretaire_b, intitule="X", effectif=1)
        with pytest.raises(InscriptionRefusee, match="en poste"):
            besoins.say(campagne, cast.a, cast.gestionnaire_a, intitule="X", effectif=1, agents=[cast.secretaire_b])
        need = besoins.say(campagne, cast.a, cast.gestionnaire_a, intitule="X", effectif=1)
        line = lignes.gather(campagne, [need], cast.responsable)
        need.refresh_from_db()
        with pytest.raises(SessionChangee, match="dans le plan"):
            besoins.take_back(need, cast.gestionnaire_a)
        lignes.move(need, None, cast.responsable)
        assert not LignePlan.objects.filter(pk=line.pk).exists()
        need.refresh_from_db()
        besoins.take_back(need, cast.gestionnaire_a)
        campagnes.close(campagne, cast.responsable)
        with pytest.raises(InscriptionRefusee, match="plus ouvert"):
            besoins.say(campagne, cast.a, cast.gestionnaire_a, intitule="X", effectif=1)

    def test_copied_from_last_year_without_those_who_left(self, distribution: Distribution, campagne: Campagne):
        cast, former = distribution, make_campaign(2026)
        need = say(former, cast.a, "Élagage", 3, agents=[cast.agent_a], echeance=date(2026, 12, 1))
        need.agents.add(cast.sans_poste)
        say(former, cast.a, "Excel", 1)
        say(former, cast.b, "Paie", 1)
        say(campagne, cast.a, "excel", 2)
        (copied,) = besoins.copy_last(campagne, cast.a, cast.gestionnaire_a)
        assert (copied.intitule, copied.effectif, copied.echeance) == ("Élagage", 3, None)
        assert list(copied.agents.all()) == [cast.agent_a]
        assert besoins.copy_last(campagne, cast.a, cast.gestionnaire_a) == []


class TestCensus:
    def test_opened_told_recalled_once_closed(self, distribution: Distribution):
        cast = distribution
        campaign = make_campaign(statut=StatutCampagne.PREPARATION)
        with pytest.raises(InscriptionRefusee):
            campagnes.open_to_all(campaign, cast.gestionnaire_a)
        campagnes.open_to_all(campaign, cast.responsable)
        assert set(Notification.objects.values_list("destinataire", flat=True)) == {
            cast.gestionnaire_a.pk,
            cast.secretaire_b.pk,
        }
        campaign.refresh_from_db()
        campagnes.answer(campaign, cast.a, cast.gestionnaire_a)
        on = campaign.repondre_avant - timedelta(days=7)
        assert campagnes.remind_due(on - timedelta(days=1)) == 0
        assert campagnes.remind_due(on) == 1
        assert campagnes.remind_due(on) == 0
        assert Notification.objects.filter(destinataire=cast.secretaire_b).count() == 2
        assert Notification.objects.filter(destinataire=cast.gestionnaire_a).count() == 1
        campagnes.close(campaign, cast.responsable)
        with pytest.raises(SessionChangee):
            campagnes.close(campaign, cast.responsable)

    def test_it_waits_for_the_mairie_until_it_has_answered(self, distribution: Distribution, campagne: Campagne):
        (one,) = tableau.todo(distribution.gestionnaire_a)
        assert "Aval" in one.titre
        campagnes.answer(campagne, distribution.a, distribution.gestionnaire_a)
        assert tableau.todo(distribution.gestionnaire_a) == []


class TestLines:
    def test_set_aside_with_the_reason_that_communes_read(self, distribution: Distribution, campagne: Campagne):
        cast = distribution
        besoins.say(campagne, cast.a, cast.gestionnaire_a, intitule="Yoga", effectif=2)
        lignes.gather_all(campagne, cast.responsable)
        line = LignePlan.objects.get()
        with pytest.raises(InscriptionRefusee, match="pourquoi"):
            lignes.decide(line, StatutLigne.ECARTEE, " ", cast.responsable)
        lignes.decide(line, StatutLigne.ECARTEE, "Hors de notre objet.", cast.responsable)
        told = Notification.objects.get(destinataire=cast.gestionnaire_a)
        assert "pas retenue" in told.titre
        assert "Hors de notre objet" in told.texte
        with pytest.raises(InscriptionRefusee):
            sessions.make_session(line, cast.responsable)
        assert not Notification.objects.filter(destinataire=cast.secretaire_b).exists()

    def test_by_hand(self, distribution: Distribution, campagne: Campagne):
        first, second, third = caces(campagne, distribution)
        line = lignes.gather(campagne, [first, second], distribution.responsable, intitule="Engins")
        lignes.move(third, line, distribution.responsable)
        assert line.besoins.count() == 3
        other = lignes.gather(campagne, [BesoinFormation.objects.get(pk=third.pk)], distribution.responsable)
        assert (line.besoins.count(), other.besoins.count()) == (2, 1)
        with pytest.raises(InscriptionRefusee):
            lignes.move(third, line, distribution.gestionnaire_a)
        elsewhere = LignePlan.objects.create(campagne=make_campaign(2028), intitule="Autre")
        with pytest.raises(InscriptionRefusee, match="autre campagne"):
            lignes.move(third, elsewhere, distribution.responsable)


class TestSession:
    def test_order_by_priority_then_deadline_then_communes_in_turn(
        self, distribution: Distribution, campagne: Campagne
    ):
        cast = distribution
        a = [worker(cast.a) for _ in range(3)]
        b = [worker(cast.b) for _ in range(2)]
        urgent = worker(cast.b)
        soon = timezone.localdate() + timedelta(days=30)
        say(campagne, cast.a, "SST", 4, agents=[*a, cast.partage_ab])
        say(campagne, cast.b, "SST", 3, agents=b, echeance=None)
        say(campagne, cast.b, "SST", 1, agents=[urgent], priorite=Priorite.HAUTE)
        say(campagne, cast.b, "SST", 1, agents=[cast.partage_ab], echeance=soon)
        order = [(agent, place) for agent, place in sessions.ranked(BesoinFormation.objects.prefetch_related("agents"))]
        assert order[:2] == [(urgent, cast.b), (cast.partage_ab, cast.b)]
        assert [place for _, place in order[2:]] == [cast.a, cast.b, cast.a, cast.b, cast.a]
        assert len({agent for agent, _ in order}) == len(order) == 7

    def test_twelve_seats_ranks_kept_then_dates(self, distribution: Distribution, campagne: Campagne):
        cast = distribution
        needs = caces(campagne, cast)
        named = [worker(cast.a), worker(cast.b)]
        needs[0].agents.add(named[0])
        needs[1].agents.add(named[1])
        RegleVisa.objects.create(collectivite=cast.b, politique=PolitiqueVisa.SANS)
        lignes.gather_all(campagne, cast.responsable)
        line = LignePlan.objects.get()
        with pytest.raises(InscriptionRefusee):
            sessions.make_session(line, cast.gestionnaire_a)
        done = sessions.make_session(line, cast.responsable, make_formation("CACES R482 A"))
        assert (done.session.capacite, done.rangs, done.a_nommer) == (
            12,
            2,
            {cast.a.pk: 3, cast.b.pk: 4, needs[2].collectivite_id: 3},
        )
        rows = list(done.session.inscriptions.order_by("rang"))
        assert [(one.agent, one.rang, one.statut) for one in rows] == [
            (named[0], 1, StatutInscription.ATTENTE),
            (named[1], 2, StatutInscription.ATTENTE),
        ]
        assert [one.visa for one in rows] == [Visa.ATTENDU, Visa.NON_REQUIS]
        with pytest.raises(SessionChangee):
            sessions.make_session(line, cast.responsable)
        with pytest.raises(SessionChangee):
            lignes.move(needs[0], None, cast.responsable)
        fixed = dates.fixer(done.session.pk, day(monday()), cast.responsable)
        assert [one.statut for one in sorted(fixed.placees, key=lambda one: one.rang)] == [
            StatutInscription.TENUE,
            StatutInscription.CONFIRMEE,
        ]

    def test_named_later_behind_the_others_and_no_more_than_asked(self, distribution: Distribution, campagne: Campagne):
        cast, people = distribution, [worker(distribution.a) for _ in range(3)]
        need = say(campagne, cast.a, "Élagage", 2, agents=people[:1])
        lignes.gather_all(campagne, cast.responsable)
        done = sessions.make_session(LignePlan.objects.get(), cast.responsable, make_formation("Élagage"))
        need = BesoinFormation.objects.get(pk=need.pk)
        with pytest.raises(InscriptionRefusee, match="il en reste 1"):
            besoins.name(need, people[1:], cast.gestionnaire_a)
        with pytest.raises(InscriptionRefusee):
            besoins.name(need, people[1:2], cast.secretaire_b)
        besoins.name(need, people[1:2], cast.gestionnaire_a)
        ranks = done.session.inscriptions.order_by("rang").values_list("agent", "rang")
        assert list(ranks) == [(people[0].pk, 1), (people[1].pk, 2)]

    def test_without_a_sheet_one_is_drafted(self, distribution: Distribution, campagne: Campagne):
        say(campagne, distribution.a, "Apiculture", 2)
        lignes.gather_all(campagne, distribution.responsable)
        done = sessions.make_session(LignePlan.objects.get(), distribution.responsable)
        page = FormationPage.objects.get(title="Apiculture")
        assert (page.live, page.sessions.get()) == (False, done.session)


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
