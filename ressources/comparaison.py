"""What changed from one version of a file to a later one, for those who may read both."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from django.db.models import QuerySet

from extranet.lib.francais import NBSP, milliers
from ressources.differences import MAX_PARAGRAPHS, Changements, Genre, Passage, compare
from ressources.enums import Analyse
from ressources.models import VersionFichier
from ressources.permissions import can_read_version

if TYPE_CHECKING:
    from collectivites.models import Agent

# Paragraphs kept around a change, and how many must follow one another to be folded.
AUTOUR, PLIES = 1, 3
# Earlier versions that one is offered.
OFFERTES = 8
_ATTENTE = "Le texte de la version{n} est en cours de lecture. Revenez dans quelques minutes."
_MUETTES = {
    Analyse.EN_ATTENTE: _ATTENTE,
    Analyse.NUMERISE: "La version{n} est numérisée et son texte n’a pas été reconnu.",
    Analyse.SANS_TEXTE: "La version{n} n’a pas de texte.",
    Analyse.NON_LU: "Le texte de la version{n} n’a pas pu être lu.",
}
_PARTIELLES = {
    Analyse.PARTIEL: "Le texte de la version{n} n’a été lu qu’en partie\u00a0: le reste n’est pas comparé.",
    Analyse.RECONNU: "La version{n} est numérisée\u00a0: une machine a reconnu son texte, et peut s’être trompée.",
}


@dataclass(frozen=True)
class Troncon:
    """Paragraphs that follow one another: one that changed, with its number, or some that did not."""

    passages: tuple[Passage, ...]
    numero: int = 0
    plie: bool = False


@dataclass(frozen=True)
class Comparaison:
    """`obstacle`: why these two cannot be compared; the rest is then empty."""

    ancienne: VersionFichier
    version: VersionFichier
    obstacle: str
    reserves: tuple[str, ...] = ()
    troncons: tuple[Troncon, ...] = ()
    total: int = 0
    inchanges: int = 0
    detail: str = ""

    @property
    def resume(self) -> str:
        """« 3 paragraphes changés », « Le texte est le même »."""
        if not self.total:
            return "Le texte est le même"
        s = "s" if self.total > 1 else ""
        return f"{milliers(self.total)} paragraphe{s} changé{s}"


def before(version: VersionFichier) -> QuerySet[VersionFichier]:
    """The published versions of its file that came before it, the last one first: its readers may read them too."""
    earlier = VersionFichier.objects.published().filter(fichier=version.fichier_id, numero__lt=version.numero)
    return earlier.defer("texte").order_by("-numero")


def other_of(version: VersionFichier, numero: int, agent: "Agent") -> VersionFichier | None:
    """The earlier version of that number, when this person may read it."""
    found = VersionFichier.objects.filter(fichier=version.fichier_id, numero=numero).select_related("fichier__page")
    other = found.defer("texte").first() if numero < version.numero else None
    return other if other is not None and can_read_version(agent, other) else None


def comparison(ancienne: VersionFichier, version: VersionFichier) -> Comparaison:
    """Their texts are read here, one query each when they were not."""
    why = _obstacle(ancienne) or _obstacle(version)
    if why:
        return Comparaison(ancienne, version, why)
    found = compare(ancienne.texte, version.texte)
    if found.total is None:
        long = (
            f"Ces textes ont plus de {milliers(MAX_PARAGRAPHS)} paragraphes, ou se répètent\u00a0: c’est trop pour les "
            "comparer ici."
        )
        return Comparaison(ancienne, version, long)
    return Comparaison(
        ancienne,
        version,
        "",
        reserves=tuple(_reserves(ancienne, version)),
        troncons=tuple(_parts(found.texte)),
        total=found.total,
        inchanges=len(found.texte) - found.total,
        detail=_detail(found),
    )


def _obstacle(version: VersionFichier) -> str:
    number = f"{NBSP}{version.numero}"
    if version.is_photo:
        return f"La version{number} est une image\u00a0: il n’y a pas de texte à comparer."
    if said := _MUETTES.get(Analyse(version.analyse)):
        return said.format(n=number)
    return "" if version.texte.strip() else _MUETTES[Analyse.SANS_TEXTE].format(n=number)


def _reserves(ancienne: VersionFichier, version: VersionFichier) -> Iterator[str]:
    for one in (ancienne, version):
        if said := _PARTIELLES.get(Analyse(one.analyse)):
            yield said.format(n=f"{NBSP}{one.numero}")
    if ancienne.extension != version.extension:
        yield (
            f"Les deux fichiers ne sont pas du même type ({ancienne.extension.upper()}, puis "
            f"{version.extension.upper()})\u00a0: leurs paragraphes peuvent être coupés autrement."
        )


def _detail(found: Changements) -> str:
    """« 1 modifié, 2 ajoutés », when they are of several kinds, or say more than « changé »."""
    counts = Counter(one.genre for one in found.texte if one.genre)
    return ", ".join(
        f"{milliers(counts[genre])} {genre}{'s' if counts[genre] > 1 else ''}" for genre in Genre if counts[genre]
    )


def _parts(texte: tuple[Passage, ...]) -> Iterator[Troncon]:
    """In the order of the text: each change alone, its neighbours in full, what is far from any of them folded."""
    number = 0
    for changed, group in groupby(texte, key=lambda one: one.genre is not None):
        run = tuple(group)
        if changed:
            yield from (Troncon((one,), number + n) for n, one in enumerate(run, 1))
            number += len(run)
            continue
        first, last = number == 0, run[-1] is texte[-1]
        head, tail = (0 if first else AUTOUR), (0 if last else AUTOUR)
        folded = run[head : len(run) - tail]
        if len(folded) < PLIES:
            yield Troncon(run)
            continue
        yield from (Troncon(part, plie=plie) for part, plie in _three(run, head, tail) if part)


def _three(run: tuple[Passage, ...], head: int, tail: int) -> Iterator[tuple[tuple[Passage, ...], bool]]:
    end = len(run) - tail
    yield run[:head], False
    yield run[head:end], True
    yield run[end:], False
