"""`verifier_inscriptions` says nothing of what the acts have written, and sees each fault that is made by hand."""

import contextlib
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from formations.declencheurs import DECLENCHEURS
from formations.enums import Acte, StatutInscription, Visa
from formations.models import DemiJourneePrise, Inscription, Mouvement, SessionCommune, SessionFormation
from formations.places import annulation, dates, remplacement, retraits, sessions, visas
from formations.places.verification import Ecart, check
from tests.collectivites.factories import CollectiviteFactory
from tests.formations.factories import book, day, make_formation, make_session, monday, reread, worker

pytestmark = pytest.mark.django_db
S = StatutInscription


@contextlib.contextmanager
def bare() -> Iterator[None]:
    """Without the triggers, as a database that was damaged."""
    for one in DECLENCHEURS:
        one.drop(connection)
    yield
    for one in DECLENCHEURS:
        one.create(connection)


def faults() -> set[str]:
    return {one.invariant for one in check().ecarts}


@pytest.fixture
def session() -> SessionFormation:
    """Two seats of three communes, one a commune, two ranks."""
    session = make_session(capacite=2, quota_commune=1)
    place = CollectiviteFactory()
    for one in (worker(place), worker(), worker(place), worker()):
        book(session, one)
    return session


def test_what_the_acts_write_is_whole(session: SessionFormation) -> None:
    boss = worker()
    first, second, third, _ = session.inscriptions.order_by("pk")
    retraits.desister(second, None, "Malade")
    remplacement.remplacer(reread(first), worker(first.collectivite), boss, Visa.ATTENDU)
    sessions.modifier(session.pk, None, capacite=3, quota_commune=None)
    assert reread(third).statut == S.CONFIRMEE
    visas.refuser(list(Inscription.objects.awaiting_visa()), boss, "Non")
    dates.fixer(session.pk, day(monday(7)), None)
    gathered = make_session(datee=False)
    book(gathered, worker())
    dates.fixer(gathered.pk, day(monday(7)), None)
    annulation.annuler(gathered.pk, boss, "Formateur absent")
    assert check().ecarts == []


@pytest.mark.parametrize(
    ("fault", "invariant"),
    [
        (lambda s: SessionFormation.objects.filter(pk=s.pk).update(occupees=1), "I1"),
        (lambda s: SessionCommune.objects.filter(session=s, occupees=1).update(occupees=0), "I2"),
        (lambda s: SessionCommune.objects.filter(session=s).update(quota=None), "I2"),
        (lambda s: DemiJourneePrise.objects.all().delete(), "I4"),
        (
            lambda s: DemiJourneePrise.objects.create(
                agent=worker(), demi_journee=1, inscription=s.inscriptions.first()
            ),
            "I4",
        ),
        (lambda s: SessionFormation.objects.filter(pk=s.pk).update(dernier_rang=1), "I5"),
        (lambda s: SessionFormation.objects.filter(pk=s.pk).update(capacite=3), "I6"),
        (
            lambda s: SessionFormation.objects.filter(pk=s.pk).update(
                quota_leve_le=timezone.now() - timedelta(hours=2)
            ),
            "I6",
        ),
        (lambda s: s.inscriptions.filter(rang=2).update(statut=S.EXPIREE), "I7"),
        (lambda s: Mouvement.objects.filter(inscription__rang=2).delete(), "I7"),
        (lambda s: SessionFormation.objects.filter(pk=s.pk).update(date_fin=monday(9)), "I7"),
        (lambda s: SessionFormation.objects.filter(pk=s.pk).update(statut="maintenue"), "I7"),
    ],
)
def test_each_fault_is_seen(session: SessionFormation, fault, invariant: str) -> None:
    with bare():
        fault(session)
        assert faults() == {invariant}


def test_one_seat_too_many_is_seen_whatever_the_counter_says() -> None:
    session = make_session(capacite=2)
    book(session, worker()), book(session, worker())
    with bare():
        SessionFormation.objects.filter(pk=session.pk).update(capacite=1, occupees=1)
        assert "2 places données, elle en a 1" in str(check().ecarts[0])


def test_a_person_in_two_places_is_seen() -> None:
    agent = worker()
    book(make_session(), agent)
    other = book(make_session(make_formation("Ailleurs"), on=monday(8)), agent)
    with bare():
        other.session.creneaux.all().delete()
        for creneau in Inscription.objects.order_by("pk")[0].session.creneaux.all():
            creneau.pk, creneau.session = None, other.session
            creneau.save()
        assert "I4" in faults()


def test_who_passes_before_their_turn_is_seen(session: SessionFormation) -> None:
    """Rank 2 could have passed; rank 1 was at its quota. Promoting a third one, of rank 3, is not its turn."""
    late = book(session, worker())
    with bare():
        seat = session.inscriptions.filter(statut=S.CONFIRMEE).last()
        seat.statut = S.DESISTEE
        Inscription.objects.filter(pk=seat.pk).update(statut=S.DESISTEE, motif="x")
        Mouvement.objects.create(
            session=session, inscription=seat, acte=Acte.DESISTEE, de=S.CONFIRMEE, vers=S.DESISTEE, motif="x"
        )
        Inscription.objects.filter(pk=late.pk).update(statut=S.CONFIRMEE)
        Mouvement.objects.create(
            session=session, inscription=late, acte=Acte.PROMUE, de=S.ATTENTE, vers=S.CONFIRMEE, donnees={"rang": 3}
        )
        told = [one.phrase for one in check().ecarts if one.invariant == "I5"]
    assert told == ["le rang 3 est passé avant le rang 2."]


def test_the_command_tells_and_leaves_with_two(session: SessionFormation) -> None:
    out = StringIO()
    call_command("verifier_inscriptions", stdout=out)
    assert "Tout est tenu." in out.getvalue()
    with bare():
        SessionFormation.objects.filter(pk=session.pk).update(capacite=5)
        out = StringIO()
        with pytest.raises(SystemExit) as left:
            call_command("verifier_inscriptions", stdout=out)
    assert left.value.code == 2
    assert "I6  pas de place libre quand quelqu’un peut la prendre  1 écart(s)" in out.getvalue()
    assert f"{session.numero} : une place est libre et le rang 2 attend." in out.getvalue()


def test_a_fault_is_a_sentence() -> None:
    assert str(Ecart("I1", "2026-F-1", "trop.")) == "I1  2026-F-1 : trop."
