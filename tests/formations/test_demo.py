"""The training of the demo: what its pages tell is there, no guard is broken, the same date gives the same rows."""

from collections import Counter
from datetime import timedelta

import pytest
from django.db import transaction
from django.db.models import Count, F, Q
from django.utils import timezone

from collectivites.demo import execution
from collectivites.demo.execution import make_demo
from collectivites.demo.monde import Monde
from formations.demo.chargement import load
from formations.demo.grande import widen
from formations.enums import ATTENDUES, PLACEES, StatutInscription, StatutSession, Visa
from formations.inscrire.regles import obstacles
from formations.models import (
    Attestation,
    DemiJourneePrise,
    Emargement,
    FormationPage,
    Inscription,
    Mouvement,
    Numerotation,
    SessionFormation,
)
from formations.places.lecture import is_threatened
from tests.sessions import open_session

pytestmark = [pytest.mark.django_db, pytest.mark.lent]


@pytest.fixture
def ground(monkeypatch: pytest.MonkeyPatch) -> None:
    """The territory and the training alone."""
    monkeypatch.setattr(execution, "contributions", lambda name: [load] if name == "demo" else ())


@pytest.mark.usefixtures("ground")
def test_the_training_of_the_demo() -> None:
    """One demo, looked at from every side."""
    monde = make_demo(timezone.localdate())
    for check in (the_design, hours, guards, everybody_fits, a_year, told_already, numbers, seen):
        check(monde)


def session_of(slug: str) -> SessionFormation:
    """The first to come of this training."""
    coming = SessionFormation.objects.filter(formation__slug=slug).proposed().dated().coming()
    return coming.order_by("date_debut").first()


def hours(monde: Monde) -> None:
    """The half-days of a session make the hours that its sheet announces."""
    for session in SessionFormation.objects.dated().select_related("formation").prefetch_related("creneaux"):
        held = sum(one.minutes for one in session.creneaux.all())
        assert held == session.formation.duree_heures * 60, session.formation.slug


def the_design(monde: Monde) -> None:
    """What the drawn pages say of the sessions to come."""
    expected = {
        "registre-deliberations": (12, 11),
        "gestes-postures": (14, 6),
        "actes-visio": (40, 19),
        "habilitation-electrique": (12, 8),
        "budget-cfu": (16, 15),
        "public-difficulte": (12, 12),
    }
    found = {slug: (one.capacite, one.occupees) for slug in expected for one in [session_of(slug)]}
    assert found == expected
    odile = Inscription.objects.get(agent=monde.agent("odile-vuillermet"), statut__in=ATTENDUES)
    assert odile.session == session_of("registre-deliberations")
    sandrine = Inscription.objects.get(agent=monde.agent("sandrine-clerc"), statut=StatutInscription.ATTENTE)
    ahead = Inscription.objects.waiting().filter(session=sandrine.session, rang__lt=sandrine.rang)
    assert (sandrine.session, ahead.count()) == (session_of("public-difficulte"), 1)
    statuts = set(SessionFormation.objects.values_list("statut", flat=True))
    assert statuts == set(StatutSession)
    assert is_threatened(session_of("signalisation"))
    assert SessionFormation.objects.proposed().undated().get().formation.slug == "caces-r482"
    full = SessionFormation.objects.get(formation__slug="habilitation-electrique", quota_commune=3, occupees=12)
    assert full.inscriptions.awaiting_visa().count() == 2
    assert full.communes.filter(occupees=3).count() == 2
    assert list(full.inscriptions.exclude(rang=None).order_by("rang").values_list("statut", flat=True)) == [
        *("attente", "attente", "desistee", "attente")
    ]


def guards(monde: Monde) -> None:
    """What the triggers counted is what the rows say; nobody in two places; nobody waits beside a free seat."""
    placed = Q(inscriptions__statut__in=PLACEES)
    assert not SessionFormation.objects.annotate(n=Count("inscriptions", filter=placed)).exclude(occupees=F("n"))
    taken = Counter(DemiJourneePrise.objects.values_list("agent", "demi_journee"))
    assert max(taken.values()) == 1
    for session in SessionFormation.objects.proposed().dated():
        assert session.is_full or not session.inscriptions.waiting().exists(), session
        ranks = session.inscriptions.exclude(rang=None).values_list("rang", flat=True)
        assert session.dernier_rang == max(ranks, default=0)
    assert not Inscription.objects.filter(statut=StatutInscription.TENUE).exclude(visa=Visa.ATTENDU).exists()


def everybody_fits(monde: Monde) -> None:
    """The rules of the training would have let them in."""
    for session in SessionFormation.objects.proposed().select_related("formation"):
        people = [one.agent for one in session.inscriptions.active().select_related("agent")]
        refused = {why.code for reasons in obstacles(session, people, None).values() for why in reasons}
        assert refused <= {"already"}, (session, refused)


def a_year(monde: Monde) -> None:
    closed = SessionFormation.objects.filter(statut=StatutSession.CLOSE)
    assert closed.count() >= 15
    assert not closed.filter(date_fin__gte=monde.date).exists()
    seats = Inscription.objects.filter(session__in=closed)
    assert set(seats.values_list("statut", flat=True)) == {"presente", "partielle", "excusee", "absente"}
    assert Attestation.objects.count() == seats.filter(minutes__gt=0).count()
    for one in seats:
        assert one.minutes == sum(Emargement.objects.filter(inscription=one).values_list("minutes", flat=True))
    assert not Mouvement.objects.filter(created_at__gt=timezone.now()).exists()


def told_already(monde: Monde) -> None:
    assert Mouvement.objects.exists()
    assert not Mouvement.objects.filter(annonce_le=None).exists()


def numbers(monde: Monde) -> None:
    years = Counter(numero.partition("-")[0] for numero in SessionFormation.objects.values_list("numero", flat=True))
    assert years == {str(one.annee): one.dernier for one in Numerotation.objects.all()}


def seen(monde: Monde) -> None:
    client = open_session(monde.agent("odile-vuillermet"))
    for address in ("/formations/", "/formations/?vue=toutes", "/formations/calendrier/"):
        assert client.get(address).status_code == 200, address
    assert "Vous êtes inscrit·e" in client.get("/formations/").content.decode()


def rows(day: object) -> dict[str, list]:
    with transaction.atomic():
        make_demo(day)
        found = {
            "sessions": list(
                SessionFormation.objects.order_by("numero").values_list(
                    "numero", "formation__slug", "statut", "date_debut", "capacite", "occupees", "dernier_rang"
                )
            ),
            "inscriptions": sorted(
                Inscription.objects.values_list("session__numero", "agent__slug", "statut", "visa", "minutes")
                .order_by()
                .values_list("session__numero", "agent__slug", "statut", "visa")
            ),
            "actes": sorted(Mouvement.objects.values_list("session__numero", "acte", "vers")),
        }
        transaction.set_rollback(True)
    return found


@pytest.mark.usefixtures("ground")
def test_the_same_date_gives_the_same_rows() -> None:
    today = timezone.localdate()
    assert rows(today) == rows(today)


@pytest.mark.usefixtures("ground")
@pytest.mark.parametrize("jours", [-40, 5, 30])
def test_another_date_breaks_no_guard(jours: int) -> None:
    monde = make_demo(timezone.localdate() + timedelta(days=jours))
    guards(monde)
    numbers(monde)


@pytest.mark.usefixtures("ground")
def test_the_large_one_takes_distinct_people() -> None:
    monde = make_demo(timezone.localdate())
    before = Inscription.objects.count()
    postes = [one for one in monde.postes.values() if one.ferme_le is None]
    made = widen(list(FormationPage.objects.all()), postes, monde.date, sessions=12)
    assert Inscription.objects.count() == before + made
    assert made == 12 * 40
    guards(monde)
    numbers(monde)
