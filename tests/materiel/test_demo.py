"""The lending of the demo: every state is there, nothing is promised twice, the same date gives the same rows."""

from collections import Counter, defaultdict
from datetime import timedelta

import pytest
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from collectivites.demo.execution import make_demo
from collectivites.demo.monde import Monde
from collectivites.models import EntreeJournal
from materiel.constats.valeurs import value_of
from materiel.enums import Cote, Nature, StatutBesoin, StatutPret, TypeConvention
from materiel.models import (
    Besoin,
    Constat,
    Convention,
    Engagement,
    Materiel,
    Message,
    Numerotation,
    Pret,
    Proposition,
)
from materiel.registre.verification import differences
from materiel.suivi.boite import late_at, papers_of, requests_of, today_at
from materiel.suivi.page_pret import to_answer
from tests.sessions import open_session

pytestmark = [pytest.mark.django_db, pytest.mark.lent]


def test_the_lending_of_the_demo() -> None:
    """One demo, looked at from every side."""
    monde = make_demo(timezone.localdate())
    for check in (every_state, one_truth, nothing_twice, the_inbox, the_loan_to_sign, a_year, the_needs, seen):
        check(monde)


def every_state(monde: Monde) -> None:
    assert Materiel.objects.lendable().count() >= 40
    assert Materiel.objects.values("collectivite").distinct().count() >= 14
    assert set(Pret.objects.values_list("statut", flat=True)) == set(StatutPret)
    assert Pret.objects.late().count() == 1
    held = set(Engagement.objects.held().values_list("nature", flat=True))
    assert held == set(Nature)
    assert Proposition.objects.filter(statut="attente").count() == 1
    assert not Pret.objects.filter(Q(created_at__gt=timezone.now()) | Q(remis_le__gt=timezone.now())).exists()


def one_truth(monde: Monde) -> None:
    assert differences() == []


def nothing_twice(monde: Monde) -> None:
    """Day by day, past ones too, by what the loans say alone."""
    taken: dict[tuple[int, int], int] = defaultdict(int)
    lent = [StatutPret.ACCEPTE, StatutPret.REMIS, StatutPret.RESTITUE, StatutPret.CLOS]
    for pret in Pret.objects.filter(statut__in=lent):
        for creneau in range(pret.debut.index, pret.fin.index + 1):
            taken[pret.materiel_id, creneau] += pret.quantite
    stocks = dict(Materiel.objects.values_list("pk", "stock"))
    assert [key for key, units in taken.items() if units > stocks[key[0]]] == []


def the_inbox(monde: Monde) -> None:
    """What the secretary of Foucherans finds."""
    place, odile = monde.collectivite("foucherans"), monde.agent("odile-vuillermet")
    asked = {one.pret.emprunteur.slug: one for one in requests_of(place)}
    assert list(asked) == ["champvans", "choisey", "jouhe", "rainans"]
    for slug in ("champvans", "rainans"):
        assert asked[slug].reponse.libre >= asked[slug].pret.quantite
    assert asked["choisey"].reponse.en_partie == 28
    assert asked["jouhe"].reponse.avant == "Champvans"
    for one in asked.values():
        assert to_answer(one.pret).libre == one.reponse.libre
    passages = {(one.avec.slug, one.remise) for one in today_at(place)}
    assert passages == {("gevry", True), ("sampans", False)}
    (late,) = late_at(place, odile)
    assert late.pret.emprunteur.slug == "villette-les-dole"
    assert late.suivant.emprunteur.slug == "authume"
    assert late.proches
    assert [paper.reste for paper in papers_of(place)] == [7, 25]


def the_loan_to_sign(monde: Monde) -> None:
    pret = Pret.objects.get(emprunteur=monde.collectivite("foucherans"), usage="Foire du village")
    convention = pret.conventions.get()
    assert convention.signee_le is None
    assert [one.cote for one in convention.signatures.all()] == [Cote.PRETEUR]
    assert monde.agent("odile-vuillermet").postes_en_cours[0].is_signataire
    assert pret.messages.count() == 2


def a_year(monde: Monde) -> None:
    closed = Pret.objects.filter(statut=StatutPret.CLOS)
    assert closed.count() >= 120
    assert all(value_of(pret).montant == pret.valeur for pret in closed.select_related("materiel"))
    assert closed.filter(valeur__gt=0).count() == closed.count()
    assert closed.values("preteur").distinct().count() >= 12
    assert Constat.objects.filter(pret__in=closed).count() == 2 * closed.count()
    frames = Convention.objects.filter(type=TypeConvention.CADRE)
    assert frames.filter(
        signee_le__isnull=False, resiliee_le=None, valable_du__lte=monde.date, valable_au__gte=monde.date
    ).exists()
    for convention in Convention.objects.all():
        with convention.file.open("rb") as pdf:
            assert pdf.read(5) == b"%PDF-"
        assert bool(convention.signe) == (convention.signee_le is not None)
    years = Counter(pret.numero.partition("-")[0] for pret in Pret.objects.all())
    assert years == {str(one.annee): one.dernier for one in Numerotation.objects.all()}
    lines = EntreeJournal.objects.filter(objet="materiel.pret", acte="pret.clos")
    assert lines.count() == closed.count()
    assert min(line.created_at for line in lines) < timezone.now() - timedelta(days=200)


def the_needs(monde: Monde) -> None:
    assert Besoin.objects.count() == 6
    assert set(Besoin.objects.values_list("statut", flat=True)) == set(StatutBesoin)


def seen(monde: Monde) -> None:
    """The pages of the secretary stand."""
    client = open_session(monde.agent("odile-vuillermet"))
    pret = Pret.objects.get(emprunteur=monde.collectivite("foucherans"), usage="Foire du village")
    for address in ("/", "/materiel/", "/materiel/demandes/", "/materiel/prets/", pret.get_absolute_url()):
        assert client.get(address).status_code == 200, address


def rows_of_a_demo(monde_date: object) -> dict[str, list]:
    with transaction.atomic():
        make_demo(monde_date)
        prets = Pret.objects.order_by("numero").values_list(
            "numero",
            "materiel__page__slug",
            "emprunteur__slug",
            "statut",
            "quantite",
            "date_debut",
            "date_fin",
            "valeur",
        )
        found = {
            "prets": list(prets),
            "messages": list(Message.objects.order_by("pk").values_list("pret__numero", "texte")),
            "conventions": sorted(Convention.objects.values_list("numero", "valable_du", "valable_au")),
        }
        transaction.set_rollback(True)
    return found


def test_the_same_date_gives_the_same_loans() -> None:
    today = timezone.localdate()
    assert rows_of_a_demo(today) == rows_of_a_demo(today)


@pytest.mark.parametrize("jours", [-40, 5, 30])
def test_another_date_keeps_the_ledger_right(jours: int) -> None:
    """The ledger is of now, whatever the day that the demo is about."""
    make_demo(timezone.localdate() + timedelta(days=jours))
    assert [one for one in differences() if "délai de réponse" not in str(one)] == []
