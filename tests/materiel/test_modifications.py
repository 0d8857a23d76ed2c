"""Changing, giving back, cancelling, not coming: what is done at once, what awaits the other side."""

from datetime import timedelta

import pytest
from django.utils import timezone

from collectivites.models import Collectivite, TypeHabilitation
from extranet.lib.demi_journees import DemiJournee, Moment
from materiel import passages
from materiel.enums import Cote, Nature, StatutPret, StatutProposition, TypePapier
from materiel.models import Engagement, Occupation, Papier, Pret, Proposition
from materiel.passages import PretChange, stamp
from materiel.prets import demandes, expirations, modifications, reponses
from materiel.refus import PlusAssez, PretRefuse
from tests.materiel.factories import half, make_materiel, monday
from tests.materiel.prets import ask, commune, days, fresh, hand_over, keeper, lend, make_late, told

pytestmark = pytest.mark.django_db
BORROWER, LENDER = Cote.EMPRUNTEUR, Cote.PRETEUR


@pytest.fixture
def tavaux() -> Collectivite:
    return commune("Tavaux")


@pytest.fixture
def foucherans() -> Collectivite:
    return commune("Foucherans")


def taken(materiel) -> dict[int, int]:
    found = Occupation.objects.filter(materiel=materiel).values_list("creneau", "pris")
    return {creneau - half(monday()): pris for creneau, pris in found}


def change(pret: Pret, cote: Cote, first: int, last: int, quantite: int | None = None, **fields: object):
    agent = keeper(pret.emprunteur if cote == BORROWER else pret.preteur)
    period = days(first, last)
    return modifications.ask_change(pret, agent, cote, **period, quantite=quantite or pret.quantite, **fields)


class TestLess:
    def test_days_given_back_are_free_at_once_and_wake_who_waits(self, tavaux, foucherans):
        thing = make_materiel(collectivite=tavaux)
        pret = lend(thing, foucherans, 0, 3)
        waits = ask(thing, commune("Gevry"), 2, 3, attente=True)
        assert change(pret, BORROWER, 0, 1) is None
        assert fresh(pret).fin == days(0, 1)["fin"]
        assert fresh(waits).statut == StatutPret.DEMANDE
        assert taken(thing) == dict.fromkeys(range(8), 1)
        assert told(tavaux, "pret_suivi")[-1].startswith("Modifié")

    def test_units_given_back(self, tavaux, foucherans):
        lot = make_materiel(collectivite=tavaux, stock=80)
        pret = lend(lot, foucherans, 0, 0, quantite=60)
        assert change(pret, BORROWER, 0, 0, 20) is None
        assert taken(lot) == {0: 20, 1: 20}


class TestMore:
    def test_awaits_the_owner_then_takes_the_difference(self, tavaux, foucherans):
        thing = make_materiel(collectivite=tavaux)
        pret = lend(thing, foucherans, 0, 0)
        found = change(pret, BORROWER, 0, 1, mot="La pluie nous retarde.")
        assert (found.cote, fresh(pret).statut) == (BORROWER, StatutPret.ACCEPTE)
        assert taken(thing) == {0: 1, 1: 1}
        assert told(tavaux, "pret_a_repondre")[-1].startswith("Foucherans vous propose")
        pret = reponses.answer_proposal(pret, keeper(tavaux), True, lue=found.pk)
        assert taken(thing) == dict.fromkeys(range(4), 1)
        assert pret.statut == StatutPret.ACCEPTE

    def test_declined_nothing_changes(self, tavaux, foucherans):
        thing = make_materiel(collectivite=tavaux)
        pret = lend(thing, foucherans, 0, 0)
        change(pret, BORROWER, 0, 1)
        pret = reponses.answer_proposal(pret, keeper(tavaux), False, mot="Nous en avons besoin mardi.")
        assert (pret.statut, pret.fin) == (StatutPret.ACCEPTE, days(0, 0)["fin"])
        assert taken(thing) == {0: 1, 1: 1}

    def test_refused_when_somebody_else_has_it_by_then(self, tavaux, foucherans):
        thing = make_materiel(collectivite=tavaux)
        pret = lend(thing, foucherans, 0, 0)
        change(pret, BORROWER, 0, 1)
        lend(thing, commune("Gevry"), 1, 1)
        with pytest.raises(PlusAssez):
            reponses.answer_proposal(pret, keeper(tavaux), True)
        assert Proposition.objects.get(pret=pret).statut == StatutProposition.EN_ATTENTE
        assert taken(thing) == dict.fromkeys(range(4), 1)

    def test_granted_at_once_by_a_direct_agreement(self, tavaux, foucherans):
        thing = make_materiel(collectivite=tavaux, accord_direct=1)
        pret = lend(thing, foucherans, 0, 0)
        assert change(pret, BORROWER, 0, 1) is None
        assert fresh(pret).fin == days(0, 1)["fin"]

    def test_not_beyond_a_blocking_paper(self, tavaux, foucherans):
        thing = make_materiel(collectivite=tavaux)
        pret = lend(thing, foucherans, 0, 0)
        Papier.objects.create(materiel=thing, type=TypePapier.VGP, valable_jusqu_au=monday(), bloquant=True)
        with pytest.raises(PretRefuse, match="valable jusqu’au"):
            change(pret, BORROWER, 0, 1)

    def test_what_the_owner_wants_awaits_the_borrower(self, tavaux, foucherans):
        thing = make_materiel(collectivite=tavaux)
        pret = lend(thing, foucherans, 0, 1)
        found = change(pret, LENDER, 0, 0)
        assert (found.cote, taken(thing)) == (LENDER, dict.fromkeys(range(4), 1))
        reponses.answer_proposal(pret, keeper(foucherans), True)
        assert taken(thing) == {0: 1, 1: 1}

    def test_the_owner_may_change_what_has_begun(self, tavaux, foucherans):
        """Its start is granted: only the new end is looked at."""
        pret = lend(make_materiel(collectivite=tavaux), foucherans)
        Pret.objects.filter(pk=pret.pk).update(date_debut=timezone.localdate() - timedelta(days=1))
        pret = fresh(pret)
        wanted = {"debut": pret.debut, "fin": days(3)["fin"], "quantite": 1}
        modifications.ask_change(pret, keeper(tavaux), LENDER, **wanted)
        assert reponses.answer_proposal(pret, keeper(foucherans), True).fin == wanted["fin"]

    def test_another_thing_is_held_to_its_own_papers(self, tavaux, foucherans):
        thing, other = make_materiel(collectivite=tavaux), make_materiel("Autre", collectivite=tavaux)
        last = monday() + timedelta(days=2)
        Papier.objects.create(materiel=thing, type=TypePapier.VGP, valable_jusqu_au=last, bloquant=True)
        pret = lend(thing, foucherans)
        reponses.propose(pret, keeper(tavaux), **days(0, 4), quantite=1, materiel=other)
        pret = reponses.answer_proposal(pret, keeper(foucherans), True)
        assert (pret.materiel, pret.fin) == (other, days(4)["fin"])


class TestRequest:
    def test_a_request_changes_at_once_and_is_answered_as_it_is(self, tavaux, foucherans):
        lot = make_materiel(collectivite=tavaux, stock=80)
        pret = ask(lot, foucherans, quantite=40)
        assert change(pret, BORROWER, 2, 2, 50) is None
        pret = fresh(pret)
        assert (pret.statut, pret.quantite_demandee, taken(lot)) == (StatutPret.DEMANDE, 50, {})

    def test_the_rules_of_the_thing_still_hold(self, tavaux, foucherans):
        pret = ask(make_materiel(collectivite=tavaux, duree_max_jours=2), foucherans)
        with pytest.raises(PretRefuse, match="au plus pour ce matériel"):
            change(pret, BORROWER, 0, 2)
        with pytest.raises(PretRefuse, match="Rien ne change"):
            change(pret, BORROWER, 0, 1)

    def test_who_waits_and_chooses_free_days_waits_no_more(self, tavaux, foucherans):
        thing = make_materiel(collectivite=tavaux)
        lend(thing, commune("Gevry"), 0, 0)
        waits = ask(thing, foucherans, 0, 0, attente=True)
        change(waits, BORROWER, 2, 2)
        assert fresh(waits).statut == StatutPret.DEMANDE

    def test_who_waits_and_changes_is_answered_anew(self, tavaux, foucherans):
        """The owner agreed to lend one once free, not eighty."""
        lot = make_materiel("Barrières", stock=80, collectivite=tavaux)
        pret = reponses.put_on_hold(ask(lot, foucherans, quantite=1), keeper(tavaux))
        change(pret, BORROWER, 7, 20, 80)
        assert (fresh(pret).statut, fresh(pret).reponse_par) == (StatutPret.DEMANDE, None)
        fewer = reponses.put_on_hold(ask(lot, foucherans, 30, 31, quantite=2), keeper(tavaux))
        change(fewer, BORROWER, 30, 31, 1)
        assert fresh(fewer).statut == StatutPret.PROPOSE

    def test_countered_its_driver_must_hold_the_title_until_then(self, tavaux, foucherans):
        thing, driver = make_materiel("Nacelle", collectivite=tavaux), keeper(foucherans)
        title = TypeHabilitation.objects.create(code="r486-b", libelle="CACES R486 B")
        until = monday() + timedelta(days=3)
        driver.habilitations.create(type=title, obtenue_le=timezone.localdate(), valable_jusqu_au=until)
        thing.habilitations.add(title)
        pret = ask(thing, foucherans, options=demandes.Options(conducteur=driver))
        reponses.propose(pret, keeper(tavaux), **days(2, 2), quantite=1)
        with pytest.raises(PretRefuse, match="n’a pas, jusqu’au"):
            modifications.counter(pret, driver, **days(4, 6), quantite=1)
        modifications.counter(pret, driver, **days(3, 3), quantite=1)
        assert fresh(pret).statut == StatutPret.DEMANDE

    def test_an_old_tab(self, tavaux, foucherans):
        pret = ask(make_materiel(collectivite=tavaux), foucherans)
        read = stamp(pret)
        reponses.accept(pret, keeper(tavaux))
        with pytest.raises(PretChange):
            change(pret, BORROWER, 0, 0, vu=read)


class TestOut:
    def test_only_the_end_moves(self, tavaux, foucherans):
        lot = make_materiel(collectivite=tavaux, stock=10)
        pret = hand_over(lend(lot, foucherans, 0, 0, quantite=4))
        found = change(pret, BORROWER, 1, 2, 9)
        assert (found.debut, found.quantite) == (pret.debut, 4)
        reponses.answer_proposal(pret, keeper(tavaux), True)
        assert taken(lot) == dict.fromkeys(range(6), 4)

    def test_a_late_loan_may_be_kept_longer(self, tavaux, foucherans):
        thing = make_materiel(collectivite=tavaux)
        pret = make_late(thing, foucherans)
        today = timezone.localdate()
        wanted = {"debut": pret.debut, "fin": DemiJournee(today + timedelta(days=2), Moment.APRES_MIDI), "quantite": 1}
        modifications.ask_change(pret, keeper(foucherans), BORROWER, **wanted)
        pret = reponses.answer_proposal(pret, keeper(tavaux), True)
        assert not pret.is_late()
        assert Engagement.objects.held().get().fin == wanted["fin"].index
        assert set(Occupation.objects.values_list("pris", flat=True)) == {1}

    def test_an_end_that_has_passed_is_refused(self, tavaux, foucherans):
        pret = make_late(make_materiel(collectivite=tavaux), foucherans)
        past = {"debut": pret.debut, "fin": DemiJournee(pret.date_debut, Moment.APRES_MIDI), "quantite": 1}
        with pytest.raises(PretRefuse, match="passée"):
            modifications.ask_change(pret, keeper(foucherans), BORROWER, **past)

    def test_it_is_no_longer_cancelled(self, tavaux, foucherans):
        pret = hand_over(lend(make_materiel(collectivite=tavaux), foucherans))
        with pytest.raises(PretChange, match="remis"):
            modifications.cancel(pret, keeper(foucherans), "Trop tard")


class TestCancel:
    def test_frees_its_days_and_says_why(self, tavaux, foucherans):
        thing = make_materiel(collectivite=tavaux)
        pret = lend(thing, foucherans)
        with pytest.raises(PretRefuse, match="Dites pourquoi"):
            modifications.cancel(pret, keeper(foucherans), " ")
        modifications.cancel(pret, keeper(foucherans), "La fête est reportée.")
        assert (fresh(pret).statut, taken(thing)) == (StatutPret.ANNULE, {})
        assert told(tavaux, "pret_suivi")[-1].startswith("Foucherans annule")

    def test_by_the_owner_too(self, tavaux, foucherans):
        pret = lend(make_materiel(collectivite=tavaux), foucherans)
        modifications.cancel(pret, keeper(tavaux), "Panne moteur.")
        assert told(foucherans, "pret_suivi")[-1].startswith("Tavaux annule")

    def test_twice_is_said(self, tavaux, foucherans):
        pret = lend(make_materiel(collectivite=tavaux), foucherans)
        modifications.cancel(pret, keeper(foucherans), "Reporté")
        with pytest.raises(PretChange, match="annulé"):
            modifications.cancel(pret, keeper(foucherans), "Reporté")

    def test_a_proposal_pending_ends_with_it(self, tavaux, foucherans):
        thing = make_materiel(collectivite=tavaux)
        pret = ask(thing, foucherans)
        reponses.propose(pret, keeper(tavaux), **days(3, 3), quantite=1)
        modifications.cancel(pret, keeper(foucherans), "Reporté")
        assert taken(thing) == {}
        assert Proposition.objects.get().statut == StatutProposition.CADUQUE


class TestNoShow:
    def test_before_it_begins_one_waits(self, tavaux, foucherans):
        pret = lend(make_materiel(collectivite=tavaux), foucherans)
        with pytest.raises(PretRefuse, match="attendez"):
            modifications.no_show(pret, keeper(tavaux))

    def test_the_rest_is_free(self, tavaux, foucherans):
        thing = make_materiel(collectivite=tavaux)
        pret = lend(thing, foucherans, 0, 1)
        today = timezone.localdate()
        Pret.objects.filter(pk=pret.pk).update(date_debut=today - timedelta(days=1))
        modifications.no_show(fresh(pret), keeper(tavaux))
        assert (fresh(pret).statut, taken(thing)) == (StatutPret.NON_RETIRE, {})


class TestExpiry:
    def test_a_request_ends_the_day_after_it_should_begin(self, tavaux, foucherans):
        thing = make_materiel(collectivite=tavaux)
        pret, kept = ask(thing, foucherans), ask(thing, commune("Gevry"), 5, 5)
        yesterday = timezone.localdate() - timedelta(days=1)
        Pret.objects.filter(pk=pret.pk).update(date_debut=yesterday)
        assert expirations.expire_due() == 1
        assert (fresh(pret).statut, fresh(kept).statut) == (StatutPret.EXPIRE, StatutPret.DEMANDE)
        assert told(foucherans)[-1].startswith("Sans suite")

    def test_a_proposal_unanswered_gives_its_option_to_the_next_one(self, tavaux, foucherans):
        thing = make_materiel(collectivite=tavaux)
        pret = ask(thing, foucherans)
        reponses.propose(pret, keeper(tavaux), **days(3, 3), quantite=1)
        waits = ask(thing, commune("Gevry"), 3, 3, attente=True)
        assert expirations.expire_due() == 0
        Pret.objects.filter(pk=pret.pk).update(repondre_avant=timezone.localdate() - timedelta(days=1))
        assert expirations.expire_due() == 1
        assert (fresh(pret).statut, fresh(waits).statut) == (StatutPret.EXPIRE, StatutPret.DEMANDE)
        assert Engagement.objects.held().get().pret == waits

    def test_the_turn_of_a_request_that_the_owner_does_not_answer_passes(self, tavaux, foucherans):
        thing = make_materiel(collectivite=tavaux)
        out = lend(thing, commune("Gevry"))
        first, second = ask(thing, foucherans, attente=True), ask(thing, commune("Jouhe"), attente=True)
        modifications.cancel(out, keeper(out.emprunteur), "Reporté")
        Engagement.objects.held().update(expire_le=timezone.now() - timedelta(minutes=1))
        assert expirations.expire_due() == 1
        assert (fresh(first).statut, fresh(second).statut) == (StatutPret.DEMANDE, StatutPret.DEMANDE)
        option = Engagement.objects.held().get()
        assert (option.nature, option.pret) == (Nature.OPTION, second)

    def test_a_change_unanswered_leaves_the_loan_as_it_was(self, tavaux, foucherans):
        thing = make_materiel(collectivite=tavaux)
        pret = lend(thing, foucherans, 0, 0)
        change(pret, BORROWER, 0, 1)
        Proposition.objects.update(repondre_avant=timezone.localdate() - timedelta(days=1))
        assert expirations.expire_due() == 1
        assert (fresh(pret).statut, taken(thing)) == (StatutPret.ACCEPTE, {0: 1, 1: 1})
        assert passages.held(pret).nature == Nature.PRET
