"""Changing a thing that is there: words, conditions, count, units; withdrawing, archiving, transferring, copying."""

from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from collectivites.models import EntreeJournal
from extranet.lib.demi_journees import Moment
from extranet.lib.pliage import fold
from materiel.annonces import TRANSFERT
from materiel.constats.passation import take_back
from materiel.enums import Mode, Nature, StatutMateriel, StatutPret, TypePapier
from materiel.forms.edition import TransfertForm
from materiel.models import Affectation, Engagement, Materiel, MaterielPage, Occupation, Papier, Unite
from materiel.parc.edition import transfer
from materiel.registre import close_expired
from materiel.registre.verification import differences
from notifications.models import Notification
from tests.distribution import Distribution
from tests.materiel.contrats import give_roles, out, seen, today
from tests.materiel.envois import answers, photo, post
from tests.materiel.factories import EngagementFactory, PretFactory, half, make_materiel, monday
from tests.materiel.prets import commune, keeper, told
from tests.sessions import open_session

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent(distribution: Distribution):
    return distribution.gestionnaire_a


@pytest.fixture
def lot(distribution: Distribution):
    """Eighty barriers of Aval, online, with a sheet that says where they are."""
    thing = make_materiel("Barrières", collectivite=distribution.a, stock=80, lieu="Atelier, 3 rue Haute")
    thing.page.save_revision()
    return thing


def where(name: str, thing: Materiel) -> str:
    return reverse(f"materiel:{name}", args=[thing.pk])


def change(agent, thing, **changed):
    path = where("materiel_update", thing)
    form = open_session(agent).get(path).context["form"]
    return post(agent, path, **answers(form, **changed))


def first_error(response) -> str:
    return next(iter(response.context["form"].errors.values()))[0].replace("\u00a0", " ")


def test_words_and_conditions_change_at_once(agent, lot):
    sent = {"nom": "Barrières Vauban", "duree_max_jours": "6", "tarif_jour": "1,50", "accessoires": "2 chariots"}
    response = change(agent, lot, **sent, description="Galvanisées.\n\nÀ monter à deux <vite>.", photo=photo())
    assert response["Location"] == "/materiel/barrieres/"
    lot.refresh_from_db()
    page = MaterielPage.objects.get(pk=lot.page_id)
    assert (page.title, page.live, page.has_unpublished_changes, len(page.photos)) == (
        "Barrières Vauban",
        True,
        False,
        1,
    )
    assert (lot.duree_max_jours, str(lot.tarif_jour), lot.stock, lot.mode) == (6, "1.50", 80, Mode.LOT)
    assert lot.accessoires.get().nombre == 2
    shown = open_session(agent).get(where("materiel_update", lot)).context["form"]
    assert shown["description"].value() == "Galvanisées.\n\nÀ monter à deux <vite>."
    assert EntreeJournal.objects.get(acte="materiel.modifie").donnees["champs"] == [
        "duree_max_jours",
        "lieu",
        "tarif_jour",
    ]


def test_fewer_than_promised_is_refused_with_the_day_and_all_that_was_typed(agent, lot):
    EngagementFactory(materiel=lot, quantite=50)
    response = change(agent, lot, stock="40", nom="Barrières rouges", duree_max_jours="6")
    assert "50 sont déjà promis le lundi" in first_error(response)
    assert response.context["form"]["nom"].value() == "Barrières rouges"
    lot.refresh_from_db()
    assert (lot.stock, lot.duree_max_jours, lot.page.title) == (80, 30, "Barrières")
    assert change(agent, lot, stock="50").status_code == 302
    lot.refresh_from_db()
    assert lot.stock == 50
    assert set(lot.occupations.values_list("stock", flat=True)) == {50}


def test_an_old_tab_overwrites_nothing(agent, lot):
    path = where("materiel_update", lot)
    old = answers(open_session(agent).get(path).context["form"], accroche="Le premier")
    change(agent, lot, accroche="Le second")
    response = post(agent, path, **old)
    assert "modifiée pendant que vous l’aviez" in first_error(response)
    assert MaterielPage.objects.get(pk=lot.page_id).accroche == "Le second"


def test_a_single_thing_becomes_a_lot(agent, distribution):
    thing = make_materiel(collectivite=distribution.a, lieu="Atelier")
    change(agent, thing, stock="3")
    thing.refresh_from_db()
    assert (thing.mode, thing.stock) == (Mode.LOT, 3)


def test_numbers_make_a_fleet_and_one_that_was_lent_is_kept_out_of_service(agent, lot):
    change(agent, lot, numeros="A1\nA2\nA3")
    lot.refresh_from_db()
    assert (lot.mode, lot.stock) == (Mode.PARC, 3)
    pret = PretFactory(materiel=lot)
    Affectation.objects.create(pret=pret, unite=Unite.objects.get(numero="A1"))
    assert change(agent, lot, numeros="A3").status_code == 302
    lot.refresh_from_db()
    assert lot.stock == 1
    assert dict(lot.numeros.values_list("numero", "en_service")) == {"A1": False, "A3": True}
    assert "Gardez au moins un numéro" in first_error(change(agent, lot, numeros=""))


def test_fewer_numbers_than_promised_are_refused(agent, lot):
    change(agent, lot, numeros="A1\nA2\nA3")
    lot.refresh_from_db()
    EngagementFactory(materiel=lot, quantite=3)
    assert "3 sont déjà promis" in first_error(change(agent, lot, numeros="A1"))
    assert set(lot.numeros.filter(en_service=True).values_list("numero", flat=True)) == {"A1", "A2", "A3"}


def test_another_commune_changes_nothing(distribution, lot):
    path = where("materiel_update", lot)
    assert open_session(distribution.secretaire_b).get(path).status_code == 403
    lot.page.unpublish()
    for name in ("materiel_update", "materiel_statut", "materiel_transferer", "papier_list", "materiel_preview"):
        assert open_session(distribution.secretaire_b).get(where(name, lot)).status_code == 404
    assert post(distribution.secretaire_b, where("materiel_copy", lot)).status_code == 404


def test_withdrawn_stays_legible_and_archived_leaves_the_lists(agent, lot, distribution):
    reader = distribution.secretaire_b
    post(agent, where("materiel_statut", lot), statut="retire", motif="En panne")
    lot.refresh_from_db()
    assert not lot.is_lendable()
    assert MaterielPage.objects.visible_to(reader).exists()
    assert EntreeJournal.objects.get(acte="materiel.retire").donnees == {"motif": "En panne"}
    post(agent, where("materiel_statut", lot), statut="archive")
    assert not MaterielPage.objects.visible_to(reader).exists()
    post(agent, where("materiel_statut", lot), statut="en_service")
    lot.refresh_from_db()
    assert lot.is_lendable()


def test_what_is_out_is_not_archived(agent, lot):
    now = timezone.now()
    PretFactory(materiel=lot, statut=StatutPret.REMIS, accepte_le=now, remis_le=now)
    response = post(agent, where("materiel_statut", lot), statut="archive")
    assert "Un prêt est en cours" in first_error(response)
    lot.refresh_from_db()
    assert lot.statut == StatutMateriel.EN_SERVICE


def test_transferred_its_new_owner_looks_after_it_and_past_loans_stay(agent, lot, distribution):
    now = timezone.now()
    dates = {"accepte_le": now, "remis_le": now, "clos_le": now}
    done = PretFactory(materiel=lot, statut=StatutPret.CLOS, quantite_rendue=1, valeur=0, **dates)
    asked = PretFactory(materiel=lot)
    response = post(agent, where("materiel_transferer", lot), receveur=distribution.b.pk)
    assert "Un prêt est en cours" in first_error(response)
    asked.statut, asked.motif = StatutPret.ANNULE, "Plus besoin"
    asked.save()
    assert post(agent, where("materiel_transferer", lot), receveur=distribution.b.pk)["Location"] == "/materiel/"
    lot.refresh_from_db()
    done.refresh_from_db()
    assert (lot.collectivite, lot.lieu, lot.contact) == (distribution.b, "", None)
    assert done.preteur == distribution.a
    assert open_session(agent).get(where("materiel_update", lot)).status_code == 403
    assert open_session(distribution.secretaire_b).get(where("materiel_update", lot)).status_code == 200


def test_a_transfer_is_told_to_both_communes(distribution):
    left, reached, own = commune("Tavaux"), commune("Foucherans"), commune("Choisey")
    thing = make_materiel("Balayeuse", collectivite=left)
    transfer(thing, reached, distribution.responsable, "Vendue.")
    assert told(left, TRANSFERT) == ["« Balayeuse » n’est plus à votre commune : il est à Foucherans"]
    assert told(reached, TRANSFERT) == ["Tavaux vous transfère « Balayeuse »"]
    assert told(own) == []
    note = Notification.objects.get(destinataire=keeper(reached))
    assert note.texte.startswith("Vendue. Ses papiers")
    assert open_session(keeper(reached)).get(note.url).status_code == 200


def test_days_kept_after_a_loan_move_what_an_overdue_paper_closes(agent, lot):
    Papier.objects.create(materiel=lot, type=TypePapier.VGP, valable_jusqu_au=monday(), bloquant=True)
    close_expired(lot)
    before = Engagement.objects.get(materiel=lot, nature=Nature.PAPIER).debut
    assert change(agent, lot, tampon_apres="2").status_code == 302
    closing = Engagement.objects.get(materiel=lot, nature=Nature.PAPIER)
    assert closing.debut == before + 4
    assert differences() == []
    assert change(agent, lot, tampon_apres="0").status_code == 302
    assert Engagement.objects.get(materiel=lot, nature=Nature.PAPIER).debut == before
    call_command("verifier_registre")


def test_a_transfer_asks_to_whom(agent, lot, distribution):
    assert "Choisissez la collectivité" in first_error(post(agent, where("materiel_transferer", lot)))
    same = post(agent, where("materiel_transferer", lot), receveur=distribution.a.pk)
    assert "n’est pas du territoire" in first_error(same)


def test_a_copy_is_a_draft_with_its_words_and_no_promise(agent, lot):
    change(agent, lot, accessoires="2 chariots (150 €)", consignes="Deux personnes.", photo=photo(), tarif_jour="2")
    EngagementFactory(materiel=lot)
    response = post(agent, where("materiel_copy", lot))
    twin = Materiel.objects.exclude(pk=lot.pk).get()
    assert response["Location"] == where("materiel_update", twin)
    assert (twin.page.live, twin.page.title, twin.stock) == (False, "Barrières (copie)", 1)
    assert (twin.consignes, twin.tarif_jour, twin.accessoires.get().valeur) == ("Deux personnes.", 2, 150)
    assert len(twin.page.photos) == 1
    assert not twin.engagements.exists()


def test_words_written_in_the_admin_are_left_to_it(agent, lot):
    page = MaterielPage.objects.get(pk=lot.page_id)
    page.corps = [("texte", "<h3>Montage</h3><p>Vite.</p>")]
    page.save_revision().publish()
    shown = open_session(agent).get(where("materiel_update", lot))
    assert "description" not in shown.context["form"].fields
    change(agent, lot, accroche="Rouges")
    assert "Montage" in str(MaterielPage.objects.get(pk=lot.page_id).corps)


def test_the_page_costs_few_queries(agent, lot, django_assert_max_num_queries):
    change(agent, lot, photo=photo(), accessoires="2 chariots\nSangles")
    client = open_session(agent)
    client.get(where("materiel_update", lot))
    with django_assert_max_num_queries(25):
        client.get(where("materiel_update", lot))


def test_the_receivers_are_in_the_order_of_their_folded_names(distribution):
    for nom in ("Éclans-Nenon", "Dole", "Foucherans"):
        commune(nom, slug=fold(nom).replace(" ", "-"))
    form = TransfertForm(proprietaire=distribution.a)
    noms = [one.nom for one in form.fields["receveur"].queryset]
    assert noms == sorted(noms, key=fold)
    assert noms.index("Dole") < noms.index("Éclans-Nenon") < noms.index("Foucherans")


@pytest.mark.parametrize("rendues", [2, 5])
def test_days_kept_after_a_return_follow_when_its_owner_keeps_fewer(agent, lot, distribution, rendues):
    """Whole or in part: what rested beyond them may be lent again, what is still out stays taken."""
    give_roles(distribution)
    Materiel.objects.filter(pk=lot.pk).update(tampon_apres=4)
    lot.refresh_from_db()
    days = {"date_fin": timezone.localdate() + timedelta(days=20)}
    pret = out(lot, distribution.b, distribution.elue_b, quantite=5, **days)
    take_back(pret, distribution.agent_a, seen(rendues))
    assert taken_on(lot, today() + timedelta(days=4)) == 5
    assert change(agent, lot, tampon_apres="1").status_code == 302
    call_command("verifier_registre")
    assert taken_on(lot, today()) == 5
    assert taken_on(lot, today() + timedelta(days=4)) == 5 - rendues


def taken_on(thing: Materiel, day: date) -> int:
    return sum(
        Occupation.objects.filter(materiel=thing, creneau=half(day, Moment.APRES_MIDI)).values_list("pris", flat=True)
    )
