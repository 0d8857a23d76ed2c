"""The texts that are delivered promise nothing that no screen does."""

from pathlib import Path

import pytest

RACINE = Path(__file__).resolve().parent.parent.parent
GLOBS = ("home/data/*/*.txt", "templates/comptes/*.html", "annuaire/forms/*.py")
TEXTES = [path for pattern in GLOBS for path in RACINE.glob(pattern)]
# Screens that do not exist yet: a gestionnaire who corrects a card, a photograph, loans and proposals.
PROMESSES = [
    "gestionnaire de votre collectivité peut le faire",
    "gestionnaire de votre collectivité la corrige",
    "fait elle-même, c'est plus rapide",
    "Demandez à la personne gestionnaire de votre collectivité, ou",
    "photographie",
    "réserver, proposer",
    "transférez-le nous",
]


@pytest.mark.parametrize("promesse", PROMESSES)
def test_nothing_is_promised_that_does_not_exist(promesse: str) -> None:
    texts = {path.name: " ".join(path.read_text(encoding="utf-8").split()) for path in TEXTES}
    assert len(texts) > 20
    assert [name for name, text in texts.items() if promesse in text] == []
