"""Plain files read into the blocks of a page."""

from pathlib import Path

import pytest
from django.conf import settings

from extranet.lib.blocs import CorpsField
from extranet.lib.textes import inline, parse, read

OURS = Path(settings.BASE_DIR) / "home" / "data"
TEXT = """titre: L'aide : comment faire
chapeau: En bref.

## Entrer
Un paragraphe, **fort**,
sur deux lignes, avec [un lien](/aide/).

Un autre.
- un point,
  qui continue
- un second
1. Ouvrir
    Le courriel.
2. Lire
? Une question ?
    Sa réponse.

    Sa suite.
! Une note
    Son texte.
!! Attention
    Son danger.
> On y est bien. — Une voisine
|Horaires
|Jour|Heures
|Lundi|9 h à 12 h
### Détail
"""


def test_every_sign():
    texte = parse(TEXT)
    assert texte.entete == {"titre": "L’aide\u00a0: comment faire", "chapeau": "En bref."}
    kinds = [kind for kind, _ in texte.corps]
    assert kinds == [
        *("titre", "texte", "etapes", "question", "encadre", "encadre", "citation", "tableau", "titre"),
    ]
    values = [value for _, value in texte.corps]
    assert values[0] == {"texte": "Entrer", "niveau": "2"}
    assert values[1] == (
        '<p>Un paragraphe, <b>fort</b>, sur deux lignes, avec <a href="/aide/">un lien</a>.</p><p>Un autre.</p>'
        "<ul><li>un point, qui continue</li><li>un second</li></ul>"
    )
    assert values[2] == [{"titre": "Ouvrir", "texte": "<p>Le courriel.</p>"}, {"titre": "Lire", "texte": ""}]
    assert values[3] == {"question": "Une question\u202f?", "reponse": "<p>Sa réponse.</p><p>Sa suite.</p>"}
    assert values[4] == {"ton": "info", "titre": "Une note", "texte": "<p>Son texte.</p>"}
    assert values[5]["ton"] == "wait"
    assert values[6] == {"texte": "On y est bien.", "auteur": "Une voisine"}
    assert values[7]["caption"] == "Horaires"
    assert values[7]["rows"] == [{"values": ["Lundi", "9\u00a0h à 12\u00a0h"]}]
    assert values[8]["niveau"] == "3"


def test_markup_is_only_text():
    assert inline("<script> & « oui »") == "&lt;script&gt; &amp; «\u00a0oui\u00a0»"


@pytest.mark.parametrize("path", sorted(OURS.rglob("*.txt")), ids=lambda path: path.stem)
def test_ours_are_all_read(path: Path):
    """Each is made of blocks that the field accepts, and has its words in place."""
    texte = read(path)
    assert texte.entete["titre"]
    field = CorpsField()
    value = field.stream_block.normalize(texte.corps)
    field.stream_block.clean(value)
    html = value.render_as_block()
    assert "**" not in html
    assert "](" not in html
