"""Asking: the rules that say no, who asked before, the direct agreement, the numbers."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from collectivites.models import Collectivite, EntreeJournal, Habilitation, TypeHabilitation
from extranet.lib.demi_journees import DemiJournee, Moment
from materiel.enums import Conducteur, Nature, StatutPret, Transport, TypePapier
from materiel.models import Engagement, Papier, Pret, ReglementPretPage
from materiel.prets import demandes
from materiel.prets.demandes import Options, how_many, rival_sentence, rivals, standing_in_the_way
from materiel.refus import PlusAssez, PretRefuse
from notifications.models import Courriel, Notification
from tests.materiel.factories import make_materiel, monday
from tests.materiel.prets import ask, commune, days, keeper, lend, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def tavaux() -> Collectivite:
    return commune("Tavaux")


@pytest.fixture
def foucherans() -> Collectivite:
    return commune("Foucherans")


def test_a_request_takes_nothing_and_is_told_to_the_owner(tavaux, foucherans):
    thing = make_materiel("Balayeuse", collectivite=tavaux)
    pret = ask(thing, foucherans, options=Options(message="Nous passons la prendre lundi."))
    assert pret.statut == StatutPret.DEMANDE
    assert (pret.preteur, pret.emprunteur, pret.demandeur) == (tavaux, foucherans, keeper(foucherans))
    assert pret.numero == f"{timezone.localdate().year}-1"
    assert not Engagement.objects.exists()
    assert pret.messages.get().texte == "Nous passons la prendre lundi."
    (title,) = told(tavaux, "pret_a_repondre")
    assert title.startswith("Foucherans vous demande « Balayeuse », du ")
    assert Courriel.objects.filter(sorte="pret_a_repondre").count() == 1
    assert EntreeJournal.objects.get(acte="pret.demande").collectivite == foucherans
    assert pret.repondre_avant > timezone.localdate()


def test_numbers_of_a_year_follow(tavaux, foucherans):
    lot = make_materiel("Chaises", collectivite=tavaux, stock=80)
    numbers = [ask(lot, foucherans).numero for _ in range(3)]
    year = timezone.localdate().year
    assert numbers == [f"{year}-1", f"{year}-2", f"{year}-3"]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"debut": DemiJournee(monday() + timedelta(days=2), Moment.MATIN)}, "avant le départ"),
        (days(0, 6), "Cinq jours au plus"),
        ({"quantite": 41}, "40 au plus par prêt, sur 80"),
        ({"quantite": 0}, "un au moins"),
        (days(0, 0, timezone.localdate() - timedelta(days=1)), "passée"),
        (days(0, 0, timezone.localdate() + timedelta(days=700)), "au plus tard"),
        (days(0, 0, timezone.localdate() + timedelta(days=1)), "à l’avance"),
    ],
    ids=["order", "length", "cap", "none", "past", "far", "notice"],
)
def test_what_the_rules_refuse(tavaux, foucherans, wrong, said):
    lot = make_materiel(
        "Barrières", collectivite=tavaux, stock=80, part_max=50, duree_max_jours=5, preavis_jours=4, unite="barrières"
    )
    with pytest.raises(PretRefuse, match=said):
        ask(lot, foucherans, **wrong)
    assert not Pret.objects.exists()


def test_one_lends_nothing_to_oneself(tavaux):
    with pytest.raises(PretRefuse, match="à votre commune"):
        ask(make_materiel(collectivite=tavaux), tavaux)


def test_not_beyond_an_overdue_paper(tavaux, foucherans):
    thing = make_materiel("Nacelle", collectivite=tavaux)
    Papier.objects.create(materiel=thing, type=TypePapier.VGP, valable_jusqu_au=monday(), bloquant=True)
    with pytest.raises(PretRefuse, match="valable jusqu’au"):
        ask(thing, foucherans, 0, 1)
    assert ask(thing, foucherans, 0, 0).statut == StatutPret.DEMANDE


def test_not_a_withdrawn_thing(tavaux, foucherans):
    with pytest.raises(PretRefuse, match="n’est plus proposé"):
        ask(make_materiel(collectivite=tavaux, statut="retire"), foucherans)


def test_the_rules_of_the_loans_are_accepted_with_their_revision(tavaux, foucherans):
    page = ReglementPretPage.objects.get()
    page.save_revision().publish()
    page.refresh_from_db()
    thing = make_materiel(collectivite=tavaux)
    with pytest.raises(PretRefuse, match="règlement"):
        ask(thing, foucherans, reglement=False)
    pret = ask(thing, foucherans, reglement=True)
    assert pret.reglement_revision == page.live_revision_id is not None
    assert pret.reglement_accepte_le


def test_two_communes_ask_the_same_days_and_the_second_is_told(tavaux, foucherans):
    thing = make_materiel("Balayeuse", collectivite=tavaux)
    first = ask(thing, commune("Champvans"), 0, 2)
    period = days(1, 2)
    found = standing_in_the_way(rivals(thing, **period), 1, how_many(thing, **period))
    assert rival_sentence(found).startswith("Demandé avant vous par Champvans, jusqu’au mercredi ")
    assert [one.collectivite for one in found] == [first.emprunteur]
    second = ask(thing, foucherans, 1, 2)
    assert second.statut == StatutPret.DEMANDE
    assert "Demandé avant par Champvans." in Notification.objects.filter(sorte="pret_a_repondre").latest("pk").texte


def test_whom_it_is_lent_to_and_until_when(tavaux, foucherans):
    thing = make_materiel("Balayeuse", collectivite=tavaux)
    lend(thing, commune("Champvans"), 0, 2)
    period = days(1, 1)
    found = standing_in_the_way(rivals(thing, **period), 1, how_many(thing, **period))
    assert rival_sentence(found).startswith("Prêté à Champvans, jusqu’au mercredi ")
    with pytest.raises(PlusAssez):
        ask(thing, foucherans, 1, 1)


def test_enough_for_both_is_no_rivalry(tavaux):
    lot = make_materiel("Chaises", collectivite=tavaux, stock=80)
    ask(lot, commune("Champvans"), quantite=40)
    period = days(0, 1)
    assert standing_in_the_way(rivals(lot, **period), 40, how_many(lot, **period)) == []
    assert len(standing_in_the_way(rivals(lot, **period), 41, how_many(lot, **period))) == 1


def test_buffers_make_rivals_of_neighbours(tavaux, foucherans):
    thing = make_materiel("Balayeuse", collectivite=tavaux, tampon_apres=1)
    ask(thing, commune("Champvans"), 0, 1)
    assert len(rivals(thing, **days(2, 2))) == 1
    assert rivals(thing, **days(3, 3)) == []


def test_a_direct_agreement_is_granted_at_once(tavaux, foucherans):
    lot = make_materiel("Chaises", collectivite=tavaux, stock=80, accord_direct=20, unite="chaises")
    pret = ask(lot, foucherans, quantite=20)
    assert pret.statut == StatutPret.ACCEPTE
    assert pret.reponse_par is None
    assert Engagement.objects.get().nature == Nature.PRET
    assert told(tavaux)[0].startswith("Accordé d’office à Foucherans : « 20 chaises »")
    assert told(foucherans)[0].startswith("Tavaux vous prête « 20 chaises »")
    assert not Courriel.objects.exists()
    assert ask(lot, foucherans, quantite=21).statut == StatutPret.DEMANDE


def test_a_direct_agreement_passes_before_nobody(tavaux, foucherans):
    thing = make_materiel("Sono", collectivite=tavaux)
    ask(thing, commune("Champvans"))
    thing.accord_direct = 1
    thing.save()
    assert ask(thing, foucherans).statut == StatutPret.DEMANDE


def test_the_driver_holds_the_titles_until_the_last_day(tavaux, foucherans):
    kind = TypeHabilitation.objects.create(code="caces-x", libelle="CACES R482 A")
    thing = make_materiel("Mini-pelle", collectivite=tavaux, conducteur=Conducteur.POSSIBLE)
    thing.habilitations.add(kind)
    driver = keeper(foucherans)
    with pytest.raises(PretRefuse, match="CACES R482"):
        ask(thing, foucherans, options=Options(conducteur=driver))
    title = Habilitation.objects.create(
        agent=driver, type=kind, obtenue_le=monday() - timedelta(days=900), valable_jusqu_au=monday()
    )
    with pytest.raises(PretRefuse, match="n’a pas, jusqu’au"):
        ask(thing, foucherans, options=Options(conducteur=driver))
    title.valable_jusqu_au = monday() + timedelta(days=1)
    title.save()
    assert ask(thing, foucherans, options=Options(conducteur=driver)).conducteur == driver


def test_the_thing_decides_of_driver_and_transport(tavaux, foucherans):
    thing = make_materiel(
        collectivite=tavaux, conducteur=Conducteur.OBLIGATOIRE, transport=Transport.LIVRE, accord_direct=1
    )
    pret = ask(thing, foucherans, options=Options(conducteur=keeper(foucherans)))
    assert (pret.avec_conducteur, pret.conducteur, pret.transport) == (True, None, Transport.LIVRAISON)
    assert pret.statut == StatutPret.DEMANDE  # a driver is somebody's time: never granted by itself


def test_where_nobody_manages_the_responsables_are_told(distribution, foucherans):
    thing = make_materiel(collectivite=distribution.epci)
    ask(thing, foucherans)
    assert Notification.objects.get(sorte="pret_a_repondre").destinataire == distribution.responsable


def test_numbers_are_locked(tavaux, foucherans):
    if connection.vendor == "postgresql":
        assert "FOR UPDATE" in str(demandes.Numerotation.objects.select_for_update().query)
