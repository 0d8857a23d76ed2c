"""Depositing and reviewing, by what a person does there."""

import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.distribution import Distribution
from tests.e2e.browser import every, picture
from tests.e2e.conftest import Visitor
from tests.e2e.controles import check_page
from tests.fichiers import bureau, documents
from tests.ressources.deposes import reglement

ARRETE = bureau.paragraph("Arrêté portant fermeture du cimetière la nuit", "Titre1") + bureau.paragraph(
    "Les concessions funéraires et le cimetière sont fermés à la tombée de la nuit."
)


def five_files(folder: Path) -> list[Path]:
    """An order, a guide, a regulation and a scan; the third is locked by a password, and refused."""
    held = {
        "arrete-fermeture-cimetiere.docx": bureau.docx(ARRETE),
        "recensement.pdf": documents.pdf("= Le recensement\nL’agent recenseur passe en janvier.", title="Recensement"),
        "offres-cantine-2026.pdf": documents.changed("mot de passe"),
        "reglement-salle-des-fetes.pdf": reglement(),
        "Scan_20261007_0912.pdf": documents.scan(1),
    }
    for name, content in held.items():
        (folder / name).write_bytes(content)
    return [folder / name for name in held]


class Depot:
    """« Déposer un document », by what a person does there."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.lines = page.locator("#lignes > .ec-file")
        self.balance = page.locator("#bilan")

    def open(self) -> "Depot":
        self.page.goto("/ressources/deposer/")
        expect(self.page.get_by_role("heading", level=1)).to_have_text("Déposer un document")
        return self

    def choose(self, files: list[Path]) -> None:
        self.page.locator("#fichiers").set_input_files(files)

    def line(self, name: str) -> Locator:
        return self.lines.filter(has_text=name)

    def fold(self, name: str) -> Locator:
        return self.page.locator("#plis details", has_text=name)

    def complete(self) -> None:
        """What nobody could propose: the first choice of each list, and a title for the scan."""
        for fold in every(self.page.locator("#plis details")):
            if not fold.get_attribute("open") and "à donner" not in fold.inner_text():
                continue
            title = fold.get_by_label("Titre")
            if not title.input_value():
                title.fill("Concessions perpétuelles, délibération de 1987")
            for name in ("Thème", "Type"):
                control = fold.get_by_label(name, exact=True)
                if not control.input_value():
                    control.select_option(index=1)


def review(visitor: Callable[..., Visitor], distribution: Distribution, *, phone: bool) -> None:
    """The whole queue, one after the other."""
    page = visitor(distribution.responsable, phone=phone).go("/ressources/relecture/")
    check_page(page)
    page.get_by_role("link", name="Arrêté portant fermeture").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Arrêté portant fermeture")
    picture(page, f"depot/relecture-{390 if phone else 1280}")
    check_page(page)
    page.get_by_label("Ajouter une remarque").fill("Ajoutez l’heure d’été.")
    page.get_by_role("button", name="Noter la remarque").click()
    expect(page.locator(".ec-thread")).to_contain_text("Ajoutez l’heure d’été.")
    page.goto("/ressources/relecture/")
    page.locator(".ec-files a").first.click()
    for _ in range(4):
        page.get_by_role("radio", name=re.compile("^Publier")).check()
        page.get_by_role("button", name="Enregistrer la décision").click()
        expect(page.locator("#messages")).to_contain_text("est en ligne")
    expect(page.get_by_role("heading", name="Rien à relire")).to_be_visible()
