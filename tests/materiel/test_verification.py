"""The sweep finds each kind of fault, and a rebuild mends those of the ledger."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from materiel.constats.passation import take_back
from materiel.enums import Nature, StatutPret, TypePapier
from materiel.models import Engagement, Materiel, Occupation, Papier, Pret
from materiel.registre import change, close_expired, mark_late, now_index, reduce, release, take
from materiel.registre.verification import differences, rebuild
from tests.materiel.contrats import give_roles, out, seen
from tests.materiel.factories import EngagementFactory, PretFactory, half, make_materiel, monday

pytestmark = pytest.mark.django_db


def granted(materiel, quantite=1, **fields):
    """An accepted loan of two days, and what it holds."""
    now = timezone.now()
    pret = PretFactory(
        materiel=materiel, quantite=quantite, **{"statut": StatutPret.ACCEPTE, "accepte_le": now, **fields}
    )
    engagement = Engagement(
        materiel=materiel,
        nature=Nature.PRET,
        pret=pret,
        quantite=quantite,
        debut=pret.debut.index,
        fin=pret.fin.index,
    )
    return pret, take(engagement)


def said() -> str:
    return "\n".join(map(str, differences()))


def test_a_true_ledger_has_no_difference():
    lot = make_materiel("Barrières", stock=80)
    pret, held = granted(lot, 30)
    reduce(held, 20)
    Pret.objects.filter(pk=pret.pk).update(quantite=20)
    EngagementFactory(materiel=lot, quantite=10, debut=now_index() - 4, fin=now_index() + 9)
    thing = make_materiel("Nacelle", stock=3, tampon_apres=1)
    Papier.objects.create(materiel=thing, type=TypePapier.VGP, valable_jusqu_au=monday(), bloquant=True)
    EngagementFactory(materiel=thing, quantite=2, debut=half(monday()), fin=half(monday()) + 9)
    assert differences() == []


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"pris": 4}, "dit pris 4, retard 0, stock 80 et devrait dire pris 5"),
        ({"retard": 1}, "dit pris 5, retard 1"),
        ({"stock": 90}, "stock 90 et devrait dire pris 5, retard 0, stock 80"),
        ({"creneau": 999_999}, "dit rien"),
    ],
)
def test_a_ledger_written_by_hand_is_found_and_written_anew(wrong, words):
    lot = make_materiel("Barrières", stock=80)
    one = EngagementFactory(materiel=lot, quantite=5)
    Occupation.objects.filter(materiel=lot, creneau=one.debut).update(**wrong)
    assert words in said()
    bilan = rebuild()
    assert [ecart.materiel for ecart in bilan.reecrits] == [lot.pk]
    assert not bilan.impossibles
    assert differences() == []
    assert rebuild().reecrits == []


def test_what_is_held_of_nothing_is_found(capsys):
    lot = make_materiel("Barrières", stock=80)
    Occupation.objects.create(materiel=lot, creneau=half(monday()), pris=5, stock=80)
    with pytest.raises(SystemExit) as stop:
        call_command("verifier_registre")
    assert stop.value.code == 2
    assert "et devrait dire rien" in capsys.readouterr().out
    call_command("reconstruire_registre")
    call_command("verifier_registre")
    assert "Le registre dit ce qui est retenu" in capsys.readouterr().out


def test_more_held_than_there_is_cannot_be_written(capsys):
    lot = make_materiel("Barrières", stock=80)
    one = EngagementFactory(materiel=lot, quantite=50)
    other = EngagementFactory(materiel=make_materiel("Chaises", stock=9))
    Engagement.objects.filter(pk=one.pk).update(quantite=90)
    Occupation.objects.filter(materiel=other.materiel).delete()
    assert "90 sont promis et il n’y en a que 80" in said()
    with pytest.raises(SystemExit) as stop:
        call_command("reconstruire_registre")
    assert stop.value.code == 2
    captured = capsys.readouterr()
    assert "1 matériel(s) récrit(s), 1 à régler à la main" in captured.out
    assert set(Occupation.objects.filter(materiel=lot).values_list("pris", flat=True)) == {50}
    assert Occupation.objects.filter(materiel=other.materiel).count() == 4


def test_a_loan_that_holds_nothing_is_found():
    pret, held = granted(make_materiel())
    release(held)
    assert f"le prêt {pret.numero} en retient 0 au lieu de 1" in said()


def test_a_loan_that_holds_too_much_is_found_but_not_for_what_is_just_back():
    lot = make_materiel("Chaises", stock=10)
    today = timezone.localdate()
    days = {"date_debut": today - timedelta(days=2), "date_fin": today + timedelta(days=2)}
    pret, held = granted(lot, 8, statut=StatutPret.REMIS, remis_le=timezone.now(), **days)
    Pret.objects.filter(pk=pret.pk).update(quantite_rendue=5)
    assert f"le prêt {pret.numero} en retient 8 au lieu de 3" in said()
    reduce(held, 3, now_index() + 1)
    assert differences() == []


@pytest.mark.parametrize("statut", [StatutPret.ANNULE, StatutPret.EXPIRE, StatutPret.DEMANDE])
def test_what_a_loan_that_is_not_due_holds_is_found(statut):
    pret, _ = granted(make_materiel())
    Pret.objects.filter(pk=pret.pk).update(statut=statut, motif="Travaux reportés")
    assert f"retenu pour le prêt {pret.numero}, {statut.label}" in said()


def test_another_thing_than_that_of_the_loan_is_found():
    pret, _ = granted(make_materiel())
    Pret.objects.filter(pk=pret.pk).update(materiel=make_materiel("Autre"))
    assert f"retenu pour le prêt {pret.numero}, qui porte sur un autre" in said()


def test_an_option_kept_too_long_is_found():
    thing = make_materiel()
    pret = PretFactory(materiel=thing, statut=StatutPret.PROPOSE)
    option = Engagement(materiel=thing, nature=Nature.OPTION, pret=pret, quantite=1, debut=half(monday()))
    option.fin, option.expire_le = option.debut + 1, timezone.now() + timedelta(days=2)
    take(option)
    assert differences() == []
    Engagement.objects.update(expire_le=timezone.now() - timedelta(days=1))
    assert "retenu au-delà du délai de réponse" in said()


def test_lateness_is_found_both_ways():
    lot = make_materiel("Chaises", stock=10)
    today = timezone.localdate()
    days = {"date_debut": today - timedelta(days=8), "date_fin": today - timedelta(days=3)}
    pret, held = granted(lot, 8, statut=StatutPret.REMIS, remis_le=timezone.now(), **days)
    assert f"le prêt {pret.numero} est en retard et le registre en craint 0" in said()
    mark_late(held, 8, now_index(), now_index() + 13)
    assert differences() == []
    Pret.objects.filter(pk=pret.pk).update(date_fin=today + timedelta(days=1))
    assert "est craint sans être en retard" in said()


def test_days_left_open_after_a_paper_are_found():
    thing = make_materiel(stock=3)
    Papier.objects.create(materiel=thing, type=TypePapier.VGP, valable_jusqu_au=monday(), bloquant=True)
    assert "vérification périodique finit et des unités restent à prêter après" in said()
    close_expired(thing)
    assert differences() == []
    Materiel.objects.filter(pk=thing.pk).update(tampon_apres=2)
    close_expired(thing)
    assert differences() == []


@pytest.mark.parametrize("tampon", [0, 2])
@pytest.mark.parametrize("caution", [None, 100])
def test_what_came_back_may_rest_but_not_longer(distribution, capsys, tampon, caution):
    """The half-day of the return and the open days kept by the owner are on purpose."""
    give_roles(distribution)
    lot = make_materiel("Tentes", collectivite=distribution.a, stock=6, tampon_apres=tampon, caution=caution)
    days = {"date_fin": timezone.localdate() + timedelta(days=20)}
    pret = out(lot, distribution.b, distribution.elue_b, quantite=4, **days)
    take_back(pret, distribution.agent_a, seen(1))
    call_command("verifier_registre")
    take_back(pret, distribution.agent_a, seen(3))
    call_command("verifier_registre")
    assert "rien d’autre" in capsys.readouterr().out
    last = Engagement.objects.held().filter(pret=pret).latest("fin")
    change(last, debut=last.debut, fin=last.fin + 1, quantite=last.quantite)
    with pytest.raises(SystemExit) as stop:
        call_command("verifier_registre")
    assert stop.value.code == 2
    assert f"retenu pour le prêt {pret.numero}" in capsys.readouterr().out


def test_what_should_have_come_back_is_found(distribution):
    give_roles(distribution)
    lot = make_materiel("Tentes", collectivite=distribution.a, stock=6)
    days = {"date_fin": timezone.localdate() + timedelta(days=20)}
    pret = out(lot, distribution.b, distribution.elue_b, quantite=4, **days)
    take_back(pret, distribution.agent_a, seen(1))
    last = Engagement.objects.held().filter(pret=pret).latest("fin")
    change(last, debut=last.debut, fin=last.fin, quantite=4)
    assert f"le prêt {pret.numero} en retient 4 au lieu de 3" in said()
