"""The end of a session: what each one attended, attested, entitled; and told."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from collectivites.cles import CHAMP
from collectivites.models import Habilitation, TypeHabilitation
from extranet.lib.mois import add_months
from formations.enums import Nature, StatutInscription, StatutSession
from formations.inscrire.regles import obstacles
from formations.models import Attestation, BesoinParticulier, RappelTitre
from formations.places.titres import is_renewable
from formations.refus import InscriptionRefusee, SessionChangee
from formations.seances import attestations, cloture
from formations.seances.habilitations import deliver
from notifications.models import Notification
from tests.collectivites.factories import CollectiviteFactory
from tests.formations.factories import book, fresh, make_formation, make_session, monday, reread, worker
from tests.formations.formulaires import hidden
from tests.formations.seances import ABSENT, EXCUSE, attend, finish, half_days, held, there
from tests.ressources.formulaires import key_for
from tests.sessions import open_session

pytestmark = pytest.mark.django_db
S = StatutInscription


@pytest.fixture
def sst() -> TypeHabilitation:
    return TypeHabilitation.objects.get(code="sst")


def test_each_one_is_concluded_by_their_hours(boss):
    session, (whole, part, late, excused, absent) = held(5)
    said = {
        whole: [there(), there()],
        part: [there(), ABSENT],
        late: [there(90), there()],
        excused: [EXCUSE, ABSENT],
        absent: [ABSENT, ABSENT],
    }
    bilan = finish(session, boss, said)
    states = [(reread(one).statut, reread(one).minutes) for one in said]
    assert states == [(S.PRESENTE, 360), (S.PARTIELLE, 180), (S.PARTIELLE, 270), (S.EXCUSEE, 0), (S.ABSENTE, 0)]
    assert {one.inscription for one in bilan.attestations} == {whole, part, late}
    assert {one.minutes for one in bilan.attestations} == {360, 180, 270}
    assert sorted(one.numero for one in bilan.attestations) == [f"{session.numero}-0{n}" for n in (1, 2, 3)]
    session = fresh(session)
    assert (session.statut, session.occupees) == (StatutSession.CLOSE, 5)
    titles = {one.inscription: attestations.title_of(one) for one in attestations.visible_to(boss)}
    assert titles[whole] == "Certificat de formation"
    assert titles[part] == "Attestation de formation"


def test_it_closes_once_all_half_days_are(boss):
    session, seats = held()
    attend(session, boss, {one: [there(), there()] for one in seats}, close=False)
    end = half_days(session)[-1].fin
    with pytest.raises(InscriptionRefusee, match="Il reste à clore"):
        cloture.clore(session.pk, boss, now=end)
    assert not Attestation.objects.exists()
    for creneau in half_days(session):
        type(creneau).objects.filter(pk=creneau.pk).update(clos_le=end)
    with pytest.raises(InscriptionRefusee, match="se termine à partir"):
        cloture.clore(session.pk, boss, now=half_days(session)[0].debut)
    cloture.clore(session.pk, boss, now=end)
    with pytest.raises(SessionChangee, match="ne se clôt plus"):
        cloture.clore(session.pk, boss, now=end)
    assert Attestation.objects.count() == 2


def test_who_waited_waits_no_more_and_needs_are_erased(boss):
    session, (one,) = held(1, capacite=1)
    waiting = book(session, worker())
    BesoinParticulier.objects.create(inscription=one, chiffre="…")
    finish(session, boss, {one: [there(), there()]})
    assert reread(waiting).statut == S.EXPIREE
    assert not BesoinParticulier.objects.exists()


def test_the_title_is_counted_from_the_last_day(boss, sst):
    session, (whole, part, failed) = held(3, formation=make_formation("SST", titre_delivre=sst))
    said = {whole: [there(), there()], part: [there(), ABSENT], failed: [there(), there()]}
    finish(session, boss, said, sans_titre={failed.pk})
    title = Habilitation.objects.get()
    day = fresh(session).date_fin
    assert (title.agent, title.obtenue_le, title.valable_jusqu_au) == (whole.agent, day, add_months(day, 24))
    assert Attestation.objects.get(inscription=whole).habilitation == title
    assert "titre non délivré" in Attestation.objects.get(inscription=failed).resultat.replace("\xa0", " ")
    assert "sans titre" in Attestation.objects.get(inscription=part).resultat


def test_a_recyclage_prolongs_and_its_reminders_begin_anew(sst):
    agent, day = worker(), date(2026, 11, 20)
    held_ = Habilitation.objects.create(
        agent=agent, type=sst, obtenue_le=date(2024, 12, 1), valable_jusqu_au=date(2026, 12, 1)
    )
    RappelTitre.objects.create(habilitation=held_, palier=1)
    assert deliver(agent, sst, day, Nature.RECYCLAGE) == held_
    held_.refresh_from_db()
    assert (held_.obtenue_le, held_.valable_jusqu_au) == (date(2024, 12, 1), date(2028, 11, 20))
    assert not RappelTitre.objects.exists()
    again = deliver(agent, sst, date(2031, 1, 1), Nature.RECYCLAGE)
    assert (again.pk != held_.pk, again.obtenue_le) == (True, date(2031, 1, 1))
    assert deliver(agent, sst, date(2031, 1, 1), Nature.RECYCLAGE) == again


def test_a_title_without_end_stays_without_end():
    kind, agent = TypeHabilitation.objects.get(code="psc"), worker()
    assert deliver(agent, kind, date(2026, 1, 5), Nature.INITIALE).valable_jusqu_au is None


@pytest.mark.parametrize(
    ("end", "fit"),
    [("2027-01-01", True), ("2026-11-20", True), ("2026-05-20", True), ("2026-05-19", False), (None, True)],
)
def test_after_its_end_a_title_may_be_prolonged_within_its_tolerance(sst, end, fit):
    assert sst.tolerance_mois == 6
    one = Habilitation(type=sst, obtenue_le=date(2024, 1, 1), valable_jusqu_au=date.fromisoformat(end) if end else None)
    assert is_renewable(sst, one, date(2026, 11, 20)) is fit


def test_a_recyclage_is_booked_with_the_title_only(sst):
    session = make_session(make_formation("MAC SST", titre_delivre=sst, nature=Nature.RECYCLAGE, publics=()))
    with_it, too_late, never = worker(), worker(), worker()
    day = monday()
    for agent, end in ((with_it, day - timedelta(days=60)), (too_late, add_months(day, -7))):
        Habilitation.objects.create(agent=agent, type=sst, obtenue_le=date(2020, 1, 1), valable_jusqu_au=end)
    found = obstacles(session, [with_it, too_late, never], None)
    assert {pk: [why.code for why in reasons] for pk, reasons in found.items()} == {
        too_late.pk: ["renewal"],
        never.pk: ["renewal"],
    }
    first = make_session(make_formation("SST", titre_delivre=sst))
    assert obstacles(first, [never], None) == {}


def test_each_person_and_each_mairie_are_told_once(boss, distribution):
    session = make_session()
    place = distribution.a
    one = book(session, worker(place))
    other = book(session, worker(place))
    elsewhere = book(session, worker(CollectiviteFactory()))
    away = book(session, worker(place))
    said = {one: [there(), there()], other: [there(), there()], elsewhere: [there(), ABSENT], away: [ABSENT, ABSENT]}
    finish(session, boss, said)
    told = Notification.objects.filter(sorte="formation_attestation")
    assert {line.destinataire for line in told} == {one.agent, other.agent, elsewhere.agent}
    asked = Notification.objects.filter(sorte="formation_evaluation")
    assert {line.destinataire for line in asked} == {one.agent, other.agent, elsewhere.agent}
    mairie = Notification.objects.get(sorte="formation_attestations_recues", destinataire=distribution.gestionnaire_a)
    assert mairie.titre.startswith("Deux attestations")
    assert one.agent.nom_complet in mairie.texte
    assert away.agent.nom_complet not in mairie.texte
    assert not session.mouvements.filter(acte__in=["conclue", "attestee", "session_close"], annonce_le=None).exists()


def test_the_page_ends_the_session(boss, sst):
    session, (one, other) = held(formation=make_formation("SST", titre_delivre=sst))
    attend(session, boss, {one: [there(), there()], other: [there(), there()]})
    past = monday(-1)
    for rank, creneau in enumerate(half_days(session)):
        type(creneau).objects.filter(pk=creneau.pk).update(demi_journee=2 * past.toordinal() + rank)
    type(session).objects.filter(pk=session.pk).update(date_debut=past, date_fin=past)
    client, address = open_session(boss), reverse("formations:session_clore", args=[session.numero])
    assert "Titre obtenu" in client.get(address).content.decode()
    sent = {CHAMP: key_for(boss), "titre": [str(one.pk)], **hidden(client.get(address))}
    assert client.post(address, sent).status_code == 302
    assert Habilitation.objects.get().agent == one.agent
    page = client.get(reverse("formations:session_presences", args=[session.numero])).content.decode()
    assert "La session est terminée" in page


def test_an_attestation_is_read_by_its_person_their_mairie_and_the_responsables(boss, distribution):
    session = make_session()
    one = book(session, distribution.agent_a, distribution.a)
    numero = finish(session, boss, {one: [there(), there()]}).attestations[0].numero
    for name in ("attestation_detail", "attestation_pdf"):
        address = reverse(f"formations:{name}", args=[numero])
        for agent, status in (
            (distribution.agent_a, 200),
            (distribution.gestionnaire_a, 200),
            (boss, 200),
            (distribution.secretaire_b, 404),
            (distribution.partage_ab, 404),
        ):
            assert open_session(agent).get(address).status_code == status, (name, agent)
