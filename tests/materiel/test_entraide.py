"""The accounts of mutual help: exact, public by collectivité, and the detail for the two parties alone."""

from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO

import pytest
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from collectivites.models import Collectivite
from materiel import apports
from materiel.entraide import comptes
from materiel.enums import StatutMateriel, StatutPret
from materiel.models import Materiel, Pret
from tests.distribution import Distribution
from tests.materiel.factories import PretFactory, make_materiel
from tests.materiel.formulaires import text
from tests.materiel.prets import commune, keeper
from tests.sessions import open_session

pytestmark = pytest.mark.django_db

PAGE = "/materiel/entraide/"


def closed(materiel: Materiel, emprunteur: Collectivite, valeur: str, year: int = 2025, **fields: object) -> Pret:
    """Two days, closed in the middle of that year."""
    when = datetime(year, 6, 15, 10, tzinfo=UTC)
    fields = {"date_debut": date(year, 6, 1), "clos_le": when, "created_at": when, **fields}
    return PretFactory(
        materiel=materiel,
        emprunteur=emprunteur,
        statut=StatutPret.CLOS,
        valeur=Decimal(valeur),
        quantite_rendue=1,
        accepte_le=when,
        remis_le=when,
        restitue_le=when,
        **fields,
    )


@pytest.fixture
def tavaux() -> Collectivite:
    return commune("Tavaux")


@pytest.fixture
def foucherans() -> Collectivite:
    return commune("Foucherans")


@pytest.fixture
def year(tavaux: Collectivite, foucherans: Collectivite) -> int:
    """Tavaux lends twice to Foucherans and once to Gevry, and borrows once from Foucherans."""
    podium = make_materiel("Podium", collectivite=tavaux, categorie_code="fetes")
    closed(podium, foucherans, "120.10")
    closed(podium, foucherans, "0.20", date_fin=date(2025, 6, 1))
    closed(podium, commune("Gevry"), "30.05")
    closed(make_materiel("Nacelle", collectivite=foucherans), tavaux, "80.00")
    closed(podium, foucherans, "999.99", year=2024)
    return 2025


def test_who_exchanged_nothing_is_folded(tavaux, foucherans):
    page = text(open_session(keeper(tavaux)).get(PAGE))
    idle = comptes.apart(comptes.balances(timezone.localdate().year, tavaux))
    assert foucherans in idle
    assert tavaux not in idle
    assert f"{len(idle)} collectivité" in page
    assert "sans échange cette année" in page


def of(nom: str, soldes: list[comptes.Solde]) -> comptes.Solde:
    return next(one for one in soldes if one.collectivite.nom == nom)


def test_given_and_received_by_collectivite(year, tavaux):
    soldes = comptes.balances(year, tavaux)
    assert [one.collectivite.nom for one in soldes] == ["Tavaux", "Foucherans", "Gevry"]
    own = soldes[0]
    assert (own.donne.prets, own.donne.montant, own.donne.jours) == (3, Decimal("150.35"), 5)
    assert (own.recu.prets, own.recu.montant, own.recu.jours) == (1, Decimal("80.00"), 2)
    assert own.total == Decimal("70.35")
    assert of("Foucherans", soldes).total == Decimal("-40.30")
    assert sum(one.total for one in soldes) == 0


def test_sums_are_exact_to_the_cent(tavaux, foucherans):
    """Floats would give 0,1 + 0,2 = 0,30000000000000004, and lose a cent here and there over many."""
    podium = make_materiel("Podium", collectivite=tavaux)
    amounts = [Decimal(cents).scaleb(-2) for cents in (10, 20, 115, 3333333, 12345678, 99999999, 1, 57, 2907)]
    for amount in amounts:
        closed(podium, foucherans, str(amount))
    assert comptes.balances(2025, None)[1].donne.montant == sum(amounts)


def test_only_what_was_closed_in_the_year_counts(year, tavaux, foucherans):
    PretFactory(materiel=make_materiel(collectivite=tavaux), emprunteur=foucherans)
    assert sum(one.donne.prets for one in comptes.balances(2025, None)) == 4
    assert [one.donne.montant for one in comptes.balances(2024, tavaux)][0] == Decimal("999.99")
    assert comptes.balances(2023, tavaux)[0].total == 0
    assert comptes.balances(2023, None) == []


def test_the_night_of_saint_sylvestre_is_that_of_paris(tavaux, foucherans):
    late = datetime(2024, 12, 31, 23, 30, tzinfo=UTC)
    closed(make_materiel(collectivite=tavaux), foucherans, "10", clos_le=late)
    assert comptes.balances(2025, None) != []
    assert comptes.balances(2024, None) == []


def test_years_go_back_to_the_first_loan(year):
    assert comptes.years() == list(range(timezone.localdate().year, 2023, -1))


def test_without_a_loan_there_is_this_year(tavaux):
    assert comptes.years() == [timezone.localdate().year]
    assert "Aucun prêt de Tavaux" in text(open_session(keeper(tavaux)).get(PAGE))


def test_with_whom_from_the_loans_one_may_read(year, tavaux, foucherans):
    found = comptes.partners(year, tavaux, keeper(tavaux))
    assert [one.collectivite.nom for one in found] == ["Foucherans", "Gevry"]
    assert (found[0].donne.montant, found[0].recu.montant) == (Decimal("120.30"), Decimal("80.00"))
    stranger = keeper(commune("Choisey"))
    assert comptes.partners(year, tavaux, stranger) == []
    assert not comptes.loans(year, tavaux, stranger).exists()


def test_the_activity_of_the_year(year, tavaux, foucherans):
    barriers = make_materiel("Barrières", collectivite=tavaux, categorie_code="securite")
    asked = datetime(2025, 3, 1, tzinfo=UTC)
    for _ in range(5):
        PretFactory(
            materiel=barriers, emprunteur=foucherans, statut=StatutPret.REFUSE, motif="Sorties", created_at=asked
        )
    PretFactory(materiel=barriers, emprunteur=foucherans, statut=StatutPret.EXPIRE, created_at=asked)
    found = comptes.activity(year, comptes.balances(year, None))
    assert (found.demandes, found.accordees, found.refusees, found.sans_reponse) == (10, 4, 5, 1)
    assert (found.clos.prets, found.clos.montant, found.clos.jours) == (4, Decimal("230.35"), 7)
    assert [(kind.code, number) for kind, number in found.categories][0] == ("securite", 6)
    assert found.plus_demandee == 6


def test_the_page_of_the_elected_officials(year, tavaux):
    page = text(open_session(keeper(tavaux)).get(f"{PAGE}?annee=2025"))
    assert "L’entraide en 2025" in page
    assert "150,35 €" in page
    assert "+70,35 €" in page
    assert "−40,30 €" in page
    assert 'href="?annee=2025" class="is-on" aria-current="true"' in page
    assert page.count(' class="is-on" aria-current="true"') == 1
    assert "&amp;nbsp;" not in page
    assert "Tavaux, avec qui" in page
    assert 'href="?annee=2024"' in page


def test_a_stranger_reads_totals_and_no_pair(year, tavaux):
    answer = open_session(keeper(commune("Choisey"))).get(f"{PAGE}?annee=2025")
    page = text(answer)
    assert "150,35 €" in page
    assert answer.context["avec"] == []
    assert "Podium" not in page
    assert "Aucun prêt de Choisey n’a été clos en 2025" in page


@pytest.mark.parametrize("asked", ["1789", "demain", "9" * 30, "-1", ""])
def test_an_unknown_year_is_this_one(year, tavaux, asked):
    answer = open_session(keeper(tavaux)).get(PAGE, {"annee": asked})
    assert f"L’entraide en {timezone.localdate().year}" in text(answer)


def rows_of(client: Client, table: str) -> list[tuple]:
    answer = client.get(PAGE, {"annee": "2025", "tableau": table})
    assert answer["Content-Disposition"].endswith('.xlsx"')
    return list(load_workbook(BytesIO(answer.content)).active.iter_rows(values_only=True))


def test_the_totals_in_a_spreadsheet(year, tavaux):
    rows = rows_of(open_session(keeper(tavaux)), "totaux")
    assert rows[0][0] == "Collectivité"
    assert [row[0] for row in rows[1:]] == ["Foucherans", "Gevry", "Tavaux", "Total"]
    assert rows[3][4] == 150.35
    assert rows[-1][4] == rows[-1][7] == 230.35


def test_one_s_own_loans_in_a_spreadsheet(year, tavaux):
    mine = rows_of(open_session(keeper(tavaux)), "prets")
    assert len(mine) == 5
    assert {row[2] for row in mine[1:]} == {"Foucherans", "Gevry"}
    assert len(rows_of(open_session(keeper(commune("Choisey"))), "prets")) == 1


def test_the_page_costs_few_queries(year, tavaux, django_assert_max_num_queries):
    client = open_session(keeper(tavaux))
    client.get(PAGE)
    podium = Materiel.objects.get(page__title="Podium")
    for n in range(8):
        closed(podium, commune(f"Lieu {n}"), "5")
    with django_assert_max_num_queries(25):
        client.get(f"{PAGE}?annee=2025")


def test_the_card_of_a_collectivite_shows_what_it_lends(distribution: Distribution):
    make_materiel("Podium", collectivite=distribution.a, stock=1)
    make_materiel("Chaises", collectivite=distribution.a, stock=80, unite="chaises")
    make_materiel("Brouillon", collectivite=distribution.a, publie=False)
    make_materiel("Retirée", collectivite=distribution.a, statut=StatutMateriel.RETIRE)
    make_materiel("D’ailleurs", collectivite=distribution.b)
    make_materiel("Pour Aval", collectivite=distribution.a, diffusion=[f"c:{distribution.a.pk}"])
    (block,) = apports.encarts_collectivite(distribution.a, distribution.elue_b)
    assert [one.nom for one, _ in block.contexte["lignes"]] == ["Chaises", "Podium"]
    page = text(open_session(distribution.elue_b).get(distribution.a.get_absolute_url()))
    assert "Matériel prêté" in page
    assert "80 chaises" in page
    assert "Pour Aval" not in page
    assert apports.encarts_collectivite(distribution.a, distribution.sans_poste) == []


def test_the_card_of_an_agent_shows_what_they_look_after(distribution: Distribution):
    keeper_of = distribution.agent_a
    assert apports.encarts_agent(keeper_of, distribution.elue_b) == []
    make_materiel("Podium", collectivite=distribution.a, contact=keeper_of)
    make_materiel("Pour Aval", collectivite=distribution.a, contact=keeper_of, diffusion=[f"c:{distribution.a.pk}"])
    page = text(open_session(distribution.elue_b).get(keeper_of.get_absolute_url()))
    assert "Matériel dont cette personne s’occupe" in page
    assert "Podium" in page
    assert "Pour Aval" not in page
