"""The documents that a file just sent looks like, among those that its sender may open: no other title is ever told."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q
from rapidfuzz import fuzz, process, utils

from ressources.models import Fichier, RessourcePage, VersionFichier
from search.analyse.mots import mots

if TYPE_CHECKING:
    from collectivites.models import Agent

# Of 100: nearly the same title; a title near enough for the texts to be compared.
SAME_TITLE, NEAR_TITLE = 92, 60
COMPARED = 8
# Runs of words that both texts hold, beside those of the shorter one.
SHINGLE, SAME_TEXT = 5, 0.5
READ = 20_000


@dataclass(frozen=True)
class Jumeau:
    """A version that is the same, or nearly; `exact`: byte for byte."""

    version: VersionFichier
    exact: bool


def known_to(agent: "Agent") -> Q:
    """Pages that this person opens, drafts of their own included."""
    readable = RessourcePage.objects.visible_to(agent).values("pk")
    own = RessourcePage.objects.editable_by(agent).filter(archivee_le=None).values("pk")
    return Q(fichier__page__in=readable) | Q(fichier__page__in=own)


def find_twin(agent: "Agent", *, sha256: str, titre: str, texte: str, but: int | None = None) -> Jumeau | None:
    """The same bytes first, then the same text, then the same title; among other sheets than `but`."""
    versions = VersionFichier.objects.filter(known_to(agent)).exclude(fichier__page=but).select_related("fichier__page")
    same = versions.defer("texte").filter(sha256=sha256).order_by("-pk").first()
    if same is not None:
        return Jumeau(same, exact=True)
    near = _near(agent, titre, texte, but)
    return Jumeau(near, exact=False) if near is not None else None


def _near(agent: "Agent", titre: str, texte: str, but: int | None) -> VersionFichier | None:
    titles = dict(RessourcePage.objects.visible_to(agent).order_by().values_list("pk", "title"))
    titles |= dict(RessourcePage.objects.editable_by(agent).filter(archivee_le=None).values_list("pk", "title"))
    titles.pop(but, None)
    found = process.extract(
        titre,
        titles,
        scorer=fuzz.token_sort_ratio,
        processor=utils.default_process,
        limit=COMPARED,
        score_cutoff=NEAR_TITLE,
    )
    shingles = shingles_of(texte)
    best: tuple[float, VersionFichier] | None = None
    for _, score, pk in found:
        version = _last_of(pk)
        if version is None:
            continue
        alike = overlap(shingles, shingles_of(version.texte))
        # Two short forms of the same name may be two forms: without a common text, the title must be the same.
        if alike >= SAME_TEXT or score >= SAME_TITLE and (not shingles or not version.texte):
            ranked = (max(alike, score / 200), version)
            best = ranked if best is None or ranked[0] > best[0] else best
    return best[1] if best else None


def _last_of(page: int) -> VersionFichier | None:
    """The last version of the first file of a sheet."""
    fichier = Fichier.objects.filter(page=page).first()
    if fichier is None:
        return None
    return fichier.versions.filter(retiree_le=None).select_related("fichier__page").first()


def shingles_of(texte: str) -> frozenset[tuple[str, ...]]:
    words = list(mots(texte[:READ]))
    return frozenset(zip(*(words[start:] for start in range(SHINGLE)), strict=False))


def overlap(one: frozenset, other: frozenset) -> float:
    """Part of the shorter text that the other holds too."""
    smaller = min(len(one), len(other))
    return len(one & other) / smaller if smaller else 0
