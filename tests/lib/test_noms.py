import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extranet.lib.noms import a_nom, de_nom, initiales, place_sort_key, plain


@pytest.mark.parametrize(
    ("nom", "de", "a"),
    [
        ("Foucherans", "de Foucherans", "à Foucherans"),
        ("Le Deschaux", "du Deschaux", "au Deschaux"),
        ("Les Arsures", "des Arsures", "aux Arsures"),
        ("La Rixouse", "de La Rixouse", "à La Rixouse"),
        ("L'Étoile", "de L’Étoile", "à L’Étoile"),
        ("L’Étoile", "de L’Étoile", "à L’Étoile"),
        ("Aux Marais", "des Marais", "aux Marais"),
        ("Los Masos", "de Los Masos", "à Los Masos"),
        ("Authume", "d’Authume", "à Authume"),
        ("Éclans-Nenon", "d’Éclans-Nenon", "à Éclans-Nenon"),
        ("Œuilly", "d’Œuilly", "à Œuilly"),
        ("Ytrac", "d’Ytrac", "à Ytrac"),
        ("Houville-la-Branche", "d’Houville-la-Branche", "à Houville-la-Branche"),
        ("Houx", "d’Houx", "à Houx"),
        ("Haute-Goulaine", "de Haute-Goulaine", "à Haute-Goulaine"),
        ("Honfleur", "de Honfleur", "à Honfleur"),
        ("Hyères", "d’Hyères", "à Hyères"),
        ("Bailleau-l'Évêque", "de Bailleau-l’Évêque", "à Bailleau-l’Évêque"),
        ("Leschères", "de Leschères", "à Leschères"),
    ],
)
def test_official_name_in_a_sentence(nom: str, de: str, a: str):
    assert (de_nom(nom), a_nom(nom)) == (de, a)


@pytest.mark.parametrize(
    ("nom", "article", "de", "a"),
    [
        ("Grand Dole", "le", "du Grand Dole", "au Grand Dole"),
        ("communauté de communes", "la", "de la communauté de communes", "à la communauté de communes"),
        ("association foncière", "l", "de l’association foncière", "à l’association foncière"),
        ("Vallons", "les", "des Vallons", "aux Vallons"),
    ],
)
def test_name_used_with_an_article_of_its_own(nom: str, article: str, de: str, a: str):
    assert (de_nom(nom, article), a_nom(nom, article)) == (de, a)


def test_places_are_ordered_as_in_a_directory():
    noms = ["Damparis", "Le Deschaux", "Dole", "Éclans-Nenon", "Falletans", "L’Étoile", "Villers-Robert", "Villette"]
    expected = ["Damparis", "Le Deschaux", "Dole", "Éclans-Nenon", "L’Étoile", "Falletans"]
    assert sorted(noms, key=place_sort_key)[:6] == expected
    assert sorted(["Saint-Prest", "Sainte-Luce", "Saint Aubin"], key=place_sort_key)[0] == "Saint Aubin"


@pytest.mark.parametrize(
    ("nom_complet", "expected"),
    [
        ("Odile Vuillermet", "OV"),
        ("E\u0301lodie Maillot", "ÉM"),
        ("Jean-Marc Thévenin", "JT"),
        ("Jean Marc Thévenin", "JT"),
        ("Marie-Antoinette de Vaulchier-Grandperret", "MV"),
        ("Anne de La Tour", "AL"),
        ("Anne d’Ornano", "AO"),
        ("Anne d'Ornano", "AO"),
        ("Yann Le Goff", "YL"),
        ("Loïc Dupont Durand", "LD"),
        ("Martin Martin", "MM"),
        ("Œuvrard", "Œ"),
        ("Émile Étiévant", "ÉÉ"),
        ("« Zoé » (Clerc)", "ZC"),
        ("\u202eOdile\u200b Vuillermet", "OV"),
        ("", "?"),
        (None, "?"),
        ("« »", "?"),
    ],
)
def test_initials_of_an_avatar(nom_complet: str | None, expected: str):
    assert initiales(nom_complet) == expected


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Durand", "Durand"),
        ("\u202edurand", "durand"),
        ("Du\u200drand", "Durand"),
        ("Saint\u00adClair", "SaintClair"),
        ("\ufeffOdile", "Odile"),
        ("Odile\nBcc: tous@essai.example", "Odile Bcc: tous@essai.example"),
        ("Odile\r\n\tAnne", "Odile Anne"),
        ("Odile\u2028Anne\u2029Marie", "Odile Anne Marie"),
        ("Odile\x00\x07", "Odile"),
        ("Odile\ufffe\ud800\U0001ffff", "Odile"),
        ("  Marie   Claire\u00a0 ", "Marie Claire"),
        ("E\u0301lodie", "Élodie"),
        ("d’Ornano-Lévêque", "d’Ornano-Lévêque"),
        ("\u202e\n\u200b", ""),
        ("", ""),
    ],
)
def test_a_name_is_kept_plain(typed: str, kept: str):
    assert plain(typed) == kept


@given(st.text(st.characters(categories=["Cc", "Cf", "Zl", "Zp", "Zs", "Lu", "Ll", "Mn"])))
def test_a_plain_name_is_one_visible_line(typed: str):
    kept = plain(typed)
    assert plain(kept) == kept
    assert not {unicodedata.category(character) for character in kept} & {"Cc", "Cf", "Zl", "Zp"}
    assert len(kept.splitlines()) <= 1
