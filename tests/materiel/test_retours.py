"""Return whole or in parts, loss, damage, closing: what each does to the loan, the ledger and the stock."""

from datetime import timedelta
from decimal import Decimal

import pytest

from collectivites.models import EntreeJournal
from materiel.constats.cloture import close
from materiel.constats.incidents import Suite, settle, take_out_now
from materiel.constats.passation import Vu, hand_over, take_back
from materiel.entraide.comptes import balances
from materiel.enums import Conducteur, EtatElement, NatureIncident, StatutIncident, StatutPret
from materiel.models import Engagement, Incident, Materiel, Occupation, Pret
from materiel.parc.edition import transfer
from materiel.parc.importation import STOCK_MAX
from materiel.refus import PretRefuse, StockPromis
from materiel.registre import mark_late, now_index, release
from tests.collectivites.factories import AgentFactory, CollectiviteFactory
from tests.materiel.contrats import fleet, granted, make_late, out, seen, signed, today
from tests.materiel.factories import EngagementFactory, make_materiel
from tests.materiel.prets import manager
from tests.sessions import open_session

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent(db):
    return AgentFactory(prenom="Karim", nom="Belkacem")


@pytest.fixture
def foucherans(db):
    return CollectiviteFactory(nom="Foucherans", slug="foucherans")


def taken(materiel):
    return dict(Occupation.objects.filter(materiel=materiel).values_list("creneau", "pris"))


def fresh(pret):
    return Pret.objects.get(pk=pret.pk)


def test_returned_early_it_is_free_from_the_next_half_day(agent, foucherans):
    thing = make_materiel()
    pret = out(thing, foucherans, agent)
    take_back(pret, agent, seen())
    assert set(taken(thing)) <= {now_index()}
    assert fresh(pret).statut == StatutPret.CLOS
    assert fresh(pret).restitue_le


def test_returned_early_the_days_kept_after_are_still_kept(agent, foucherans):
    thing = make_materiel(tampon_apres=1)
    pret = out(thing, foucherans, agent, date_fin=today() + timedelta(days=20))
    last = max(taken(thing))
    take_back(pret, agent, seen())
    kept = taken(thing)
    assert now_index() + 1 in kept
    assert max(kept) < last


def test_a_part_comes_back_then_the_rest(agent, foucherans):
    lot = make_materiel("Barrières", stock=80)
    pret = out(lot, foucherans, agent, quantite=40)
    take_back(pret, agent, seen(25))
    pret = fresh(pret)
    assert (pret.statut, pret.reste) == (StatutPret.REMIS, 15)
    now = now_index()
    assert {at: pris for at, pris in taken(lot).items() if at > now} == dict.fromkeys(
        range(now + 1, pret.fin.index + 1), 15
    )
    with pytest.raises(PretRefuse, match="entre 1 et 15"):
        take_back(pret, agent, seen(16))
    take_back(pret, agent, seen(15))
    assert set(taken(lot)) <= {now_index()}
    assert fresh(pret).statut == StatutPret.CLOS
    with pytest.raises(PretRefuse, match="déjà rendu"):
        take_back(pret, agent, seen(1))


def test_units_of_a_fleet_go_out_and_come_back_one_by_one(agent, foucherans):
    park = fleet(3)
    pret = granted(park, foucherans, quantite=2)
    signed(pret, agent)
    one, two, three = park.numeros.all()
    with pytest.raises(PretRefuse, match="Cochez les 2 unités"):
        hand_over(pret, agent, seen(2, unites=(one,)))
    hand_over(pret, agent, seen(2, unites=(one, two)))
    other = granted(park, CollectiviteFactory())
    signed(other, agent)
    with pytest.raises(PretRefuse, match="déjà dehors"):
        hand_over(other, agent, seen(unites=(two,)))
    with pytest.raises(PretRefuse, match="pas dehors sur ce prêt"):
        take_back(pret, agent, seen(unites=(three,)))
    take_back(pret, agent, seen(unites=(one,)))
    hand_over(other, agent, seen(unites=(three,)))
    take_back(pret, agent, seen(0, perdue=1, perdues=(two,)))
    two.refresh_from_db()
    park.refresh_from_db()
    assert (two.en_service, park.stock) == (False, 2)
    assert fresh(pret).statut == StatutPret.RESTITUE
    assert list(pret.affectations.filter(rendue_le=None)) == []


def test_what_is_lost_leaves_the_stock_and_is_followed(agent, foucherans):
    lot = make_materiel("Barrières", stock=80)
    pret = out(lot, foucherans, agent, quantite=80)
    take_back(pret, agent, seen(77, perdue=3, remarque="Volées sur le chantier."))
    lot.refresh_from_db()
    pret = fresh(pret)
    assert (lot.stock, pret.quantite_perdue, pret.statut) == (77, 3, StatutPret.RESTITUE)
    assert all(pris <= 77 for pris in taken(lot).values())
    incident = Incident.objects.get()
    assert (incident.nature, incident.perdues, incident.quantite) == (NatureIncident.PERTE, 3, 3)
    assert "3 sur 80" in incident.description
    with pytest.raises(PretRefuse, match="incident est encore à suivre"):
        close(pret, agent)
    with pytest.raises(PretRefuse, match="Dites comment"):
        settle(incident, agent, Suite(" "))
    settle(incident, agent, Suite("Trois barrières rachetées.", Decimal("147.60")))
    assert fresh(pret).statut == StatutPret.CLOS
    incident.refresh_from_db()
    assert (incident.statut, incident.cout) == (StatutIncident.CLOS, Decimal("147.60"))
    with pytest.raises(PretRefuse, match="déjà réglé"):
        settle(incident, agent, Suite("Encore."))


def test_a_loss_is_noted_even_when_all_is_promised_to_others(agent, foucherans):
    lot = make_materiel("Barrières", stock=10)
    pret = out(lot, foucherans, agent, quantite=10)
    later = today() + timedelta(days=30)
    other = granted(lot, CollectiviteFactory(), quantite=9, date_debut=later, date_fin=later)
    take_back(pret, agent, seen(8, perdue=2))
    incident = Incident.objects.get()
    lot.refresh_from_db()
    assert (incident.perdues, incident.quantite, lot.stock) == (2, 0, 10)
    with pytest.raises(StockPromis):
        take_out_now(incident, agent)
    other.engagements.get().delete()
    Occupation.objects.filter(materiel=lot).delete()
    take_out_now(incident, agent)
    lot.refresh_from_db()
    incident.refresh_from_db()
    assert (lot.stock, incident.quantite) == (8, 2)


def test_the_only_one_lost_leaves_nothing(agent, foucherans):
    thing = make_materiel()
    pret = out(thing, foucherans, agent)
    take_back(pret, agent, seen(0, perdue=1))
    thing.refresh_from_db()
    assert (thing.stock, fresh(pret).statut) == (0, StatutPret.RESTITUE)
    assert taken(thing) == {}


def test_what_came_back_broken_opens_one_incident_and_what_was_already_so_none(agent, foucherans):
    lot = make_materiel("Tables", stock=4)
    pret = granted(lot, foucherans, quantite=4)
    signed(pret, agent)
    hand_over(
        pret,
        agent,
        seen(
            4, elements=(Vu("Sangles", EtatElement.MANQUE, 4, 3, "Trois."), Vu("Bras", EtatElement.ABIME, note="Fêlé"))
        ),
    )
    same = (Vu("Sangles", EtatElement.MANQUE, 4, 3, "Trois."), Vu("Bras", EtatElement.ABIME, note="Fêlé"))
    take_back(pret, agent, seen(1, elements=same))
    assert not Incident.objects.exists()
    worse = (Vu("Sangles", EtatElement.MANQUE, 4, 2, "Deux."), Vu("Bras", EtatElement.ABIME, note="Fêlé"))
    take_back(pret, agent, seen(1, elements=worse))
    incident = Incident.objects.get()
    assert incident.description.replace("\u00a0", " ") == "Sangles : manque 2 sur 4. Deux."
    take_back(pret, agent, seen(2, elements=worse))
    assert Incident.objects.count() == 1
    assert fresh(pret).statut == StatutPret.RESTITUE


def test_late_units_are_feared_no_more_once_back(agent, foucherans):
    lot = make_materiel("Chaises", stock=10)
    pret = out(lot, foucherans, agent, quantite=6)
    make_late(pret)
    now = now_index()
    engagement = pret.engagements.get()
    Engagement.objects.filter(pk=engagement.pk).update(debut=now - 8, fin=now - 4)
    Occupation.objects.filter(materiel=lot).delete()
    mark_late(engagement, 6, now, now + 13)
    take_back(pret, agent, seen(4))
    assert set(Occupation.objects.filter(materiel=lot).values_list("retard", flat=True)) == {2}
    take_back(pret, agent, seen(2))
    assert not Occupation.objects.filter(materiel=lot).exists()
    assert fresh(pret).statut == StatutPret.CLOS


def test_a_loan_is_valued_at_its_price(agent, foucherans):
    thing = make_materiel(
        "Balayeuse", tarif_jour=Decimal("60"), cout_jour=Decimal("10"), tarif_conducteur=Decimal("38")
    )
    pret = out(thing, foucherans, agent, avec_conducteur=True)
    take_back(pret, agent, seen(heures_conducteur=Decimal("2.5")))
    pret = fresh(pret)
    assert pret.valeur == Decimal("275.00")
    assert pret.valeur_detail.replace("\u00a0", " ") == "3 jours × 60 € + 2,5 h de conducteur × 38 €"


def test_without_price_at_the_worth_of_a_day_for_each_unit(agent, foucherans):
    pret = out(make_materiel("Chaises", stock=10, cout_jour=Decimal("0.35")), foucherans, agent, quantite=10)
    take_back(pret, agent, seen(10))
    assert fresh(pret).valeur == Decimal("10.50")
    free = out(make_materiel("Cônes", stock=10), foucherans, agent, quantite=10)
    take_back(free, agent, seen(10))
    assert (fresh(free).valeur, fresh(free).statut) == (0, StatutPret.CLOS)


def test_a_late_return_counts_its_days(agent, foucherans):
    pret = out(make_materiel("Remorque", tarif_jour=Decimal("20")), foucherans, agent)
    make_late(pret, 2)
    take_back(pret, agent, seen())
    assert fresh(pret).valeur == Decimal("100.00")


def test_a_deposit_is_given_back_by_hand_before_the_end(agent, foucherans):
    pret = out(make_materiel("Sono", caution=Decimal("500")), foucherans, agent)
    take_back(pret, agent, seen())
    assert fresh(pret).statut == StatutPret.RESTITUE
    close(pret, agent)
    close(pret, agent)
    assert fresh(pret).statut == StatutPret.CLOS
    assert EntreeJournal.objects.filter(acte="pret.clos").count() == 1


def test_what_is_not_out_cannot_come_back_nor_be_closed(agent, foucherans):
    pret = granted(make_materiel(), foucherans)
    with pytest.raises(PretRefuse, match="pas remis"):
        take_back(pret, agent, seen())
    with pytest.raises(PretRefuse, match="pas rendu"):
        close(pret, agent)


def test_the_largest_loan_that_may_be_entered_is_valued_and_counted(agent, foucherans):
    """The highest price, the largest stock, the farthest day, late by ten years."""
    lender = CollectiviteFactory(nom="Gevry")
    most = {"tarif_jour": Decimal("999999.99"), "prix_livraison": Decimal("999999.99"), "collectivite": lender}
    far = today() + timedelta(days=540)
    for _ in range(2):
        pret = out(
            make_materiel("Chaises", stock=STOCK_MAX, **most), foucherans, agent, quantite=STOCK_MAX, date_fin=far
        )
        take_back(pret, agent, seen(STOCK_MAX))
        assert fresh(pret).valeur == Decimal("999999.99") * STOCK_MAX * 541
    late = out(make_materiel("Chaises", stock=STOCK_MAX, **most), foucherans, agent, quantite=STOCK_MAX)
    make_late(late, 3650)
    take_back(late, agent, seen(STOCK_MAX))
    assert fresh(late).valeur > Decimal("999999.99") * STOCK_MAX * 3650
    (one, *_) = balances(today().year, lender)
    assert one.donne.montant == sum(Pret.objects.values_list("valeur", flat=True))
    for place in (lender, foucherans):
        client = open_session(manager(place))
        for address in ("/", "/materiel/prets/?vue=termines", "/materiel/entraide/", late.get_absolute_url()):
            assert client.get(address).status_code == 200


def test_the_hours_of_the_driver_stay_within_what_a_loan_counts(agent, foucherans):
    thing = make_materiel(
        "Balayeuses", stock=2, conducteur=Conducteur.OBLIGATOIRE, tarif_conducteur=Decimal("999999.99")
    )
    pret = out(thing, foucherans, agent, quantite=2, avec_conducteur=True)
    take_back(pret, agent, seen(1, heures_conducteur=Decimal("9999.99")))
    with pytest.raises(PretRefuse, match=r"10.000,99.h de conducteur.: un prêt en compte 9.999,99.h au plus"):
        take_back(pret, agent, seen(1, heures_conducteur=Decimal("1")))
    assert fresh(pret).quantite_rendue == 1
    take_back(pret, agent, seen(1))
    assert fresh(pret).heures_conducteur == Decimal("9999.99")


def test_what_is_settled_or_given_away_leaves_no_stock_by_its_incident(agent, foucherans):
    lot = make_materiel("Barrières", stock=5)
    pret = out(lot, foucherans, agent, quantite=2)
    first = now_index() + 40
    kept = [EngagementFactory(materiel=lot, quantite=n, debut=first, fin=first + 2) for n in (3, 2)]
    take_back(pret, agent, seen(0, perdue=2))
    incident = Incident.objects.get()
    release(kept[1])
    lot.refresh_from_db()
    owner, gevry = lot.collectivite, CollectiviteFactory(nom="Gevry")
    Materiel.objects.filter(pk=lot.pk).update(collectivite=gevry)
    with pytest.raises(PretRefuse, match="son stock est compté par Gevry"):
        take_out_now(incident, agent)
    Materiel.objects.filter(pk=lot.pk).update(collectivite=owner)
    settle(incident, agent, Suite("Payées"))
    transfer(lot, gevry, agent, "Cédées")
    with pytest.raises(PretRefuse, match="déjà réglé"):
        take_out_now(incident, agent)
    lot.refresh_from_db()
    assert lot.stock == 5


def test_the_key_of_a_hand_over_is_not_that_of_a_return(agent, foucherans):
    pret = granted(make_materiel(), foucherans)
    signed(pret, agent)
    told = seen()
    assert hand_over(pret, agent, told) == hand_over(pret, agent, told)
    with pytest.raises(PretRefuse, match="a déjà servi pour un autre état des lieux"):
        take_back(pret, agent, told)
    assert fresh(pret).statut == StatutPret.REMIS
