"""Pictures of every page, for every account of the demonstration, and what axe says of each.

`python -m tests.images`, by `script/images`: follows links from the home page, keeps one page per kind (address name,
or page type under Wagtail), in two widths and two themes. Exit status 1 when axe finds a violation.
"""

import os
import re
import sys
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import django
from playwright.sync_api import Browser, BrowserContext, Page, Response, sync_playwright

os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
django.setup()

from django.urls import Resolver404, resolve  # noqa: E402
from wagtail.models import Page as WagtailPage  # noqa: E402
from wagtail.models import Site  # noqa: E402

from tests.e2e.browser import axe_violations  # noqa: E402
from tests.mesures.accounts import accounts  # noqa: E402
from tests.mesures.server import serve  # noqa: E402
from tests.sessions import session_cookie  # noqa: E402

FOLDER = Path(os.environ.get("IMAGES_DIR", "var/images"))
SCREENS = [(1280, 900), (390, 844)]
THEMES = {"clair": "light", "sombre": "dark"}
# Not pages: they act, download, or belong to Wagtail's admin, whose look is Wagtail's.
SKIPPED = re.compile(r"^/(?:admin|documents|fichiers|static|deconnexion|logout)/|\.(?:pdf|ics|xlsx|csv)$")
MOST_PAGES = 80
# Shown to each account: what they hold depends on who looks. The others are taken once.
PERSONAL = {"page-HomePage", "annuaire:agent_detail", "annuaire:collectivite_detail"}


def kind_of(path: str) -> str | None:
    """What this page is one of: two cards of agents are the same page with other words."""
    try:
        match = resolve(path)
    except Resolver404:
        return None
    if match.url_name != "wagtail_serve":
        return match.view_name or match.func.__name__
    root = Site.objects.get(is_default_site=True).root_page.url_path.rstrip("/")
    page = WagtailPage.objects.filter(url_path=root + path, live=True).first()
    return f"page-{page.specific_class.__name__}" if page else None


def links_of(page: Page) -> Iterator[str]:
    for href in page.eval_on_selector_all("a[href]", "nodes => nodes.map(node => node.href)"):
        address = urlsplit(urljoin(page.url, href))
        if address.netloc == urlsplit(page.url).netloc and not SKIPPED.search(address.path):
            yield address.path


def is_page(response: Response | None) -> bool:
    return bool(response) and response.status < 500 and "text/html" in response.headers.get("content-type", "")


def crawl(page: Page) -> Iterator[tuple[str, str]]:
    """(kind, path) of one page of each kind that can be reached from the home page."""
    todo, seen, kinds = deque(["/", "/composants/"]), {"/", "/composants/"}, set()
    while todo and len(kinds) < MOST_PAGES:
        path = todo.popleft()
        if kind_of(path) in kinds | {None} or not is_page(page.goto(path)):
            continue
        kind = kind_of(urlsplit(page.url).path)
        if kind is None or kind in kinds:
            continue
        kinds.add(kind)
        yield kind, path
        for link in links_of(page):
            if link not in seen:
                seen.add(link)
                todo.append(link)


def shoot(context: BrowserContext, account: str, kind: str, path: str, look: str) -> list[str]:
    """One picture; returns what axe finds, a line each."""
    page = context.new_page()
    page.goto(path)
    name = re.sub(r"[^a-zA-Z0-9]+", "-", kind).strip("-").lower()
    target = FOLDER / account / f"{name}-{look}.png"
    target.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=target, full_page=True)
    found = [
        f"{account} {path} {look} : {violation['id']} {node['target']} {node['failureSummary']!r}"
        for violation in axe_violations(page)
        for node in violation["nodes"]
    ]
    page.close()
    return found


def visit(browser: Browser, url: str, account: str, cookie: tuple[str, str] | None, taken: set[str]) -> list[str]:
    def context(width: int = 1280, height: int = 900, theme: str = "light") -> BrowserContext:
        made = browser.new_context(
            base_url=url,
            viewport={"width": width, "height": height},
            color_scheme=theme,
            locale="fr-FR",
            timezone_id="Europe/Paris",
            reduced_motion="reduce",
        )
        if cookie:
            made.add_cookies([{"name": cookie[0], "value": cookie[1], "url": url}])
        return made

    walk = context()
    pages = [(kind, path) for kind, path in crawl(walk.new_page()) if kind in PERSONAL or kind not in taken]
    taken.update(kind for kind, _ in pages)
    walk.close()
    found = []
    for width, height in SCREENS:
        for look, theme in THEMES.items():
            seen = context(width, height, theme)
            for kind, path in pages:
                found += shoot(seen, account, kind, path, f"{width}-{look}")
            seen.close()
    print(f"{account} : {len(pages)} pages, {len(found)} défaut(s) d’accessibilité")
    return found


def main() -> None:
    cookies = {name: session_cookie(agent) for name, agent in accounts().items()}
    with serve() as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=os.environ["CHROMIUM"], args=["--no-sandbox"])
        taken: set[str] = set()
        found = visit(browser, server.url, "anonyme", None, taken)
        for name, cookie in cookies.items():
            found += visit(browser, server.url, name, cookie, taken)
        browser.close()
    (FOLDER / "axe.txt").write_text("\n".join(found) + "\n" if found else "Aucun défaut.\n", encoding="utf-8")
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
