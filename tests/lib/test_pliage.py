"""Words brought together whatever their accents, alike in Python and in the database."""

import pytest
from django.db.models import Value
from hypothesis import given
from hypothesis import strategies as st

from collectivites.models import Secteur
from extranet.lib.pliage import Fold, fold, words

# Whatever a French name may hold; PostgreSQL is taught these letters and no others.
LOWER = "abcdefghijklmnopqrstuvwxyzàâäçéèêëîïôöùûüÿñœæ"
LETTERS = LOWER + LOWER.upper() + "0123456789 '’-._/()&,"


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("L’Étang-de-Cœur", "l etang de coeur"),
        ("  ŒUVRE   d'Ænaïs ", "oeuvre d aenais"),
        ("Saint-Rémy", "saint remy"),
        ("Groß", "gross"),
        ("…", ""),
        ("", ""),
        (None, ""),
        ("a\x00b", "a b"),
    ],
)
def test_fold(text: str | None, folded: str):
    assert fold(text) == folded


@given(st.text())
def test_fold_is_letters_digits_and_single_spaces(text: str):
    folded = fold(text)
    assert folded == " ".join(folded.split())
    assert fold(folded) == folded
    assert all(c.isascii() and (c.isalnum() or c == " ") for c in folded)


@pytest.mark.django_db
@given(st.lists(st.text(alphabet=LETTERS, min_size=1, max_size=30), min_size=1, max_size=5))
def test_the_database_folds_alike(texts: list[str]):
    Secteur.objects.get_or_create(nom="Un")
    row = Secteur.objects.annotate(**{f"t{n}": Fold(Value(text)) for n, text in enumerate(texts)}).values().first()
    assert [row[f"t{n}"] for n in range(len(texts))] == [fold(text) for text in texts]


def test_words():
    assert words("  L’Hôte l'hote ÉTIENNE ") == ["l", "hote", "etienne"]
    assert words("un deux trois", limit=2) == ["un", "deux"]
