"""The page of results: what it shows of an answer, how its addresses narrow it, what it says when it has little."""

from datetime import date

import pytest
from django.http import QueryDict

from collectivites.diffusion import code_collectivite
from collectivites.models import Expertise, Poste, Theme
from search.analyse.requete import lire
from search.chercher import Reponse
from search.choix import Choix
from search.engines.base import PROFONDEUR
from search.models import Epingle, SearchEntry
from search.presentation import PAR_GROUPE, PAR_PAGE
from search.synonymes import in_force
from tests.distribution import Distribution
from tests.search.ecran import FICHE, ask, names, visit
from tests.search.factories import give, give_many, learn_words
from tests.sessions import open_session

pytestmark = pytest.mark.django_db


@pytest.fixture
def fiches(distribution: Distribution) -> list[SearchEntry]:
    """Six cards over two themes, two types, two communes and three years."""
    return [
        give(
            f"Règlement numéro {n}",
            "Le cimetière communal.",
            kind=FICHE,
            theme="Cimetière" if n % 2 else "Voirie",
            type="Modèle" if n < 4 else "Guide",
            commune="Aval" if n < 3 else "Bourg",
            annee=2020 + n % 3,
            date=date(2020 + n % 3, 1, n + 1),
        )
        for n in range(6)
    ]


class TestUneListe:
    def test_all_kinds_in_one_ranking(self, distribution: Distribution):
        give("Secrétaire de mairie : le statut", kind=FICHE)
        Expertise.objects.create(agent=distribution.agent_a, libelle="statut des secrétaires")
        found = ask(distribution.agent_a, "q=secretaire statut")
        assert set(names(found)) == {"Secrétaire de mairie : le statut", "Alain Aval"}
        assert found.total == 2

    def test_words_are_marked_in_the_title_and_in_the_passage(self, distribution: Distribution):
        give("Les règlements", f"Rien ici.\f{'Avant. ' * 30}On adopte le règlement du cimetière.", kind=FICHE)
        (one,) = ask(distribution.agent_a, "q=reglement cimetieres").resultats
        assert one.titre == "Les <mark>règlements</mark>"
        assert "le <mark>règlement</mark> du <mark>cimetière</mark>" in one.passage
        assert one.ou == "Trouvé page\u00a02"

    def test_what_is_found_is_escaped(self, distribution: Distribution):
        give("<b>Gras</b> & Cie", "<script>gras()</script>", kind=FICHE, detail="<i>gras</i>", commune="<u>x</u>")
        html = open_session(distribution.agent_a).get("/recherche/", {"q": "gras"}).content.decode()
        assert "&lt;b&gt;<mark>Gras</mark>&lt;/b&gt; &amp; Cie" in html
        assert "<script>" not in html.split("<main")[1]
        assert "<u>x" not in html

    def test_a_person_is_told_by_the_work_and_can_be_called(self, distribution: Distribution):
        Poste.objects.filter(agent=distribution.secretaire_b).first().delete()
        poste = distribution.agent_a.postes.get()
        poste.telephone = "0199001122"
        poste.save()
        html = visit(distribution.secretaire_a, "q=alain")
        assert 'href="tel:+33199001122"' in html
        assert 'aria-label="Appeler Alain Aval, 01 99 00 11 22"' in html

    def test_the_plate_of_the_intercommunalite_is_green(self, distribution: Distribution):
        give("Marché commun", kind=FICHE, commune=distribution.epci.nom)
        give("Marché d’Aval", kind=FICHE, commune="Aval")
        agglo = {one.nom: one.agglo for one in ask(distribution.agent_a, "q=marche").resultats}
        assert agglo == {"Marché commun": True, "Marché d’Aval": False}

    def test_pinned_results_come_first_and_once(self, fiches: list[SearchEntry], distribution: Distribution):
        other = give("Autre chose", kind=FICHE)
        cle = lire("règlements", in_force()).cle
        for entree in (fiches[0], other):
            Epingle.objects.create(requete="règlements", cle=cle, entree=entree)
        found = ask(distribution.agent_a, "q=reglement")
        assert (found.total, [one.nom for one in found.en_avant]) == (6, ["Autre chose"])
        assert names(found)[0] == "Règlement numéro 0"
        assert len(set(names(found))) == 6
        html = visit(distribution.agent_a, "q=reglement")
        assert html.count("Conseillé par l’équipe") == 2

    def test_a_pinned_result_answers_alone(self, distribution: Distribution):
        entree = give("Tournée du mardi", kind=FICHE)
        Epingle.objects.create(requete="poubelles", cle=lire("poubelles", in_force()).cle, entree=entree)
        found = ask(distribution.agent_a, "q=poubelle")
        assert ([one.nom for one in found.en_avant], names(found), found.total) == (["Tournée du mardi"], [], 0)
        assert "Tournée du mardi" in visit(distribution.agent_a, "q=poubelle")

    def test_a_pinned_result_says_nothing_of_a_search_that_rules_words_out(
        self, fiches: list[SearchEntry], distribution: Distribution
    ):
        Epingle.objects.create(requete="r", cle=lire("reglement", in_force()).cle, entree=fiches[0])
        found = ask(distribution.agent_a, "q=reglement -numero")
        assert (found.total, found.en_avant, names(found)) == (0, [], [])

    def test_an_own_page_for_each_five_hundred(self, distribution: Distribution):
        give_many([f"Salle {n}" for n in range(PROFONDEUR + 20)], kind=FICHE)
        other = give("Autre chose", kind=FICHE)
        Epingle.objects.create(requete="salle", cle=lire("salle", in_force()).cle, entree=other)
        found = ask(distribution.agent_a, "q=salle&page=25")
        assert (found.page.paginator.num_pages, found.page.number, found.trop_profond) == (25, 25, True)

    def test_a_tab_beyond_what_is_ranked_has_its_group(self, distribution: Distribution):
        give_many([f"Salle {n}" for n in range(PROFONDEUR + 20)], kind=FICHE)
        give("Une chose", texte="La salle", kind="autre", date=date(2001, 1, 1))
        groupes = ask(distribution.agent_a, "q=salle&tri=genre").groupes
        assert sorted((groupe.genre.kind, groupe.n) for groupe in groupes) == [("autre", 1), (FICHE, PROFONDEUR + 20)]

    def test_a_kind_that_nobody_declares_is_shown_decently(self, distribution: Distribution):
        give("Un objet", kind="chose_rare")
        found = ask(distribution.agent_a, "q=objet")
        assert [(tab.libelle, tab.n) for tab in found.onglets if tab.n] == [("Tout", 1), ("Chose rare", 1)]
        assert names(ask(distribution.agent_a, "q=objet&genre=chose_rare")) == ["Un objet"]


class TestRestreindre:
    def test_counts_ignore_their_own_filter(self, fiches: list[SearchEntry], distribution: Distribution):
        found = ask(distribution.agent_a, "q=reglement&theme=Voirie&commune=Bourg")
        facettes = {one.cle: {v.valeur: (v.n, v.coche) for v in one.valeurs} for one in found.facettes}
        assert found.total == 1
        assert facettes["theme"] == {"Voirie": (1, True), "Cimetière": (2, False)}
        assert facettes["commune"] == {"Bourg": (1, True), "Aval": (2, False)}

    def test_tabs_ignore_their_own_choice(self, fiches: list[SearchEntry], distribution: Distribution):
        give("Règlement de l’aide", kind="aide")
        for address in ("q=reglement", "q=reglement&genre=aide", "q=reglement&genre=fiche"):
            tabs = {tab.libelle: tab.n for tab in ask(distribution.agent_a, address).onglets}
            assert (tabs["Tout"], tabs["Aide"], tabs["Fiche"], tabs["Agents"]) == (7, 1, 6, 0)

    def test_several_values_of_a_facet_add_up(self, fiches: list[SearchEntry], distribution: Distribution):
        assert ask(distribution.agent_a, "q=reglement&annee=2020&annee=2021").total == 4

    def test_each_chip_takes_its_filter_away(self, fiches: list[SearchEntry], distribution: Distribution):
        found = ask(distribution.agent_a, "q=reglement&theme=Voirie&annee=2020&annee=2021&tri=date")
        assert [(chip.libelle, chip.url) for chip in found.puces] == [
            ("Voirie", "/recherche/?q=reglement&annee=2020&annee=2021&tri=date"),
            ("2020", "/recherche/?q=reglement&theme=Voirie&annee=2021&tri=date"),
            ("2021", "/recherche/?q=reglement&theme=Voirie&annee=2020&tri=date"),
        ]

    def test_without_words_a_theme_shows_all_it_holds(self, fiches: list[SearchEntry], distribution: Distribution):
        found = ask(distribution.agent_a, "theme=Voirie")
        assert names(found) == ["Règlement numéro 2", "Règlement numéro 4", "Règlement numéro 0"]
        assert found.tris == []

    def test_by_date(self, fiches: list[SearchEntry], distribution: Distribution):
        found = ask(distribution.agent_a, "q=reglement&tri=date")
        assert names(found) == [f"Règlement numéro {n}" for n in (5, 2, 4, 1, 3, 0)]

    def test_by_kind(self, fiches: list[SearchEntry], distribution: Distribution):
        give("Règlement de l’aide", kind="aide")
        found = ask(distribution.agent_a, "q=reglement&tri=genre")
        groupes = {one.genre.titre: one for one in found.groupes}
        assert (groupes["Fiche"].n, len(groupes["Fiche"].resultats)) == (6, PAR_GROUPE)
        assert groupes["Fiche"].url == "/recherche/?q=reglement&genre=fiche"
        assert [one.nom for one in groupes["Aide"].resultats] == ["Règlement de l’aide"]

    @pytest.mark.parametrize(
        "address", ["q=reglement&theme=Inconnu", "q=reglement&genre=inconnu", "q=reglement&genre=agents"]
    )
    def test_filters_that_leave_nothing(self, address: str, fiches: list[SearchEntry], distribution: Distribution):
        html = visit(distribution.agent_a, address)
        assert "Vos filtres ne laissent rien passer" in html
        assert 'href="/recherche/?q=reglement"' in html

    @pytest.mark.parametrize(
        "address",
        ["q=x&page=0", "q=x&page=-1", "q=x&page=abc", "q=x&tri=zzz", "q=x&exact=2", "theme=%00", "genre=%F0%9F%8D%B0",
         "annee=2020'--", "q=%00", "q=\u202e", "theme=" + "x" * 5000, "&".join(f"commune=c{n}" for n in range(500))],
    )  # fmt: skip
    def test_any_address_gives_a_page(self, address: str, distribution: Distribution):
        visit(distribution.agent_a, address)


class TestPages:
    def test_no_result_twice_and_none_lost(self, distribution: Distribution):
        for n in range(PAR_PAGE * 2 + 5):
            give(f"Marché {n}", "Le marché.", kind=FICHE)
        pages = [names(ask(distribution.agent_a, f"q=marche&page={page}")) for page in (1, 2, 3)]
        assert [len(page) for page in pages] == [PAR_PAGE, PAR_PAGE, 5]
        assert len({name for page in pages for name in page}) == PAR_PAGE * 2 + 5

    def test_a_page_too_far_is_the_last_one(self, distribution: Distribution):
        for n in range(PAR_PAGE + 1):
            give(f"Marché {n}", kind=FICHE)
        assert len(names(ask(distribution.agent_a, "q=marche&page=999"))) == 1

    def test_not_beyond_500(self, distribution: Distribution, monkeypatch: pytest.MonkeyPatch):
        monkeypatch.setattr("search.presentation.PROFONDEUR", 20)
        for n in range(21):
            give(f"Marché {n}", kind=FICHE)
        sentence = "Nous n’allons pas au-delà de 500 résultats"
        assert sentence not in visit(distribution.agent_a, "q=marche")
        assert sentence in visit(distribution.agent_a, "q=marche&page=2")


class TestCeQuElleDit:
    def test_most_of_the_words(self, distribution: Distribution):
        give("Concession funéraire", "Au cimetière.", kind=FICHE)
        html = visit(distribution.agent_a, "q=concession cimetiere introuvable")
        assert "Aucun résultat ne contient tous ces mots. Voici ceux qui en contiennent le plus." in html

    def test_a_correction_run_at_once_with_a_way_back(self, distribution: Distribution):
        give("Plan local d’urbanisme", kind=FICHE)
        learn_words()
        html = visit(distribution.agent_a, "q=urbanysme")
        assert "1 résultat pour « urbanisme »" in html
        assert 'href="/recherche/?q=urbanysme&exact=1"' in html
        assert "Aucun résultat pour « urbanysme »" in visit(distribution.agent_a, "q=urbanysme&exact=1")

    def test_a_spelling_proposed(self, distribution: Distribution):
        give("Le mot urbanysme", kind=FICHE)
        for n in range(12):
            give(f"Urbanisme {n}", kind=FICHE)
        learn_words()
        html = visit(distribution.agent_a, "q=urbanysme")
        assert "Voulez-vous dire" in html
        assert 'href="/recherche/?q=urbanisme"' in html

    def test_a_long_query_is_cut(self, distribution: Distribution):
        give("Mot", kind=FICHE)
        html = visit(distribution.agent_a, "q=" + "mot " * 2500)
        assert "seul son début a été cherché" in html

    def test_only_exclusions(self, distribution: Distribution):
        assert "Il n’y a que des mots à écarter" in visit(distribution.agent_a, "q=-mot")

    @pytest.mark.parametrize("asked", ['"', "…", "« »", "'’-", "*", "🙂"])
    def test_neither_letter_nor_digit(self, asked: str, distribution: Distribution):
        assert "ne contient ni lettre ni chiffre" in visit(distribution.agent_a, f"q={asked}")

    def test_only_words_that_name_nothing(self, distribution: Distribution):
        give("La Loye", kind=FICHE)
        assert "La Loye" in names(ask(distribution.agent_a, "q=la"))

    def test_the_empty_page_helps_to_begin(self, distribution: Distribution):
        html = visit(distribution.agent_a, "")
        assert "Comment chercher" in html
        assert 'href="/recherche/?genre=agents"' in html

    def test_a_simplified_search_says_so(self, distribution: Distribution, monkeypatch: pytest.MonkeyPatch):
        monkeypatch.setattr(
            "search.presentation.chercher",
            lambda text, *args, **kwargs: Reponse(lire(text, in_force()), simplifiee=True),
        )
        assert "Recherche simplifiée" in visit(distribution.agent_a, "q=mot")

    def test_without_poste(self, distribution: Distribution):
        give("Zibeline pour tous", kind=FICHE)
        html = visit(distribution.sans_poste, "q=zibeline")
        assert "Aucun résultat" in html


class TestRienTrouve:
    def test_fewer_words(self, distribution: Distribution):
        give("Chien mordeur", kind=FICHE)
        html = visit(distribution.agent_a, 'q="chien zzz mordeur"')
        assert "Avec moins de mots" in html
        assert 'href="/recherche/?q=chien+mordeur"' in html

    def test_themes_and_people_near(self, distribution: Distribution):
        theme, _ = Theme.objects.get_or_create(nom="Cimetière", defaults={"slug": "cimetiere-essai"})
        Expertise.objects.create(agent=distribution.secretaire_b, theme=theme, libelle="reprise de concessions")
        give("Concession", kind=FICHE, theme="Cimetière")
        html = visit(distribution.agent_a, 'q="cimetiaire municipal"')
        assert "Des thèmes proches" in html
        assert 'href="/recherche/?theme=Cimeti%C3%A8re"' in html
        assert "Des personnes qui connaissent le sujet" in html
        assert "Simone Bourg" in html

    def test_no_theme_that_holds_nothing_for_the_reader(self, distribution: Distribution):
        theme, _ = Theme.objects.get_or_create(nom="Cimetière", defaults={"slug": "cimetiere-essai"})
        give("Concession", kind=FICHE, theme=theme.nom, codes=(code_collectivite(distribution.b.pk),))
        assert "Des thèmes proches" not in visit(distribution.agent_a, 'q="cimetiaire municipal"')
        assert "Des thèmes proches" in visit(distribution.secretaire_b, 'q="cimetiaire municipal"')


class TestHtmx:
    def test_a_fragment_with_its_title_facets_and_count(self, fiches: list[SearchEntry], distribution: Distribution):
        client = open_session(distribution.agent_a)
        response = client.get("/recherche/?q=reglement&theme=Voirie", headers={"HX-Request": "true"})
        html = response.content.decode()
        assert "<html" not in html
        assert "<title>« reglement », 3 résultats · Recherche" in html.replace("\u00a0", " ")
        assert html.count('hx-swap-oob="innerHTML"') == 3
        assert {"HX-Request", "HX-History-Restore-Request"} <= set(response["Vary"].split(", "))

    def test_the_back_button_gets_the_whole_page(self, fiches: list[SearchEntry], distribution: Distribution):
        headers = {"HX-Request": "true", "HX-History-Restore-Request": "true"}
        assert "<html" in open_session(distribution.agent_a).get("/recherche/?q=x", headers=headers).content.decode()

    def test_the_box_of_the_header_gives_way_to_that_of_the_page(self, distribution: Distribution):
        assert open_session(distribution.agent_a).get("/recherche/?q=x").content.decode().count('role="search"') == 1
        assert open_session(distribution.agent_a).get("/aide/").content.decode().count('role="search"') == 1


def test_the_address_is_canonical():
    choix = Choix.of(QueryDict("tri=date&annee=2020&q=+a++b+&theme=X&theme=X&page=3&genre=aide&exact=1"))
    assert choix.url() == "/recherche/?q=a+b&genre=aide&theme=X&annee=2020&tri=date&exact=1"


def test_a_collectivite_is_not_named_twice(distribution: Distribution):
    """Its title is its name: no plate repeats it."""
    asked = "q=la mairie d’Aval&genre=communes"
    assert [(one.nom, one.commune) for one in ask(distribution.agent_a, asked).resultats] == [("Aval", "")]
