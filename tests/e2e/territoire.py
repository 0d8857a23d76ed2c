"""The demonstration in a test database, and the pages that somebody can reach in it."""

import re
from collections import deque
from collections.abc import Iterator
from urllib.parse import urlsplit

from django.urls import resolve
from playwright.sync_api import Page
from wagtail.models import Page as WagtailPage
from wagtail.models import Site

# Not pages of ours: they act, download, or are Wagtail's admin, whose look is Wagtail's.
SKIPPED = re.compile(
    r"^/(?:admin|documents|images|static|ressources/(?:fichiers|actes)|materiel/papiers)/"
    r"|^/annuaire/agents/[^/]+/(?:carte\.vcf|code\.png)$|^/annuaire/ma-fiche/mes-donnees/(?:pdf|json)/$"
    r"|^/compte/codes-de-secours/fichier/$|^/materiel/.*/(?:pdf|fiche|photo)/$|^/materiel/.*\.ics$|^/materiel/(?:constats/)?photos/"
    r"|^/formations/.*/pdf/$|^/formations/.*\.ics$|^/formations/feuilles/"
    r"|^/formations/.*\.xlsx$|^/ressources/.*\.(?:xlsx|zip|atom|ics)$"
    r"|^/ressources/versions/[0-9]+/(?:vignette|ecran|web)/$|^/ressources/deposer/.*/image/$"
)


def kind_of(address: str) -> str:
    """What this page is one of: two cards of agents are the same page with other words. A search is itself."""
    path, _, query = address.partition("?")
    if query:
        return address
    match = resolve(path)
    if match.url_name not in ("wagtail_serve", "materiel_detail", "formation_detail"):
        return match.view_name
    root = Site.objects.get(is_default_site=True).root_page.url_path
    page = WagtailPage.objects.filter(url_path=root + path[1:], live=True).first()
    return page.specific_class.__name__ if page else path


def links_of(page: Page) -> list[str]:
    """Addresses of this site that the page leads to, those of its menus included."""
    read = "nodes => nodes.map(node => new URL(node.getAttribute('href'), node.baseURI).href)"  # those of a map too
    links = page.eval_on_selector_all("a[href]", read)
    here = urlsplit(page.url).netloc
    return [urlsplit(link).path for link in links if urlsplit(link).netloc == here]


def one_of_each(page: Page, *starts: str) -> Iterator[str]:
    """Goes to one page of each kind that links lead to, and says which; a link that leads nowhere fails."""
    todo, seen, kinds = deque(starts), set(starts), set()
    while todo:
        address = todo.popleft()
        if kind_of(address) in kinds:
            continue
        kinds.add(kind_of(address))
        answer = page.goto(address)
        assert answer.ok, f"{address} : {answer.status}"
        there = urlsplit(page.url)
        kind = kind_of(address if there.path == address.partition("?")[0] else there.path)
        if kind != kind_of(address) and kind in kinds:  # sent on to a page already seen
            continue
        kinds.add(kind)
        yield kind
        for link in links_of(page):
            if link not in seen and not SKIPPED.search(link):
                seen.add(link)
                todo.append(link)
