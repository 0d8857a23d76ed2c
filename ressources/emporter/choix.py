"""What somebody wants to take away: their favourites, sheets that they name, or a list as it is filtered."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from django.http import QueryDict
from django.utils import timezone
from django.utils.text import slugify

from collectivites.models import Theme
from extranet.lib.francais import NBSP, milliers, poids
from ressources.filtres import Choix
from ressources.models import Favori, Photo, RessourcePage
from ressources.phototheque.choix import ChoixPhotos
from ressources.presentation import Ligne, found_by, lines

if TYPE_CHECKING:
    from collectivites.models import Agent
    from ressources.models import VersionFichier

# Of an archive: what a mairie copies in one go, and what a browser downloads without trouble.
MAX_FICHIERS, MAX_POIDS, POIDS_DIT = 500, 2_000_000_000, f"2{NBSP}Go"
# Of the table.
MAX_LIGNES = 5_000
LOT = 500
FAVORIS, FICHES = "favoris", "fiche"


@dataclass(frozen=True)
class Demande:
    """Read from an address: it says again what was asked (`params`), and gives what the reader may see now.

    Nothing is read before it is used.
    """

    params: QueryDict
    agent: "Agent"
    choix: Choix = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "choix", Choix.of(self.params))

    @property
    def is_favoris(self) -> bool:
        return self.params.get(FAVORIS) == "1"

    @cached_property
    def fiches(self) -> list[int]:
        """The keys that the address names, each once."""
        given = self.params.getlist(FICHES)[: MAX_FICHIERS + 1]
        return list(dict.fromkeys(int(one) for one in given if one.isascii() and one.isdigit() and len(one) < 10))

    @cached_property
    def pks(self) -> list[int]:
        """The sheets, in the order asked for, that this reader may see."""
        visible = RessourcePage.objects.visible_to(self.agent)
        if self.is_favoris:
            kept = Favori.objects.visible_to(self.agent).filter(page__in=visible.order_by().values("pk"))
            return list(kept.values_list("page", flat=True))
        if self.fiches:
            seen = set(visible.filter(pk__in=self.fiches).values_list("pk", flat=True))
            return [pk for pk in self.fiches if pk in seen]
        return self._liste[0]

    @cached_property
    def _liste(self) -> tuple[list[int], list[str]]:
        return found_by(self.choix, self.agent)

    @cached_property
    def theme(self) -> Theme | None:
        """The only thing that is asked for, which can be followed by a feed."""
        wanted = dict(self.choix.filtres)
        alone = not (self.is_favoris or self.fiches or self.choix.q) and set(wanted) == {"theme"}
        return Theme.objects.filter(slug=wanted["theme"][0]).first() if alone and len(wanted["theme"]) == 1 else None

    @cached_property
    def mots(self) -> list[str]:
        """The filters in words."""
        if self.is_favoris or self.fiches:
            return []
        return ([f"«{NBSP}{self.choix.q}{NBSP}»"] if self.choix.q else []) + self._liste[1]

    @property
    def titre(self) -> str:
        if self.is_favoris:
            return "Mes favoris"
        if self.fiches:
            return "Documents choisis"
        return (", ".join(self.mots) or "Toutes les ressources")[:200]

    @cached_property
    def is_photos(self) -> bool:
        """Photos that the address names, and nothing else: they were ticked in the Photothèque. One query."""
        shown = set(self.pks) if self.fiches and not self.is_favoris else set()
        return bool(shown) and Photo.objects.filter(page__in=shown).count() == len(shown)

    @property
    def retour(self) -> str:
        """The page that one came from."""
        if self.is_favoris:
            return "/ressources/favoris/"
        if self.is_photos:
            return ChoixPhotos.adresse
        return "/ressources/" if self.fiches else self.choix.url()

    def lignes(self, limite: int) -> list[Ligne]:
        """The first sheets; two queries a lot."""
        found: list[Ligne] = []
        pks = self.pks[:limite]
        for start in range(0, len(pks), LOT):
            part = pks[start : start + LOT]
            shown = lines(part, self.agent)
            found += [shown[pk] for pk in part if pk in shown]
        return found


def file_name(titre: str, extension: str) -> str:
    """« ressources-urbanisme-2026-11-23.zip »."""
    parts = ["ressources", slugify(titre)[:60].strip("-"), f"{timezone.localdate():%Y-%m-%d}"]
    return f"{'-'.join(filter(None, parts))}.{extension}"


def versions_of(lignes: list[Ligne]) -> "list[VersionFichier]":
    return [version for ligne in lignes for version in ligne.versions]


def refusal(versions: "list[VersionFichier]") -> str:
    """Why these make no archive, and what to do; empty when they make one."""
    if not versions:
        return "Aucun fichier n’est choisi. Cochez au moins un document."
    if len(versions) > MAX_FICHIERS:
        return (
            f"Une archive compte {MAX_FICHIERS}{NBSP}fichiers au plus, il y en a {milliers(len(versions))}. Décochez "
            "des documents, ou resserrez la liste par un filtre."
        )
    total = sum(version.taille for version in versions)
    if total > MAX_POIDS:
        return (
            f"Une archive pèse {POIDS_DIT} au plus, ces fichiers en font {poids(total)}. Décochez des "
            "documents, ou prenez-les en plusieurs fois."
        )
    return ""
