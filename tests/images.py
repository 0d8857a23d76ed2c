"""Pictures of every page, for every account of the demonstration, and what axe says of each.

`python -m tests.images`, by `script/images`: follows the links, keeps one page of each kind, in two widths and two
themes. Exit status 1 when axe finds a violation.
"""

import os
import re
import sys
from pathlib import Path
from urllib.parse import urlsplit

import django
from playwright.sync_api import Browser, BrowserContext, sync_playwright

os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
django.setup()

from tests.e2e.browser import axe_violations  # noqa: E402
from tests.e2e.territoire import one_of_each  # noqa: E402
from tests.mesures.accounts import accounts  # noqa: E402
from tests.mesures.server import serve  # noqa: E402
from tests.sessions import session_cookie  # noqa: E402

FOLDER = Path(os.environ.get("IMAGES_DIR", "var/images"))
SCREENS = [(1280, 900), (390, 844)]
THEMES = {"clair": "light", "sombre": "dark"}
# Shown to each account: what they hold depends on who looks. The others are taken once.
PERSONAL = {"HomePage", "annuaire:agent_detail", "annuaire:collectivite_detail"}


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
    page = walk.new_page()
    starts = ["/", "/composants/"] if cookie else ["/connexion/"]
    reached = [(kind, urlsplit(page.url).path) for kind in one_of_each(page, *starts)]
    pages = [(kind, path) for kind, path in reached if kind in PERSONAL or kind not in taken]
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
