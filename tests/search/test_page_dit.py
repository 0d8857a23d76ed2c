"""What the page says, wherever it is searched from: pins in every order, one rule for words that name nothing."""

import re
import subprocess
import sys
from datetime import date
from html import unescape

import pytest
from django.conf import settings

from collectivites.models import Theme
from search.analyse.requete import MAX_CHARS, lire
from search.choix import FACETTES, MAX_VALUES, Choix
from search.models import Epingle, SearchEntry
from search.synonymes import in_force
from tests.distribution import Distribution
from tests.ressources.factories import make_ressource
from tests.search.ecran import FICHE, ask, names, visit
from tests.search.factories import give, learn_words
from tests.sessions import open_session

pytestmark = pytest.mark.django_db


@pytest.fixture
def fiches(distribution: Distribution) -> list[SearchEntry]:
    return [give(f"Règlement numéro {n}", kind=FICHE, date=date(2020 + n, 1, 1)) for n in range(6)]


@pytest.mark.parametrize("tri", ["pertinence", "date", "genre"])
def test_pinned_results_are_shown_in_every_order(tri: str, fiches: list[SearchEntry], distribution: Distribution):
    other = give("Autre chose", kind=FICHE)
    for entree in (fiches[5], other):
        Epingle.objects.create(requete="règlements", cle=lire("règlements", in_force()).cle, entree=entree)
    found = ask(distribution.agent_a, f"q=reglement&tri={tri}")
    assert [one.nom for one in found.en_avant] == ["Autre chose"]
    html = visit(distribution.agent_a, f"q=reglement&tri={tri}")
    assert "Choisi par l’équipe" in html
    assert html.count("Conseillé par l’équipe") == 2


def test_a_pinned_result_keeps_its_place_by_date(fiches: list[SearchEntry], distribution: Distribution):
    Epingle.objects.create(requete="r", cle=lire("reglement", in_force()).cle, entree=fiches[0])
    assert names(ask(distribution.agent_a, "q=reglement"))[0] == "Règlement numéro 0"
    assert names(ask(distribution.agent_a, "q=reglement&tri=date"))[-1] == "Règlement numéro 0"


@pytest.mark.parametrize("tri", ["date", "genre"])
def test_a_pinned_result_answers_alone_in_every_order(tri: str, distribution: Distribution):
    entree = give("Tournée du mardi", kind=FICHE)
    Epingle.objects.create(requete="poubelles", cle=lire("poubelles", in_force()).cle, entree=entree)
    assert "Tournée du mardi" in visit(distribution.agent_a, f"q=poubelle&tri={tri}")


@pytest.mark.parametrize(
    ("asked", "said"),
    [("-", "ni lettre ni chiffre"), ("🙂", "ni lettre ni chiffre"), ("-mot", "des mots à écarter")],
)
def test_words_that_name_nothing_give_nothing_whatever_the_filters(asked: str, said: str, distribution: Distribution):
    page = make_ressource("Bail rural")
    searches = [f"/recherche/?q={asked}{more}" for more in ("", "&genre=ressources", f"&theme={page.theme.nom}")]
    for address in (*searches, f"/ressources/?q={asked}", f"/ressources/?q={asked}&theme={page.theme.slug}"):
        html = unescape(open_session(distribution.agent_a).get(address).content.decode())
        assert said in html, address
        assert "Bail rural" not in html, address
        assert "Vos filtres ne laissent rien passer" not in html, address


@pytest.mark.parametrize(("path", "counted"), [("/recherche/", "1 résultat"), ("/ressources/", "1 document")])
def test_the_tab_of_the_browser_says_what_the_page_says(path: str, counted: str, distribution: Distribution):
    make_ressource("Plan d’urbanisme")
    learn_words()
    html = unescape(open_session(distribution.agent_a).get(f"{path}?q=urbanysme").content.decode())
    assert f"« urbanisme », {counted} ·" in html.split("<title>")[1].split("</title>")[0].replace("\u00a0", " ")


@pytest.mark.parametrize("path", ["/recherche/", "/ressources/"])
def test_a_correction_that_filters_leave_out(path: str, distribution: Distribution):
    page = make_ressource("Plan d’urbanisme")
    other = make_ressource("Bail rural", theme=Theme.objects.exclude(pk=page.theme_id).first())
    learn_words()
    theme = other.theme.nom if path == "/recherche/" else other.theme.slug
    client = open_session(distribution.agent_a)
    html = unescape(client.get(path, {"q": "urbanysme", "theme": theme}).content.decode()).replace("\u00a0", " ")
    assert "Vos filtres ne laissent rien passer" in html
    assert "Voici ceux" not in html
    assert "donne des résultats, mais pas avec vos filtres" in html
    assert "Chercher exactement « urbanysme »" in html


@pytest.mark.parametrize("address", ["/", "/recherche/", "/recherche/?q=x", "/ressources/", "/annuaire/"])
def test_a_box_takes_no_more_than_is_read(address: str, distribution: Distribution):
    html = open_session(distribution.agent_a).get(address).content.decode()
    boxes = re.findall(r'<input[^>]* name="q" type="search"[^>]*>', html)
    assert boxes
    assert [box for box in boxes if f'maxlength="{MAX_CHARS}"' not in box] == []


def test_the_server_takes_an_address_with_all_its_filters():
    """gunicorn reads its file by itself, from where it starts."""
    command = [sys.executable, "-m", "gunicorn", "--print-config", "extranet.wsgi"]
    told = subprocess.run(command, cwd=settings.BASE_DIR, capture_output=True, text=True, check=True).stdout
    limit = int(re.search(r"limit_request_line\s*=\s*(\d+)", told)[1])
    communes = tuple(f"Saint-Étienne-de-la-Forêt-{n:02}" for n in range(MAX_VALUES))
    kept = tuple((name, communes) for name in FACETTES)
    asked = Choix(q="é" * MAX_CHARS, onglet="ressources", filtres=kept, tri="date", exact=True)
    assert len(f"GET {asked.url()} HTTP/1.1\r\n") < limit
