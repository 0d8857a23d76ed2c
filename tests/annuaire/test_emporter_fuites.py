"""What somebody keeps to themself leaves in no file and on no paper, whoever makes it, themself included."""

import io
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook
from pypdf import PdfReader

from collectivites.enums import Domaine
from collectivites.models import Agent, Expertise, Poste, Theme
from tests.annuaire.faux_portraits import give_photo
from tests.distribution import Distribution
from tests.sessions import open_session

pytestmark = pytest.mark.django_db
LISTS = ["annuaire.xlsx", "annuaire.csv", "annuaire.vcf", "adresses/", "trombinoscope.pdf", "telephones.pdf", ""]
READERS = ["secretaire_b", "administrateur", "agent_a"]
MOBILE, FIXE = "0639980177", "0353010177"


def text_of(content: bytes, name: str) -> str:
    """What a reader of the file finds in it, without spaces: numbers are written in several ways."""
    if name.endswith(".pdf"):
        text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    elif name.endswith(".xlsx"):
        text = "".join(str(cell) for row in load_workbook(io.BytesIO(content)).active.values for cell in row)
    else:
        text = content.decode("utf-8-sig").replace("\r\n ", "").replace("+33", "0")
        text = text.partition("<main")[2] or text  # not the head of the page: it names whoever reads
    return "".join(text.split()).replace("\u2011", "-")


@pytest.fixture
def person(distribution: Distribution) -> Agent:
    """Alain, of whom everything is known."""
    agent = distribution.agent_a
    agent.postes.update(mobile=MOBILE, telephone=FIXE, courriel="stade@aval.example")
    Expertise.objects.create(agent=agent, libelle="mycologie", theme=Theme.objects.first())
    return agent


@pytest.fixture(params=READERS)
def taken(request: pytest.FixtureRequest, distribution: Distribution) -> Callable[..., dict[str, str]]:
    """All that this reader can take away, by name."""
    reader = getattr(distribution, request.param)

    def take(**asked: str) -> dict[str, str]:
        client = open_session(Agent.objects.get(pk=reader.pk), Client())
        found = {}
        for name in LISTS:
            response = client.get(f"/annuaire/emporter/{name}", asked)
            found[name] = "" if response.status_code == 302 else text_of(response.content, name)
        for name in ("carte.vcf", "code/"):
            response = client.get(f"/annuaire/agents/alain-aval/{name}")
            found[name] = text_of(response.content, name) if response.status_code == 200 else ""
        return found

    return take


def holding(files: dict[str, str], word: str) -> list[str]:
    return [name for name, text in files.items() if word in text]


def test_what_is_shown_is_there(taken: Callable[..., dict[str, str]], person: Agent) -> None:
    """Else the tests below would hold by saying nothing."""
    files = taken()
    assert {"annuaire.xlsx", "annuaire.csv", "annuaire.vcf", "carte.vcf"} <= set(holding(files, MOBILE))
    assert {"trombinoscope.pdf", "telephones.pdf", "code/"} <= set(holding(files, MOBILE))
    assert {"annuaire.xlsx", "annuaire.csv", "annuaire.vcf", "carte.vcf"} == set(holding(files, "mycologie"))
    assert {"annuaire.xlsx", "annuaire.csv", "annuaire.vcf", "adresses/"} <= set(holding(files, "stade@aval"))
    assert holding(taken(q="mycologie"), "Alain")


def test_a_hidden_mobile(taken: Callable[..., dict[str, str]], person: Agent) -> None:
    Agent.objects.filter(pk=person.pk).update(montre_mobile=False)
    files = taken()
    assert holding(files, MOBILE) == []
    assert "telephones.pdf" in holding(files, FIXE)


def test_hidden_expertises(taken: Callable[..., dict[str, str]], person: Agent) -> None:
    """Neither written, nor found by."""
    Agent.objects.filter(pk=person.pk).update(montre_expertises=False)
    assert holding(taken(), "mycologie") == []
    assert holding({k: v for k, v in taken(q="mycologie").items() if k in LISTS}, "Alain") == []
    slug = Theme.objects.first().slug
    assert holding({k: v for k, v in taken(expertise=slug).items() if k in LISTS}, "Alain") == []


def test_a_hidden_card(taken: Callable[..., dict[str, str]], person: Agent, distribution: Distribution) -> None:
    """From everybody's lists, one's own too; one's own card stays one's own."""
    give_photo(person)
    Agent.objects.filter(pk=person.pk).update(oppose_le=timezone.now())
    files = taken(collectivite="aval")
    for secret in ("Alain", MOBILE, FIXE, "stade@aval", "mycologie"):
        assert holding({k: v for k, v in files.items() if k in LISTS}, secret) == [], secret
    assert "3personnes" in files[""]


def test_a_departure(taken: Callable[..., dict[str, str]], person: Agent, distribution: Distribution) -> None:
    Poste.objects.filter(agent=person).update(ferme_le=timezone.now())
    files = {name: text for name, text in taken(collectivite="aval").items() if name in LISTS}
    for secret in ("Alain", MOBILE, FIXE, "stade@aval"):
        assert holding(files, secret) == [], secret


def test_the_address_of_the_account_stays_where_a_poste_has_its_own(
    taken: Callable[..., dict[str, str]], person: Agent, distribution: Distribution
) -> None:
    assert holding(taken(), "alain-aval@essai.example") == []


def test_a_card_that_is_hidden_opens_to_its_owner_alone(person: Agent, distribution: Distribution) -> None:
    Agent.objects.filter(pk=person.pk).update(oppose_le=timezone.now())
    for name in ("carte.vcf", "code/", "code.svg", "code.png"):
        for reader, status in ((distribution.secretaire_b, 404), (distribution.administrateur, 404), (person, 200)):
            assert open_session(reader, Client()).get(f"/annuaire/agents/alain-aval/{name}").status_code == status, name


def test_a_photo_without_consent_does_not_print(person: Agent, distribution: Distribution) -> None:
    """Its consent and the photo go together: no row, no picture; and the withdrawn one is nowhere."""
    photo = give_photo(person)
    client = open_session(distribution.secretaire_b)

    def pictures() -> int:
        content = client.get("/annuaire/emporter/trombinoscope.pdf").content
        return sum(len(page.images) for page in PdfReader(io.BytesIO(content)).pages)

    assert pictures() == 1
    photo.delete()
    assert pictures() == 0


def test_no_photo_leaves_in_a_contact_card(person: Agent, distribution: Distribution) -> None:
    give_photo(person)
    client = open_session(distribution.secretaire_b)
    for address in ("/annuaire/emporter/annuaire.vcf", "/annuaire/agents/alain-aval/carte.vcf"):
        assert b"PHOTO" not in client.get(address).content


def test_whoever_has_left_takes_nothing(person: Agent, distribution: Distribution) -> None:
    distribution.sans_poste.groups.clear()
    assert Domaine.ANNUAIRE not in distribution.sans_poste.domaines
    client = open_session(distribution.sans_poste)
    for name in LISTS[:-1]:
        assert client.get(f"/annuaire/emporter/{name}").status_code == 302
    assert client.get("/annuaire/emporter/").context["nombre"] == 0
