"""People and places: found by their names and by what they are, and their names are no misspelt words."""

from dataclasses import replace

import pytest

from search.chercher import chercher
from search.lecteur import Lecteur
from search.poids import Lieux
from search.suggerer import suggerer
from search.surlignage import Surligneur
from tests.search.factories import give, learn_words, lecteur, titles

pytestmark = pytest.mark.django_db

PROSE = "La mairie de la commune rappelle ce que le maire a dit des travaux et du téléphone. "


@pytest.fixture(autouse=True)
def _territory() -> None:
    for n in range(25):
        give(f"La mairie et le maire, affaire {n}", PROSE * 5 + "La caisse et le marché de Tavaux.")
    for name in ("Tavaux", "Crissey", "Foucherans"):
        give(
            name,
            "mairie\nTéléphone : 03 84 00 00 00",
            kind="collectivite",
            commune=name,
            detail="commune, 800 habitants",
        )
        give(f"Fatima {name}", "Adjointe", kind="agent", commune=name, detail=f"Adjointe au maire – {name}")
        give(f"Camille {name}", "Maire", kind="agent", commune=name, detail=f"Maire – {name}")
    learn_words()


def of(*communes: str) -> Lecteur:
    return replace(lecteur("toutes"), lieux=Lieux(frozenset(communes)))


@pytest.mark.parametrize(
    ("asked", "first"),
    [
        ("mairie tavaux", "Tavaux"),
        ("téléphone mairie Crissey", "Crissey"),
        ("tel Crissey", "Crissey"),
        ("maire de Tavaux", "Camille Tavaux"),
    ],
)
def test_somebody_or_some_place_is_first_by_what_they_are(asked: str, first: str) -> None:
    assert titles(chercher(asked, of()).rangs)[0] == first


def test_ones_own_without_its_name() -> None:
    assert titles(chercher("mairie", of("Foucherans")).rangs)[0] == "Foucherans"
    assert titles(chercher("maire", of("Foucherans")).rangs)[0] == "Camille Foucherans"


@pytest.mark.parametrize("name", ["Crissey", "tel Crissey"])
def test_the_name_of_a_card_is_not_corrected(name: str) -> None:
    """« Crissey » is two letters from « caisse », which all the others hold."""
    reponse = chercher(name, of())
    assert (reponse.corrigee_de, reponse.proposition) == ("", "")
    assert "Crissey" in titles(reponse.rangs)


def test_a_card_that_one_may_not_read_corrects_as_if_it_were_not() -> None:
    give("Marchet", kind="agent", detail="Maire", codes=("c:9",))
    assert chercher("marchet", lecteur("toutes")).corrigee_de == "marchet"
    assert chercher("marchet", lecteur("toutes", "c:9")).corrigee_de == ""


def test_the_maire_before_the_adjoints_while_one_types() -> None:
    lines = [line for _, group in suggerer("maire tav", of()).groupes for line in group]
    assert "Camille" in lines[0].texte


def test_a_word_that_something_holds_is_no_beginning() -> None:
    """« oublié » alone begins « oubliette »: the words that are held count, most of them together."""
    give("Consignes pour les mots de passe", "À lire par chacun.")
    give("Objets oubliés", "À la salle des fêtes.")
    give("Autre affaire", "Un mot passe, vous l’oublierez.")
    reponse = chercher("mot de passe oublié", lecteur("toutes"))
    assert (reponse.commencee, reponse.relachee) == (False, True)
    assert titles(reponse.rangs)[0] == "Consignes pour les mots de passe"


def test_a_title_in_the_form_that_was_typed_is_first() -> None:
    give("Travail à temps partiel", PROSE)
    give("Travaux de voirie", PROSE)
    assert titles(chercher("travaux", lecteur("toutes")).rangs)[:2] == ["Travaux de voirie", "Travail à temps partiel"]
    assert titles(chercher("travail", lecteur("toutes")).rangs)[0] == "Travail à temps partiel"


def test_the_words_of_an_expression_are_marked_together() -> None:
    text = "Les règles locales. Le plan local d’urbanisme, ou PLU. Un plan. Service urbanisme."
    marker = Surligneur(*chercher("plu", of()).marques)
    marked = "Les règles locales. Le <mark>plan</mark> <mark>local</mark> d’<mark>urbanisme</mark>, ou"
    assert str(marker.extrait(text).html) == f"{marked} <mark>PLU</mark>. Un plan. Service urbanisme."


def test_a_passage_begins_with_a_word() -> None:
    text = "Avant. " * 40 + "Faut-il une autorisation\u00a0? Vous devez déposer une demande de permis."
    assert str(Surligneur(frozenset({"perm"})).extrait(text).html).startswith("… Vous devez déposer")
