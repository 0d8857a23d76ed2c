"""Elasticsearch: for a territory, or several, that one machine cannot serve.

The port over one index of the cluster. Nothing is decided here: the table of entries is the truth, `search/envoi.py`
brings its changes, `repli.py` answers when the cluster does not.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import astuple
from functools import cached_property
from typing import Any

from elasticsearch import ApiError, Elasticsearch, TransportError
from elasticsearch.dsl import Search
from elasticsearch.helpers import streaming_bulk

from search.adresse import lire_adresse
from search.analyse.mots import ANALYSE
from search.engines.base import Demande, Ecarts, Etat, Groupe, MoteurInjoignable, Texte, Trouvailles
from search.engines.elastic_index import Indexes, NomPris, built_on, champs
from search.engines.elastic_requetes import PAGE, nombre, recherche, titres
from search.engines.tables import lots
from search.enums import FACETTES
from search.models import SearchEntry, SearchOutbox

# Seconds: a reader waits for two tries at most, on two nodes; sending and rebuilding may take their time.
PATIENCE, ESSAIS = 0.4, 2
PATIENCE_ENVOI = 10
LOT_BYTES = 4 * 1024 * 1024
# A rebuild compares and fills until nothing is lacking, while the site goes on writing.
PASSES = 5
SANS_INDEX = "La grappe n’a pas encore d’index\u00a0: lancez «\u00a0manage.py search_rebuild\u00a0»."
COULEURS = {"green": "vert", "yellow": "jaune", "red": "rouge"}


class EnvoiRefuse(Exception):
    """The cluster answered, and refused entries."""

    def __init__(self, refused: Mapping[int, str]) -> None:
        key, reason = next(iter(refused.items()))
        super().__init__(f"{len(refused)} entrée(s) refusée(s), dont la {key}\u00a0: {reason}")


class ElasticMoteur:
    """The port over the alias of SEARCH_URL. Raises MoteurInjoignable when the cluster cannot answer in time."""

    nom = "Elasticsearch"

    def __init__(self, url: str, patience: float = PATIENCE) -> None:
        self.adresse, self.patience = lire_adresse(url), patience
        self._owned = False

    @cached_property
    def client(self) -> Elasticsearch:
        """Made at the first question: after the server has made its processes."""
        options: dict[str, Any] = {"ca_certs": self.adresse.ca} if self.adresse.ca else {}
        return Elasticsearch(
            list(self.adresse.hotes),
            basic_auth=self.adresse.compte,
            request_timeout=self.patience,
            max_retries=ESSAIS - 1,
            retry_on_timeout=True,
            **options,
        )

    @cached_property
    def _patient(self) -> Elasticsearch:
        return self.client.options(request_timeout=PATIENCE_ENVOI)

    @cached_property
    def indexes(self) -> Indexes:
        return Indexes(self._patient, self.adresse)

    def search(self, demande: Demande) -> Trouvailles:
        if not demande.audiences:
            return Trouvailles([], 0, {})
        answer = self._ask(recherche(demande))
        rangs = [(hit["sort"][-1], hit.get("_score") or 0.0) for hit in answer["hits"]["hits"]]
        counted = answer["aggregations"]
        facettes = {
            name: {
                one["key"]: one["doc_count"]
                for one in counted[name].get("valeurs", counted[name])["buckets"]
                if one["key"]
            }
            for name in FACETTES
        }
        return Trouvailles(rangs, answer["hits"]["total"]["value"], facettes)

    def suggest(
        self, debuts: tuple[Groupe, ...], audiences: frozenset[int], sans: frozenset[int], nombre: int
    ) -> list[int]:
        if not audiences or not debuts:
            return []
        answer = self._ask(titres(Demande(debuts, audiences, sans=sans), nombre))
        return [hit["sort"][-1] for hit in answer.get("hits", {}).get("hits", ())]

    def count(self, demande: Demande, au_plus: int) -> int:
        if not demande.audiences:
            return 0
        return min(au_plus, self._ask(nombre(demande, au_plus))["hits"]["total"]["value"])

    def counts(self, demandes: list[Demande], au_plus: int) -> list[int]:
        asked = [part for one in demandes for part in ({"index": self.adresse.nom}, nombre(one, au_plus).to_dict())]
        with joignable():
            self._check_owner()
            answers = self.client.msearch(searches=asked)["responses"] if asked else []
        if any("error" in one or one["_shards"]["failed"] for one in answers):
            raise MoteurInjoignable("Une partie de l’index ne répond pas.")
        found = (min(au_plus, one["hits"]["total"]["value"]) for one in answers)
        return [n if demande.audiences else 0 for demande, n in zip(demandes, found, strict=True)]

    def _ask(self, search: Search) -> dict:
        """Half an answer is none: a shard that is missing would show as a total that is wrong."""
        asked = search.to_dict()
        with joignable():
            self._check_owner()
            return self.client.search(
                index=self.adresse.nom, allow_partial_search_results=False, **search._params, **asked
            ).body

    def _check_owner(self) -> None:
        """Once per process: another installation may have been given the same name by mistake."""
        if not self._owned:
            self._owned = Indexes(self.client, self.adresse).check_owner()

    def index(self, textes: Iterable[Texte]) -> None:
        if refused := self.send(textes, {}):
            raise EnvoiRefuse(refused)

    def remove(self, keys: Collection[int]) -> None:
        with joignable():
            self._forget(self.adresse.nom, keys)

    def send(self, textes: Iterable[Texte], retraits: Mapping[int, int]) -> dict[int, str]:
        """Writes entries, removes others (the version of each removal, by key), and waits until both can be found.

        Returns what was refused, with the reason. An older version than the one held is refused, the same is not.
        """
        with joignable():
            self._check_owner()
            names = [self.adresse.nom, *([self.indexes.neuf] if self.indexes.is_building() else [])]
            refused = self._bulk(actions(textes, retraits, names), names)
            self._refresh(names)
        return refused

    def _bulk(self, operations: Iterable[dict], names: list[str]) -> dict[int, str]:
        """The second name may go meanwhile, when the index being built takes its place: it then refuses nothing."""
        done = streaming_bulk(
            self._patient, operations, max_chunk_bytes=LOT_BYTES, raise_on_error=False, require_alias=True
        )
        refused = {}
        for _, answer in done:
            one = next(iter(answer.values()))
            if "error" not in one or one["_index"] in names[1:]:
                continue
            if one["status"] == 404:
                raise MoteurInjoignable(SANS_INDEX)
            if one["status"] in {429, 503}:
                raise MoteurInjoignable(one["error"]["reason"])
            refused[int(one["_id"])] = one["error"]["reason"]
        return refused

    def _refresh(self, names: list[str]) -> None:
        shards = self._patient.indices.refresh(index=names, ignore_unavailable=True)["_shards"]
        if shards["failed"]:
            raise MoteurInjoignable("Une copie de l’index n’a pas pu être rafraîchie.")

    def _forget(self, name: str, keys: Collection[int]) -> None:
        """Each at the version it is held at, so that the next write of the same entry is a newer one."""
        self._refresh([name])
        for lot in lots(keys):
            found = self._patient.search(
                index=name,
                query={"terms": {"pk": lot}},
                size=len(lot),
                stored_fields="_none_",
                docvalue_fields=["pk", "version"],
            )
            held = (hit["fields"] for hit in found["hits"]["hits"])
            self._bulk(actions((), {one["pk"][0]: one["version"][0] for one in held}, [name]), [name])
        self._refresh([name])

    def check(self) -> Ecarts:
        """What waits to be sent is no difference."""
        with joignable():
            waiting = _waiting()
            found = self._compare(self.adresse.nom)
            waiting |= _waiting()
        kept = ([key for key in keys if key not in waiting] for keys in astuple(found))
        return Ecarts(*kept)

    def _compare(self, name: str) -> Ecarts:
        """What is sent is analysed by the rules of today: the index may be ahead of rows not read anew yet."""
        told = ("version", "analyse", "audience_id")
        table = {row[0]: row[1:] for row in SearchEntry.objects.order_by().values_list("pk", *told)}
        held = dict(self._held(name))
        fresh = {pk: (version, ANALYSE, audience) for pk, (version, _, audience) in table.items()}
        return Ecarts(
            sorted(table.keys() - held.keys()),
            sorted(pk for pk in held.keys() & table.keys() if held[pk] not in (table[pk], fresh[pk])),
            sorted(held.keys() - table.keys()),
        )

    def _held(self, name: str) -> Iterator[tuple[int, tuple[int, int, int]]]:
        """Key, then version, analysis and audience, of all that an index holds."""
        self._refresh([name])
        client, after = self._patient, None
        pit = client.open_point_in_time(index=name, keep_alive="1m")["id"]
        try:
            while True:
                page = client.search(
                    pit={"id": pit, "keep_alive": "1m"},
                    sort=[{"pk": "asc"}],
                    search_after=after,
                    size=PAGE,
                    stored_fields="_none_",
                    docvalue_fields=["version", "analyse", "audience"],
                    track_total_hits=False,
                )["hits"]["hits"]
                for hit in page:
                    fields = hit["fields"]
                    yield hit["sort"][0], (fields["version"][0], fields["analyse"][0], int(fields["audience"][0]))
                if len(page) < PAGE:
                    return
                after = page[-1]["sort"][:1]
        finally:
            client.close_point_in_time(id=pit)

    def rebuild(self, textes: Callable[..., Iterable[Texte]], avance: Callable[[int], None]) -> None:
        """Beside the index that answers, which goes on; one that was interrupted is taken up where it stopped."""
        with joignable():
            name, neuf = self.indexes.prepare(), self.indexes.neuf
            for _ in range(PASSES):
                ecarts = self._compare(neuf)
                if not ecarts:
                    break
                self._fill(neuf, ecarts, textes, avance)
            self.indexes.finish(name)
            self._refresh([neuf])
            self.indexes.swap(name)

    def _fill(
        self,
        name: str,
        ecarts: Ecarts,
        textes: Callable[..., Iterable[Texte]],
        avance: Callable[[int], None],
    ) -> None:
        """What is sent meanwhile goes there by itself: a second pass has next to nothing to do."""
        lacking = [*ecarts.manquantes, *ecarts.perimees]
        done = SearchEntry.objects.count() - len(lacking)
        for keys in lots(lacking):
            entries = SearchEntry.objects.filter(pk__in=keys).order_by("pk")
            if refused := self._bulk(actions(textes(entries), {}, [name]), [name]):
                raise EnvoiRefuse(refused)
            done += len(keys)
            avance(done)
        self._forget(name, ecarts.fantomes)

    def health(self) -> Etat:
        try:
            with joignable():
                return self._state()
        except (MoteurInjoignable, ApiError) as error:
            return Etat(self.nom, False, f"La grappe ne répond pas\u00a0: {error}")

    def _state(self) -> Etat:
        indexes = Indexes(self.client, self.adresse)
        indexes.check_owner()
        name = indexes.behind(self.adresse.nom)
        if not name:
            return Etat(self.nom, False, SANS_INDEX)
        cluster = self.client.cluster.health(index=name)
        nodes = f"{cluster['number_of_nodes']} nœud(s)"
        detail = f"{nodes}, état {COULEURS[cluster['status']]}, index du {built_on(name)}"
        count = self.client.count(index=name)["count"]
        return Etat(self.nom, cluster["status"] != "red", detail, count)


@contextmanager
def joignable() -> Iterator[None]:
    """A cluster that is away, ill or without our index is one thing for who asks; a question it refuses is a fault."""
    try:
        yield
    except (TransportError, NomPris) as error:
        raise MoteurInjoignable(str(error)) from error
    except ApiError as error:
        if error.status_code in {400, 413}:
            raise
        raise MoteurInjoignable(str(error)) from error


def actions(textes: Iterable[Texte], retraits: Mapping[int, int], names: list[str]) -> Iterator[dict]:
    """The version is that of the outbox: of two writes that cross each other, the newer wins."""
    for texte in textes:
        common = {"_op_type": "index", "_id": str(texte.pk), "version": texte.version, "version_type": "external_gte"}
        for name in names:
            yield {**common, "_index": name, "_source": champs(texte)}
    for key, version in retraits.items():
        for name in names:
            yield {
                "_op_type": "delete",
                "_index": name,
                "_id": str(key),
                "version": version,
                "version_type": "external_gte",
            }


def _waiting() -> set[int]:
    return set(SearchOutbox.objects.order_by().values_list("entree", flat=True))
