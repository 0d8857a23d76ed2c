"""What the sheet of a document shows to its reader."""

import re
from dataclasses import dataclass, field
from itertools import accumulate
from typing import TYPE_CHECKING

from django.db.models import Prefetch
from django.db.models.functions import Substr
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from collectivites.models import Collectivite
from extranet.lib.feuillets import FEUILLE, FEUILLET, PAGE, feuillets, unite
from ressources import apercus
from ressources.echanges import readable_by
from ressources.enums import SERVIS
from ressources.lecteurs import in_words
from ressources.models import (
    Avis,
    Echange,
    Favori,
    Fichier,
    Lecture,
    Reprise,
    RessourcePage,
    Telechargement,
    VersionFichier,
)
from ressources.permissions import can_edit, can_review, can_see_log
from ressources.phototheque.legende import said_of
from ressources.questions.interroges import asked_about
from ressources.questions.liste import beside
from ressources.rappels import keepers_of
from ressources.remplir.champs import with_labels

if TYPE_CHECKING:
    from collections.abc import Iterable

    from collectivites.models import Agent

# What is read of a text shown in place of pictures, and the rows of a table.
EXTRAIT, RANGS, COLONNES = 6_000, 25, 12
# Of a text, about a page.
DEBUT = 2_500
NEUVE = {
    **dict.fromkeys(("pieces", "courantes", "a_lire", "reprises", "fils", "reponses"), ()),
    **dict.fromkeys(("version", "apercu", "vue", "copie", "ma_reprise", "favori", "avis", "interroges")),
    **{"collectivite_modele": None, "utiles": 0, "nombre_reponses": 0},
    **{"peut_modifier": False, "voit_journal": False, "peut_publier": False},
}
# What a commune fills in: « [date] », « [ … ] »; and what fills itself in: « {{ commune }} ».
BLANC = re.compile(r"(\[[^\[\]]{1,80}\]|\{\{[^{}]{1,60}\}\})")
TABLEAUX = frozenset({"xlsx", "ods", "csv"})


@dataclass(frozen=True)
class Apercu:
    """Pictures of the first pages when they are drawn, else what was read of the text, or of the table."""

    version: VersionFichier
    images: list[int] = field(default_factory=list)
    paragraphes: list[SafeString] = field(default_factory=list)
    tableau: list[list[str]] = field(default_factory=list)

    @property
    def is_vide(self) -> bool:
        return not (self.images or self.paragraphes or self.tableau)

    @property
    def unite(self) -> str:
        """What one picture shows: of a workbook, a page as it is printed."""
        drawn = unite(self.version.extension)
        return PAGE if drawn == FEUILLE else drawn

    @property
    def legende(self) -> str:
        """How much of the file is shown; a photo is whole."""
        extension = self.version.extension
        if not self.images:
            return "Les premières lignes" if self.tableau else "Le début du texte, sans sa mise en page"
        if self.version.is_photo:
            return ""
        if self.unite != unite(extension):
            return "Les premières pages, comme à l’impression"
        if not self.version.pages:
            return f"Les premières {self.unite}s"
        return f"{feuillets(len(self.images), extension)} sur {self.version.pages}"


@dataclass(frozen=True)
class Piece:
    """A file with its current version, if any, and those before it."""

    fichier: Fichier
    courante: VersionFichier | None
    versions: list[VersionFichier]

    @property
    def comparables(self) -> frozenset[int]:
        """The keys of those that may be compared with a published one before them."""
        first = min((version.numero for version in self.versions if version.is_served), default=0)
        return frozenset(one.pk for one in self.versions if first and one.numero > first and one.examen in SERVIS)


def files_of(page: RessourcePage, *, editeur: bool) -> list[Piece]:
    """Readers are shown what is published; those who edit, what awaits review or was withdrawn too."""
    versions = VersionFichier.objects.for_list() if editeur else VersionFichier.objects.published().for_list()
    found = page.fichiers.prefetch_related(Prefetch("versions", versions.order_by("-numero"), to_attr="connues"))
    pieces = []
    for fichier in found:
        current = next((version for version in fichier.connues if version.is_served), None)
        pieces.append(Piece(fichier, current, fichier.connues))
    return [piece for piece in pieces if piece.versions]


def preview_of(version: VersionFichier) -> Apercu:
    """Of its first pages; two queries at most. An image is its own preview."""
    if version.is_photo:
        return Apercu(version, images=[0])
    if pages := apercus.drawn(version):
        return Apercu(version, images=pages)
    read = VersionFichier.objects.filter(pk=version.pk).annotate(debut=Substr("texte", 1, EXTRAIT))
    text = read.values_list("debut", flat=True).first() or ""
    first = text.split(FEUILLET)[0].strip("\n") or text.replace(FEUILLET, "\n").strip()
    lines = [line for line in first.split("\n") if line.strip()]
    if version.extension in TABLEAUX:
        return Apercu(version, tableau=_table(lines, version.extension))
    show = _with_blanks if version.fichier.page.a_remplir else lambda line: format_html("{}", line)
    return Apercu(version, paragraphes=[show(line) for line in _begin(lines)])


def _with_blanks(line: str) -> SafeString:
    """The blanks of a model stand out from its words; its fields are told by their names."""
    parts = (
        (format_html("<mark>{}</mark>", with_labels(part)) if BLANC.fullmatch(part) else part,)
        for part in BLANC.split(line)
    )
    return format_html_join("", "{}", parts)


def _begin(lines: list[str]) -> list[str]:
    """Whole paragraphs, the first one at least."""
    lengths = accumulate(len(line) for line in lines)
    return [line for line, length in zip(lines, lengths, strict=True) if length - len(line) < DEBUT]


def _table(lines: list[str], extension: str) -> list[list[str]]:
    """Rows of the same length, the empty columns at the end left out."""
    mark = "\t"
    if extension == "csv" and not any("\t" in line for line in lines):
        mark = ";" if any(";" in line for line in lines) else ","
    rows = [line.split(mark)[:COLONNES] for line in lines[:RANGS]]
    width = max((len(row) for row in rows), default=0)
    return [row + [""] * (width - len(row)) for row in rows]


def uses_of(page: RessourcePage, collectivite: Collectivite | None) -> list[Reprise]:
    """Who uses it: the communes of the same size first, then by name."""
    mine = collectivite.strate if collectivite else None
    found = page.reprises.select_related("collectivite", "agent").order_by("collectivite__nom")
    return sorted(found, key=lambda reprise: mine is None or reprise.collectivite.strate != mine)


@dataclass(frozen=True)
class Fil:
    """A word, and its answers."""

    echange: Echange
    reponses: list[Echange]

    @property
    def retenue(self) -> Echange | None:
        """The answer that answers, as who asked said."""
        return next((one for one in self.reponses if one.retenue), None)


def threads_of(page: RessourcePage, agent: "Agent") -> list[Fil]:
    return threads(readable_by(agent, page).select_related("auteur", "collectivite", "question_reponse"))


def threads(words: "Iterable[Echange]") -> list[Fil]:
    """The questions among these words, in their order, each with its answers."""
    words = list(words)
    answers: dict[int, list[Echange]] = {}
    for one in words:
        answers.setdefault(one.reponse_a_id, []).append(one)
    return [Fil(one, answers.get(one.pk, [])) for one in words if one.reponse_a_id is None]


def context_of(
    page: RessourcePage, agent: "Agent", collectivite: Collectivite | None, fichier: str = ""
) -> dict[str, object]:
    """`fichier` is the key of the file to preview; the first one otherwise. A sheet never saved has nothing around."""
    keepers, place = keepers_of(page)
    visible = RessourcePage.objects.visible_to(agent)
    linked = visible.filter(pk__in=[one.pk for one in page.liees.all()]).select_related("collectivite")
    said = {
        "referents": keepers[:3],
        "referents_de": place,
        "liees": linked,
        "reservee_a": "" if page.pk is None or page.is_visible_to(agent) else in_words(page.diffusion),
        "remplacante": visible.filter(pk=page.remplacee_par_id).first() if page.remplacee_par_id else None,
        "points": [line.strip(" -•\t") for line in page.avant_adoption.splitlines() if line.strip(" -•\t")],
    }
    if page.pk is None:
        return said | NEUVE
    return said | _files(page, agent, fichier, collectivite) | _around(page, agent, collectivite)


def _files(page: RessourcePage, agent: "Agent", fichier: str, collectivite: Collectivite | None) -> dict[str, object]:
    editeur = can_edit(agent, page)
    pieces = files_of(page, editeur=editeur)
    current = [piece for piece in pieces if piece.courante]
    shown = next((piece for piece in current if str(piece.fichier.pk) == fichier), current[0] if current else None)
    version = shown.courante if shown else None
    to_read = [piece.courante for piece in current] if page.lecture_suivie else []
    read = set(Lecture.objects.filter(agent=agent, version__in=to_read).values_list("version", flat=True))
    return {
        "pieces": pieces,
        "courantes": current,
        "version": version,
        "apercu": preview_of(version) if version else None,
        "copie": _stale_copy(version, agent),
        **_photo(page, version),
        "a_lire": [(one, one.pk in read) for one in to_read if one.auteur_id != agent.pk],
        "peut_modifier": editeur,
        "voit_journal": can_see_log(agent, page),
        "collectivite_modele": collectivite,
    }


def _stale_copy(version: VersionFichier | None, agent: "Agent") -> Telechargement | None:
    """The copy that this person holds of the file shown, when another version replaces it."""
    taken = Telechargement.objects.filter(agent=agent, version__fichier=version.fichier_id) if version else None
    last = taken.select_related("version").defer("version__texte").order_by("-pk").first() if version else None
    return last if last is not None and last.version.numero < version.numero else None


def _photo(page: RessourcePage, version: VersionFichier | None) -> dict[str, object]:
    """Of a sheet whose picture says what it shows; nothing of a document."""
    photo = getattr(page, "photo", None)
    if photo is None or version is None or not version.is_photo:
        return {"vue": None}
    return said_of(photo, version)


def _around(page: RessourcePage, agent: "Agent", collectivite: Collectivite | None) -> dict[str, object]:
    uses, (reponses, number) = uses_of(page, collectivite), beside(agent, page=page)
    return {
        "reprises": uses,
        "ma_reprise": next((one for one in uses if collectivite and one.collectivite_id == collectivite.pk), None),
        "fils": threads_of(page, agent),
        "interroges": asked_about(page, agent) if collectivite else None,
        "peut_publier": can_review(agent),
        "reponses": reponses,
        "nombre_reponses": number,
        "favori": Favori.objects.filter(page=page, agent=agent).first(),
        "avis": Avis.objects.filter(page=page, agent=agent).first(),
        "utiles": Avis.objects.filter(page=page, utile=True).count(),
    }
