"""Contact cards: exact to the norm, whole, and no longer than a square code holds."""

import io

import pytest
import segno
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from annuaire.emporter.vcard import Fiche, vcard
from collectivites.models import Agent, Expertise
from extranet.lib.noms import plain
from tests.collectivites.factories import CollectiviteFactory, PosteFactory
from tests.distribution import Distribution
from tests.lib.test_pdf import NOON
from tests.sessions import open_session

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(distribution: Distribution) -> Client:
    return open_session(distribution.secretaire_b)


def unfolded(content: bytes) -> list[str]:
    """The lines of a card as a reader joins them; each is short enough, and ended as it must."""
    text = content.decode("utf-8")
    assert text.endswith("\r\n")
    assert "\n" not in text.replace("\r\n", "")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    return text.replace("\r\n ", "").split("\r\n")[:-1]


def card(client: Client, agent: Agent) -> list[str]:
    response = client.get(f"/annuaire/agents/{agent.slug}/carte.vcf")
    assert response.status_code == 200
    assert response["Content-Type"] == "text/vcard; charset=utf-8"
    assert response["Content-Disposition"] == f'attachment; filename="{agent.slug}.vcf"'
    return unfolded(response.content)


def test_a_card_says_what_the_page_says(client: Client, distribution: Distribution) -> None:
    agent = distribution.partage_ab
    first, second = agent.postes.main_first()
    first.telephone, first.mobile, first.courriel = "03 53 01 02 03", "0639980103", "deux@aval.example"
    first.intitule = "Espaces verts; voirie, bâtiments"
    first.save()
    second.telephone = "+33 3 53 01 02 04"
    second.save()
    distribution.a.adresse, distribution.a.code_postal, distribution.a.ville = "1, place du Puits", "39100", "Aval"
    distribution.a.save()
    Expertise.objects.create(agent=agent, libelle="taille des haies, tilleuls")
    lines = card(client, agent)
    assert lines[:4] == ["BEGIN:VCARD", "VERSION:3.0", "N:Deux;Paul;;;", "FN:Paul Deux"]
    assert lines[-1] == "END:VCARD"
    for expected in (
        "ORG:Aval",
        r"TITLE:Espaces verts\; voirie\, bâtiments",
        "TEL;TYPE=CELL,WORK:+33639980103",
        "TEL;TYPE=VOICE,WORK:+33353010203",
        "TEL;TYPE=VOICE,WORK:+33353010204",
        "EMAIL;TYPE=INTERNET,WORK:deux@aval.example",
        r"ADR;TYPE=WORK:;;1\, place du Puits;Aval;;39100;France",
        r"NOTE:Aussi à Bourg : Essai technique.\nÀ solliciter sur : taille des haies\, tilleuls.",
    ):
        assert expected in lines, lines
    assert any(line.startswith("URL:http") and line.endswith("/annuaire/agents/paul-deux/") for line in lines)
    assert any(line.startswith("UID:paul-deux@") for line in lines)


def test_the_address_of_the_account_is_said_as_on_the_page(client: Client, distribution: Distribution) -> None:
    """Where no poste has an address; else it stays between its owner and the extranet."""
    agent = distribution.agent_a
    assert "EMAIL;TYPE=INTERNET,WORK:alain-aval@essai.example" in card(client, agent)
    agent.postes.update(courriel="stade@aval.example")
    assert [line for line in card(client, agent) if "EMAIL" in line] == ["EMAIL;TYPE=INTERNET,WORK:stade@aval.example"]


@given(nom=st.text(max_size=200), prenom=st.text(alphabet='é;,\\: \n\r"ab', max_size=120))
def test_any_name_is_read_back(nom: str, prenom: str) -> None:
    nom, prenom = plain(nom), plain(prenom)  # as they are kept
    lines = unfolded(vcard(Fiche(Agent(nom=nom, prenom=prenom, slug="x")), NOON))
    written = next(line for line in lines if line.startswith("N:"))[2:]
    parts, current, escaped = [], "", False
    for sign in written:
        if escaped:
            current, escaped = current + sign, False
        elif sign == "\\":
            escaped = True
        elif sign == ";":
            parts, current = [*parts, current], ""
        else:
            current += sign
    assert parts[:2] == [nom, prenom]


def test_a_list_of_cards(client: Client, distribution: Distribution) -> None:
    """Each person once, whole: the filter chooses the people, not what is said of them."""
    response = client.get("/annuaire/emporter/annuaire.vcf", {"collectivite": "bourg"})
    text = response.content.decode()
    assert [line[3:] for line in text.split("\r\n") if line.startswith("FN:")] == [
        "Elise Bourg",
        "Simone Bourg",
        "Paul Deux",
    ]
    assert "ORG:Aval" in text  # Paul's longest week
    assert response["Content-Disposition"].startswith('attachment; filename="annuaire-bourg-20')


def test_the_square_code_holds_the_card(client: Client, distribution: Distribution) -> None:
    agent = distribution.agent_a
    agent.postes.update(telephone="0353010241", intitule="Chargé de l’état civil")
    response = client.get(f"/annuaire/agents/{agent.slug}/code.png")
    assert response["Content-Type"] == "image/png"
    expected = "\r\n".join(
        [
            *("BEGIN:VCARD", "VERSION:3.0", "N:Aval;Alain;;;", "FN:Alain Aval", "ORG:Aval"),
            *("TITLE:Chargé de l’état civil", "TEL:+33353010241", "EMAIL:alain-aval@essai.example", "END:VCARD", ""),
        ]
    )
    code = segno.make(expected, error="m", micro=False, encoding="utf-8", eci=False)
    image = Image.open(io.BytesIO(response.content)).convert("1")
    side = len(code.matrix)
    assert image.size == ((side + 8) * 8, (side + 8) * 8)
    drawn = [[image.getpixel(((x + 4) * 8 + 4, (y + 4) * 8 + 4)) == 0 for x in range(side)] for y in range(side)]
    assert drawn == [[bool(square) for square in row] for row in code.matrix]
    picture = client.get(f"/annuaire/agents/{agent.slug}/code.svg")
    assert picture["Content-Type"] == "image/svg+xml"
    assert picture["Cache-Control"] == "private, no-store"
    assert b"style" not in picture.content


def test_the_page_of_the_code(client: Client, distribution: Distribution) -> None:
    distribution.agent_a.postes.update(telephone="0353010241")
    page = client.get("/annuaire/agents/alain-aval/code/").content.decode()
    assert 'src="/annuaire/agents/alain-aval/code.svg"' in page
    assert "03\u00a053\u00a001\u00a002\u00a041" in page
    assert "/annuaire/agents/alain-aval/carte.vcf" in client.get("/annuaire/agents/alain-aval/").content.decode()


def test_the_longest_card_still_fits_in_a_code(client: Client, distribution: Distribution) -> None:
    agent = distribution.agent_a
    Agent.objects.filter(pk=agent.pk).update(nom="É" * 80, prenom="È" * 80, email=f"{'a' * 240}@essai.example")
    for number in range(5):
        place = CollectiviteFactory(nom="É" * 120, slug=f"longue-{number}", insee=f"9910{number}")
        PosteFactory(agent=agent, collectivite=place, intitule="à" * 120, telephone=f"{'9' * 19}{number}")
    assert client.get(f"/annuaire/agents/{agent.slug}/code.png").status_code == 200
    assert client.get(f"/annuaire/agents/{agent.slug}/code/").status_code == 200
