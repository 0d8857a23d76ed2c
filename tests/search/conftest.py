"""The engines that the same cases are run on: that of the database, and a real cluster when there is one."""

import pytest

from search import chercher as module
from search.engines import moteur_de_base
from search.engines.base import Demande, Moteur, Trouvailles
from search.indexation import forget, textes
from search.lecteur import Lecteur
from search.models import SearchEntry
from tests.search.factories import give, lecteur, titles
from tests.search.grappe import _moteur, adresse_grappe, elastic, grappe, muet, reparti

__all__ = ["_moteur", "adresse_grappe", "elastic", "grappe", "muet", "reparti"]


class Banc:
    """An engine, and the entries it is tried on. What the database writes at once, a cluster is brought by `sync`."""

    def __init__(self, moteur: Moteur) -> None:
        self.moteur = moteur
        self.is_reparti = moteur is not moteur_de_base()

    def give(self, titre: str, texte: str = "", **fields: object) -> SearchEntry:
        entry = give(titre, texte, **fields)
        self.sync([entry])
        return entry

    def sync(self, entries: list[SearchEntry]) -> None:
        if self.is_reparti:
            self.moteur.index(textes(entries))

    def forget(self, keys: list[int]) -> None:
        forget(keys)
        if self.is_reparti:
            self.moteur.remove(keys)

    def ask(self, requete: str, qui: Lecteur | None = None, **options: object) -> module.Reponse:
        """What is typed and nothing else: neither corrected nor relaxed."""
        return module.chercher(requete, qui or lecteur("toutes"), exact=True, **options)

    def find(self, requete: str, qui: Lecteur | None = None, **options: object) -> set[str]:
        reponse = self.ask(requete, qui, **options)
        found = set(titles(reponse.rangs))
        assert reponse.total == len(found)
        return found

    def search(self, demande: Demande) -> Trouvailles:
        return self.moteur.search(demande)


@pytest.fixture(params=["base", pytest.param("elasticsearch", marks=pytest.mark.elasticsearch)])
def engine(request: pytest.FixtureRequest, db: None) -> Moteur:
    """Each engine in turn, empty."""
    return moteur_de_base() if request.param == "base" else request.getfixturevalue("elastic")


@pytest.fixture
def banc(engine: Moteur, monkeypatch: pytest.MonkeyPatch) -> Banc:
    """A search that this engine answers, over no entry but those of the test."""
    monkeypatch.setattr(module, "moteur", lambda: engine)
    found = Banc(engine)
    found.forget(list(SearchEntry.objects.values_list("pk", flat=True)))
    return found
