"""What may be typed beside words: phrases, exclusions, beginnings, synonyms, and whatever else gets into a box."""

import pytest

from search.analyse.mots import racine
from search.analyse.requete import lire
from search.analyse.synonymes import Synonymes
from search.engines.base import Demande, Terme
from search.enums import Tri
from search.models import SearchAudience, Synonyme
from tests.search.factories import lecteur

TEXTS = {
    "Permis": "Le permis de construire est délivré par le maire.",
    "Construire": "Pour construire, un permis est utile.",
    "Mariage": "Dossier de mariage : acte de naissance, nom des témoins.",
    "Naissance": "Déclaration de naissance et nom de l’enfant.",
    "Secrétaire": "La secrétaire de mairie tient le registre.",
    "Secrétariat": "Horaires du secrétariat.",
    "Cimetière": "Règlement du cimetière : concession, columbarium.",
    "Règlement du cimetière": "Approuvé par arrêté.",
}
CASES = [
    ('"permis de construire"', {"Permis"}),
    ("« permis de construire »", {"Permis"}),
    ("“permis de construire”", {"Permis"}),
    ("permis construire", {"Permis", "Construire"}),
    ('"construire de permis"', set()),
    ('"règlement du cimetière"', {"Cimetière", "Règlement du cimetière"}),
    ('"cimetière approuvé"', set()),  # a phrase does not begin in a title and end in a text
    ('"nom de l’enfant"', {"Naissance"}),
    ('"acte de naissance" témoin', {"Mariage"}),
    ('"acte de naissance" "permis de construire"', set()),
    ("nom -mariage", {"Naissance"}),
    ("naissance -nom", set()),
    ('naissance -"acte de naissance"', {"Naissance"}),
    ("construire -délivré -zorglub", {"Construire"}),
    ("permis - construire", {"Permis", "Construire"}),
    ("secretair*", {"Secrétaire"}),
    ("secret*", {"Secrétaire", "Secrétariat"}),
    ("SECRÉT*", {"Secrétaire", "Secrétariat"}),
    ("secrétaires*", {"Secrétaire"}),
    ("regl* colomb*", set()),
    ("regl* columb*", {"Cimetière"}),
    ("le la", {"Secrétaire"}),
    ("", set()),
    ("   ", set()),
    ("zorglub", set()),
]
HOSTILE = [
    "*", "**", "a*", '"', '""', '" "', "'", "’", "-", "--", "-*", '-"', "(", ")", "()", "((((", "[a", "{}", "\\",
    "\\\\'",
    "%", "_", "%s", "%(x)s", "?", "/", "//", "&", "|", "!", "<->", ":", ":*", "a:*", "^", "~", "~2", "$", "$$", ";",
    "AND", "OR", "NOT", "AND OR", "NEAR(a b)", "NEAR", "titre:permis", "corps : permis", "permis AND", "OR permis",
    "permis NOT", 'permis "construire', '"permis" "', "permis^10", "permis~1", "+permis -", "_id:1", "{!lucene}permis",
    "' OR 1=1 --", "'; DROP TABLE search_vecteur; --", "1); DELETE FROM search_tout", "permis') & !('", "'a':1A",
    "<script>alert(1)</script>", "{{ 7*7 }}", "\x00", "permis\x00construire", "\x00" * 300, "\ud7ff", "\u202e",
    "\ufeff",
    "\u0301", "e\u0301" * 100, "😀", "👩‍👩‍👧", "permis 😀", "漢字", "Ωμέγα", "дом", "عربي", "½", "²", "ﬁn", "İ", "ß",
    "a" * 10_000, "permis " * 2_000, "-permis " * 300, '"permis" ' * 300, "l'" * 500, "é" * 10_000, "1" * 400,
    "a* b* c* d* e* f* g* h* i* j* k* l* m*", "un deux trois quatre cinq six sept huit neuf dix onze douze treize",
]  # fmt: skip


@pytest.fixture
def texts(banc):
    for titre, texte in TEXTS.items():
        banc.give(titre, texte)
    return banc


@pytest.mark.parametrize(("typed", "expected"), CASES)
def test_what_is_typed(texts, typed, expected):
    assert texts.find(typed) == expected


def test_nothing_that_is_typed_is_an_error(texts):
    """Neither as such, nor beside a word, nor as a filter, nor corrected or relaxed; what it finds exists."""
    for typed in HOSTILE:
        for asked in (typed, f"permis {typed}", f"{typed} permis -{typed}"):
            for tri in Tri:
                assert texts.find(asked, tri=tri) <= set(TEXTS), asked
        kept = {name: frozenset([typed]) for name in ("kind", "theme", "commune", "annee")}
        assert texts.find("permis", filtres=kept) == set()
        debuts = ((Terme(("permis",), debut=True),),)
        assert texts.moteur.suggest(debuts, lecteur("toutes").audiences, frozenset(), 8)


def test_synonyms_are_as_good_as_what_is_typed_and_count_at_once(texts):
    assert texts.find("columbarium maison") == set()
    Synonyme.objects.create(expressions="autorisation, permis de construire")
    assert texts.find("autorisation") == {"Permis"}
    assert texts.find("autorisation maire") == {"Permis"}
    Synonyme.objects.all().delete()
    assert texts.find("autorisation") == set()


@pytest.mark.parametrize(
    ("minimum", "expected"),
    [
        (3, {"Permis"}),
        (2, {"Permis", "Construire"}),
        (1, {"Permis", "Construire", "Secrétaire"}),
    ],
)
def test_that_many_groups_are_enough(texts, minimum, expected):
    first, second, third = lire("permis construire mairie", Synonymes()).groupes
    groupes = (first, second, (*third, Terme((racine("maire"),))))
    found = texts.search(Demande(groupes, lecteur("toutes").audiences, minimum=minimum))
    titles = {one.pk: one.titre for one in _entries()}
    assert {titles[key] for key, _ in found.rangs} == expected
    assert found.total == len(expected)


def _entries():
    return [entry for audience in SearchAudience.objects.all() for entry in audience.entrees.all()]


def test_twelve_words_with_many_synonyms_are_relaxed_without_error(texts):
    synonyms = tuple(
        (Terme((f"mot{n}",)),) + tuple(Terme((f"autre{n}x{m}", "suite")) for m in range(11)) for n in range(8)
    )
    demande = Demande(synonyms, lecteur("toutes").audiences, exclus=(Terme((racine("permis"),)),), minimum=4)
    assert texts.search(demande).total == 0
    assert texts.moteur.count(demande, 1) == 0


def test_what_is_ruled_out_alone_leaves_the_rest(texts):
    found = texts.search(Demande((), lecteur("toutes").audiences, exclus=(Terme((racine("permis"),)), Terme(("nom",)))))
    assert found.total == len(found.rangs) == len(TEXTS) - 4


def test_counting_stops_where_it_is_told(texts):
    audiences = lecteur("toutes").audiences
    everything = Demande((), audiences)
    assert texts.moteur.count(everything, 3) == 3
    assert texts.moteur.count(everything, 100) == len(TEXTS)
    assert texts.moteur.count(Demande((), frozenset()), 100) == 0
