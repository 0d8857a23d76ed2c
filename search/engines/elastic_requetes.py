"""Questions in the language of Elasticsearch: roots are compared as they are, nothing is analysed there."""

from zlib import crc32

from elasticsearch.dsl import Q, Search
from elasticsearch.dsl.query import Query

from search.engines.base import Demande, Groupe, Terme
from search.enums import FACETTES, Tri

# A title counts as ten texts, as in the other engines.
CHAMPS = {"titre": 10.0, "corps": 1.0}
# Where beginnings of words are looked for: the field of whole words.
TITRE = {"titre_debut": 1.0}
# A second field, or another word of a group, adds a tenth of its score to the best.
PARTAGE = 0.1
# The most keys of one answer (index.max_result_window).
PAGE = 10_000
# More than a facet has values.
VALEURS = 5_000


def recherche(demande: Demande) -> Search:
    """Keys come back as values of the sort: nothing else of an entry is read."""
    scored = bool(demande.groupes) and demande.tri != Tri.DATE
    search = (
        Search()
        .query(requete(demande))
        .sort({"_score": "desc"} if scored else {"date": "desc"}, {"pk": "desc"})
        .params(preference=copie(demande))
        .extra(size=min(demande.limite, PAGE), track_total_hits=True, stored_fields="_none_")
    )
    kept = {name: Q("terms", **{name: sorted(demande.filtres[name])}) for name in FACETTES if demande.filtres.get(name)}
    for name in FACETTES:
        others = [one for other, one in kept.items() if other != name]
        bucket = search.aggs.bucket(name, "filter", Q("bool", filter=others)) if others else search.aggs
        bucket.bucket("valeurs" if others else name, "terms", field=name, size=VALEURS)
    return search.post_filter(Q("bool", filter=list(kept.values()))) if kept else search


def nombre(demande: Demande, au_plus: int) -> Search:
    kept = [Q("terms", **{name: sorted(values)}) for name, values in demande.filtres.items() if values]
    search = Search().query(requete(demande)).params(preference=copie(demande))
    return search.filter(Q("bool", filter=kept)).extra(size=0, track_total_hits=au_plus)


def titres(demande: Demande, au_plus: int) -> Search:
    """Hundreds of keys come back at each letter: nothing is told beside them."""
    search = Search().query(requete(demande, TITRE)).params(preference=copie(demande), filter_path=["hits.hits.sort"])
    return search.sort({"_score": "desc"}, {"pk": "desc"}).extra(
        size=au_plus, track_total_hits=False, stored_fields="_none_"
    )


def requete(demande: Demande, champs: dict[str, float] = CHAMPS) -> Query:
    """All the groups, or `minimum` of them, among what may be read."""
    clauses = [_groupe(groupe, champs) for groupe in demande.groupes]
    enough = bool(demande.minimum) and demande.minimum < len(clauses)
    asked = {"should": clauses, "minimum_should_match": demande.minimum} if enough else {"must": clauses}
    ruled_out = [_groupe(demande.exclus, CHAMPS)] if demande.exclus else []
    if demande.sans:
        ruled_out.append(Q("terms", pk=sorted(demande.sans)))
    readable = Q("terms", audience=sorted(map(str, demande.audiences)))
    return Q("bool", filter=[readable], must_not=ruled_out, **asked)


def copie(demande: Demande) -> str:
    """The same question is put to the same copy of the index: pages follow one another, and its caches serve."""
    return str(crc32(repr((demande.groupes, sorted(demande.audiences))).encode()))


def _groupe(groupe: Groupe, champs: dict[str, float]) -> Query:
    each = [_terme(terme, champ, boost) for terme in groupe for champ, boost in champs.items()]
    return each[0] if len(each) == 1 else Q("dis_max", queries=each, tie_breaker=PARTAGE)


def _terme(terme: Terme, champ: str, boost: float) -> Query:
    """Beginnings in titles are stored, hence scored, as words; elsewhere they all weigh the same."""
    *before, last = terme.racines
    if terme.debut and not before:
        if champ == "titre_debut":
            return Q("term", **{"titre_debut.debut": {"value": last, "boost": boost}})
        return Q("prefix", **{champ: {"value": last, "boost": boost}})
    if not before:
        return Q("term", **{champ: {"value": last, "boost": boost}})
    if not terme.debut:
        return Q("match_phrase", **{champ: {"query": " ".join(terme.racines), "boost": boost}})
    words = [Q("span_term", **{champ: root}) for root in before]
    beginning = Q("span_multi", match=Q("prefix", **{champ: last}))
    return Q("span_near", clauses=[*words, beginning], slop=0, in_order=True, boost=boost)
