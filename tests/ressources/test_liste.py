"""The list of the documents: facets, order, words, addresses, fragments."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.http import QueryDict
from django.test import Client
from django.utils import timezone

from collectivites.diffusion import code_collectivite
from collectivites.models import Collectivite, Secteur, Theme
from extranet.lib.cherchable import reindex
from ressources.enums import Source
from ressources.filtres import Choix, Tri
from ressources.models import Avis, PublicVise, Reprise, RessourcePage, TypeRessource
from ressources.presentation import Liste, lister
from ressources.selection import read_fonds, select
from tests.distribution import Distribution
from tests.ressources.factories import make_ressource
from tests.ressources.grande import make_many
from tests.search.factories import learn_words
from tests.sessions import open_session


@pytest.fixture
def client(distribution: Distribution) -> Client:
    return open_session(distribution.agent_a)


def listed(distribution: Distribution, address: str = "", qui: str = "agent_a") -> Liste:
    agent = getattr(distribution, qui)
    poste = agent.postes_en_cours[0] if agent.postes_en_cours else None
    return lister(Choix.of(QueryDict(address)), agent, poste.collectivite if poste else None)


def titles(found: Liste) -> list[str]:
    return [ligne.page.title for ligne in found.lignes]


def values(found: Liste, cle: str) -> dict[str, int]:
    facette = next((one for one in found.facettes if one.cle == cle), None)
    return {un.valeur: un.n for un in [*facette.valeurs, *facette.suite]} if facette else {}


def indexed(*pages: RessourcePage) -> None:
    reindex(RessourcePage.to_index().filter(pk__in=[page.pk for page in pages]))


def test_each_facet_ignores_its_own_filter(distribution: Distribution) -> None:
    themes, types = list(Theme.objects.all()[:2]), list(TypeRessource.objects.all()[:2])
    for theme, type_ in [(0, 0), (0, 1), (1, 0)]:
        make_ressource(theme=themes[theme], type=types[type_])
    found = listed(distribution, f"theme={themes[0].slug}")
    assert found.total == 2
    assert values(found, "theme") == {themes[0].slug: 2, themes[1].slug: 1}
    assert values(found, "type") == {types[0].slug: 1, types[1].slug: 1}


def test_two_values_of_a_facet_add_up_and_two_facets_narrow(distribution: Distribution) -> None:
    themes = list(Theme.objects.all()[:3])
    for theme in themes:
        make_ressource(theme=theme, a_remplir=theme == themes[0])
    assert listed(distribution, f"theme={themes[0].slug}&theme={themes[1].slug}").total == 2
    assert listed(distribution, f"theme={themes[0].slug}&theme={themes[1].slug}&modele=1").total == 1


def test_a_document_is_found_by_each_of_its_metiers(distribution: Distribution) -> None:
    first, second, third = PublicVise.objects.all()[:3]
    make_ressource("Deux", publics=(first, second))
    make_ressource("Un", publics=(second,))
    found = listed(distribution, f"public={first.slug}")
    assert titles(found) == ["Deux"]
    assert values(found, "public") == {first.slug: 1, second.slug: 2}
    assert listed(distribution, f"public={third.slug}").total == 0


def test_what_is_doubtful_is_not_a_jour(distribution: Distribution) -> None:
    today = timezone.localdate()
    sound = make_ressource("Sûr", a_verifier_avant=today + timedelta(days=1))
    make_ressource("À vérifier", a_verifier_avant=today)
    make_ressource("Périmé", perime_le=today)
    make_ressource("Remplacé", remplacee_par=sound)
    found = listed(distribution, "fiabilite=a_jour")
    assert titles(found) == ["Sûr"]
    assert values(found, "fiabilite") == {"a_jour": 1}


def test_the_year_is_that_of_the_effect_else_of_the_publication_in_paris(distribution: Distribution) -> None:
    effect = make_ressource("Effet", date_effet=date(2021, 3, 1))
    night = make_ressource("Réveillon", first_published_at=datetime(2023, 12, 31, 23, 30, tzinfo=UTC))
    before = make_ressource("Veille", first_published_at=datetime(2023, 12, 31, 22, 30, tzinfo=UTC))
    assert values(listed(distribution), "annee") == {"2021": 1, "2024": 1, "2023": 1}
    assert [page.annee for page in (effect, night, before)] == [2021, 2024, 2023]
    assert titles(listed(distribution, "annee=2024")) == ["Réveillon"]


def test_the_size_is_that_of_the_commune_unless_said(distribution: Distribution) -> None:
    distribution.a.population_totale, distribution.a.population_annee = 700, 2026
    distribution.a.save()
    make_ressource("D’Aval", collectivite=distribution.a)
    make_ressource("Pour grandes", collectivite=distribution.a, strate="3500")
    found = listed(distribution, "strate=500-999")
    assert titles(found) == ["D’Aval"]
    facette = next(one for one in found.facettes if one.cle == "strate")
    assert facette.valeurs[0].libelle == "De ma taille\u00a0: 500 à 999 habitants"


def test_source_and_commune(distribution: Distribution) -> None:
    make_ressource("A", collectivite=distribution.a, source=Source.CDG)
    make_ressource("B", collectivite=distribution.b)
    assert titles(listed(distribution, "source=cdg")) == ["A"]
    assert titles(listed(distribution, "commune=bourg")) == ["B"]


def test_orders(distribution: Distribution) -> None:
    now = timezone.now()
    old = make_ressource("Ancien", first_published_at=now - timedelta(days=900))
    make_ressource("Récent", first_published_at=now - timedelta(days=1))
    make_ressource(
        "Revu", first_published_at=now - timedelta(days=800), verifie_le=timezone.localdate(), verifie_par="Le service"
    )
    Reprise.objects.create(page=old, collectivite=distribution.b, agent=distribution.secretaire_b)
    Avis.objects.create(page=old, agent=distribution.secretaire_b, utile=True)
    assert titles(listed(distribution)) == ["Revu", "Récent", "Ancien"]
    assert titles(listed(distribution, "tri=utilite")) == ["Ancien", "Revu", "Récent"]
    assert [ligne.page.title for ligne in listed(distribution).utiles] == ["Ancien"]


def test_words_find_and_are_marked_with_their_page(distribution: Distribution) -> None:
    page = make_ressource("Règlement du cimetière", "page une\fpage deux\fle columbarium ouvre à huit heures")
    other = make_ressource("Budget", "rien de tout cela")
    indexed(page, other)
    found = listed(distribution, "q=columbariums")
    assert titles(found) == ["Règlement du cimetière"]
    assert found.lignes[0].ou == "Trouvé page\u00a03"
    assert "<mark>columbarium</mark>" in found.lignes[0].passage
    assert values(found, "theme") == {}
    assert found.total == 1


def test_words_are_corrected_within_the_documents_alone(distribution: Distribution) -> None:
    """« Sylvie » is a person of the annuaire: her name corrects no search of documents."""
    page = make_ressource("Règlement du cimetière", "concession")
    indexed(page)
    learn_words()
    found = listed(distribution, "q=concesion")
    assert found.reponse.corrigee_de == "concesion"
    assert titles(found) == ["Règlement du cimetière"]
    assert listed(distribution, "q=sylvie").total == 0
    assert listed(distribution, "q=concesion&exact=1").total == 0


def test_most_of_the_words_when_not_all(distribution: Distribution) -> None:
    indexed(make_ressource("Règlement du cimetière", "concession et columbarium"))
    found = listed(distribution, "q=concession columbarium licorne")
    assert found.reponse.relachee
    assert found.total == 1


def test_words_begun_are_found_said_and_marked(client: Client, distribution: Distribution) -> None:
    indexed(make_ressource("Tarifs", "le columbarium ouvre à huit heures"))
    found = listed(distribution, "q=columb")
    assert (found.total, found.reponse.commencee) == (1, True)
    assert "<mark>columbarium</mark>" in found.lignes[0].passage
    client.force_login(distribution.agent_a)
    assert "Voici ceux dont des mots commencent ainsi." in client.get("/ressources/?q=columb").content.decode()


def test_filters_narrow_what_words_found(distribution: Distribution) -> None:
    themes = list(Theme.objects.all()[:2])
    pages = [make_ressource(f"Cimetière {n}", theme=theme) for n, theme in enumerate(themes)]
    indexed(*pages)
    found = listed(distribution, f"q=cimetiere&theme={themes[1].slug}")
    assert titles(found) == ["Cimetière 1"]
    assert values(found, "theme") == {themes[0].slug: 1, themes[1].slug: 1}


@pytest.mark.parametrize(
    ("address", "canonical"),
    [
        ("q=a&tri=pertinence", "/ressources/?q=a"),
        ("tri=recence&page=3", "/ressources/"),
        ("tri=utilite&theme=x&theme=x", "/ressources/?theme=x&tri=utilite"),
        ("tri=n'importe&page=zzz&inconnu=1", "/ressources/"),
        ("q=b&tri=recence&modele=1", "/ressources/?q=b&modele=1&tri=recence"),
        ("tri=pertinence", "/ressources/"),
    ],
)
def test_addresses(address: str, canonical: str) -> None:
    assert Choix.of(QueryDict(address)).url() == canonical


def test_without_words_pertinence_is_the_newest() -> None:
    assert Choix.of(QueryDict("tri=pertinence")).tri == Tri.RECENCE


def test_unknown_values_leave_no_chip(distribution: Distribution) -> None:
    make_ressource()
    found = listed(distribution, "theme=licorne&annee=20x4&source=zz")
    assert (found.total, found.puces) == (0, [])


def test_the_page_without_javascript(client: Client, distribution: Distribution) -> None:
    theme = Theme.objects.first()
    make_ressource("Convention de mise à disposition", theme=theme)
    make_ressource("Autre", theme=Theme.objects.last())
    html = client.get("/ressources/").content.decode()
    assert "2 documents" in html
    assert "Convention de mise à disposition" in html
    assert f'href="/ressources/themes/{theme.slug}/"' in html
    html = client.get(f"/ressources/?theme={theme.slug}").content.decode()
    assert "1 document" in html
    assert "Retirer ce filtre" in html
    assert 'type="checkbox"' in html


def test_the_fragment_brings_the_filters_and_the_title(client: Client, distribution: Distribution) -> None:
    make_ressource("Convention")
    response = client.get("/ressources/?modele=1", headers={"HX-Request": "true"})
    html = response.content.decode()
    assert "<html" not in html
    assert 'id="facettes-champs"' in html
    assert "<title>" in html
    assert "HX-Request" in response["Vary"]
    whole = client.get("/ressources/", headers={"HX-Request": "true", "HX-History-Restore-Request": "true"})
    assert "<html" in whole.content.decode()


def test_nothing_found_offers_to_ask(client: Client, distribution: Distribution) -> None:
    html = client.get("/ressources/?q=licorne").content.decode()
    assert "/ressources/demandes/nouvelle/?objet=licorne" in html
    html = client.get("/ressources/?modele=1").content.decode()
    assert "Vos filtres ne laissent rien passer" in html


def test_an_empty_toolbox_says_what_to_do(client: Client) -> None:
    assert "La boîte à outils est vide" in client.get("/ressources/").content.decode()


def test_without_a_poste_nothing_is_shown(distribution: Distribution) -> None:
    make_ressource("Secret")
    html = open_session(distribution.sans_poste).get("/ressources/").content.decode()
    assert "Secret" not in html
    assert "Vous n’avez pas de poste en cours" in html


def test_pages_follow_one_another(client: Client, distribution: Distribution) -> None:
    make_many(45, distribution.agent_a, indexer=False)
    seen = set()
    for number in (1, 2, 3):
        html = client.get(f"/ressources/?page={number}").content.decode()
        seen |= set(re.findall(r'href="/ressources/(grande-\d+)/"', html))
    visible = RessourcePage.objects.visible_to(distribution.agent_a)
    assert seen == set(visible.values_list("slug", flat=True))


@pytest.mark.parametrize(
    "address", ["", "?q=cimetière", "?modele=1&tri=utilite", "?page=2", "?q=cimetière&theme=police"]
)
def test_as_many_queries_for_one_as_for_a_hundred(
    address: str, client: Client, distribution: Distribution, django_assert_max_num_queries: object
) -> None:
    make_many(1, distribution.agent_a)
    client.get(f"/ressources/{address}")
    with django_assert_max_num_queries(25) as few:
        client.get(f"/ressources/{address}")
    make_many(100, distribution.agent_a, graine=2)
    with django_assert_max_num_queries(25) as many:
        client.get(f"/ressources/{address}")
    assert len(many) - len(few) <= 3


def test_a_corrected_word_costs_few_questions_more(
    client: Client, distribution: Distribution, django_assert_max_num_queries: object
) -> None:
    # Who has neighbours is told of them too.
    Collectivite.objects.update(secteur=Secteur.objects.create(nom="Plaine"))
    make_many(100, distribution.agent_a)
    learn_words()
    client.get("/ressources/?q=reglement+cimetierre")
    with django_assert_max_num_queries(25):
        html = client.get("/ressources/?q=reglement+cimetierre").content.decode()
    assert "grande-" in html


def test_the_counts_agree_with_the_lists(distribution: Distribution) -> None:
    """Against a plain reading of each document, on a hundred of them."""
    make_many(100, distribution.agent_a, indexer=False)
    fonds = read_fonds(distribution.agent_a)
    pages = list(RessourcePage.objects.visible_to(distribution.agent_a).select_related("theme", "collectivite"))
    assert set(fonds.pks) == {page.pk for page in pages}
    asked = "fiabilite=a_jour&modele=1"
    found = select(fonds, Choix.of(QueryDict(asked)))
    sound = [page for page in pages if page.fiabilite == "a_jour"]
    wanted = [page for page in sound if page.a_remplir]
    assert set(found.pks) == {page.pk for page in wanted}
    assert found.comptes["annee"] == {
        str(year): sum(page.annee == year for page in wanted) for year in {page.annee for page in wanted}
    }
    assert found.comptes["modele"]["1"] == len(wanted)
    assert found.comptes["fiabilite"]["a_jour"] == len(wanted)


def test_chosen_communes_count_for_their_readers_only(distribution: Distribution) -> None:
    make_ressource("Aval seul", diffusion=[code_collectivite(distribution.a.pk)], collectivite=distribution.a)
    make_ressource("Pour tous", collectivite=distribution.b)
    assert values(listed(distribution), "commune") == {"aval": 1, "bourg": 1}
    assert titles(listed(distribution, qui="secretaire_b")) == ["Pour tous"]
