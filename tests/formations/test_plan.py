"""From the needs of three communes to a session: said, put together, decided, ranked, dated."""

from datetime import date, timedelta

import pytest
from django.db.models import F
from django.utils import timezone

from collectivites.models import TypeHabilitation
from formations.enums import PolitiqueVisa, Priorite, StatutCampagne, StatutInscription, StatutLigne, Visa
from formations.models import (
    BesoinFormation,
    Campagne,
    Creneau,
    FormationPage,
    LignePlan,
    PublicFormation,
    RegleVisa,
)
from formations.places import annulation, dates
from formations.plan import besoins, campagnes, lignes, sessions, tableau
from formations.prevenir.mouvements import Annonceur
from formations.prevenir.sortes import NOUVELLE
from formations.refus import InscriptionRefusee, SessionChangee
from notifications.models import Notification
from tests.distribution import Distribution
from tests.formations.besoins import caces, make_campaign, say
from tests.formations.factories import day, make_formation, monday, worker
from tests.sessions import open_session

pytestmark = pytest.mark.django_db


@pytest.fixture
def campagne(distribution: Distribution) -> Campagne:
    return make_campaign()


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
        need = BesoinFormation.objects.get(pk=needs[0].pk)
        with pytest.raises(SessionChangee, match="déjà faite"):
            besoins.say(campagne, cast.a, cast.gestionnaire_a, intitule="X", effectif=9, besoin=need)
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

    def test_nobody_is_named_in_a_session_that_takes_nobody_any_more(
        self, distribution: Distribution, campagne: Campagne
    ):
        """Named without a rank, they could never be named again."""
        cast, need = distribution, say(campagne, distribution.a, "Élagage", 2)
        lignes.gather_all(campagne, cast.responsable)
        done = sessions.make_session(LignePlan.objects.get(), cast.responsable, make_formation("Élagage"))
        dates.fixer(done.session.pk, day(monday()), None)
        yesterday = timezone.localdate() - timedelta(days=1)
        Creneau.objects.update(demi_journee=F("demi_journee") - 2 * (monday() - yesterday).days)
        type(done.session).objects.update(date_debut=yesterday, date_fin=yesterday)
        with pytest.raises(InscriptionRefusee, match="a commencé"):
            besoins.name(BesoinFormation.objects.get(pk=need.pk), [cast.agent_a], cast.gestionnaire_a)
        assert not need.agents.exists()

    def test_a_cancelled_session_leaves_the_line_to_be_made_anew(self, distribution: Distribution, campagne: Campagne):
        cast = distribution
        need = say(campagne, cast.a, "Élagage", 2, agents=[cast.agent_a])
        lignes.gather_all(campagne, cast.responsable)
        page = make_formation("Élagage")
        first = sessions.make_session(LignePlan.objects.get(), cast.responsable, page)
        annulation.annuler(first.session.pk, cast.responsable, "Formateur absent")
        line = LignePlan.objects.get()
        assert (line.engagee, tableau.rows_of(lignes.lines_of(campagne))[0][7]) == (False, "")
        besoins.name(BesoinFormation.objects.get(pk=need.pk), [worker(cast.a)], cast.gestionnaire_a)
        again = sessions.make_session(line, cast.responsable, page)
        assert (again.rangs, LignePlan.objects.get().session) == (2, again.session)

    def test_named_later_by_the_rules_of_all(self, distribution: Distribution, campagne: Campagne):
        """Whom the training is for, and until when: what a form refuses, the plan does not let in."""
        cast, need = distribution, say(campagne, distribution.a, "Élagage", 3)
        lignes.gather_all(campagne, cast.responsable)
        page = make_formation("Élagage", publics=[PublicFormation.objects.get(code="elus")])
        done = sessions.make_session(LignePlan.objects.get(), cast.responsable, page)
        need = BesoinFormation.objects.get(pk=need.pk)
        with pytest.raises(InscriptionRefusee, match="s’adresse à"):
            besoins.name(need, [cast.agent_a], cast.gestionnaire_a)
        assert not need.agents.exists()
        page.publics.clear()
        dates.fixer(done.session.pk, day(monday()), None)
        type(done.session).objects.update(cloture=timezone.now() - timedelta(days=1))
        with pytest.raises(InscriptionRefusee):
            besoins.name(need, [cast.agent_a], cast.gestionnaire_a)
        assert not BesoinFormation.objects.get(pk=need.pk).agents.exists()

    @pytest.mark.parametrize("drafted", [True, False])
    def test_a_session_is_told_to_all_once_its_sheet_is_published(
        self, distribution: Distribution, campagne: Campagne, drafted: bool
    ):
        say(campagne, distribution.a, "Apiculture", 2)
        lignes.gather_all(campagne, distribution.responsable)
        page = None if drafted else make_formation("Apiculture")
        done = sessions.make_session(LignePlan.objects.get(), distribution.responsable, page)
        Annonceur().tell_due()
        told = Notification.objects.filter(sorte=NOUVELLE, destinataire=distribution.secretaire_b)
        shown = open_session(distribution.secretaire_b).get(done.session.get_absolute_url())
        assert (told.exists(), shown.status_code) == ((False, 404) if drafted else (True, 302))

    def test_without_a_sheet_one_is_drafted(self, distribution: Distribution, campagne: Campagne):
        say(campagne, distribution.a, "Apiculture", 2)
        lignes.gather_all(campagne, distribution.responsable)
        done = sessions.make_session(LignePlan.objects.get(), distribution.responsable)
        page = FormationPage.objects.get(title="Apiculture")
        assert sessions.closest_sheet(LignePlan.objects.get(), [page]) == page
        assert (page.live, page.sessions.get()) == (False, done.session)
