"""The search as somebody sees it: the page, the fragment of the suggestions, without what changes at each drawing."""

import re
from html import unescape

from django.http import QueryDict

from collectivites.models import Agent
from search.choix import Choix
from search.presentation import Recherche, rechercher
from tests.search.factories import reader
from tests.sessions import open_session

FICHE = "fiche"
_KEYS = re.compile(r'name="(?:csrfmiddlewaretoken|cle_unique|jeton)" value="[^"]*"')


def ask(agent: Agent, address: str) -> Recherche:
    return rechercher(Choix.of(QueryDict(address)), reader(agent))


def names(found: Recherche) -> list[str]:
    return [one.nom for one in found.resultats]


def visit(agent: Agent, address: str) -> str:
    """What is inside <main>, without its keys."""
    response = open_session(agent).get(f"/recherche/?{address}")
    assert response.status_code == 200
    main = response.content.decode().split("<main")[1].split("</main>")[0]
    return _KEYS.sub("", unescape(main).replace("\u00a0", " "))


def suggestions(agent: Agent, text: str) -> str:
    response = open_session(agent).get("/recherche/suggestions/", {"q": text})
    assert response.status_code == 200
    return unescape(response.content.decode()).replace("\u00a0", " ")


def lines(html: str) -> list[str]:
    """The words of each line of the list."""
    options = re.findall(r'(?s)<a role="option".*?</a>', html)
    return [" ".join(re.sub(r"<svg.*?</svg>|<[^>]+>", " ", option).split()) for option in options]
