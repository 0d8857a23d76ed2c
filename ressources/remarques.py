"""Where a remark of the review stands: the paragraph that it is about, in the text that its author sent."""

from collections.abc import Iterable
from dataclasses import dataclass

from extranet.lib.feuillets import feuillet
from ressources.differences import Paragraphe, paragraphs
from ressources.models import Echange, VersionFichier
from ressources.models.echange import CITATION


@dataclass(frozen=True)
class Place:
    """A paragraph of a version, by its rank."""

    version: VersionFichier
    rang: int
    page: int
    citation: str

    @property
    def valeur(self) -> str:
        """As a form says it."""
        return f"{self.version.pk}-{self.rang}"

    @property
    def endroit(self) -> str:
        return feuillet(self.page, self.version.extension).capitalize()


@dataclass(frozen=True)
class Situee:
    """A remark with its paragraph between its neighbours; without them when the text does not hold it any more."""

    remarque: Echange
    avant: str = ""
    apres: str = ""


def read_place(valeur: str, versions: Iterable[VersionFichier]) -> Place | None:
    """The paragraph that a form names, among those of these versions; None for any other words."""
    key, _, rank = valeur.partition("-")
    version = next((one for one in versions if str(one.pk) == key), None)
    if version is None or not (rank.isascii() and rank.isdecimal() and len(rank) < 7):
        return None
    texte = paragraphs(version.texte)
    if int(rank) >= len(texte):
        return None
    page, citation = texte[int(rank)]
    return Place(version, int(rank), page, citation)


def rank_of(remarque: Echange, texte: list[Paragraphe]) -> int | None:
    """Of its paragraph today: a text may have been read again since."""
    if not remarque.citation:
        return None
    same = [rank for rank, (_, words) in enumerate(texte) if words[:CITATION] == remarque.citation]
    return min(same, key=lambda rank: abs(rank - remarque.rang), default=None)


def situated(remarques: Iterable[Echange]) -> list[Situee]:
    """Each remark where it stands, for the author of the document. One query for the texts."""
    remarques = list(remarques)
    wanted = {one.version_id for one in remarques if one.citation}
    texts = VersionFichier.objects.filter(pk__in=wanted).only("texte") if wanted else ()
    read = {version.pk: paragraphs(version.texte) for version in texts}
    return [_situated(one, read.get(one.version_id, [])) for one in remarques]


def _situated(remarque: Echange, texte: list[Paragraphe]) -> Situee:
    rank = rank_of(remarque, texte)
    if rank is None:
        return Situee(remarque)
    before, after = texte[rank - 1 : rank] if rank else [], texte[rank + 1 : rank + 2]
    return Situee(remarque, "".join(words for _, words in before), "".join(words for _, words in after))
