"""What is written for the commune A alone leaves no trace on the pages of the others, nor in their suggestions."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.http import QueryDict
from django.utils import timezone

from collectivites.diffusion import code_collectivite
from collectivites.models import Agent, Expertise, Poste, Theme
from search.analyse.requete import lire
from search.choix import Choix
from search.frequences import COMPTES, month_of
from search.models import Epingle, RechercheDuMois, SearchEntry
from search.presentation import rechercher
from search.suggerer import suggerer
from search.synonymes import in_force
from tests.distribution import Distribution
from tests.search.ecran import FICHE, ask, lines, names, suggestions, visit
from tests.search.factories import give, learn_words, reader

pytestmark = pytest.mark.django_db

WAYS = (
    "q=zibeline", "q=projet", "q=projet&tri=genre", "q=projet&tri=date", "q=zibelyne", "q=projet zibeline",
    "theme=Thème fermé", "genre=confidentiel", "commune=Lieu fermé&q=projet", "q=zib*", 'q="projet zibeline"',
    "annee=1871", "q=projet -zibeline", "q=projet&exact=1", 'q="theme zzz"', "",
)  # fmt: skip
TYPED = ("zi", "zibel", "projet", "projet zib", "theme", "lieu fer", "0199")
OTHERS = ["secretaire_b", "elue_b", "responsable", "administrateur", "sans_poste"]
THOSE_OF_A = ["gestionnaire_a", "secretaire_a", "agent_a", "partage_ab"]


@pytest.fixture
def monde(distribution: Distribution) -> Distribution:
    """What everybody may read, and the words of the night."""
    give("Projet ouvert", kind=FICHE)
    Theme.objects.create(nom="Thème fermé", slug="theme-ferme")
    learn_words()
    return distribution


def tell(cast: Distribution) -> SearchEntry:
    """The secret, in all that the search knows of an entry, pinned, and often searched by those of A."""
    entree = give(
        "Projet Zibeline",
        "La Zibeline du maire.",
        kind="confidentiel",
        theme="Thème fermé",
        type="Type fermé",
        commune="Lieu fermé",
        annee=1871,
        telephone="0199887766",
        codes=(code_collectivite(cast.a.pk),),
    )
    Epingle.objects.create(requete="projet", cle=lire("projet", in_force()).cle, entree=entree)
    learn_words()
    RechercheDuMois.objects.create(
        mois=month_of(timezone.localdate()), cle="zibeline", requete="zibeline", nombre=COMPTES, comptes=COMPTES
    )
    return entree


@pytest.mark.parametrize("role", OTHERS)
def test_the_page_of_others_is_the_same_without_it(role: str, monde: Distribution):
    agent = monde.roles()[role]
    before = {way: visit(agent, way) for way in WAYS}
    tell(monde)
    for way in WAYS:
        assert visit(agent, way) == before[way], way


@pytest.mark.parametrize("role", OTHERS)
def test_their_suggestions_are_the_same_without_it(role: str, monde: Distribution):
    agent = monde.roles()[role]
    before = {typed: suggestions(agent, typed) for typed in TYPED}
    tell(monde)
    for typed in TYPED:
        assert suggestions(agent, typed) == before[typed], typed


@pytest.mark.parametrize("role", THOSE_OF_A)
def test_those_of_a_find_it(role: str, monde: Distribution):
    """The others do not miss it because nobody finds it."""
    tell(monde)
    agent = monde.roles()[role]
    for way in ("q=zibeline", "q=zibelyne", "theme=Thème fermé", "genre=confidentiel", "annee=1871"):
        assert names(ask(agent, way)) == ["Projet Zibeline"], way
    assert "Projet <b>Zibeline</b>" in suggestions(agent, "zibel")
    assert "Recherches fréquentes" in suggestions(agent, "zibel")
    assert ">Thème <b>fermé</b>" in suggestions(agent, "ferme")


def test_a_poste_that_ends_counts_at_once(monde: Distribution):
    tell(monde)
    assert ask(monde.agent_a, "q=zibeline").total == 1
    Poste.objects.filter(agent=monde.agent_a).update(date_fin=timezone.localdate() - timedelta(days=1))
    assert ask(monde.agent_a, "q=zibeline").total == 0
    assert lines(suggestions(Agent.objects.get(pk=monde.agent_a.pk), "zibel")) == ["Chercher « zibel » partout"]


def test_an_engine_that_answers_too_much_changes_nothing(monde: Distribution, monkeypatch: pytest.MonkeyPatch):
    """The page and the suggestions read the table again for this reader."""
    secret, lecteur = tell(monde), reader(monde.secretaire_b)
    choix = Choix.of(QueryDict("q=projet"))
    answered = replace(rechercher(choix, lecteur).reponse, rangs=[secret.pk], epingles=[secret.pk])
    monkeypatch.setattr("search.presentation.chercher", lambda *args, **kwargs: answered)
    assert rechercher(choix, lecteur).resultats == []
    assert rechercher(choix, lecteur).en_avant == []
    shown = [one.pk for groupe in rechercher(replace(choix, tri="genre"), lecteur).groupes for one in groupe.resultats]
    assert secret.pk not in shown

    class Bavard:
        def suggest(self, *args: object) -> list[int]:
            return [secret.pk] * 10

    monkeypatch.setattr("search.suggerer.moteur", Bavard)
    assert suggerer("zibel", lecteur).groupes == []


def test_an_agent_who_left_is_offered_by_nobody(monde: Distribution):
    """Neither found, nor suggested, nor among those who know."""
    Expertise.objects.create(agent=monde.secretaire_b, libelle="mycologie")
    assert "Simone Bourg" in visit(monde.agent_a, 'q="mycologie zzz"')
    Poste.objects.get(agent=monde.secretaire_b).end(timezone.localdate() - timedelta(days=1))
    assert "Simone" not in visit(monde.agent_a, 'q="mycologie zzz"')
    assert "Simone Bourg" not in suggestions(monde.agent_a, "simone bo")
    assert "Simone Bourg" not in names(ask(monde.agent_a, "q=simone"))
