import pytest

from extranet.lib.noms import a_nom, de_nom, initiales, place_sort_key


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
    ("prenom", "nom", "expected"),
    [
        ("Odile", "Vuillermet", "OV"),
        ("Élodie", "Maillot", "ÉM"),
        ("E\u0301lodie", "Maillot", "ÉM"),
        ("Jean-Marc", "Thévenin", "JT"),
        ("Anne", "de La Tour", "AL"),
        ("Anne", "d’Ornano", "AO"),
        ("Yann", "Le Goff", "YL"),
        ("Loïc", "Dupont Durand", "LD"),
        ("", "Œuvrard", "Œ"),
        ("Zoé", "", "Z"),
        ("", "", "?"),
        ("« Zoé »", "(Clerc)", "ZC"),
    ],
)
def test_initials_of_an_avatar(prenom: str, nom: str, expected: str):
    assert initiales(prenom, nom) == expected
