"""The pages of needs in the browser, sound in both looks; the journey of one is in test_materiel_parcours."""

from collections.abc import Callable

import pytest
from django.utils.text import slugify

from collectivites.models import Collectivite
from materiel.entraide import besoins
from materiel.models import Besoin, Categorie
from tests.distribution import Distribution
from tests.e2e.conftest import Visitor
from tests.e2e.controles import check_and_keep
from tests.materiel.factories import make_materiel
from tests.materiel.prets import commune, days, keeper

Visit = Callable[..., Visitor]


def near(nom: str, latitude: float) -> Collectivite:
    return commune(nom, slug=slugify(nom), latitude=latitude, longitude=5.47, telephone="0353010063")


@pytest.fixture
def foucherans(live_server: object, distribution: Distribution) -> Collectivite:
    return near("Foucherans", 47.08)


@pytest.fixture
def pinned(foucherans: Collectivite) -> list[Besoin]:
    """The five of the drawing, and one of Foucherans with its answers."""
    found = []
    for nom, latitude, objet, code, occasion, first, last in (
        ("Sampans", 47.12, "60 chaises", "salles", "Repas des aînés. Nous venons les chercher avec le fourgon.", 5, 5),
        ("Authume", 47.14, "Une sono avec deux micros", "fetes", "Cérémonie du 11 novembre, le matin seulement.", 1, 1),
        ("Villette-lès-Dole", 47.0, "Un broyeur de branches", "espaces-verts", "Après la taille des haies.", 7, 8),
        ("Damparis", 47.01, "12 barrières", "securite", "Ravalement de la façade de l’école, côté rue.", 9, 14),
        ("Choisey", 47.03, "Un coffret électrique de chantier", "batiment", "Marché de Noël.", 19, 19),
    ):
        found.append(post(near(nom, latitude), objet, code, occasion, first, last))
    ours = post(foucherans, "Une nacelle", "levage", "Guirlandes de la rue haute.", 3, 3)
    besoins.write(ours, keeper(found[0].collectivite), found[0].collectivite, "La nôtre est en panne, voyez Curie.")
    crane = make_materiel("Nacelle 12 m", collectivite=found[1].collectivite, categorie_code="levage")
    besoins.offer(ours, keeper(crane.collectivite), crane.collectivite, crane, 1, "Avec le harnais.")
    return [*found, ours]


def post(place: Collectivite, objet: str, code: str, occasion: str, first: int, last: int) -> Besoin:
    words = {"objet": objet, "categorie": Categorie.objects.get(code=code), "occasion": occasion}
    return besoins.publish(keeper(place), place, **words, **days(first, last))


@pytest.mark.parametrize("phone", [False, True], ids=["bureau", "telephone"])
def test_sound_pages(
    visitor: Visit, distribution: Distribution, foucherans: Collectivite, pinned: list[Besoin], phone: bool
) -> None:
    look = "telephone" if phone else "bureau"
    make_materiel("Chaises pliantes", collectivite=foucherans, categorie_code="salles", stock=80, unite="chaises")
    make_materiel("Barnum 5 × 8 m", collectivite=foucherans, categorie_code="fetes")
    for besoin in pinned[2:4]:
        besoins.close(besoin, keeper(besoin.collectivite))
    reader = visitor(keeper(foucherans), phone=phone)
    epci = visitor(distribution.responsable, phone=phone)
    for who, name, path in (
        (reader, "besoins", "/materiel/besoins/"),
        (reader, "repondre", f"/materiel/besoins/{pinned[0].pk}/repondre/"),
        (reader, "rien-de-libre", f"/materiel/besoins/{pinned[4].pk}/repondre/"),
        (epci, "bilan", "/materiel/besoins/bilan/"),
    ):
        page = who.go(path)
        check_and_keep(page, f"besoins/{name}-{look}")
