"""The index in the cluster: what it holds, and the two names that lead to it.

`nom` is an alias of the index that answers; `nom.neuf` one of the index being built, fed with every change too, so that
it lacks nothing when it takes the place of the other. Behind them stand dated indexes, `nom-20261122093000`.
"""

import json
import re
from collections.abc import Container
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.utils import timezone
from elasticsearch import Elasticsearch
from elasticsearch.dsl import Document, Keyword, Long, MetaField, Text, analyzer, token_filter

from search.adresse import Adresse
from search.analyse.mots import ANALYSE, MAX_LENGTH
from search.engines.base import Texte

# Roots come analysed: a cluster cuts at spaces, and compares.
_roots = analyzer("whitespace")
_beginnings = analyzer(
    "debuts",
    tokenizer="whitespace",
    filter=[token_filter("bords", "edge_ngram", min_gram=1, max_gram=MAX_LENGTH)],
)


class EntreeElastic(Document):
    """A field per thing that is looked for, kept or counted; nothing is stored as it came."""

    pk = Long()
    titre = Text(analyzer=_roots)
    corps = Text(analyzer=_roots)
    titre_debut = Text(analyzer=_roots, fields={"debut": Text(analyzer=_beginnings, search_analyzer=_roots)})
    kind, theme, type, commune, annee = (Keyword() for _ in range(5))
    audience = Keyword()
    date = Long()
    version = Long()
    analyse = Long()

    class Meta:
        dynamic = MetaField("strict")
        source = MetaField(enabled=False)


BUILDING = {"number_of_shards": 1, "number_of_replicas": 0, "refresh_interval": "-1"}
# A copy as soon as there is another node. Who sends changes asks for their refresh, so as to know they can be found.
SERVING = {"auto_expand_replicas": "0-1", "refresh_interval": "30s"}
PATIENCE_REFONTE = 600


def champs(texte: Texte) -> dict[str, Any]:
    return {
        "pk": texte.pk,
        "titre": texte.titre,
        "corps": texte.corps,
        "titre_debut": texte.amorces,
        **texte.facettes,
        "audience": str(texte.audience),
        "date": texte.date,
        "version": texte.version,
        "analyse": texte.analyse,
    }


class NomPris(Exception):
    """This name serves another installation."""


class Indexes:
    """The indexes of one installation in a cluster."""

    def __init__(self, client: Elasticsearch, adresse: Adresse) -> None:
        self.client = client
        self.nom, self.neuf = adresse.nom, f"{adresse.nom}.neuf"
        self._dated = re.compile(rf"{re.escape(adresse.nom)}-\d{{14}}")

    def all(self) -> dict[str, dict]:
        found = self.client.indices.get(index=f"{self.nom}-*", expand_wildcards="all")
        return {name: one for name, one in found.items() if self._dated.fullmatch(name)}

    def check_owner(self) -> bool:
        """Raises NomPris: what another installation indexed answers nobody here, and is not written over.

        False when there is no index yet.
        """
        found = self.all()
        for name, one in found.items():
            owner = one["mappings"].get("_meta", {}).get("site")
            if owner != settings.SITE_URL:
                raise NomPris(
                    f"Dans la grappe, l’index «\u00a0{name}\u00a0» sert à {owner or 'un autre usage'}\u00a0:"
                    " donnez un autre nom à la fin de SEARCH_URL."
                )
        return bool(found)

    def is_building(self) -> bool:
        return bool(self.client.indices.exists_alias(name=self.neuf))

    def behind(self, alias: str) -> str:
        """The dated index behind an alias; empty when there is none."""
        return next((name for name, one in self.all().items() if alias in one["aliases"]), "")

    def prepare(self) -> str:
        """The index to build: the one left unfinished if it was begun in the same way, else a new one."""
        self.check_owner()
        meta, found = {"site": settings.SITE_URL, "forme": _fingerprint()}, self.all()
        for name, one in found.items():
            if self.neuf in one["aliases"] and one["mappings"].get("_meta") == meta:
                return name
            if self.nom not in one["aliases"]:
                self.client.indices.delete(index=name)
        name = _dated(self.nom, found)
        template = EntreeElastic._index.clone(name=name)
        template.settings(**BUILDING)
        body = template.to_dict()
        body["mappings"]["_meta"] = meta
        self.client.indices.create(index=name, aliases={self.neuf: {}}, **body)
        return name

    def finish(self, name: str) -> None:
        """One segment is searched faster; then a copy as soon as there is another node, waited for a minute."""
        slow = self.client.options(request_timeout=PATIENCE_REFONTE)
        slow.indices.forcemerge(index=name, max_num_segments=1)
        slow.indices.put_settings(index=name, settings=SERVING)
        slow.cluster.health(index=name, wait_for_status="green", timeout="60s")

    def swap(self, name: str) -> None:
        """In one step for those who search and those who send; the former index goes after."""
        former = {other: one for other, one in self.all().items() if other != name}
        replaced = [other for other, one in former.items() if self.nom in one["aliases"]]
        self.client.indices.update_aliases(
            actions=[
                *({"remove": {"index": other, "alias": self.nom}} for other in replaced),
                {"add": {"index": name, "alias": self.nom}},
                {"remove": {"index": name, "alias": self.neuf}},
            ]
        )
        for other in former:
            self.client.indices.delete(index=other)

    def delete_all(self) -> None:
        for name in self.all():
            self.client.indices.delete(index=name)


def _dated(nom: str, taken: Container[str]) -> str:
    """Named after the present second, or the next one that is free."""
    moment = datetime.now(UTC)
    while (name := f"{nom}-{moment:%Y%m%d%H%M%S}") in taken:
        moment += timedelta(seconds=1)
    return name


def built_on(name: str) -> str:
    """When a dated index was begun, as read by people."""
    began = datetime.strptime(name[-14:], "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    return f"{timezone.localtime(began):%d/%m/%Y à %H:%M}"


def _fingerprint() -> str:
    """Of what an index is made of: the fields, and how words were analysed."""
    made = json.dumps([EntreeElastic._index.to_dict(), ANALYSE], sort_keys=True)
    return sha256(made.encode()).hexdigest()[:16]
