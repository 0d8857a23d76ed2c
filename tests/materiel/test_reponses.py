"""Answering: whole, in part, otherwise, no; what the other side reads, and what the ledger holds."""

import pytest

from collectivites.models import Collectivite, EntreeJournal
from materiel.enums import Nature, StatutPret, StatutProposition, TypePapier
from materiel.models import Engagement, Occupation, Papier, Pret
from materiel.passages import PretChange, stamp
from materiel.prets import attente, modifications, reponses
from materiel.refus import PlusAssez, PretRefuse
from materiel.registre import free
from notifications.models import Courriel, Notification
from tests.materiel.factories import half, make_materiel, monday
from tests.materiel.prets import ask, commune, days, fresh, keeper, lend, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def tavaux() -> Collectivite:
    return commune("Tavaux", latitude=47.03, longitude=5.40)


@pytest.fixture
def foucherans() -> Collectivite:
    return commune("Foucherans", latitude=47.08, longitude=5.46)


def taken(materiel) -> set[int]:
    return set(Occupation.objects.filter(materiel=materiel).values_list("pris", flat=True))


def test_accepted_whole(tavaux, foucherans):
    thing = make_materiel(collectivite=tavaux)
    pret = reponses.accept(ask(thing, foucherans), keeper(tavaux), mot="Les clés sont à l’atelier.")
    assert (pret.statut, pret.reponse_par) == (StatutPret.ACCEPTE, keeper(tavaux))
    engagement = Engagement.objects.get()
    assert (engagement.nature, engagement.pret) == (Nature.PRET, pret)
    assert taken(thing) == {1}
    note = Notification.objects.get(destinataire=keeper(foucherans))
    assert note.titre.startswith("Tavaux vous prête")
    assert "Les clés sont à l’atelier." in note.texte
    assert not Courriel.objects.filter(sorte="pret_suivi").exists()  # read in the mail of the day
    assert EntreeJournal.objects.get(acte="pret.accepte").collectivite == tavaux


def test_the_third_eighty_of_two_hundred_is_refused_and_forty_may_be_lent(tavaux):
    lot = make_materiel("Barrières", collectivite=tavaux, stock=200, unite="barrières")
    wanted = [ask(lot, commune(nom), quantite=80) for nom in ("Choisey", "Gevry", "Jouhe")]
    boss = keeper(tavaux)
    for pret in wanted[:2]:
        reponses.accept(pret, boss)
    with pytest.raises(PlusAssez) as refused:
        reponses.accept(wanted[2], boss)
    assert refused.value.libre == 40
    assert "il n’en reste que 40 sur 200" in str(refused.value).replace("\u00a0", " ")
    assert fresh(wanted[2]).statut == StatutPret.DEMANDE
    assert taken(lot) == {160}
    pret = reponses.accept(wanted[2], boss, 40)
    assert (pret.quantite, pret.quantite_demandee) == (40, 80)
    assert taken(lot) == {200}
    (title,) = told(pret.emprunteur)
    assert "(40 sur 80)" in title


def test_what_is_missing_is_offered_elsewhere(tavaux, foucherans):
    lot = make_materiel("Barrières de police", collectivite=tavaux, stock=50, categorie_code="securite")
    near = make_materiel(
        "Barrières", collectivite=commune("Damparis", latitude=47.08, longitude=5.41), stock=60,
        categorie_code="securite",
    )  # fmt: skip
    pret = ask(lot, foucherans, quantite=50)
    reponses.accept(pret, keeper(tavaux), 20)
    text = Notification.objects.get(destinataire=keeper(foucherans)).texte.replace("\u00a0", " ")
    assert "Pour les 30 qui manquent : Barrières à Damparis (4 km)." in text
    assert near.stock == 60


def test_one_cannot_lend_more_than_asked(tavaux, foucherans):
    pret = ask(make_materiel(collectivite=tavaux, stock=80), foucherans, quantite=40)
    for quantite in (0, -1, 41):
        with pytest.raises(PretRefuse, match="de 1 à 40"):
            reponses.accept(pret, keeper(tavaux), quantite)


def test_an_answer_is_given_once(tavaux, foucherans):
    pret = ask(make_materiel(collectivite=tavaux), foucherans)
    reponses.accept(pret, keeper(tavaux))
    for act in (reponses.accept, lambda p, a: reponses.refuse(p, a, "Non"), reponses.put_on_hold):
        with pytest.raises(PretChange, match="accordé"):
            act(pret, keeper(tavaux))


def test_an_old_tab_answers_nothing_new(tavaux, foucherans):
    pret = ask(make_materiel(collectivite=tavaux), foucherans)
    read = stamp(pret)
    modifications.change_loan(pret, keeper(foucherans), **days(0, 3), quantite=1)
    with pytest.raises(PretChange, match="a changé depuis"):
        reponses.accept(pret, keeper(tavaux), vu=read)
    assert reponses.accept(pret, keeper(tavaux), vu=stamp(fresh(pret))).statut == StatutPret.ACCEPTE


def test_acceptance_looks_at_the_papers_again(tavaux, foucherans):
    thing = make_materiel(collectivite=tavaux)
    pret = ask(thing, foucherans)
    Papier.objects.create(materiel=thing, type=TypePapier.VGP, valable_jusqu_au=monday(), bloquant=True)
    with pytest.raises(PretRefuse, match="valable jusqu’au"):
        reponses.accept(pret, keeper(tavaux))
    assert not Engagement.objects.exists()


def test_not_once_withdrawn(tavaux, foucherans):
    thing = make_materiel(collectivite=tavaux)
    pret = ask(thing, foucherans)
    thing.statut = "retire"
    thing.save()
    with pytest.raises(PretRefuse, match="n’est plus proposé"):
        reponses.accept(pret, keeper(tavaux))


def test_refused_with_its_reason_and_what_is_free_nearby(tavaux, foucherans):
    thing = make_materiel("Balayeuse compacte", collectivite=tavaux)
    make_materiel("Balayeuse", collectivite=commune("Damparis", latitude=47.08, longitude=5.41))
    make_materiel("Saleuse", collectivite=commune("Gevry", latitude=47.05, longitude=5.44))
    pret = ask(thing, foucherans)
    with pytest.raises(PretRefuse, match="Dites pourquoi"):
        reponses.refuse(pret, keeper(tavaux), "  ")
    pret = reponses.refuse(pret, keeper(tavaux), "Nous en avons besoin ces jours-là.")
    assert (pret.statut, pret.motif) == (StatutPret.REFUSE, "Nous en avons besoin ces jours-là.")
    note = Notification.objects.get(destinataire=keeper(foucherans))
    assert note.titre.startswith("Tavaux ne peut pas vous prêter")
    text = note.texte.replace("\u00a0", " ")
    assert "Nous en avons besoin" in text
    assert "Libres ces jours-là : Balayeuse à Damparis (4 km)." in text
    assert "Saleuse" not in text


class TestProposal:
    def test_held_until_it_is_answered(self, tavaux, foucherans):
        thing = make_materiel(collectivite=tavaux)
        pret = ask(thing, foucherans, 0, 1)
        found = reponses.propose(pret, keeper(tavaux), **days(3, 4), quantite=1, mot="Dès son retour.")
        pret = fresh(pret)
        assert (pret.statut, pret.repondre_avant) == (StatutPret.PROPOSE, found.repondre_avant)
        option = Engagement.objects.get()
        assert (option.nature, option.debut) == (Nature.OPTION, days(3, 4)["debut"].index)
        assert free([thing.pk], option.debut, option.fin) == {thing.pk: 0}
        assert Courriel.objects.filter(sorte="pret_a_repondre", agent=keeper(foucherans)).count() == 1

    def test_agreed(self, tavaux, foucherans):
        thing = make_materiel(collectivite=tavaux)
        pret = ask(thing, foucherans, 0, 1)
        reponses.propose(pret, keeper(tavaux), **days(3, 4), quantite=1)
        pret = reponses.answer_proposal(pret, keeper(foucherans), True)
        assert (pret.statut, pret.debut) == (StatutPret.ACCEPTE, days(3, 4)["debut"])
        engagement = Engagement.objects.get()
        assert (engagement.nature, engagement.expire_le) == (Nature.PRET, None)
        assert taken(thing) == {1}
        assert pret.propositions.get().statut == StatutProposition.ACCEPTEE
        assert told(tavaux, "pret_suivi")[0].startswith("C’est d’accord")

    def test_declined_frees_it_at_once(self, tavaux, foucherans):
        thing = make_materiel(collectivite=tavaux)
        pret = ask(thing, foucherans, 0, 1)
        reponses.propose(pret, keeper(tavaux), **days(3, 4), quantite=1)
        pret = reponses.answer_proposal(pret, keeper(foucherans), False)
        assert (pret.statut, taken(thing)) == (StatutPret.ANNULE, set())

    def test_another_thing_of_the_same_owner_alone(self, tavaux, foucherans):
        thing, other = make_materiel("Podium", collectivite=tavaux), make_materiel("Scène", collectivite=tavaux)
        pret = ask(thing, foucherans)
        with pytest.raises(PretRefuse, match="de votre commune"):
            reponses.propose(pret, keeper(tavaux), **days(0, 1), quantite=1, materiel=make_materiel("Ailleurs"))
        reponses.propose(pret, keeper(tavaux), **days(0, 1), quantite=1, materiel=other)
        pret = reponses.answer_proposal(pret, keeper(foucherans), True)
        assert pret.materiel == other
        assert (taken(thing), taken(other)) == (set(), {1})

    def test_not_what_is_asked_nor_what_is_taken(self, tavaux, foucherans):
        thing = make_materiel(collectivite=tavaux)
        lend(thing, commune("Gevry"), 3, 4)
        pret = ask(thing, foucherans, 0, 1)
        with pytest.raises(PretRefuse, match="exactement ce qui est demandé"):
            reponses.propose(pret, keeper(tavaux), **days(0, 1), quantite=1)
        with pytest.raises(PlusAssez):
            reponses.propose(pret, keeper(tavaux), **days(4, 5), quantite=1)
        assert fresh(pret).statut == StatutPret.DEMANDE

    def test_another_one_replaces_the_first(self, tavaux, foucherans):
        thing = make_materiel(collectivite=tavaux)
        pret = ask(thing, foucherans)
        first = reponses.propose(pret, keeper(tavaux), **days(3, 3), quantite=1)
        reponses.propose(pret, keeper(tavaux), **days(5, 5), quantite=1)
        assert Occupation.objects.filter(creneau=half(monday())).count() == 0
        assert list(Occupation.objects.values_list("creneau", flat=True)) == [
            days(5, 5)["debut"].index,
            days(5, 5)["fin"].index,
        ]
        with pytest.raises(PretChange, match="n’attend plus"):
            reponses.answer_proposal(pret, keeper(foucherans), True, lue=first.pk)

    def test_countered_it_is_asked_anew(self, tavaux, foucherans):
        thing = make_materiel(collectivite=tavaux)
        pret = ask(thing, foucherans)
        reponses.propose(pret, keeper(tavaux), **days(3, 3), quantite=1)
        pret = modifications.counter(pret, keeper(foucherans), **days(4, 4), quantite=1, mot="Plutôt vendredi ?")
        assert (pret.statut, pret.debut) == (StatutPret.DEMANDE, days(4, 4)["debut"])
        assert taken(thing) == set()
        assert len(told(tavaux, "pret_a_repondre")) == 2


class TestWaitingList:
    def test_one_may_wait_for_what_is_taken(self, tavaux, foucherans):
        thing = make_materiel(collectivite=tavaux)
        lend(thing, commune("Gevry"))
        with pytest.raises(PlusAssez):
            ask(thing, foucherans)
        pret = ask(thing, foucherans, attente=True)
        assert pret.statut == StatutPret.ATTENTE
        assert told(tavaux, "pret_suivi")[-1].startswith("Foucherans attend")

    def test_a_part_of_what_was_held_wakes_the_next_one(self, tavaux):
        lot = make_materiel("Chaises", collectivite=tavaux, stock=60)
        out = lend(lot, commune("Gevry"), quantite=60)
        first, second = (ask(lot, commune(n), quantite=q, attente=True) for n, q in (("A1", 60), ("A2", 20)))
        modifications.cancel(out, keeper(out.emprunteur), "Reporté")
        assert [fresh(one).statut for one in (first, second)] == [StatutPret.DEMANDE, StatutPret.ATTENTE]
        reponses.accept(fresh(first), keeper(tavaux), 40)
        assert fresh(second).statut == StatutPret.DEMANDE
        assert taken(lot) == {60}

    def test_what_is_free_is_simply_asked(self, tavaux, foucherans):
        assert ask(make_materiel(collectivite=tavaux), foucherans, attente=True).statut == StatutPret.DEMANDE

    def test_woken_in_order_and_held_for_the_first(self, tavaux):
        thing = make_materiel(collectivite=tavaux)
        out = lend(thing, commune("Gevry"))
        first, second = (ask(thing, commune(nom), attente=True) for nom in ("Jouhe", "Choisey"))
        modifications.cancel(out, keeper(out.emprunteur), "Reporté")
        first, second = fresh(first), fresh(second)
        assert (first.statut, second.statut) == (StatutPret.DEMANDE, StatutPret.ATTENTE)
        option = Engagement.objects.held().get()
        assert (option.nature, option.pret) == (Nature.OPTION, first)
        reponses.refuse(first, keeper(tavaux), "Il part en réparation.")
        assert fresh(second).statut == StatutPret.DEMANDE
        assert Engagement.objects.held().get().pret == second
        assert reponses.accept(fresh(second), keeper(tavaux)).statut == StatutPret.ACCEPTE
        assert Engagement.objects.held().get().nature == Nature.PRET

    def test_put_there_by_the_owner_one_is_asked_again_and_may_agree(self, tavaux, foucherans):
        thing = make_materiel(collectivite=tavaux)
        out, waits = ask(thing, commune("Gevry")), ask(thing, foucherans)
        reponses.accept(out, keeper(tavaux))
        reponses.put_on_hold(waits, keeper(tavaux), "Gevry l’a demandé avant.")
        modifications.cancel(out, keeper(out.emprunteur), "Reporté")
        waits = fresh(waits)
        assert waits.statut == StatutPret.PROPOSE
        assert told(foucherans, "pret_a_repondre")[-1].startswith("Libéré pour vous")
        assert reponses.answer_proposal(waits, keeper(foucherans), True).statut == StatutPret.ACCEPTE
        assert taken(thing) == {1}

    def test_what_is_too_much_leaves_its_turn_and_keeps_its_place(self, tavaux):
        lot = make_materiel("Chaises", collectivite=tavaux, stock=100)
        big, small = lend(lot, commune("Gevry"), quantite=60), lend(lot, commune("Jouhe"), quantite=40)
        waiting = [ask(lot, commune(n), quantite=q, attente=True) for n, q in (("A1", 80), ("A2", 30), ("A3", 20))]
        modifications.cancel(small, keeper(small.emprunteur), "Reporté")
        assert [fresh(p).statut for p in waiting] == [StatutPret.ATTENTE, StatutPret.DEMANDE, StatutPret.ATTENTE]
        modifications.cancel(big, keeper(big.emprunteur), "Reporté")
        assert [fresh(p).statut for p in waiting] == [StatutPret.ATTENTE, StatutPret.DEMANDE, StatutPret.DEMANDE]

    def test_a_direct_agreement_is_granted_when_it_wakes(self, tavaux, foucherans):
        thing = make_materiel(collectivite=tavaux)
        out = lend(thing, commune("Gevry"))
        waits = ask(thing, foucherans, attente=True)
        thing.accord_direct = 1
        thing.save()
        modifications.cancel(out, keeper(out.emprunteur), "Reporté")
        assert fresh(waits).statut == StatutPret.ACCEPTE

    def test_the_sweep_finds_what_nobody_told(self, tavaux, foucherans):
        thing = make_materiel(collectivite=tavaux, stock=1)
        lend(thing, commune("Gevry"))
        waits = ask(thing, foucherans, attente=True)
        assert attente.sweep() == 0
        Occupation.objects.all().delete()
        Engagement.objects.update(tenu=False)
        assert attente.sweep() == 1
        assert fresh(waits).statut == StatutPret.DEMANDE

    def test_other_days_are_not_woken(self, tavaux, foucherans):
        thing = make_materiel(collectivite=tavaux)
        out, stays = lend(thing, commune("Gevry"), 0, 0), lend(thing, commune("Jouhe"), 2, 2)
        waits = ask(thing, foucherans, 2, 2, attente=True)
        modifications.cancel(out, keeper(out.emprunteur), "Reporté")
        assert fresh(waits).statut == StatutPret.ATTENTE
        assert Pret.objects.get(pk=stays.pk).statut == StatutPret.ACCEPTE
