import pytest
from hypothesis import given
from hypothesis import strategies as st

from extranet.lib.typographie import DRAWN, drawable, space

NB, FINE = "\u00a0", "\u202f"


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("8 h 30 à 12 h", f"8{NB}h{NB}30 à 12{NB}h"),
        ("Est-ce tout ? Oui !", f"Est-ce tout{FINE}? Oui{FINE}!"),
        ("Lieu : la « salle des fêtes »", f"Lieu{NB}: la «{NB}salle des fêtes{NB}»"),
        ("l'agent d'Authume", "l’agent d’Authume"),
        ("SIREN 213 905 268", f"SIREN 213{FINE}905{FINE}268"),
        ("03 53 01 00 27", f"03{NB}53{NB}01{NB}00{NB}27"),
        ("1 234 567 €", f"1{FINE}234{FINE}567{NB}€"),
        ("du 12 octobre 2026 au 1er mai", f"du 12{NB}octobre{NB}2026 au 1er{NB}mai"),
        ("article L. 2121-29, n° 12", f"article{NB}L.{NB}2121-29, n°{NB}12"),
        ("5 × 8 m", f"5{NB}×{NB}8{NB}m"),
        ("vice-présidente", "vice\u2011présidente"),
        ("https://extranet.example/v/2026?a=1", "https://extranet.example/v/2026?a=1"),
    ],
)
def test_space_sets_text_as_a_french_printer_would(typed: str, printed: str):
    assert space(typed) == printed


@given(st.text(alphabet="a1 0:;!?«»'×€%h.LMn°ermai-vicde ", max_size=60))
def test_space_twice_changes_nothing(text: str):
    assert space(space(text)) == space(text)


@pytest.mark.parametrize(
    ("given_text", "printed"),
    [
        ("Élodie Œuvrard, 12 m², ½ journée, Łukasz Şahin", "Élodie Œuvrard, 12 m², ½ journée, Łukasz Şahin"),
        ("E\u0301lodie", "Élodie"),
        ("Bravo 🎉 à tous 👩‍🚒", "Bravo à tous"),
        ("Πέτρος", "Petros"),
        ("北京", "BeiJing"),
        ("m\u0303", "m"),
        ("bip\x07 \ud800", "bip ?"),
        ("mot\u00adcou\u200bpé\tici", "motcoupé ici"),
    ],
)
def test_drawable_replaces_what_our_fonts_cannot_draw(given_text: str, printed: str):
    assert drawable(given_text) == printed


@given(st.text())
def test_drawable_leaves_only_characters_of_our_fonts(text: str):
    assert all(DRAWN.match(character) for character in drawable(text))
