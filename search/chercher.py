"""A search, from what was typed to the keys of what is shown: the engine finds and counts, the rest is decided here."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import compress
from math import comb

from django.utils import timezone

from search.analyse.mots import racine
from search.analyse.requete import Requete, lire
from search.engines import moteur
from search.engines.base import PROFONDEUR, Demande, Groupe, Moteur, Trouvailles
from search.engines.tables import known_values
from search.enums import Tri
from search.genres import all_genres, genre_of
from search.lecteur import Lecteur
from search.models import Epingle, SearchEntry
from search.orthographe import LUS, as_read, corrections
from search.poids import FENETRE, Candidat, Cherche, Raison, raisons, score
from search.synonymes import in_force

# The clauses that « most of the words » may cost an engine.
MAX_COMBINATIONS = 70


@dataclass(frozen=True)
class Reponse:
    """What was found. `rangs` are keys of entries, best first, 500 at most; `total` is exact.

    `requete` is what was run: `corrigee_de` is what was typed when it gave nothing, `relachee` says that not all words
    are in each result, `commencee` that they are only how words of each result begin, `proposition` is another spelling
    to offer, and `simplifiee` that the engine did not answer. `demande` is what the engine was asked for these results.
    """

    requete: Requete
    rangs: list[int] = field(default_factory=list)
    total: int = 0
    facettes: dict[str, dict[str, int]] = field(default_factory=dict)
    epingles: list[int] = field(default_factory=list)
    corrigee_de: str = ""
    proposition: str = ""
    relachee: bool = False
    commencee: bool = False
    simplifiee: bool = False
    demande: Demande | None = None

    @property
    def marques(self) -> tuple[frozenset[str], frozenset[str], frozenset[tuple[str, ...]]]:
        """What is marked in the results: roots, how words begin, and roots that follow one another."""
        begun = (terme.racines[-1] for groupe in self.requete.commencees for terme in groupe if terme.debut)
        debuts = self.requete.debuts_cherches
        begins = debuts.union(begun) if self.commencee else debuts
        return self.requete.mots_cherches, begins, self.requete.suites_cherchees


@known_values()
def chercher(
    text: str,
    lecteur: Lecteur,
    *,
    filtres: dict[str, frozenset[str]] | None = None,
    tri: Tri = Tri.PERTINENCE,
    exact: bool = False,
    genre: str = "",
    limite: int = PROFONDEUR,
) -> Reponse:
    """All the words; else another spelling; else most of the words. `exact` runs what is typed and nothing else.

    With a `genre`, only its entries exist: what others hold corrects nothing. `limite` is how many keys come back.
    """
    requete, kept = lire(text, in_force()), {name: values for name, values in (filtres or {}).items() if values}
    if not lecteur.audiences or not (requete.demandees or (kept and not requete.texte)):
        return Reponse(requete)
    engine, ground = moteur(), {"kind": frozenset([genre])} if genre else {}
    demande = Demande(
        requete.groupes, lecteur.audiences, requete.exclus, kept | ground, lecteur.sans, tri=tri, limite=limite
    )
    found = engine.search(demande)
    if exact or not requete.is_simple or not requete.demandees:
        return _answer(requete, demande, found, lecteur)
    everywhere = replace(demande, filtres=ground)
    pinned_only = not (found.total or kept or genre) and bool(_pinned(requete, lecteur))
    if found.total or pinned_only or (kept and engine.count(everywhere, 1)):
        return _answer(requete, demande, found, lecteur, proposition=_proposition(engine, requete, everywhere))
    answer = _otherwise(engine, requete, demande, everywhere, lecteur)
    return replace(answer, simplifiee=answer.simplifiee or found.simplifiee)


def _proposition(engine: Moteur, requete: Requete, everywhere: Demande) -> str:
    """Another spelling to offer beside what was found; empty when none gives something to this reader."""
    return next(propositions(engine, requete, everywhere), "")


def propositions(engine: Moteur, requete: Requete, everywhere: Demande) -> Iterator[str]:
    """Other spellings, the likeliest first, in words that this reader may read in what they give."""
    for other in corrections(requete, engine, everywhere):
        found = engine.search(replace(everywhere, groupes=other.groupes, limite=LUS))
        if written := as_read(other, requete, found.rangs):
            yield written.texte


def _otherwise(engine: Moteur, requete: Requete, demande: Demande, everywhere: Demande, lecteur: Lecteur) -> Reponse:
    """Nothing holds all that was typed: words that begin so, else another spelling, else most of the words."""
    words = [replace(everywhere, groupes=(groupe,)) for groupe in (*requete.groupes, *requete.commencees)]
    counts = engine.counts(words, 1)
    known, begin = counts[: len(requete.groupes)], counts[len(requete.groupes) :]
    # Of a word that something holds, nobody typed only the beginning.
    groupes = tuple(
        beginning if begins and not held else groupe
        for groupe, held, beginning, begins in zip(requete.groupes, known, requete.commencees, begin, strict=True)
    )
    begun = replace(demande, groupes=groupes)
    if begun.groupes != demande.groupes and (found := engine.search(begun)).total:
        return _answer(requete, begun, found, lecteur, commencee=True)
    for other in corrections(requete, engine, everywhere):
        asked = replace(demande, groupes=other.groupes)
        found = engine.search(asked)
        narrowed = demande.filtres != everywhere.filtres
        proof = engine.search(replace(everywhere, groupes=other.groupes, limite=LUS)) if narrowed else found
        if written := as_read(other, requete, proof.rangs):
            return _answer(written, asked, found, lecteur, corrigee_de=requete.texte)
    for asked in _relaxed(demande, tuple(compress(requete.groupes, known))):
        found = engine.search(asked)
        if found.total:
            return _answer(requete, asked, found, lecteur, relachee=True)
    return Reponse(requete)


def _relaxed(demande: Demande, known: tuple[Groupe, ...]) -> list[Demande]:
    """Of the words that something holds: all, then one less, two, down to half of them."""
    if not known:
        return []
    least = [n for n in range(len(known), (len(known) - 1) // 2, -1) if comb(len(known), n) <= MAX_COMBINATIONS]
    return [replace(demande, groupes=known, minimum=n) for n in least]


def _answer(requete: Requete, demande: Demande, found: Trouvailles, lecteur: Lecteur, **said: object) -> Reponse:
    rangs = [pk for pk, _ in found.rangs]
    pinned: list[int] = []
    if demande.tri == Tri.PERTINENCE and requete.demandees:
        rangs = classer(found.rangs, requete, lecteur)
    if requete.demandees and not demande.filtres:
        pinned = _pinned(requete, lecteur)
    said |= {"demande": demande, "simplifiee": found.simplifiee}
    return Reponse(requete, rangs, found.total, found.facettes, pinned, **said)


@dataclass(frozen=True)
class Pese:
    """A result weighed: the score of its text, out of 1, what raises it, and what comes of both."""

    pk: int
    texte: float
    raisons: list[Raison]
    boost: float
    score: float


def classer(rangs: list[tuple[int, float]], requete: Requete, lecteur: Lecteur) -> list[int]:
    """The best by their text, weighed again by what only the entry and the reader tell; ties go to the newest."""
    return [one.pk for one in peser(rangs, requete, lecteur)] + [pk for pk, _ in rangs[FENETRE:]]


def peser(rangs: list[tuple[int, float]], requete: Requete, lecteur: Lecteur) -> list[Pese]:
    """The first FENETRE by their text, best first, with the reasons."""
    today, texts = timezone.localdate(), dict(rangs[:FENETRE])
    best = max(texts.values(), default=0) or 1
    groupes = requete.groupes if any(len(groupe) > 1 for groupe in requete.groupes) else ()
    words = [word for one in requete.demandees for word in one.mots]
    cherche = Cherche(tuple(words), tuple(map(racine, words)), groupes)
    weighed = []
    for one in candidats(texts):
        text = texts[one.pk] / best
        reasons = raisons(one, cherche, lecteur.lieux, today)
        weighed.append(Pese(one.pk, text, reasons, one.boost, score(text, one, reasons)))
    return sorted(weighed, key=lambda one: (-round(one.score, 4), -one.pk))


def candidats(keys: object) -> list[Candidat]:
    """The detail of a card says what the thing is: it counts almost as its title does."""
    fields, known = ("pk", "titre", "commune", "date", "boost", "kind", "detail"), all_genres()
    rows = SearchEntry.objects.filter(pk__in=list(keys)).order_by().values_list(*fields)
    return [Candidat(*told, detail if genre_of(kind, known).fiche else "") for *told, kind, detail in rows]


def _pinned(requete: Requete, lecteur: Lecteur) -> list[int]:
    """Entries put first for this query, those of them that this reader may find; nothing for what rules words out."""
    if not requete.is_simple:
        return []
    pinned = Epingle.objects.in_force().filter(cle=requete.cle).values_list("entree", "entree__audience")
    found = [key for key, audience in pinned if audience in lecteur.audiences and key not in lecteur.sans]
    return found[:5]
