"""A document from its deposit to the copy that a colleague holds, and what becomes of it; one that nobody has yet."""

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from notifications.composition import compose
from notifications.models import Courriel, Notification
from notifications.resumes import write_digests
from ressources.copies import tell_holders
from ressources.models import RessourcePage, Telechargement
from tests.distribution import Distribution
from tests.e2e.browser import picture
from tests.e2e.conftest import Visitor
from tests.e2e.controles import check_page
from tests.e2e.depots import ARRETE, Depot, five_files, review
from tests.fichiers import bureau
from tests.ressources.factories import make_ressource

Visit = Callable[..., Visitor]
TITRE = "Arrêté portant fermeture du cimetière la nuit"


@pytest.mark.parametrize("phone", [False, True], ids=["bureau", "telephone"])
def test_from_a_deposit_to_the_copy_of_a_colleague(
    visitor: Visit, distribution: Distribution, tmp_path: Path, phone: bool
) -> None:
    alain = visitor(distribution.agent_a, phone=phone).go()
    depot = Depot(alain).open()
    depot.choose(five_files(tmp_path))
    expect(depot.balance).to_contain_text("4 prêts, 1 refusé")
    depot.complete()
    alain.get_by_role("button", name="Envoyer à la relecture").click()
    expect(alain.locator("#messages")).to_contain_text("Vos 4\u00a0documents sont à relire")
    review(visitor, distribution, phone=phone)
    simone = visitor(distribution.secretaire_b, phone=phone).go()
    take(simone)
    assert Telechargement.objects.get().collectivite == distribution.b
    second_version(visitor, distribution, alain, tmp_path, phone=phone)
    assert tell_holders() == 1
    simone.goto("/notifications/")
    line = simone.get_by_role("link", name=re.compile("Votre copie de .* est remplacée")).first
    expect(line).to_be_visible()
    # The page says that it was read beside the download: waited for, or it would be read again after the digest's past.
    with simone.expect_download() as got, simone.expect_response(re.compile("/lire/$")):
        simone.get_by_role("link", name=re.compile("Prendre la version\u00a02|Votre copie de")).first.click()
    assert got.value.suggested_filename == "arrete-2027.docx"
    assert "L’heure d’été" in digest_of(distribution)


def take(page: Page) -> None:
    """Found by words that stand inside the file alone, in both places; then taken."""
    for address in ("/recherche/?q=tombée de la nuit", "/ressources/?q=tombée de la nuit"):
        page.goto(address)
        expect(page.locator("mark", has_text="tombée").first).to_be_visible()
        check_page(page)
    page.locator("#resultats").get_by_role("link", name=TITRE).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(TITRE)
    check_page(page)
    with page.expect_download():
        page.get_by_role("link", name=re.compile("^Télécharger ")).first.click()


def second_version(visitor: Visit, cast: Distribution, page: Page, folder: Path, *, phone: bool) -> None:
    """From the sheet, by its author; reviewed, with what changes, by a responsable."""
    file = folder / "arrete-2027.docx"
    file.write_bytes(bureau.docx(ARRETE + bureau.paragraph("En été, la fermeture est à vingt-deux heures.")))
    page.goto(RessourcePage.objects.get(title=TITRE).url)
    page.get_by_role("button", name="Déposer une nouvelle version").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Nouvelle version")
    Depot(page).choose([file])
    page.get_by_label("Ce qui change depuis la version 1").fill("L’heure d’été")
    picture(page, f"parcours/version-{390 if phone else 1280}")
    check_page(page)
    page.get_by_role("button", name="Envoyer à la relecture").click()
    expect(page.locator("#messages")).to_contain_text("Votre document est à relire")
    reader = visitor(cast.responsable, phone=phone).go("/ressources/")
    reader.get_by_role("link", name="À relire (1)").click()
    reader.get_by_role("link", name=TITRE).click()
    expect(reader.locator(".ec-diff ins").first).to_contain_text("vingt-deux heures")
    reader.get_by_role("radio", name=re.compile("^Publier")).check()
    reader.get_by_role("button", name="Enregistrer la décision").click()
    expect(reader.locator("#messages")).to_contain_text("est en ligne")


def digest_of(cast: Distribution) -> str:
    """The mail that Simone receives, composed as the veille does it, some days later."""
    Notification.objects.exclude(destinataire=cast.secretaire_b).delete()
    Notification.objects.update(created_at=timezone.now() - timedelta(days=8), lue_le=None)
    # Of the day in France: an hour before midnight, UTC is still on the day before.
    today = timezone.localtime()
    monday = today + timedelta(days=(7 - today.weekday()) % 7)
    Courriel.objects.all().delete()
    write_digests(monday.replace(hour=12))
    return compose(Courriel.objects.get(agent=cast.secretaire_b)).body


@pytest.mark.parametrize("phone", [False, True], ids=["bureau", "telephone"])
def test_from_a_search_in_vain_to_an_answer(visitor: Visit, distribution: Distribution, phone: bool) -> None:
    """Asked where one has looked for it, answered by a neighbour."""
    asker = visitor(distribution.agent_a, phone=phone).go("/recherche/?q=affouage")
    check_page(asker)
    asker.get_by_role("link", name="Demander un document").click()
    expect(asker.get_by_label("Ce que vous cherchez")).to_have_value("affouage")
    check_page(asker)
    asker.get_by_role("button", name="Envoyer la demande").click()
    expect(asker.get_by_role("heading", name="affouage")).to_be_visible()
    check_page(asker)
    answer = make_ressource("Règlement d’affouage", collectivite=distribution.b)
    giver = visitor(distribution.elue_b, phone=phone).go("/ressources/demandes/")
    giver.get_by_role("link", name=re.compile("Je l’ai, répondre.* affouage")).click()
    check_page(giver)
    giver.get_by_label("Ou l’adresse d’une autre fiche").fill(answer.url)
    giver.get_by_role("button", name="Donner cette réponse").click()
    expect(giver.get_by_text("sont prévenus")).to_be_visible()
    asker.goto("/notifications/")
    asker.get_by_role("link", name=re.compile("On vous a répondu")).first.click()
    expect(asker.get_by_role("heading", level=1)).to_have_text("Règlement d’affouage")
