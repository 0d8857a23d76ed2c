"""Titles that end: the batch of a commune, seats held, confirmed in one click, told once."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from collectivites.models import Agent, Collectivite, Habilitation, TypeHabilitation
from extranet.lib.jours_ouvres import working_day_after
from formations.enums import Nature, Origine, PolitiqueVisa, StatutInscription, Visa
from formations.models import Inscription, RappelTitre, RegleVisa
from formations.places.echeances import expire_due
from formations.places.retraits import desister
from formations.refus import InscriptionRefusee
from formations.titres import lot, rappels
from formations.titres.echeances import ending, held_in, lot_of, months_after, palier_of, propose
from formations.titres.territoire import counts
from notifications.models import Notification
from tests.collectivites.factories import AgentFactory, PosteFactory
from tests.distribution import Distribution
from tests.formations.envois_plan import send
from tests.formations.factories import book, make_formation, make_session, monday, reread, worker
from tests.sessions import open_session

pytestmark = pytest.mark.django_db


@pytest.fixture
def sst(db: None) -> TypeHabilitation:
    return TypeHabilitation.objects.get(code="sst")


def title(agent: Agent, kind: TypeHabilitation, days: int, since: int = 700) -> Habilitation:
    today = timezone.localdate()
    return Habilitation.objects.create(
        agent=agent,
        type=kind,
        obtenue_le=today - timedelta(days=since),
        valable_jusqu_au=today + timedelta(days=days),
    )


def mac(kind: TypeHabilitation, **fields: object):
    page = make_formation(f"MAC {fields.get('lieu', '')}", titre_delivre=kind, nature=Nature.RECYCLAGE)
    return make_session(page, **fields)


def test_months_and_paliers():
    assert months_after(date(2026, 8, 31), 6) == date(2027, 2, 28)
    assert months_after(date(2026, 3, 31), -1) == date(2026, 2, 28)
    today = date(2026, 1, 10)
    ends = (date(2026, 7, 11), date(2026, 7, 10), date(2026, 4, 10), date(2026, 2, 10), today, date(2026, 1, 9))
    assert [palier_of(end, today) for end in ends] == [None, 6, 3, 1, 1, None]


def test_only_what_nobody_renewed(distribution: Distribution, sst: TypeHabilitation):
    agent = worker(distribution.a)
    title(agent, sst, 40)
    assert ending(held_in([distribution.a])).count() == 1
    title(agent, sst, 400, since=30)
    assert ending(held_in([distribution.a])).count() == 0
    assert held_in([distribution.a]).count() == 1


class TestNearest:
    def test_a_renewal_while_it_is_valid_then_the_whole_training(
        self, distribution: Distribution, sst: TypeHabilitation
    ):
        renewal = mac(sst, on=monday(6))
        whole = make_session(make_formation("SST initial", titre_delivre=sst), on=monday(4))
        valid, past = title(worker(distribution.a), sst, 120), title(worker(distribution.a), sst, -20)
        found = propose([past, valid], distribution.a)
        assert [one.session for one in found[valid.pk]] == [renewal, whole]
        assert [one.session for one in found[past.pk]] == [whole, renewal]

    def test_before_the_end_then_near_then_soon(self, distribution: Distribution, sst: TypeHabilitation):
        a, b = distribution.a, distribution.b
        Collectivite.objects.filter(pk=a.pk).update(latitude=47.0, longitude=5.5)
        Collectivite.objects.filter(pk=b.pk).update(latitude=47.3, longitude=5.5)
        far, near = mac(sst, on=monday(4), lieu=b), mac(sst, on=monday(6), lieu=a)
        late = mac(sst, on=monday(20), lieu=a)
        a.refresh_from_db()
        one = title(worker(a), sst, 60)
        found = propose([one], a)[one.pk]
        assert [choice.session for choice in found[:2]] == [near, far]
        assert found[-1].session == late
        assert (found[0].km, found[1].km) == (1, 33)

    def test_a_seat_is_proposed_once(self, distribution: Distribution, sst: TypeHabilitation):
        """Two titles, one seat left under the quota of the commune: the second has the other session."""
        first, second = mac(sst, on=monday(4), quota_commune=1), mac(sst, on=monday(8))
        titles = [title(worker(distribution.a), sst, days) for days in (90, 91)]
        found = propose(titles, distribution.a)
        assert [found[one.pk][0].session for one in titles] == [first, second]

    def test_neither_full_closed_nor_unpublished(self, distribution: Distribution, sst: TypeHabilitation):
        full = mac(sst, capacite=1)
        book(full, worker())
        mac(sst, cloture=timezone.now() - timedelta(days=1))
        make_session(make_formation("Caché", titre_delivre=sst, publie=False))
        one = title(worker(distribution.a), sst, 90)
        assert propose([one], distribution.a)[one.pk] == []


class TestLot:
    def test_held_ten_working_days_then_confirmed(self, distribution: Distribution, sst: TypeHabilitation):
        cast, session = distribution, mac(sst)
        titles = [title(worker(cast.a), sst, days) for days in (50, 90)]
        done = lot.hold(titles, cast.a, cast.gestionnaire_a)
        assert [one.statut for one in done.inscriptions] == [StatutInscription.TENUE] * 2
        one = done.inscriptions[0]
        until = timezone.localtime(one.tenue_jusqua).date()
        assert (one.origine, one.visa, until) == (
            Origine.TITRE,
            Visa.ATTENDU,
            working_day_after(timezone.localdate(), 10),
        )
        assert lot.hold(titles, cast.a, cast.gestionnaire_a).inscriptions == []
        lot.confirm(done.inscriptions, cast.gestionnaire_a)
        assert {reread(one).statut for one in done.inscriptions} == {StatutInscription.CONFIRMEE}
        assert Inscription.objects.filter(session=session).count() == 2

    def test_a_title_that_is_over_is_told_so_beside_its_seat(self, distribution: Distribution, sst: TypeHabilitation):
        cast = distribution
        mac(sst)
        assert lot.hold([title(worker(cast.a), sst, -30)], cast.a, cast.gestionnaire_a).inscriptions
        page = open_session(cast.gestionnaire_a).get(reverse("formations:titre_list")).content.decode()
        assert 'id="tenues"' in page
        assert "périmé depuis le" in page
        assert "valable jusqu’au" not in page

    def test_who_is_taken_has_the_next_session(self, distribution: Distribution, sst: TypeHabilitation):
        first, second = mac(sst, on=monday(4)), mac(sst, on=monday(8))
        agent = worker(distribution.a)
        book(make_session(make_formation("Élagage"), on=monday(4)), agent)
        done = lot.hold([title(agent, sst, 90)], distribution.a, distribution.gestionnaire_a)
        assert [one.session for one in done.inscriptions] == [second]
        assert first.inscriptions.count() == 0

    def test_the_mayor_keeps_the_visa(self, distribution: Distribution, sst: TypeHabilitation):
        RegleVisa.objects.create(collectivite=distribution.a, politique=PolitiqueVisa.SIGNATAIRE)
        mac(sst)
        done = lot.hold([title(worker(distribution.a), sst, 90)], distribution.a, distribution.gestionnaire_a)
        with pytest.raises(InscriptionRefusee, match="visa"):
            lot.confirm(done.inscriptions, distribution.gestionnaire_a)
        assert reread(done.inscriptions[0]).statut == StatutInscription.TENUE

    def test_not_for_the_agents_of_another(self, distribution: Distribution, sst: TypeHabilitation):
        mac(sst)
        with pytest.raises(InscriptionRefusee):
            lot.hold([title(distribution.agent_a, sst, 90)], distribution.a, distribution.secretaire_b)
        theirs = lot.hold([Habilitation.objects.get()], distribution.b, distribution.secretaire_b)
        assert theirs.inscriptions == []


class TestReminders:
    def test_once_at_each_palier_with_a_seat_the_first_time(self, distribution: Distribution, sst: TypeHabilitation):
        cast, session = distribution, mac(sst)
        one = title(cast.agent_a, sst, 170)
        assert rappels.remind_due() == 1
        seat = Inscription.objects.get(session=session)
        assert (seat.agent, seat.statut, seat.demandee_par) == (cast.agent_a, StatutInscription.TENUE, None)
        told = Notification.objects.get(sorte="titre_a_renouveler")
        assert told.destinataire == cast.gestionnaire_a
        assert "tenue jusqu" in told.texte
        assert rappels.remind_due() == 0
        desister(seat, cast.gestionnaire_a, "Il part en retraite")
        later = timezone.localdate() + timedelta(days=90)
        assert rappels.remind_due(later) == 1
        assert set(RappelTitre.objects.filter(habilitation=one).values_list("palier", flat=True)) == {6, 3}
        # Given back once: not held again by itself.
        assert Inscription.objects.filter(session=session).count() == 1
        assert Notification.objects.filter(sorte="titre_a_renouveler").count() == 2

    def test_one_word_for_a_commune_none_for_those_who_left(self, distribution: Distribution, sst: TypeHabilitation):
        for days in (20, 80, 170):
            title(worker(distribution.a), sst, days)
        title(distribution.sans_poste, sst, 20)
        title(worker(distribution.b), sst, 200)
        assert rappels.remind_due() == 3
        told = Notification.objects.get(sorte="titre_a_renouveler")
        assert told.titre.startswith("Trois titres")
        assert RappelTitre.objects.count() == 6

    def test_at_the_end_of_its_time_the_seat_is_free(self, distribution: Distribution, sst: TypeHabilitation):
        mac(sst)
        title(distribution.agent_a, sst, 170)
        rappels.remind_due()
        seat = Inscription.objects.get()
        expire_due(seat.tenue_jusqua + timedelta(minutes=1))
        assert reread(seat).statut == StatutInscription.EXPIREE


class TestPages:
    def test_the_batch_and_its_click(self, client: Client, distribution: Distribution, sst: TypeHabilitation):
        cast = distribution
        mac(sst, lieu=cast.b)
        one = title(cast.agent_a, sst, 100)
        alone = title(cast.secretaire_a, TypeHabilitation.objects.get(code="certiphyto"), 100)
        client.force_login(cast.gestionnaire_a)
        page = client.get(reverse("formations:titre_list"))
        assert [x.titre for x in page.context["lot"].a_placer] == [one]
        assert [x.titre for x in page.context["lot"].sans_session] == [alone]
        send(client, reverse("formations:titre_tenir"), {"titre": [one.pk]}, page)
        seat = Inscription.objects.get()
        assert seat.statut == StatutInscription.TENUE
        page = client.get(reverse("formations:titre_list"))
        assert "Confirmer le lot" in page.content.decode()
        send(client, reverse("formations:titre_confirmer"), {"inscription": [seat.pk]}, page)
        assert reread(seat).statut == StatutInscription.CONFIRMEE
        assert [x.titre for x in lot_of(cast.a).placees] == [one]

    def test_given_back(self, client: Client, distribution: Distribution, sst: TypeHabilitation):
        cast = distribution
        mac(sst)
        title(cast.agent_a, sst, 100)
        rappels.remind_due()
        client.force_login(cast.gestionnaire_a)
        page = client.get(reverse("formations:titre_list"))
        send(client, reverse("formations:titre_rendre", args=[Inscription.objects.get().pk]), {}, page)
        assert Inscription.objects.get().statut == StatutInscription.DESISTEE

    def test_those_of_another_commune_stay_theirs(
        self, client: Client, distribution: Distribution, sst: TypeHabilitation
    ):
        cast = distribution
        mac(sst)
        one = title(cast.agent_a, sst, 100)
        client.force_login(cast.secretaire_b)
        page = client.get(reverse("formations:titre_list"))
        send(client, reverse("formations:titre_tenir"), {"titre": [one.pk, "99999999999999999999"]}, page)
        assert not Inscription.objects.exists()
        rappels.remind_due()
        seat = Inscription.objects.get()
        page = client.get(reverse("formations:souhait_list"))
        send(client, reverse("formations:titre_confirmer"), {"inscription": [seat.pk]}, page)
        page = client.get(reverse("formations:souhait_list"))
        answer = send(client, reverse("formations:titre_rendre", args=[seat.pk]), {}, page)
        assert answer.status_code == 404
        assert reread(seat).statut == StatutInscription.TENUE
        # `?commune=` is for whoever keeps it: a gestionnaire of both, the responsables.
        assert client.get(reverse("formations:titre_list"), {"commune": "aval"}).context["place"] == cast.b
        PosteFactory(agent=cast.elue_b, collectivite=cast.a, gestionnaire=True, heures_hebdo=2)
        for keeper in (cast.elue_b, cast.responsable):
            open_session(Agent.objects.get(pk=keeper.pk), client)
            assert client.get(reverse("formations:titre_list"), {"commune": "aval"}).context["place"] == cast.a

    def test_the_same_queries_whatever_the_titles(
        self, client: Client, distribution: Distribution, sst: TypeHabilitation
    ):
        cast = distribution

        def queries(name: str) -> int:
            with CaptureQueriesContext(connection) as seen:
                assert client.get(reverse(name)).status_code == 200
            return len(seen)

        names = ("formations:titre_list", "formations:titre_tous", "formations:titre_territoire")
        mac(sst, lieu=cast.b)
        title(cast.agent_a, sst, 100)
        PosteFactory(agent=cast.responsable, collectivite=cast.a, gestionnaire=True, heures_hebdo=39)
        open_session(cast.responsable, client)
        client.get(reverse(names[0]))
        few = [queries(name) for name in names]
        for n in range(9):
            agent = worker(cast.a)
            title(agent, sst, 60 + n)
            mac(sst, on=monday(3 + n), lieu=cast.a)
        assert [queries(name) for name in names] == few
        assert max(few) <= 25, few

    def test_the_territory(self, distribution: Distribution, sst: TypeHabilitation):
        mac(sst, capacite=1)
        title(distribution.partage_ab, sst, 100)
        title(worker(distribution.b), sst, -10)
        rappels.remind_due()
        communes, kinds = counts()
        assert [(one.collectivite, one.a_venir, one.perimes, one.places) for one in communes] == [
            (distribution.b, 1, 1, 1),
            (distribution.a, 1, 0, 1),
        ]
        assert [(one.type, one.nombre, one.sans_place) for one in kinds] == [(sst, 2, 1)]


def test_somebody_without_a_poste_is_told_of_to_nobody(distribution: Distribution, sst: TypeHabilitation):
    title(AgentFactory(), sst, 20)
    assert rappels.remind_due() == 0
    assert not Notification.objects.exists()
