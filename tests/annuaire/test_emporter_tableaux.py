"""The list in a spreadsheet, and its addresses."""

import csv
import io

import pytest
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from annuaire.emporter.tableaux import COLONNES
from collectivites.models import EntreeJournal, Expertise, RoleTransversal
from extranet.lib.demi_journees import Moment
from tests.distribution import Distribution
from tests.sessions import open_session

pytestmark = pytest.mark.django_db
PAGE = "/annuaire/emporter/"


@pytest.fixture
def client(distribution: Distribution) -> Client:
    return open_session(distribution.secretaire_b)


def sheet(client: Client, **asked: str) -> list[tuple]:
    response = client.get(f"{PAGE}annuaire.xlsx", asked)
    assert response.status_code == 200
    return list(load_workbook(io.BytesIO(response.content)).active.values)


def lines(client: Client, **asked: str) -> list[list[str]]:
    response = client.get(f"{PAGE}annuaire.csv", asked)
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    return list(csv.reader(io.StringIO(response.content.decode("utf-8-sig")), delimiter=";"))


def test_a_line_says_all_that_the_card_shows(client: Client, distribution: Distribution) -> None:
    poste = distribution.agent_a.postes.get()
    poste.telephone, poste.mobile, poste.intitule = "0353010241", "0639980141", "=HYPERLINK(1)"
    poste.save()
    role = RoleTransversal.objects.create(code="essai-prevention", libelle="Assistant de prévention (essai)")
    poste.roles.add(role)
    poste.presences.create(jour=1, moment=Moment.MATIN)
    Expertise.objects.create(agent=distribution.agent_a, libelle="gazon")
    found = sheet(client, q="alain")
    assert found[0] == COLONNES
    assert found[1] == (
        *("Aval", "Alain", "'=HYPERLINK(1)", "technique", "Assistant de prévention (essai)", "Aval", None),
        *("03 53 01 02 41", "06 39 98 01 41", "alain-aval@essai.example", "lun. matin", "gazon"),
    )
    assert [value or "" for value in found[1]] == lines(client, q="alain")[1]


def test_a_person_of_two_communes_has_two_lines(client: Client, distribution: Distribution) -> None:
    names = [(row[0], row[5]) for row in sheet(client)[1:]]
    assert len(names) == 9
    assert [place for name, place in names if name == "Deux"] == ["Aval", "Bourg"]
    assert [row[5] for row in sheet(client, q="paul", collectivite="bourg")[1:]] == ["Bourg"]


def test_the_file_says_what_it_is_and_when(client: Client) -> None:
    response = client.get(f"{PAGE}annuaire.xlsx", {"collectivite": "aval"})
    today = f"{timezone.localdate():%Y-%m-%d}"
    assert response["Content-Disposition"] == f'attachment; filename="annuaire-aval-{today}.xlsx"'
    entry = EntreeJournal.objects.get(acte="agent.emporte")
    assert entry.donnees == {"personnes": 4, "forme": "xlsx"}


def test_addresses_are_written_once_each(client: Client, distribution: Distribution) -> None:
    distribution.agent_a.postes.update(courriel="Mairie@aval.example")
    distribution.secretaire_a.postes.update(courriel="mairie@aval.example")
    distribution.partage_ab.email = None
    distribution.partage_ab.save()
    page = client.get(f"{PAGE}adresses/", {"collectivite": "aval"})
    found = page.context["adresses"]
    assert [mail.lower() for mail in found.liste] == ["mairie@aval.example", "gisele-aval@essai.example"]
    assert found.sans == ["Paul Deux"]
    assert page.context["texte"].count("; ") == 1
    assert "Écrire à 4 personnes" in page.content.decode()
    assert "1 personne sans adresse" in page.content.decode()
    assert page.context["mailto"].startswith("mailto:?bcc=")
    with_commas = client.get(f"{PAGE}adresses/", {"collectivite": "aval", "sep": "virgule"})
    assert "; " not in with_commas.context["texte"]


def test_an_address_of_the_poste_that_is_asked_for(client: Client, distribution: Distribution) -> None:
    distribution.partage_ab.postes.filter(collectivite=distribution.b).update(courriel="ateliers@bourg.example")
    found = client.get(f"{PAGE}adresses/", {"collectivite": "bourg", "q": "paul"}).context["adresses"]
    assert found.liste == ["ateliers@bourg.example"]


def test_nobody_has_an_address(client: Client, distribution: Distribution) -> None:
    distribution.agent_a.email = None
    distribution.agent_a.save()
    page = client.get(f"{PAGE}adresses/", {"q": "alain"}).content.decode()
    assert "Aucune adresse dans cette liste" in page
    assert "Alain Aval" in page


@pytest.mark.parametrize("what", ["annuaire.xlsx", "annuaire.csv", "annuaire.vcf", "adresses/"])
@pytest.mark.parametrize(
    ("asked", "words"), [({"q": "zzz"}, "Personne ne répond"), ({"secteur": "0"}, "n’existe plus")]
)
def test_nothing_to_take_says_so(client: Client, what: str, asked: dict, words: str) -> None:
    response = client.get(f"{PAGE}{what}", asked, follow=True)
    assert response.redirect_chain
    assert words in response.content.decode()


def test_the_page_counts_and_keeps_the_filters(client: Client, distribution: Distribution) -> None:
    page = client.get(PAGE, {"collectivite": "aval", "fonction": "famille:technique"})
    body = page.content.decode().replace("\u00a0", " ")
    assert "2 personnes" in body
    assert "Commune ou service : Aval" in body
    assert "Fonction : technique" in body
    fragment = client.get(PAGE, {"collectivite": "aval"}, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in fragment
    assert "4 personnes" in fragment
    assert (
        "/annuaire/emporter/?collectivite=aval" in client.get("/annuaire/", {"collectivite": "aval"}).content.decode()
    )


def test_every_reading_costs_the_same_whatever_the_number(
    client: Client, distribution: Distribution, django_assert_max_num_queries: object
) -> None:
    for what in ("", "annuaire.xlsx", "annuaire.vcf", "trombinoscope.pdf", "telephones.pdf", "adresses/"):
        client.get(f"{PAGE}{what}")
        with django_assert_max_num_queries(25):
            assert client.get(f"{PAGE}{what}").status_code == 200
