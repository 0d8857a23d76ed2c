"""Two cards, or two communes, become one: nobody twice in a session, nor in two places, and no seat lost."""

import json
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from collectivites.communes_nouvelles import merge_places, unmerge_places
from collectivites.effacement import NOM, erase
from collectivites.enums import Domaine
from collectivites.fusion import merge_agents, unmerge_agents
from collectivites.models import Agent, Habilitation, TypeHabilitation
from extranet.lib.demi_journees import Moment
from formations import menage, personnes
from formations.apports import donnees_personnelles, traitements
from formations.enums import StatutInscription, Visa
from formations.inscrire import besoins
from formations.models import (
    Attestation,
    BesoinFormation,
    BesoinParticulier,
    Campagne,
    DemiJourneePrise,
    FeuilleSignee,
    FormationPage,
    Inscription,
    Interet,
    LienAgenda,
    Mouvement,
    RappelTitre,
    RegleVisa,
    SessionCommune,
    Souhait,
)
from formations.places.reunion import REUNIES
from tests.collectivites.factories import AgentFactory, PosteFactory
from tests.distribution import Distribution
from tests.formations.factories import book, day, fresh, make_formation, make_session, monday, reread, worker

pytestmark = pytest.mark.django_db


def counted(session) -> None:
    """What the triggers count is what is there."""
    placed = Inscription.objects.placed().filter(session=session)
    assert fresh(session).occupees == placed.count()
    for row in SessionCommune.objects.filter(session=session):
        assert row.occupees == placed.filter(collectivite=row.collectivite_id).count()
    taken = DemiJourneePrise.objects.filter(inscription__session=session)
    assert taken.count() == placed.count() * session.creneaux.count()
    assert all(one.agent_id == one.inscription.agent_id for one in taken.select_related("inscription"))


def join(cast: Distribution, garde: Agent, retire: Agent) -> list[dict]:
    return merge_agents(garde, retire, cast.administrateur, garde.email)


def test_of_two_seats_the_one_worth_most_stays(distribution: Distribution, django_capture_on_commit_callbacks):
    cast = distribution
    session = make_session(capacite=2)
    garde, retire, third = worker(cast.a), worker(cast.b), worker(cast.b)
    held = book(session, garde, cast.a, Visa.ATTENDU)
    seat = book(session, retire, cast.b)
    waits = book(session, third, cast.b)
    with django_capture_on_commit_callbacks(execute=True):
        changes = join(cast, garde, retire)
    lost, kept = reread(held), reread(seat)
    assert (lost.statut, lost.motif) == (StatutInscription.DESISTEE, REUNIES)
    assert (kept.statut, kept.agent) == (StatutInscription.CONFIRMEE, garde)
    assert reread(waits).statut == StatutInscription.CONFIRMEE
    assert Mouvement.objects.filter(inscription=lost, annonce_le=None, acte="desistee").count() == 0
    counted(session)
    # Parted: the seat given since stays given, the other card has its own again.
    assert unmerge_agents(garde, retire, cast.administrateur, changes).laissees == 1
    assert reread(seat).agent == retire
    assert reread(held).statut == StatutInscription.DESISTEE
    counted(session)


def test_a_rank_gives_way_to_a_seat_and_comes_back(distribution: Distribution):
    cast = distribution
    session = make_session(capacite=1)
    garde, retire = worker(cast.a), worker(cast.b)
    seat, rank = book(session, retire, cast.b), book(session, garde, cast.a)
    changes = join(cast, garde, retire)
    assert [reread(seat).agent, reread(rank).statut] == [garde, StatutInscription.DESISTEE]
    counted(session)
    assert unmerge_agents(garde, retire, cast.administrateur, changes).laissees == 0
    assert [reread(seat).agent, reread(rank).statut, reread(rank).agent] == [retire, StatutInscription.ATTENTE, garde]
    counted(session)


def test_nobody_is_left_in_two_places(distribution: Distribution):
    cast, on = distribution, monday()
    first = make_session(horaires=day(on, Moment.MATIN))
    second = make_session(make_formation("Élagage"), horaires=day(on))
    garde, retire = worker(cast.a), worker(cast.b)
    later, sooner = book(second, garde, cast.a), book(first, retire, cast.b)
    Inscription.objects.filter(pk=sooner.pk).update(created_at=timezone.now() - timedelta(days=2))
    join(cast, garde, retire)
    assert reread(sooner).agent == garde
    assert reread(later).statut == StatutInscription.DESISTEE
    counted(first)
    counted(second)


def test_what_both_said_is_said_once(distribution: Distribution):
    cast, garde, retire = distribution, worker(), worker()
    wish = Souhait.objects.create(intitule="Excel", auteur=retire, collectivite=cast.a)
    Interet.objects.create(souhait=wish, agent=garde, collectivite=cast.a)
    early = timezone.now() - timedelta(days=9)
    Interet.objects.create(souhait=wish, agent=retire, collectivite=cast.b, created_at=early)
    campaign = Campagne.objects.create(titre="2027", annee=2027, repondre_avant=monday())
    need = BesoinFormation.objects.create(
        campagne=campaign, collectivite=cast.a, intitule="SST", effectif=2, auteur=retire
    )
    need.agents.set([garde, retire])
    RegleVisa.objects.create(collectivite=cast.a, viseur=garde, suppleant=retire)
    for who in (garde, retire):
        LienAgenda.objects.create(agent=who, empreinte=f"{who.pk:064}")
    changes = join(cast, garde, retire)
    assert [(one.agent, one.created_at) for one in wish.interets.all()] == [(garde, early)]
    assert list(need.agents.all()) == [garde]
    assert RegleVisa.objects.get().suppleant is None
    assert LienAgenda.objects.filter(revoque_le=None).get().agent == garde
    assert unmerge_agents(garde, retire, cast.administrateur, changes).laissees == 0
    assert wish.interets.count() == need.agents.count() == 2


def test_a_title_that_both_had_keeps_its_attestation(distribution: Distribution):
    cast, garde, retire = distribution, worker(), worker()
    kind, on = TypeHabilitation.objects.first(), timezone.localdate()
    for who in (garde, retire):
        one = Habilitation.objects.create(agent=who, type=kind, obtenue_le=on)
    RappelTitre.objects.create(habilitation=one, palier=6)
    seat = book(make_session(), retire)
    paper = Attestation.objects.create(inscription=seat, numero="A-1", minutes=420, habilitation=one)
    changes = join(cast, garde, retire)
    paper.refresh_from_db()
    assert (paper.habilitation, garde.habilitations.count()) == (None, 1)
    assert unmerge_agents(garde, retire, cast.administrateur, changes).laissees == 0
    paper.refresh_from_db()
    assert paper.habilitation == retire.habilitations.get() == RappelTitre.objects.get().habilitation


def test_a_commune_that_is_taken_in_loses_no_seat(distribution: Distribution):
    cast = distribution
    session = make_session(quota_commune=2)
    ours = [book(session, worker(cast.a), cast.a) for _ in range(2)]
    theirs = [book(session, worker(cast.b), cast.b) for _ in range(2)]
    changes = merge_places(cast.a, cast.b, cast.administrateur)
    assert {reread(one).collectivite for one in ours + theirs} == {cast.a}
    row = SessionCommune.objects.get(session=session, collectivite=cast.a)
    assert (row.occupees, row.quota) == (4, 4)
    counted(session)
    assert unmerge_places(cast.a, cast.b, cast.administrateur, changes).laissees == 0
    assert {reread(one).collectivite for one in theirs} == {cast.b}
    counted(session)


def test_who_is_erased_leaves_no_name_and_gives_back_the_seat(
    distribution: Distribution, django_capture_on_commit_callbacks
):
    cast = distribution
    gone = AgentFactory(prenom="Zéphyrine", nom="Quillfeldt", slug="zq", email="zq@essai.example")
    PosteFactory(agent=gone, collectivite=cast.a, date_fin=timezone.localdate() - timedelta(days=1))
    page = make_formation("Écouter", accroche=f"Animée par {gone}", contact=gone)
    page.save_revision().publish()
    session = make_session(page, capacite=1, formateur=str(gone), contact=gone)
    seat, waits = book(session, gone, cast.a), book(session, worker(cast.b), cast.b)
    BesoinParticulier.objects.create(inscription=seat, chiffre="x")
    Souhait.objects.create(intitule=f"Comme {gone}", auteur=gone, collectivite=cast.a)
    Interet.objects.create(souhait=Souhait.objects.get(), agent=gone, collectivite=cast.a)
    LienAgenda.objects.create(agent=gone, empreinte="1" * 64)
    held = json.dumps(donnees_personnelles(gone))
    assert session.numero in held
    assert "1111" not in held
    with django_capture_on_commit_callbacks(execute=True):
        erase(gone, cast.administrateur)
    assert reread(seat).statut == StatutInscription.DESISTEE
    assert reread(waits).statut == StatutInscription.CONFIRMEE
    assert not BesoinParticulier.objects.exists()
    assert not LienAgenda.objects.exists()
    assert not Interet.objects.exists()
    again = fresh(session)
    assert (again.formateur, again.contact) == (NOM, None)
    page = FormationPage.objects.get(pk=page.pk)
    assert (page.accroche, page.contact) == (f"Animée par {NOM}", None)
    assert "Quillfeldt" not in json.dumps(page.latest_revision.content, ensure_ascii=False)
    assert Souhait.objects.get().intitule == f"Comme {NOM}"


def test_a_person_reads_the_words_of_their_own_need(distribution: Distribution):
    seat = book(make_session(), distribution.agent_a, distribution.a)
    besoins.write(seat, "Boucle magnétique")
    (need,) = donnees_personnelles(distribution.agent_a)["besoins_particuliers"]
    assert (need["besoin"], need["session"]) == ("Boucle magnétique", seat.session.numero)
    json.dumps(need)


def test_nothing_is_kept_longer_than_it_must_be(distribution: Distribution):
    session = make_session()
    seat, other = book(session, worker()), book(session, worker())
    for one in (seat, other):
        BesoinParticulier.objects.create(inscription=one, chiffre="x")
    Inscription.objects.filter(pk=other.pk).update(statut=StatutInscription.DESISTEE, motif="Malade")
    sheet = FeuilleSignee.objects.create(
        creneau=session.creneaux.first(),
        file=ContentFile(b"%PDF", "f.pdf"),
        nom="f.pdf",
        sha256="0" * 64,
        deposee_par=distribution.responsable,
    )
    assert menage.forget_due() == 1
    assert BesoinParticulier.objects.get().inscription == seat
    assert menage.forget_due(session.date_fin + timedelta(days=1)) == 1
    assert not BesoinParticulier.objects.exists()
    assert menage.forget_due(session.date_fin.replace(year=session.date_fin.year + 5)) == 0
    assert menage.forget_due(session.date_fin.replace(year=session.date_fin.year + 5) + timedelta(days=1)) == 1
    assert not FeuilleSignee.objects.filter(pk=sheet.pk).exists()


def test_every_model_with_free_words_is_known(distribution: Distribution):
    """A field of words added one day must be decided: blanked, or a proof."""
    assert {one.code for one in traitements()} == {"formations", "besoins_particuliers", "plan_de_formation"}
    assert Domaine.FORMATIONS.label
    assert {field for fields in personnes.TEXTES.values() for field in fields} >= {"motif", "formateur", "mot", "note"}
