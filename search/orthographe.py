"""Corrections of a query, kept to what its reader may find."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice, product

from django.db.models.functions import Substr

from search.analyse.corrections import COMPTES, is_doubtful, likeliest, voisins
from search.analyse.mots import formes, plier, racine, replace_words
from search.analyse.requete import Requete, lire
from search.engines.base import Demande, Moteur, Terme
from search.genres import all_genres
from search.models import SearchEntry, SearchTerm
from search.surlignage import TRANCHE, Surligneur

# How many spellings of a whole query are tried, and how many results are read to see how they write it.
ESSAIS, LUS = 4, 5


def corrections(requete: Requete, engine: Moteur, demande: Demande) -> Iterator[Requete]:
    """Other spellings of the query that give something to this reader, the likeliest first.

    Each word is counted for the audiences of `demande`; before a spelling is shown it goes through `as_read`, which
    tells that something holds it.
    """
    trade = requete.synonymes.ecrites
    asked = (word for one in requete.demandees for word in one.mots)
    words = dict.fromkeys(word for word in asked if is_doubtful(word) and racine(word) not in trade)
    written: dict[str, str] = {}
    others = {word: near for word in words if (near := _near(word, engine, demande, written))}
    for chosen in islice(product(*others.values()) if others else (), ESSAIS):
        swaps = {word: written[term] for word, term in zip(others, chosen, strict=True)}
        other = lire(replace_words(requete.texte, swaps), requete.synonymes)
        if other.cle != requete.cle:
            yield other


def as_read(other: Requete, typed: Requete, rangs: Sequence[tuple[int, float]]) -> Requete | None:
    """The spelling with the forms that its first results hold; None when they hold none, and it is not to be shown.

    The words of the index are those of all entries: « zibeline » may be of hidden ones only, while what is found has
    « zibelins », of the same root, or a synonym.
    """
    before = {word for one in typed.demandees for word in one.mots}
    new = {word: racine(word) for one in other.demandees for word in one.mots if word not in before}
    held = _forms([key for key, _ in rangs[:LUS]], frozenset(new.values()))
    swaps = {}
    for word, root in new.items():
        if root not in held:
            return None
        if all(word != plier(form) for form in held[root]):
            swaps[word] = held[root].most_common(1)[0][0]
    return lire(replace_words(other.texte, swaps), other.synonymes) if swaps else other


def _forms(keys: list[int], roots: frozenset[str]) -> dict[str, Counter[str]]:
    """For each root, how these entries write it."""
    reader, found = Surligneur(roots), defaultdict(Counter)
    texts = SearchEntry.objects.filter(pk__in=keys).order_by().annotate(lisible=Substr("texte", 1, TRANCHE))
    for row in texts.values_list("titre", "detail", "theme", "type", "commune", "lisible"):
        for word, form in formes("\n".join(reader.surfaces("\n".join(row)))):
            found[racine(word)][form] += 1
    return found


def _near(word: str, engine: Moteur, demande: Demande, written: dict[str, str]) -> list[str]:
    """Other spellings of a word, weighed by what this reader may find: hidden entries neither make nor unmake one.

    None for the name of somebody or some place, which a card holds: « Crissey » is no misspelt « caisse ». `written`
    receives how entries write the words that were read, with their accents.
    """

    def read(first: str, least: int, most: int) -> list[str]:
        known = _terms(first, least, most)
        written.update(known)
        return list(known)

    near = voisins(word, read)
    if not near:
        return []
    asked = [replace(demande, groupes=((Terme((racine(one),)),),), minimum=0) for one in (word, *near)]
    cards = {"kind": frozenset(genre.kind for genre in all_genres().values() if genre.fiche)}
    named, own, *counts = engine.counts([replace(asked[0], filtres=cards), *asked], COMPTES)
    return [] if named else likeliest(near, own, dict(zip(near, counts, strict=True)))


def _terms(first: str, least: int, most: int) -> dict[str, str]:
    """The words of the index, and how entries write them."""
    terms = SearchTerm.objects.filter(premiere=first, longueur__range=(least, most)).values_list("terme", "forme")
    return {term: forme or term for term, forme in terms}
