"""Hand-over: what must be in order before a thing leaves, and what its leaving does to the ledger."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from collectivites.models import EntreeJournal, TypeHabilitation
from materiel.constats.passation import hand_over, take_back
from materiel.enums import Nature, StatutPret, TypePapier
from materiel.models import Constat, Convention, Engagement, Occupation, Papier, Pret
from materiel.refus import PlusAssez, PretRefuse
from materiel.registre import now_index, take
from materiel.suivi.etapes import with_convention
from notifications.models import Notification
from tests.collectivites.factories import AgentFactory, CollectiviteFactory
from tests.materiel.contrats import frame, give, granted, make_late, out, seen, set_rules, signed, today
from tests.materiel.factories import make_materiel

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


def test_nothing_leaves_without_a_signed_convention(agent, foucherans):
    pret = granted(make_materiel(), foucherans)
    with pytest.raises(PretRefuse, match="Aucune convention signée ne couvre"):
        hand_over(pret, agent, seen())
    convention = signed(pret, agent, signee_le=None)
    convention.signatures.filter(cote="emprunteur").delete()
    with pytest.raises(PretRefuse, match="pas signée par Foucherans. Signez-la"):
        hand_over(pret, agent, seen())
    assert fresh(pret).statut == StatutPret.ACCEPTE
    convention.signee_le = timezone.now()
    convention.save()
    hand_over(pret, agent, seen())
    assert fresh(pret).statut == StatutPret.REMIS


@pytest.mark.parametrize(
    "change",
    [
        lambda pret: {"valable_au": pret.date_fin - timedelta(days=1)},
        lambda pret: {"valable_du": pret.date_debut + timedelta(days=1)},
        lambda pret: {"quantite": pret.quantite - 1},
        lambda pret: {"resiliee_le": timezone.now()},
        lambda pret: {"materiel": make_materiel("Autres barrières", collectivite=pret.preteur)},
        lambda pret: {"avec_conducteur": True},
    ],
    ids=["fin", "debut", "quantite", "resiliee", "materiel", "conducteur"],
)
def test_a_convention_that_covers_less_is_not_enough(agent, foucherans, change):
    pret = granted(make_materiel("Barrières", stock=80), foucherans, quantite=40)
    signed(pret, agent, **change(pret))
    with pytest.raises(PretRefuse, match="Aucune convention signée"):
        hand_over(pret, agent, seen(40))


def test_a_frame_of_the_two_parties_is_enough_in_its_own_direction(agent, foucherans):
    thing = make_materiel()
    pret = granted(thing, foucherans)
    one = frame(foucherans, thing.collectivite, agent)
    with pytest.raises(PretRefuse):
        hand_over(pret, agent, seen())
    one.preteur, one.emprunteur = one.emprunteur, one.preteur
    one.save()
    hand_over(pret, agent, seen())


def test_a_frame_ended_since_still_serves_the_loans_granted_before(agent, foucherans):
    thing = make_materiel()
    pret = granted(thing, foucherans)
    one = frame(thing.collectivite, foucherans, agent, resiliee_le=timezone.now())
    hand_over(pret, agent, seen())
    one.resiliee_le = timezone.now() - timedelta(days=3)
    one.save()
    later = granted(make_materiel("Autre", collectivite=thing.collectivite), foucherans)
    with pytest.raises(PretRefuse):
        hand_over(later, agent, seen())


def test_a_frame_without_driver_covers_no_driver(agent, foucherans):
    thing = make_materiel()
    pret = granted(thing, foucherans, avec_conducteur=True)
    one = frame(thing.collectivite, foucherans, agent)
    with pytest.raises(PretRefuse):
        hand_over(pret, agent, seen())
    one.avec_conducteur = True
    one.save()
    hand_over(pret, agent, seen())


def test_the_territory_may_do_without_convention(agent, foucherans):
    set_rules(convention_exigee=False)
    pret = granted(make_materiel(), foucherans)
    hand_over(pret, agent, seen())
    pret.refresh_from_db()
    assert pret.statut == StatutPret.REMIS


def test_insurance_is_asked_where_the_territory_asks_it(agent, foucherans):
    set_rules(assurance_exigee=True)
    pret = granted(make_materiel(), foucherans)
    signed(pret, agent)
    papier = Papier.objects.create(
        collectivite=foucherans, type=TypePapier.ASSURANCE, valable_jusqu_au=pret.date_fin - timedelta(days=1)
    )
    with pytest.raises(PretRefuse, match="assurance de Foucherans manque, ou finit avant"):
        hand_over(pret, agent, seen())
    papier.valable_jusqu_au = pret.date_fin
    papier.save()
    hand_over(pret, agent, seen())


def test_a_blocking_paper_that_ends_too_soon_or_is_not_there_keeps_the_thing(agent, foucherans):
    thing = make_materiel(categorie_code="terrassement")
    pret = granted(thing, foucherans)
    signed(pret, agent)
    with pytest.raises(PretRefuse, match="il manque.*vérification périodique"):
        hand_over(pret, agent, seen())
    papier = Papier.objects.create(
        materiel=thing, type=TypePapier.VGP, bloquant=True, valable_jusqu_au=pret.date_fin - timedelta(days=1)
    )
    with pytest.raises(PretRefuse, match="Vérification périodique.*valable jusqu’au"):
        hand_over(pret, agent, seen())
    papier.valable_jusqu_au = pret.date_fin
    papier.save()
    hand_over(pret, agent, seen())


def test_it_leaves_from_the_working_day_before_and_not_after_its_end(agent, foucherans):
    soon = granted(make_materiel(), foucherans, date_debut=today() + timedelta(days=9), date_fin=today() + timedelta(9))
    signed(soon, agent)
    with pytest.raises(PretRefuse, match="changez d’abord ses dates"):
        hand_over(soon, agent, seen())
    passed = granted(make_materiel(), foucherans)
    signed(passed, agent)
    make_late(passed)
    with pytest.raises(PretRefuse, match="dates de ce prêt sont passées"):
        hand_over(passed, agent, seen())


def test_fetched_sooner_it_is_taken_sooner_or_refused(agent, foucherans):
    set_rules(convention_exigee=False)
    first = now_index()
    day = today() + timedelta(days=1)
    lot = make_materiel("Barrières", stock=10)
    pret = granted(lot, foucherans, quantite=6, date_debut=day, date_fin=day)
    own = take(Engagement(materiel=lot, nature=Nature.USAGE, quantite=5, debut=first, fin=first))
    with pytest.raises(PlusAssez):
        hand_over(pret, agent, seen(6))
    assert fresh(pret).statut == StatutPret.ACCEPTE
    own.delete()
    Occupation.objects.filter(materiel=lot, creneau=first).delete()
    hand_over(pret, agent, seen(6))
    assert taken(lot)[first] == 6


def test_fewer_may_leave_and_the_rest_is_free_at_once(agent, foucherans):
    lot = make_materiel("Barrières", stock=80)
    pret = granted(lot, foucherans, quantite=40)
    signed(pret, agent)
    with pytest.raises(PretRefuse, match="entre 1 et 40"):
        hand_over(pret, agent, seen(41))
    hand_over(pret, agent, seen(30))
    assert fresh(pret).quantite == 30
    assert set(taken(lot).values()) == {30}


def test_sent_twice_it_is_one(agent, foucherans):
    pret = granted(make_materiel(), foucherans)
    signed(pret, agent)
    data = seen(cle=uuid4())
    one = hand_over(pret, agent, data)
    assert hand_over(pret, agent, data) == one
    assert Constat.objects.count() == 1
    back = seen(cle=uuid4())
    two = take_back(pret, agent, back)
    assert take_back(pret, agent, back) == two
    assert Constat.objects.count() == 2
    with pytest.raises(PretRefuse, match="déjà remis"):
        hand_over(pret, agent, seen())
    other = granted(make_materiel("Autre"), foucherans)
    with pytest.raises(PretRefuse, match="autre état des lieux"):
        hand_over(other, agent, data)


def test_both_sides_are_told_and_the_journal_knows(agent, foucherans):
    manager = AgentFactory()
    give(manager, foucherans, gestionnaire=True)
    pret = out(make_materiel(), foucherans, agent)
    assert Notification.objects.filter(destinataire=manager, sorte="materiel_constat").count() == 1
    assert EntreeJournal.objects.filter(acte="pret.remis", objet_id=str(pret.pk)).get().agent == agent


@pytest.mark.parametrize(
    ("cadre", "couvre"),
    [
        ({}, True),
        ({"avec_conducteur": True}, False),
        ({"resiliee_le": timedelta(hours=2)}, True),
        ({"resiliee_le": -timedelta(hours=2)}, False),
        ({"signee_le": None}, False),
    ],
    ids=["en cours", "avec conducteur", "résiliée après l’accord", "résiliée avant l’accord", "non signée"],
)
def test_lists_and_hand_over_agree_on_what_a_frame_covers(agent, foucherans, cadre, couvre):
    """Granted two hours before a frame is ended, a loan goes on under it, on the same day too."""
    pret = granted(make_materiel(), foucherans)
    if "resiliee_le" in cadre:
        cadre = {"resiliee_le": pret.accepte_le + cadre["resiliee_le"]}
    one = frame(pret.preteur, foucherans, agent, **cadre)
    read = with_convention(Pret.objects.all()).get(pk=pret.pk)
    assert read.convention_signee is couvre
    assert list(Convention.objects.covering(pret)) == [one] * couvre
    if couvre:
        hand_over(pret, agent, seen())
    else:
        with pytest.raises(PretRefuse, match="Aucune convention signée"):
            hand_over(pret, agent, seen())


def test_the_title_of_whoever_drives_is_seen_first(agent, foucherans):
    pret = granted(make_materiel(), foucherans)
    pret.materiel.habilitations.set([TypeHabilitation.objects.create(code="r482-a", libelle="CACES R482 A")])
    signed(pret, agent)
    for missing in ({}, {"nom_conducteur": "Mickaël Prost"}, {"habilitation_vue": True}):
        with pytest.raises(PretRefuse, match="se conduit avec.*CACES R482"):
            hand_over(pret, agent, seen(**missing))
    assert fresh(pret).statut == StatutPret.ACCEPTE
    constat = hand_over(pret, agent, seen(nom_conducteur="Mickaël Prost", habilitation_vue=True))
    assert (constat.nom_conducteur, constat.habilitations_vues) == ("Mickaël Prost", "CACES R482 A")


def test_nothing_is_asked_of_the_driver_of_the_owner(agent, foucherans):
    pret = granted(make_materiel(), foucherans, avec_conducteur=True)
    pret.materiel.habilitations.set([TypeHabilitation.objects.create(code="r482-a", libelle="CACES R482 A")])
    signed(pret, agent, avec_conducteur=True)
    assert hand_over(pret, agent, seen(nom_conducteur="Quelqu’un")).habilitations_vues == ""
