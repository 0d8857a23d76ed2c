"""What a file proposes for its own sheet, measured on real texts: the fiches of the library."""

import gzip
import json
from pathlib import Path

import pytest

from collectivites.diffusion import ELUS, TOUTES
from collectivites.models import Theme
from ressources import propositions
from ressources.models import TypeRessource
from ressources.propositions import propose, title_of
from tests.distribution import Distribution
from tests.ressources.factories import make_ressource

pytestmark = pytest.mark.django_db

FICHES = Path(propositions.__file__).parent / "data" / "fiches.jsonl.gz"
# The fiches say two themes as the list of the drawings does.
OTHERWISE = {
    "Santé-sécurité au travail": "Santé et sécurité au travail",
    "Environnement, eau, déchets, GEMAPI": "Environnement, eau, déchets",
}


def fiches() -> list[tuple[str, str, str]]:
    """Theme, title, text of each, in an order that mixes the themes."""
    with gzip.open(FICHES, "rt", encoding="utf-8") as lines:
        found = [json.loads(line) for line in lines]
    found.sort(key=lambda fiche: fiche["id"][::-1])
    return [
        (
            OTHERWISE.get(fiche["theme"], fiche["theme"]),
            fiche["titre"],
            "\n".join([fiche["resume"], *(f"{s['titre']}\n{s['texte']}" for s in fiche["sections"])]),
        )
        for fiche in found
    ]


def score(known: int) -> tuple[int, int, int]:
    """Right, wrong and silent themes, among the fiches that are not the `known` first."""
    themes = {theme.nom: theme for theme in Theme.objects.all()}
    every = fiches()
    rows = [(themes[theme].pk, (title, text[:300], "")) for theme, title, text in every[:known]]
    lexique = propositions.Lexique(propositions._bags(themes.values(), rows))
    right = wrong = silent = 0
    for theme, title, text in every[known:]:
        words = propositions.sac_of((title, propositions.TITRE), (text[: propositions.READ], propositions.FICHE))
        found = lexique.nearest(words)
        silent += found is None
        right += found == themes[theme].pk
        wrong += found not in {None, themes[theme].pk}
    return right, wrong, silent


@pytest.mark.parametrize(("known", "least", "most_wrong"), [(0, 0.45, 0.40), (200, 0.75, 0.16)], ids=["neuf", "connu"])
def test_the_theme_is_right_more_often_as_the_library_grows(known: int, least: float, most_wrong: float) -> None:
    right, wrong, silent = score(known)
    total = right + wrong + silent
    assert right / total >= least, (right, wrong, silent)
    assert wrong / total <= most_wrong, (right, wrong, silent)


@pytest.mark.parametrize(
    ("titre", "extension", "slug"),
    [
        ("Arrêté portant fermeture du cimetière", "docx", "modele-d-arrete"),
        ("Délibération relative au préau", "pdf", "modele-de-deliberation"),
        ("Guide de l’agent recenseur", "pdf", "guide"),
        ("Ordre du jour du conseil", "odt", "ordre-du-jour"),
        ("Cantine 2026", "xlsx", "tableau-de-calcul"),
        ("La place", "jpg", "photo"),
        ("Règlement de la salle", "pdf", None),
    ],
)
def test_the_type_is_that_of_the_title_or_of_the_file(
    distribution: Distribution, titre: str, extension: str, slug: str | None
) -> None:
    found = propose(distribution.agent_a, nom=f"x.{extension}", extension=extension, titre=titre, texte="").type
    assert (found.slug if found else None) == slug


def test_a_type_that_the_territory_removed_is_not_proposed(distribution: Distribution) -> None:
    TypeRessource.objects.filter(slug="photo").delete()
    assert propose(distribution.agent_a, nom="la-place.jpg", extension="jpg", titre="", texte="").type is None


@pytest.mark.parametrize(
    ("found", "nom", "title"),
    [
        ("Règlement", "x.pdf", "Règlement"),
        ("", "reglement-salle_des-fetes.docx", "Reglement salle des fetes"),
        ("", "Scan_20261007_0912.pdf", ""),
        ("", "IMG_2041.jpg", ""),
        ("", "numérisation 12.pdf", ""),
        ("", "20261007.pdf", ""),
    ],
)
def test_the_title_is_that_of_the_document_else_of_its_name(found: str, nom: str, title: str) -> None:
    assert title_of(found, nom) == title


def test_nothing_is_learned_from_what_one_may_not_read(distribution: Distribution) -> None:
    """A word that only a document of the élus knows tells Alain nothing."""
    theme = Theme.objects.get(slug="assurances")
    make_ressource("Zygomorphe", diffusion=[ELUS], theme=theme)
    asked = {"nom": "x.pdf", "extension": "pdf", "titre": "Zygomorphe", "texte": ""}
    assert propose(distribution.agent_a, **asked).theme is None
    assert propose(distribution.elue_b, **asked).theme == theme
    make_ressource("Zygomorphe", diffusion=[TOUTES], theme=theme)
    assert propose(distribution.agent_a, **asked).theme == theme
