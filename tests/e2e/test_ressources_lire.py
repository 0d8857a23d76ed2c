"""Reading the library in the browser: filter, come back, open, take, ask."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from collectivites.diffusion import TOUTES
from collectivites.models import Theme
from extranet.lib.cherchable import reindex
from ressources import apercus
from ressources.enums import GenreEchange, Source
from ressources.models import Echange, Fichier, Reprise, RessourcePage, Telechargement, TypeRessource
from ressources.usages import keep
from tests.distribution import Distribution
from tests.e2e.conftest import Visitor
from tests.e2e.controles import check_and_keep
from tests.fichiers import documents
from tests.ressources.factories import make_ressource, make_version

Visit = Callable[..., Visitor]
TITRES = [
    "Modèle de règlement intérieur du cimetière communal",
    "Délibération adoptant le règlement du cimetière et du columbarium",
    "Guide des opérations funéraires pour les petites communes",
    "Arrêté portant règlement du cimetière",
    "Tableau de suivi des concessions",
    "Convention de mise à disposition de la salle des fêtes",
    "Règlement de la cantine et de la garderie",
    "Procès-verbal de reprise d’une concession abandonnée",
]


@pytest.fixture
def fiche(live_server: object, distribution: Distribution) -> RessourcePage:
    """Eight sheets of three themes, of which the first has all that a sheet may have."""
    cast, today = distribution, timezone.localdate()
    themes, types = list(Theme.objects.all()[2:5]), list(TypeRessource.objects.all()[:4])
    for place in (cast.a, cast.b):
        place.population_totale, place.population_annee = 700, 2026
        place.save()
    texte = "… le présent règlement du cimetière est affiché à l’entrée principale et remis à chaque concessionnaire."
    made = [
        make_ressource(
            titre,
            f"Première page\fSeconde page\f{texte}",
            collectivite=(cast.a, cast.b, cast.epci)[number % 3],
            theme=themes[number % 3],
            type=types[number % 4],
            source=Source.values[number % 3],
            owner=cast.agent_a,
            a_remplir=number % 2 == 0,
            resume="Un modèle relu, à adapter à votre commune avant de le présenter au conseil.",
            first_published_at=timezone.now() - timedelta(days=200 * number),
            verifie_le=today - timedelta(days=20) if number < 4 else None,
            verifie_par="Service juridique" if number < 4 else "",
            a_verifier_avant=today - timedelta(days=number - 3) if 2 < number < 5 else None,
            perime_le=today if number == 6 else None,
        )
        for number, titre in enumerate(TITRES)
    ]
    page = made[0]
    page.referent, page.avant_adoption = cast.secretaire_b, "Complétez les passages entre crochets.\nVotez les tarifs."
    page.reference_texte, page.liees = "CGCT, articles L. 2213-7 et suivants", made[1:4]
    page.a_verifier_avant = today + timedelta(days=200)
    page.save()
    pdf = documents.pdf("= Règlement intérieur du cimetière\nLe maire de la commune de [nom],\n#pagebreak()\nArticle 2")
    version = make_version(
        page.fichiers.get(), texte, contenu=pdf, nom="règlement.pdf", changements="Article 18", pages=2
    )
    apercus.draw(version)
    tableau = Fichier.objects.create(page=page, nom="Tarifs", ordre=1)
    make_version(tableau, "Durée\tPrix\n15 ans\t100 €\n30 ans\t180 €", nom="tarifs.xlsx")
    Reprise.objects.create(
        page=page, collectivite=cast.b, agent=cast.elue_b, mot="Sans l’article 18", telephone="0384000000"
    )
    asked = "Et sans columbarium\u00a0?"
    said = Echange.objects.create(page=page, auteur=cast.elue_b, collectivite=cast.b, texte=asked)
    Echange.objects.create(
        page=page, auteur=cast.agent_a, collectivite=cast.a, texte="Retirez l’article 18.", reponse_a=said
    )
    Echange.objects.create(page=page, auteur=cast.agent_a, texte="Tarif faux", genre=GenreEchange.SIGNALEMENT)
    keep(page, cast.agent_a, "Pour le conseil de mars")
    page.demandes.create(
        objet="Règlement du columbarium", precision="Pour l’été", auteur=cast.elue_b, collectivite=cast.b, page=None
    )
    reindex(RessourcePage.to_index())
    assert page.diffusion == [TOUTES]
    return page


@pytest.mark.parametrize("phone", [False, True], ids=["bureau", "telephone"])
def test_sound_pages(visitor: Visit, distribution: Distribution, fiche: RessourcePage, phone: bool) -> None:
    look = "telephone" if phone else "bureau"
    here = visitor(distribution.agent_a, phone=phone)
    demande = fiche.demandes.model.objects.get()
    for name, path in {
        "liste": "/ressources/",
        "liste-mots": "/ressources/?q=règlement cimetière&modele=1",
        "liste-vide": "/ressources/?q=licorne",
        "fiche": fiche.url,
        "fiche-tableau": f"{fiche.url}?fichier={fiche.fichiers.last().pk}",
        "theme": f"/ressources/themes/{fiche.theme.slug}/",
        "favoris": "/ressources/favoris/",
        "demandes": "/ressources/demandes/",
        "demander": "/ressources/demandes/nouvelle/?objet=Bail",
        "repondre": f"/ressources/demandes/{demande.pk}/repondre/",
        "telechargements": f"/ressources/{fiche.pk}/telechargements/",
    }.items():
        page = here.go(path)
        check_and_keep(page, f"ressources-lire/{name}-{look}")


def test_filter_open_and_come_back(visitor: Visit, distribution: Distribution, fiche: RessourcePage) -> None:
    page = visitor(distribution.agent_a).go("/ressources/")
    results = page.locator("#resultats")
    expect(results.get_by_role("heading", level=2)).to_have_text("8 documents")
    page.get_by_label(re.compile("À compléter à la main")).check()
    expect(results.get_by_role("heading", level=2)).to_have_text("4 documents")
    expect(page).to_have_url(re.compile(r"\?modele=1$"))
    expect(page.locator("#vitrine")).to_be_empty()
    results.get_by_role("link", name="date de mise à jour").wait_for()
    results.get_by_role("link", name=TITRES[0]).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(TITRES[0])
    page.go_back()
    expect(results.get_by_role("heading", level=2)).to_have_text("4 documents")
    expect(page.get_by_label(re.compile("À compléter à la main"))).to_be_checked()
    results.get_by_role("link", name=re.compile("À compléter à la main")).click()
    expect(results.get_by_role("heading", level=2)).to_have_text("8 documents")
    page.go_back()
    expect(results.get_by_role("heading", level=2)).to_have_text("4 documents")


def test_a_word_inside_is_found_and_the_file_taken(
    visitor: Visit, distribution: Distribution, fiche: RessourcePage
) -> None:
    page = visitor(distribution.secretaire_b, phone=True).go("/ressources/")
    page.get_by_role("searchbox", name="Chercher dans les ressources").fill("columbarium")
    page.get_by_role("button", name="Chercher", exact=True).tap()
    expect(page.locator("#resultats mark").first).to_be_visible()
    page.go_back()
    page.goto(fiche.url)
    with page.expect_download() as got:
        page.get_by_role("link", name=re.compile("^Télécharger ")).first.tap()
    assert got.value.suggested_filename == "règlement.pdf"
    assert Telechargement.objects.get().collectivite == distribution.b
    page.get_by_role("button", name="Garder").tap()
    expect(page.get_by_role("button", name=re.compile("Gardé"))).to_be_visible()


def test_ask_and_be_answered(visitor: Visit, distribution: Distribution, fiche: RessourcePage) -> None:
    asker = visitor(distribution.secretaire_a).go("/ressources/?q=licorne")
    asker.get_by_role("link", name="Demander un document").click()
    asker.get_by_label("À quoi il servirait").fill("Pour la fête du village")
    asker.get_by_role("button", name="Envoyer la demande").click()
    expect(asker.get_by_role("heading", name="licorne")).to_be_visible()
    giver = visitor(distribution.elue_b).go("/ressources/demandes/")
    giver.get_by_role("link", name=re.compile("Je l’ai, répondre.* licorne")).click()
    giver.get_by_label("Ou l’adresse d’une autre fiche").fill(fiche.url)
    giver.get_by_role("button", name="Donner cette réponse").click()
    expect(giver.get_by_text("sont prévenus")).to_be_visible()
    asker.goto("/notifications/")
    asker.get_by_role("link", name=re.compile("On vous a répondu")).first.click()
    expect(asker.get_by_role("heading", level=1)).to_have_text(TITRES[0])
