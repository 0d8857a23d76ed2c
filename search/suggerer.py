"""What is offered while one types: eight lines at most, each leading somewhere."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import Q
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from collectivites.models import Theme
from extranet.lib.apports import Genre
from search.analyse.mots import SIGLES, VIDES, mots, plier, racine
from search.analyse.requete import clean
from search.choix import Choix
from search.engines import moteur
from search.engines.base import Demande, Groupe, Terme
from search.frequences import frequent
from search.genres import all_genres, genre_of
from search.lecteur import Lecteur
from search.models import SearchEntry
from search.synonymes import in_force

LETTRES = 2
# Eight lines, « Chercher … partout » included: a theme and two frequent searches leave room for at least four titles.
LIGNES, LUES, THEMES, FREQUENTES = 8, 40, 1, 2
# Further than what is read, those of one's own commune and secteur are looked for among that many.
VOISINES = 200
MAX_WORDS = 8
GRAS = "<b>"
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Ligne:
    """One line: its words with what was typed in bold, under them what it is, a word beside, where it leads."""

    texte: SafeString
    url: str
    precision: SafeString = SafeString("")
    detail: str = ""
    icone: str = "search"
    area: str = "accueil"
    initiales: str = ""
    telephone: str = ""


class _Row(NamedTuple):
    """What a line needs of an entry."""

    pk: int
    kind: str
    titre: str
    detail: str
    commune: str
    url: str
    icone: str
    telephone: str
    audience_id: int


@dataclass(frozen=True)
class Groupes:
    """The lines by group, in their order; the last one searches everywhere."""

    texte: str
    groupes: list[tuple[str, list[Ligne]]]
    partout: Ligne

    @property
    def nombre(self) -> int:
        return sum(len(lines) for _, lines in self.groupes) + 1


def suggerer(text: str, lecteur: Lecteur) -> Groupes | None:
    """Nothing under two letters; nothing but what this reader may find."""
    typed, _ = clean(text)
    words = list(mots(typed))[:MAX_WORDS]
    if sum(map(len, words)) < LETTRES:
        return None
    themes = _themes(words, lecteur)
    often = [_frequent(one, words) for one in frequent(text, lecteur, FREQUENTES)]
    titles = _titles(words, lecteur, LIGNES - 1 - len(themes) - len(often))
    groupes = [*titles, ("Thèmes", themes), ("Recherches fréquentes", often)]
    everywhere = Ligne(mark_safe(f"Chercher «\u00a0<b>{escape(typed)}</b>\u00a0» partout"), Choix(q=typed).url())  # noqa: S308
    return Groupes(typed, [(titre, lines) for titre, lines in groupes if lines], everywhere)


def beginnings(words: list[str]) -> tuple[Groupe, ...]:
    """The last word is a beginning; those before are words, or beginnings of words."""
    *before, last = words
    meant = [word for word in before if word not in VIDES]
    return tuple((Terme((word,), debut=True), Terme((racine(word),)), *_of_sigle(word)) for word in [*meant, last])


def _of_sigle(word: str) -> list[Terme]:
    """What a sigle stands for: « dgs » leads to the directrice générale des services."""
    return [Terme(other) for other in in_force().of((word,))] if word in SIGLES else []


def _titles(words: list[str], lecteur: Lecteur, places: int) -> list[tuple[str, list[Ligne]]]:
    """By tab, the tab of the best title first. People keep half of the places, however many the other titles are."""
    keys = moteur().suggest(beginnings(words), lecteur.audiences, lecteur.sans, VOISINES)
    near = Q(pk__in=keys[LUES:], kind__in=_cards(), commune__in=lecteur.lieux.toutes) if keys[LUES:] else Q(pk__in=())
    read = SearchEntry.objects.filter(Q(pk__in=keys[:LUES]) | near).order_by().values_list(*_Row._fields)
    rows = {row.pk: row for row in map(_Row._make, read) if lecteur.may_find(row.pk, row.audience_id)}
    known = all_genres()
    lines = [(genre_of(rows[key].kind, known), rows[key]) for key in keys if key in rows]
    grouped: dict[str, list[Ligne]] = {}
    for genre, row in _shared(_nearest_first(lines, words, lecteur), places):
        grouped.setdefault(genre.titre, []).append(_title(row, genre, words))
    return list(grouped.items())


def _cards() -> list[str]:
    return [genre.kind for genre in all_genres().values() if genre.fiche]


def _nearest_first(lines: list[tuple[Genre, _Row]], words: list[str], lecteur: Lecteur) -> list[tuple[Genre, _Row]]:
    """Cards that their title does not name, after all the rest: those of one's commune, then of one's secteur; among
    them, first who is what was typed: the maire before the maire's adjoints.
    """

    def far(line: tuple[Genre, _Row]) -> tuple[bool, bool, bool, bool]:
        genre, row = line
        if not genre.fiche or GRAS in bold(row.titre, words):
            return False, False, False, False
        is_so = plier(row.detail).startswith(words[0])
        return True, row.commune not in lecteur.lieux.communes, row.commune not in lecteur.lieux.secteur, not is_so

    return sorted(lines, key=far)


def _shared(lines: list[tuple[Genre, _Row]], places: int) -> list[tuple[Genre, _Row]]:
    """The first lines, no tab taking more than half of the places unless the others leave them."""
    half, taken, rest = (places + 1) // 2, [], []
    held: dict[str, int] = {}
    for genre, row in lines:
        held[genre.onglet] = held.get(genre.onglet, 0) + 1
        (taken if held[genre.onglet] <= half else rest).append((genre, row))
    kept = [*taken, *rest][:places]
    return [line for line in lines if line in kept]


def _title(row: _Row, genre: Genre, words: list[str]) -> Ligne:
    titre, detail = bold(row.titre, words), bold(row.detail, words)
    told = genre.fiche and GRAS not in titre and GRAS in detail
    beside = "" if told or row.commune == row.titre else row.commune
    return Ligne(
        texte=titre,
        url=row.url,
        precision=detail if told else SafeString(""),
        detail=beside,
        icone=row.icone or genre.icone,
        area=genre.area,
        initiales=row.titre if genre.initiales else "",
        telephone=row.telephone,
    )


def _themes(words: list[str], lecteur: Lecteur) -> list[Ligne]:
    """A theme whose name holds all that was typed, and under which the reader finds something."""
    asked = [word for word in words[:-1] if word not in VIDES] + words[-1:]
    near = [
        nom
        for nom in Theme.objects.values_list("nom", flat=True)
        if all(any(held.startswith(word) for held in mots(nom)) for word in asked)
    ]
    asked_of = (Demande((), lecteur.audiences, filtres={"theme": frozenset([nom])}, sans=lecteur.sans) for nom in near)
    kept = [nom for nom, one in zip(near, asked_of, strict=True) if moteur().count(one, 1)][:THEMES]
    return [
        Ligne(bold(nom, words), Choix(filtres=(("theme", (nom,)),)).url(), detail="Thème", icone="tag") for nom in kept
    ]


def _frequent(text: str, words: list[str]) -> Ligne:
    return Ligne(bold(text, words), Choix(q=text).url(), icone="clock-history")


def bold(text: str, words: Collection[str]) -> SafeString:
    """The words of the text that begin as one that was typed, in bold; the rest escaped."""
    roots = {racine(word) for word in words}
    pieces, at = [], 0
    for match in _WORD.finditer(text):
        held = plier(match[0])
        if any(held.startswith(word) for word in words) or racine(held) in roots:
            pieces += [escape(text[at : match.start()]), GRAS, escape(match[0]), "</b>"]
            at = match.end()
    return mark_safe("".join([*pieces, escape(text[at:])]))  # noqa: S308 - every piece is escaped
