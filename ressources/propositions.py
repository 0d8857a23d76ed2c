"""What a file proposes for its own sheet: a title, a theme, a type. Only words are compared, and nothing is learned
from what the person may not read.

A theme is a bag of roots: those of its name and description, and those of the sheets that already bear it. A root
weighs more when it is frequent in the bag and rare among bags; the file is nearest to the bag whose cosine is highest.
Nothing is proposed when the first is too weak, or too close to the second.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import models

from collectivites.models import Theme
from extranet.lib.noms import plain
from ressources.models import RessourcePage, TypeRessource
from search.analyse.mots import VIDES, mots, racine

if TYPE_CHECKING:
    from collectivites.models import Agent

# Of the file: its subject is told early, and reading on would cost more than it says.
READ = 1_500
# Of the published sheets: the last ones, the territory's own words.
KNOWN = 1_500
TITRE, DESCRIPTION, FICHE = 4, 3, 1
MINIMUM, AHEAD = 0.05, 1.08
MAX_TITLE = 160
# Types that the kind of a file tells, by the address of the reference list; one that the territory removed is not.
BY_EXTENSION = {
    **dict.fromkeys(("jpg", "jpeg", "png", "webp", "gif"), TypeRessource.PHOTO),
    **dict.fromkeys(("xlsx", "ods", "csv"), "tableau-de-calcul"),
    **dict.fromkeys(("pptx", "odp"), "support-de-presentation"),
}
# « Modèle de » says nothing of which.
MODELE = frozenset({racine("modele")})
# What a photo is filed under, for want of words.
THEME_PHOTO = "communication"
_EXTENSION = re.compile(r"\.\w{1,5}$")
_SAYS_NOTHING = re.compile(
    r"^(?:scan|img|image|dsc|photo|document|doc|num[ée]risation|sans titre|untitled|pxl|whatsapp)\b"
)
_SEPARATORS = re.compile(r"[_\s]+|(?<=\w)-(?=\w)")

Sac = Counter[str]


@dataclass(frozen=True)
class Proposition:
    titre: str = ""
    theme: Theme | None = None
    type: TypeRessource | None = None


class Lexique:
    """Bags of roots, one a label, and the label that a text is nearest to."""

    def __init__(self, sacs: Mapping[int, Sac]) -> None:
        held = Counter(root for sac in sacs.values() for root in sac)
        self.rarity = {root: math.log(1 + len(sacs) / count) for root, count in held.items()}
        self.vectors = {label: self._vector(sac) for label, sac in sacs.items()}

    def _vector(self, sac: Sac) -> dict[str, float]:
        weights = {root: (1 + math.log(n)) * self.rarity[root] for root, n in sac.items() if root in self.rarity}
        norm = math.sqrt(sum(weight**2 for weight in weights.values())) or 1
        return {root: weight / norm for root, weight in weights.items()}

    def nearest(self, sac: Sac) -> int | None:
        """None when no label stands out."""
        asked = self._vector(sac)
        scores = sorted(
            ((sum(weight * vector.get(root, 0) for root, weight in asked.items()), label))
            for label, vector in self.vectors.items()
        )
        if not scores or scores[-1][0] < MINIMUM:
            return None
        if len(scores) > 1 and scores[-1][0] < AHEAD * scores[-2][0]:
            return None
        return scores[-1][1]


def sac_of(*parts: tuple[str, int]) -> Sac:
    """The roots of texts, each counted as many times as its weight."""
    sac: Sac = Counter()
    for text, weight in parts:
        for word in mots(text):
            if len(word) > 2 and word not in VIDES and not word.isdigit():
                sac[racine(word)] += weight
    return sac


def propose(agent: "Agent", *, nom: str, extension: str, titre: str, texte: str) -> Proposition:
    """For a file just read: `titre` is what its reading found, perhaps empty. Three queries."""
    title = title_of(titre, nom)
    sac = sac_of((title, TITRE), (texte[:READ], FICHE))
    known = list(
        RessourcePage.objects.visible_to(agent)
        .order_by("-first_published_at")
        .values_list("theme_id", "title", "resume", "mots_cles")[:KNOWN]
    )
    themes = {theme.pk: theme for theme in Theme.objects.all()}
    types = {type_.pk: type_ for type_ in TypeRessource.objects.all()}
    theme = _nearest(sac, _bags(themes.values(), ((row[0], row[1:]) for row in known))) if sac else None
    type_ = _type(title, extension, types.values())
    if theme is None and type_ is not None and type_.is_photo:
        theme = next((pk for pk, one in themes.items() if one.slug == THEME_PHOTO), None)
    return Proposition(title, themes.get(theme), type_)


def _bags(labels: Iterable[models.Model], rows: Iterable[tuple[int, tuple[str, ...]]]) -> dict[int, Sac]:
    bags = {label.pk: sac_of((label.nom, TITRE), (getattr(label, "description", ""), DESCRIPTION)) for label in labels}
    for pk, (title, resume, words) in rows:
        if pk in bags:
            bags[pk].update(sac_of((title, 2), (resume, 1), (words, 1)))
    return bags


def _nearest(sac: Sac, bags: Mapping[int, Sac]) -> int | None:
    return Lexique(bags).nearest(sac)


def _type(title: str, extension: str, types: Iterable[TypeRessource]) -> TypeRessource | None:
    """The kind of the file, else the type that the title names: wholly, or by its first word, as an act does.

    Nothing is learned from the sheets: words tell a subject, not the kind of document that speaks of it (29 % right on
    the 445 fiches).
    """
    types = list(types)
    told = next((type_ for type_ in types if type_.slug == BY_EXTENSION.get(extension)), None)
    if told:
        return told
    said = [racine(word) for word in mots(title) if word not in VIDES]
    wanted = [(set(sac_of((type_.nom, 1))), type_) for type_ in types]
    named = [(len(roots), type_) for roots, type_ in wanted if roots and roots <= set(said)]
    if named:
        return max(named, key=lambda pair: pair[0])[1]
    first = [type_ for roots, type_ in wanted if said and said[0] in roots - MODELE]
    return first[0] if len(first) == 1 else None


def title_of(found: str, nom: str) -> str:
    """What the document calls itself, else the name of the file in words; empty when neither says anything."""
    if found.strip():
        return plain(found)[:MAX_TITLE]
    words = plain(_SEPARATORS.sub(" ", _EXTENSION.sub("", nom)))
    if _SAYS_NOTHING.match(words.lower()) or not any(len(word) > 3 and word.isalpha() for word in words.split()):
        return ""
    return (words[0].upper() + words[1:])[:MAX_TITLE]
