"""After publication, in the browser: what is new at home, what is to be checked in one click, who has read."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from collectivites.diffusion import code_collectivite
from collectivites.models import Theme
from ressources import demandes
from ressources.echanges import say
from ressources.enums import Analyse
from ressources.models import Favori, Lecture, Reprise, RessourcePage, VersionFichier
from tests.distribution import Distribution
from tests.e2e.conftest import Visitor
from tests.e2e.controles import check_and_keep, check_page
from tests.ressources.factories import make_ressource

Visit = Callable[..., Visitor]


@pytest.fixture
def page(live_server: object, distribution: Distribution) -> RessourcePage:
    """One to check, looked after by Sylvie; one to read by all of Aval; some more of both communes."""
    today, now = timezone.localdate(), timezone.now()
    for number, titre in enumerate(
        ["Fiche réflexe : recenser les jeunes de 16 ans", "Tableau de suivi des concessions", "Arrêté de circulation"]
    ):
        other = make_ressource(titre, collectivite=distribution.b, first_published_at=now - timedelta(days=number + 1))
        Reprise.objects.create(
            page=other, collectivite=distribution.a, agent=distribution.agent_a, mot="Repris tel quel."
        )
    consignes = make_ressource(
        "Consignes de sécurité du marché de Noël",
        collectivite=distribution.a,
        owner=distribution.gestionnaire_a,
        lecture_suivie=True,
        diffusion=[code_collectivite(distribution.a.pk)],
    )
    Lecture.objects.create(version=consignes.fichiers.get().versions.get(), agent=distribution.secretaire_a)
    page = make_ressource(
        "Modèle de délibération : tarifs du cimetière 2027",
        collectivite=distribution.a,
        owner=distribution.gestionnaire_a,
        referent=distribution.secretaire_a,
        a_verifier_avant=today - timedelta(days=2),
    )
    VersionFichier.objects.filter(fichier__page=page).update(analyse=Analyse.NON_LU)
    return page


@pytest.mark.parametrize("phone", [False, True], ids=["bureau", "telephone"])
def test_sound_pages(visitor: Visit, distribution: Distribution, page: RessourcePage, phone: bool) -> None:
    look = "telephone" if phone else "bureau"
    consignes = RessourcePage.objects.get(lecture_suivie=True).fichiers.get().versions.get()
    secretaire = visitor(distribution.secretaire_a, phone=phone)
    for name, path in {
        "accueil": "/",
        "a-verifier": "/ressources/a-verifier/",
        "fiche-non-lue": page.url,
        "agent": distribution.gestionnaire_a.get_absolute_url(),
        "mairie": distribution.a.get_absolute_url(),
        "abonnements": "/notifications/preferences/",
    }.items():
        there = secretaire.go(path)
        check_and_keep(there, f"suivi/{name}-{look}")
    there = visitor(distribution.gestionnaire_a, phone=phone).go(f"/ressources/versions/{consignes.pk}/lectures/")
    check_and_keep(there, f"suivi/lectures-{look}")


def test_still_valid_in_one_click(visitor: Visit, distribution: Distribution, page: RessourcePage) -> None:
    there = visitor(distribution.secretaire_a).go("/")
    there.get_by_role("link", name="Vérifier").first.click()
    there.get_by_role("button", name="Toujours valable").click()
    expect(there.get_by_text("vaut toujours")).to_be_visible()
    expect(there.get_by_role("heading", name="Rien à vérifier")).to_be_visible()
    page.refresh_from_db()
    assert page.verifie_par == "Sylvie Aval, Aval"


def test_read_then_no_longer_asked(visitor: Visit, distribution: Distribution, page: RessourcePage) -> None:
    there = visitor(distribution.agent_a, phone=True).go("/")
    there.get_by_role("link", name="Lire").first.click()
    there.get_by_role("button", name="J’ai lu").click()
    expect(there.get_by_text("Vous avez lu la version 1")).to_be_visible()
    there.goto("/")
    expect(there.get_by_role("heading", name="Rien ne vous attend")).to_be_visible()


# The rows whose separator has left their words for the next line; from a telephone's width down.
ALONE = """() => {
  const found = [];
  for (const list of document.querySelectorAll("main .ec-meta--dot")) {
    for (let width = 360; width > 120; width -= 2) {
      list.style.width = width + "px";
      for (const row of list.children) {
        const [words, dot] = Array.from(row.getClientRects()).slice(-2);
        if (dot && dot.width < 16 && dot.top > words.top + 4) found.push([width, row.textContent]);
      }
    }
    list.style.width = "";
  }
  return found;
}"""


def test_no_line_begins_with_the_dot_that_parts(visitor: Visit, distribution: Distribution) -> None:
    demandes.ask(distribution.agent_a, distribution.a, objet="Bail rural", theme=Theme.objects.first())
    page = visitor(distribution.agent_a, phone=True).go("/ressources/demandes/")
    expect(page.locator("main .ec-meta--dot li")).to_have_count(3)
    assert page.evaluate(ALONE) == []


def test_a_word_without_end_widens_no_page(visitor: Visit, distribution: Distribution, page: RessourcePage) -> None:
    """An address, a key, a finger left on a letter: on a phone, in what readers write."""
    word = "z" * 80
    Favori.objects.create(page=page, agent=distribution.secretaire_a, note=word)
    say(page, distribution.secretaire_a, distribution.a, texte=word)
    secretaire = visitor(distribution.secretaire_a, phone=True)
    for path in (page.url, "/ressources/favoris/"):
        there = secretaire.go(path)
        expect(there.get_by_text(word).first).to_be_visible()
        check_page(there)
