"""The text of a file as its reviewer reads it: one page, its changes marked or not, its remarks."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.functional import cached_property
from django.utils.text import Truncator

from extranet.lib.feuillets import FEUILLET
from ressources import relecture
from ressources.differences import Changements, Passage, compare, paragraphs, unchanged
from ressources.enums import SERVIS
from ressources.models import Echange, VersionFichier
from ressources.phototheque import rendus
from ressources.relecture import Controle
from ressources.remarques import rank_of

if TYPE_CHECKING:
    from collectivites.models import Agent

MARQUES, SEULE = "marques", "seule"


@dataclass(frozen=True)
class Vue:
    """What the address asks for: which page, and whether the changes are marked on it."""

    page: int = 1
    seule: bool = False

    @classmethod
    def of(cls, page: str, vue: str) -> "Vue":
        """Anything else than a number is the first page."""
        number = int(page) if page.isascii() and page.isdecimal() and len(page) < 6 else 1
        return cls(number, vue == SEULE)


@dataclass(frozen=True)
class Relu:
    """A paragraph as it is shown, with the remarks placed on it and their numbers."""

    passage: Passage
    remarques: list[tuple[int, Echange]]

    @property
    def debut(self) -> str:
        """Its first words, in the new text."""
        words = "".join(one.texte for one in self.passage.morceaux if one.genre != "retiré")
        return Truncator(words).chars(60)


@dataclass(frozen=True)
class FichierRelu:
    """A file under review."""

    version: VersionFichier
    ancienne: VersionFichier | None
    changements: Changements | None
    controles: list[Controle]
    paragraphes: list[Relu]
    numero: int
    pages: int
    seule: bool

    @property
    def is_image(self) -> bool:
        """A picture that may be looked at, before others are shown it."""
        return self.version.is_photo and self.version.examen in SERVIS

    @cached_property
    def taille(self) -> tuple[int, int] | None:
        """Of the picture on the screen. Reads the head of its file."""
        size = rendus.size_of(self.version.file)
        return rendus.reduced(size, rendus.WEB.cote) if size else None

    @property
    def a_deux_vues(self) -> bool:
        """Whether there is a choice: something to mark."""
        return self.changements is not None and bool(self.changements.total)

    @property
    def marque(self) -> bool:
        return not self.seule

    @property
    def vue(self) -> str:
        return SEULE if self.seule else MARQUES


def file_of(version: VersionFichier, agent: "Agent", vue: Vue, remarques: Sequence[Echange]) -> FichierRelu:
    """One page of its text. A number past the last page is the last one."""
    former = relecture.before(version)
    changes = compare(former.texte, version.texte) if former else None
    pages = version.texte.count(FEUILLET) + 1 if version.texte else 0
    number = min(max(vue.page, 1), pages or 1)
    texte = unchanged(version.texte) if changes is None or vue.seule else changes.texte
    notes = _by_rank(version, remarques)
    return FichierRelu(
        version=version,
        ancienne=former,
        changements=changes,
        controles=relecture.controles(version, agent),
        paragraphes=[Relu(one, notes.get(one.rang, [])) for one in texte if one.sur == number],
        numero=number,
        pages=pages,
        seule=vue.seule,
    )


def _by_rank(version: VersionFichier, remarques: Sequence[Echange]) -> dict[int | None, list[tuple[int, Echange]]]:
    """The remarks placed in this version, numbered as the list of the page numbers them."""
    placed = [(n, one) for n, one in enumerate(remarques, 1) if one.citation and one.version_id == version.pk]
    texte = paragraphs(version.texte) if placed else []
    found: dict[int | None, list[tuple[int, Echange]]] = {}
    for n, one in placed:
        if (rank := rank_of(one, texte)) is not None:
            found.setdefault(rank, []).append((n, one))
    return found
