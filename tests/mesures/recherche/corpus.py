"""A territory's documents, made from the sentences of real ones: the same at every run.

Sentences come from the fiches: a document takes most of its own theme's. Some are written with decomposed accents, half
with the straight apostrophe; 500 audiences share them out, and the reader of the measures finds seven in ten.
"""

import gzip
import json
import random
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property, lru_cache
from itertools import islice

from django.conf import settings

from extranet.lib.apports import Entree

SEED = 20_261_122
FICHES = settings.BASE_DIR / "ressources" / "data" / "fiches.jsonl.gz"
COMMUNES, RESEAUX, PUBLICS = 130, 40, 500
KINDS = ("ressource", "formation", "materiel", "actualite", "aide")
OBJETS = ("Délibération", "Arrêté", "Convention", "Compte rendu", "Note", "Modèle", "Règlement", "Rapport", "Fiche")
READER = frozenset(["toutes", "elus", *(f"c:{n}" for n in range(1, 41)), *(f"r:{n}" for n in range(1, 8))])


@dataclass(frozen=True)
class Fiche:
    id: str
    titre: str
    theme: str
    type: str
    texte: str
    publie_le: date


@lru_cache(1)
def fiches() -> tuple[Fiche, ...]:
    """The real ones, in the order of their file."""
    with gzip.open(FICHES, "rt", encoding="utf-8") as lines:
        return tuple(_fiche(json.loads(line)) for line in lines)


def _fiche(told: dict) -> Fiche:
    sections = "\n".join(f"{section['titre']}\n{section['texte']}" for section in told["sections"])
    published = date.fromisoformat(told["publie_le"])
    return Fiche(told["id"], told["titre"], told["theme"], told["type"], f"{told['resume']}\n{sections}", published)


class Corpus:
    """`size` entries; those of a smaller corpus begin those of a larger one."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.dice = random.Random(SEED)
        self.publics = [self._public() for _ in range(PUBLICS)]

    @cached_property
    def sentences(self) -> dict[str, list[str]]:
        """By theme; the empty theme has them all."""
        found: dict[str, list[str]] = {"": []}
        for fiche in fiches():
            for sentence in re.split(r"(?<=[.;:!?])\s+|\n+", fiche.texte):
                if 25 < len(sentence) < 400:
                    found.setdefault(fiche.theme, []).append(sentence)
                    found[""].append(sentence)
        return found

    @cached_property
    def titles(self) -> list[tuple[str, str]]:
        return [(fiche.titre, fiche.theme) for fiche in fiches()]

    def entrees(self) -> Iterator[Entree]:
        return islice(map(self._entree, range(1, self.size + 1)), self.size)

    def _public(self) -> tuple[str, ...]:
        """Everybody, the elected, or some communes with a network."""
        drawn = self.dice.random()
        if drawn < 0.10:
            return ("toutes",)
        if drawn < 0.16:
            return ("elus", f"c:{self.dice.randint(1, COMMUNES)}")
        some = {f"c:{self.dice.randint(1, COMMUNES)}" for _ in range(self.dice.randint(1, 4))}
        return tuple(sorted(some | {f"r:{self.dice.randint(1, RESEAUX)}"}))

    def _entree(self, n: int) -> Entree:
        dice = self.dice
        title, theme = dice.choice(self.titles)
        day = date(2026, 11, 1) - timedelta(days=int(4000 * dice.random() ** 2))
        commune = _commune(dice.randrange(COMMUNES))
        return Entree(
            kind=dice.choices(KINDS, (80, 6, 5, 7, 2))[0],
            pk=n,
            titre=self._spelt(self._title(title, commune, day))[:300],
            url=f"/essai/{n}/",
            texte=self._spelt(self._text(theme, n)),
            theme=theme,
            type=dice.choice(OBJETS),
            commune=commune,
            annee=day.year,
            codes=dice.choice(self.publics),
            date=day,
        )

    def _title(self, title: str, commune: str, day: date) -> str:
        """Of a document: what it is, and some of the words of a real title."""
        words = title.split()
        start = self.dice.randrange(max(1, len(words) - 4))
        part = " ".join(words[start : start + self.dice.randint(3, 8)])
        return f"{self.dice.choice(OBJETS)} {part} — {commune} {day.year}"

    def _text(self, theme: str, n: int) -> str:
        length, written, parts = self.dice.randint(2000, 4000), 0, []
        while written < length:
            pool = self.sentences[theme if self.dice.random() < 0.7 else ""]
            sentence = self.dice.choice(pool)
            parts.append(sentence)
            written += len(sentence) + 1
        if self.dice.random() < 0.3:
            parts.append(f"Parcelle {self.dice.choice('ABCDEZ')}{self.dice.randint(10, 9999)}, dossier {2000 + n}.")
        return "\n".join(parts)

    def _spelt(self, text: str) -> str:
        """As files are: either apostrophe, sometimes accents apart from their letters."""
        if self.dice.random() < 0.5:
            text = text.replace("’", "'")
        return unicodedata.normalize("NFD", text) if self.dice.random() < 0.05 else text


def _commune(n: int) -> str:
    """A name that no real text holds."""
    starts = ("Brev", "Courz", "Damv", "Granz", "Lonv", "Mouzv", "Neuz", "Ranv", "Serz", "Vilz")
    ends = ("ans", "ay", "ey", "in", "on", "ur", "oz", "ac", "ieux", "otte", "ille", "erre", "ois")
    return starts[n % 10] + ends[n // 10]
