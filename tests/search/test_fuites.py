"""What a reader may not see leaves no trace in any answer of the search, and a change counts at the next request.

Eight ways out, for each of the cast, for each audience: whatever is hidden, each way gives what it gave before the
entry existed; and for those who may read it, each way has changed, so that none of them is proved by silence.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from wagtail.models import Page

from collectivites.diffusion import COMPTES, ELUS, EPCI, TOUTES, code_collectivite, code_reseau
from collectivites.models import Agent, Poste
from home.models import ActualitePage, HomePage, PageStandard
from search import frequences
from search.analyse.requete import lire
from search.chercher import chercher
from search.lecteur import Lecteur
from search.models import Epingle, RechercheDuMois, SearchEntry
from search.resultats import resultats
from search.suggerer import suggerer
from search.surlignage import Surligneur
from search.synonymes import in_force
from tests.collectivites.factories import AdhesionFactory, ReseauFactory
from tests.distribution import Distribution
from tests.home.factories import make_actualite, make_page_standard
from tests.search.factories import give, learn_words, reader, titles

pytestmark = pytest.mark.django_db

THOSE_OF_A = {"gestionnaire_a", "secretaire_a", "agent_a", "partage_ab"}
ELUES, AGGLO = {"elue_b"}, {"responsable", "administrateur"}
IN_OFFICE = THOSE_OF_A | {"secretaire_b"} | ELUES | AGGLO
# For each audience, who reads; the codes that depend on the cast are made in `codes_of`.
PUBLICS = {
    "toutes": IN_OFFICE,
    "commune": THOSE_OF_A,
    "elus": ELUES,
    "epci": AGGLO,
    "reseau": {"secretaire_b"},
    "commune ou élus": THOSE_OF_A | ELUES,
    "comptes": IN_OFFICE | {"sans_poste"},
    "personne": set(),
}


def codes_of(public: str, cast: Distribution) -> tuple[str, ...]:
    reseau = ReseauFactory()
    AdhesionFactory(agent=cast.secretaire_b, reseau=reseau)
    commune = code_collectivite(cast.a.pk)
    return {
        "toutes": (TOUTES,),
        "commune": (commune,),
        "elus": (ELUS,),
        "epci": (EPCI,),
        "reseau": (code_reseau(reseau.pk),),
        "commune ou élus": (commune, ELUS),
        "comptes": (COMPTES,),
        "personne": (),
    }[public]


def _results(lecteur: Lecteur) -> object:
    return titles(chercher("projet", lecteur).rangs)


def _count(lecteur: Lecteur) -> object:
    return chercher("projet", lecteur).total, chercher("projet", lecteur, filtres={"annee": frozenset({"1871"})}).total


def _facets(lecteur: Lecteur) -> object:
    return chercher("projet", lecteur).facettes, chercher("", lecteur, filtres={"type": frozenset({"Bail"})}).facettes


def _suggestions(lecteur: Lecteur) -> object:
    found = suggerer("projet", lecteur)
    return [(titre, [str(line.texte) for line in lines]) for titre, lines in found.groupes]


def _corrections(lecteur: Lecteur) -> object:
    answer = chercher("zibelyne", lecteur)
    return answer.corrigee_de, answer.proposition, answer.requete.texte, answer.total


def _snippets(lecteur: Lecteur) -> object:
    answer = chercher("projet", lecteur)
    marked = Surligneur(lire("zibeline projet", in_force()).mots_cherches)
    return [(str(one.titre), str(one.passage)) for one in resultats(answer.rangs, lecteur, marked)]


def _frequent(lecteur: Lecteur) -> object:
    return frequences.frequent("zi", lecteur, 3)


def _pinned(lecteur: Lecteur) -> object:
    return titles(chercher("ouvert", lecteur).epingles)


WAYS: dict[str, Callable[[Lecteur], object]] = {
    "résultats": _results,
    "nombres": _count,
    "facettes": _facets,
    "suggestions": _suggestions,
    "corrections": _corrections,
    "extraits": _snippets,
    "fréquentes": _frequent,
    "épinglés": _pinned,
}


def seen(agent: Agent | None) -> dict[str, object]:
    lecteur = reader(agent)
    return {name: way(lecteur) if lecteur.audiences or name != "suggestions" else [] for name, way in WAYS.items()}


@pytest.mark.parametrize("public", PUBLICS)
def test_no_way_out(public: str, distribution: Distribution) -> None:
    give("Projet ouvert", "Un projet pour tous.", codes=(TOUTES,))
    learn_words()
    codes = codes_of(public, distribution)
    roles = distribution.roles()
    before = {role: seen(agent) for role, agent in roles.items()}
    secret = give("Projet Zibeline", "Le bail de la Zibeline.", codes=codes, type="Bail", annee=1871, commune="Ombre")
    Epingle.objects.create(requete="ouvert", cle=lire("ouvert", in_force()).cle, entree=secret)
    mois = frequences.month_of(timezone.localdate())
    RechercheDuMois.objects.create(mois=mois, cle="zibeline", requete="zibeline", nombre=9, comptes=9)
    learn_words()
    after = {role: seen(agent) for role, agent in roles.items()}
    changed = {role: {way for way in WAYS if after[role][way] != before[role][way]} for role in roles}
    assert changed == {role: set(WAYS) if role in PUBLICS[public] else set() for role in roles}


def finds(agent: Agent | None, text: str = "zibeline") -> list[str]:
    """What a new request finds, exactly."""
    return titles(chercher(text, reader(agent), exact=True).rangs)


@pytest.fixture
def page(distribution: Distribution) -> ActualitePage:
    """News of A, for all."""
    return make_actualite(distribution.a, "Zibeline")


def test_a_diffusion_that_changes(page: ActualitePage, distribution: Distribution) -> None:
    assert finds(distribution.elue_b) == finds(distribution.agent_a) == ["Zibeline"]
    page.diffusion = [ELUS]
    page.save_revision().publish()
    assert finds(distribution.elue_b) == ["Zibeline"]
    assert finds(distribution.agent_a) == []
    page.diffusion = [EPCI]
    page.save()
    assert finds(distribution.elue_b) == []
    assert finds(distribution.responsable) == ["Zibeline"]


def test_a_poste_that_ends_today(distribution: Distribution) -> None:
    give("Zibeline", codes=(code_collectivite(distribution.a.pk),))
    assert finds(distribution.partage_ab) == ["Zibeline"]
    Poste.objects.get(agent=distribution.partage_ab, collectivite=distribution.a).end(timezone.localdate())
    assert finds(distribution.partage_ab) == []
    give("Zibeline ailleurs", codes=(code_collectivite(distribution.b.pk),))
    assert finds(distribution.partage_ab) == ["Zibeline ailleurs"]


def test_the_entry_of_somebody_who_left(distribution: Distribution) -> None:
    assert "Elise Bourg" in finds(distribution.agent_a, "elise")
    Poste.objects.get(agent=distribution.elue_b).end(timezone.localdate())
    assert finds(distribution.agent_a, "elise") == []


def test_the_end_of_a_poste_written_beforehand(distribution: Distribution, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is written the day it ends: time alone passes."""
    poste = Poste.objects.get(agent=distribution.elue_b)
    poste.end(timezone.localdate() + timedelta(days=3))
    assert "Elise Bourg" in finds(distribution.agent_a, "elise")
    later(monkeypatch, days=3)
    assert "Elise Bourg" in finds(distribution.agent_a, "elise")
    later(monkeypatch, days=1)
    assert finds(distribution.agent_a, "elise") == []


def later(monkeypatch: pytest.MonkeyPatch, **more: float) -> None:
    """Time passes, and nothing else happens."""
    moment = timezone.now() + timedelta(**more)
    monkeypatch.setattr("django.utils.timezone.now", lambda: moment)


def test_news_that_time_alone_expires(distribution: Distribution, monkeypatch: pytest.MonkeyPatch) -> None:
    page = make_actualite(distribution.a, "Zibeline", expire_at=timezone.now() + timedelta(hours=2))
    answer = chercher("zibeline", reader(distribution.agent_a))
    assert answer.total == 1
    later(monkeypatch, hours=3)
    answer = chercher("zibeline", reader(distribution.agent_a))
    assert (answer.total, answer.rangs, answer.facettes.get("kind", {}).get("actualite")) == (0, [], None)
    assert not SearchEntry.objects.visible_to(distribution.agent_a).filter(objet=page.pk, kind=page.genre).exists()


def test_news_that_time_alone_brings(distribution: Distribution, monkeypatch: pytest.MonkeyPatch) -> None:
    make_actualite(distribution.a, "Zibeline", go_live_at=timezone.now() + timedelta(hours=2))
    assert finds(distribution.agent_a) == []
    later(monkeypatch, hours=3)
    assert finds(distribution.agent_a) == ["Zibeline"]


def test_a_page_unpublished(page: ActualitePage, distribution: Distribution) -> None:
    page.unpublish()
    assert finds(distribution.agent_a) == []
    assert not SearchEntry.objects.filter(kind=page.genre, objet=page.pk).exists()


def test_a_page_deleted(page: ActualitePage, distribution: Distribution) -> None:
    Page.objects.get(pk=page.pk).delete()
    assert finds(distribution.agent_a) == []
    assert not SearchEntry.objects.filter(kind=page.genre, objet=page.pk).exists()


def test_news_deleted_with_all_that_is_under_their_list(page: ActualitePage, distribution: Distribution) -> None:
    page.get_parent().delete()
    assert finds(distribution.agent_a) == []


def test_a_whole_queryset_deleted(page: ActualitePage, distribution: Distribution) -> None:
    ActualitePage.objects.filter(pk=page.pk).delete()
    assert finds(distribution.agent_a) == []


def test_a_page_moved(distribution: Distribution) -> None:
    """What it says is found at its new address."""
    page = make_page_standard("Zibeline")
    page.move(HomePage.objects.get(), pos="last-child")
    entry = SearchEntry.objects.get(kind=page.genre, objet=page.pk)
    assert entry.url == PageStandard.objects.get(pk=page.pk).url == "/zibeline/"
    assert finds(distribution.agent_a) == ["Zibeline"]


def test_an_address_that_changes_above(distribution: Distribution, django_capture_on_commit_callbacks: object) -> None:
    """Wagtail tells of it after the commit."""
    above = make_page_standard("Chapitre")
    page = above.add_child(instance=PageStandard(title="Zibeline"))
    above.slug = "partie"
    with django_capture_on_commit_callbacks(execute=True):
        above.save_revision().publish()
    assert SearchEntry.objects.get(kind=page.genre, objet=page.pk).url == "/aide/partie/zibeline/"


def test_a_draft_of_a_page_online_is_not_indexed(page: ActualitePage, distribution: Distribution) -> None:
    page.title, page.chapeau, page.diffusion = "Hermine", "Une hermine.", [ELUS]
    revision = page.save_revision()
    assert finds(distribution.agent_a) == ["Zibeline"]
    assert finds(distribution.elue_b, "hermine") == finds(distribution.agent_a, "hermine") == []
    revision.publish()
    assert finds(distribution.agent_a) == finds(distribution.agent_a, "hermine") == []
    assert finds(distribution.elue_b, "hermine") == ["Hermine"]


def test_a_page_never_published_is_not_indexed(distribution: Distribution) -> None:
    page = make_actualite(distribution.a, "Zibeline", live=False)
    page.save_revision()
    assert finds(distribution.administrateur) == []
    page.save_revision().publish()
    assert finds(distribution.administrateur) == ["Zibeline"]


def test_what_is_rolled_back_leaves_no_trace(page: ActualitePage, distribution: Distribution) -> None:
    before: dict[str, Any] = dict(SearchEntry.objects.filter(kind=page.genre).values_list("pk", "titre"))
    with transaction.atomic():
        make_actualite(distribution.a, "Zibeline seconde")
        page.title = "Hermine"
        page.save()
        assert finds(distribution.agent_a, "hermine") == ["Hermine"]
        transaction.set_rollback(True)
    assert finds(distribution.agent_a) == ["Zibeline"]
    assert finds(distribution.agent_a, "hermine") == []
    assert dict(SearchEntry.objects.filter(kind=page.genre).values_list("pk", "titre")) == before


def test_an_entry_removed_in_sql_leaves_nothing_in_the_engine(distribution: Distribution) -> None:
    """A trigger of the database does it, whoever deletes."""
    entry = give("Zibeline")
    SearchEntry.objects.filter(pk=entry.pk)._raw_delete("default")
    assert finds(distribution.agent_a) == []
    assert chercher("zibeline", reader(distribution.agent_a)).total == 0
