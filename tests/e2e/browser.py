"""What a journey asks of a page: no accessibility fault, no sideways scroll, a passkey device, a picture."""

import os
from pathlib import Path

from playwright.sync_api import BrowserContext, Locator, Page, expect

AXE = (Path(__file__).parent.parent / "vendor" / "axe.min.js").read_text(encoding="utf-8")
# WCAG 2.0 to 2.2, levels A and AA, and axe's own good practice.
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
# From the smallest phone of the WCAG reflow criterion (1.4.10) to a desk screen, in CSS pixels.
WIDTHS = [320, 390, 768, 992, 1280, 1920]

OVERFLOWING = """() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return [];
  return [...document.querySelectorAll('body *')]
    .filter(node => node.getBoundingClientRect().right > width + 1)
    .slice(0, 5)
    .map(node => node.outerHTML.slice(0, 120));
}"""


# Fonts there, and every colour and size at its end: a transition of .01 ms still lasts until the next frame.
SETTLED = """() => document.fonts.ready.then(() => new Promise(done => {
  const look = () => document.getAnimations().length ? requestAnimationFrame(look) : done();
  requestAnimationFrame(() => requestAnimationFrame(look));
}))"""


def axe_violations(page: Page) -> list[dict]:
    """Violations of the page as it stands: open its menus and dialogs first to have them judged too."""
    page.evaluate(SETTLED)
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE)  # through the debugging protocol: the page's CSP stays as it is
    return page.evaluate("tags => axe.run(document, {runOnly: tags}).then(result => result.violations)", AXE_TAGS)


def axe(page: Page) -> None:
    """Fail on any violation, naming the rule, the elements and what to mend."""
    lines = [
        f"{violation['id']} : {violation['help']}\n    {node['html'][:200]}\n    {node['failureSummary']}"
        for violation in axe_violations(page)
        for node in violation["nodes"]
    ]
    assert not lines, f"{page.url}\n" + "\n".join(lines)


def no_horizontal_scroll(page: Page, widths: list[int] = WIDTHS) -> None:
    """At each width, nothing goes past the right edge; the page's own size is put back."""
    before = page.viewport_size
    for width in widths:
        page.set_viewport_size({"width": width, "height": 900})
        page.evaluate(SETTLED)
        culprits = page.evaluate(OVERFLOWING)
        assert not culprits, f"{page.url} déborde à {width} px : {culprits}"
    if before:
        page.set_viewport_size(before)


def every(locator: Locator) -> list[Locator]:
    """All that is found once the page is read whole: `all()` alone waits for nothing, not even for the page asked."""
    expect(locator.first).to_be_attached()
    locator.page.wait_for_load_state("domcontentloaded")
    return locator.all()


def add_passkey_device(context: BrowserContext, page: Page) -> str:
    """Plug a device that keeps passkeys and always finds its user present; returns its identifier."""
    session = context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    return session.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]


def picture(page: Page, name: str) -> None:
    """Keep a picture of this step of the journey when `script/images` asks for it (IMAGES_DIR)."""
    folder = os.environ.get("IMAGES_DIR")
    if folder:
        path = Path(folder) / f"{name}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=path, full_page=True)


class Watch:
    """Hears what a page complains of: console errors, broken CSP, exceptions, missing files."""

    def __init__(self, context: BrowserContext) -> None:
        self.complaints: list[str] = []
        # The page itself may rightly be a 403 or a 404: only what it loads is judged.
        context.on("response", self._on_response)
        context.on("console", self._on_console)
        context.on("weberror", lambda error: self.complaints.append(f"exception : {error.error}"))

    def _on_response(self, response) -> None:
        if response.status >= 500 or (response.status >= 400 and not response.request.is_navigation_request()):
            self.complaints.append(f"{response.status} {response.request.method} {response.url}")

    def _on_console(self, message) -> None:
        if message.type in {"error", "warning"} and not message.text.startswith("Failed to load resource"):
            self.complaints.append(f"console : {message.text} ({message.page.url if message.page else ''})")

    def forgive(self, text: str) -> None:
        """Drop the complaints that hold `text`: the journey provokes them on purpose. Fails when there is none."""
        kept = [complaint for complaint in self.complaints if text not in complaint]
        assert len(kept) < len(self.complaints), f"Rien à pardonner : « {text} » n’est dans aucune plainte."
        self.complaints = kept
