"""What secretaries write short: beginnings of words, abbreviated places, references, sigles; and how it is marked."""

import pytest

from collectivites.models import Fonction, Poste
from search.chercher import chercher
from search.models import QuestionRecherche, Synonyme
from search.questions import PAR_JOUR
from search.suggerer import suggerer
from search.surlignage import Surligneur
from search.synonymes import deliver
from tests.distribution import Distribution
from tests.search.ecran import ask, visit
from tests.search.factories import give, learn_words, reader, titles
from tests.sessions import open_session

pytestmark = pytest.mark.django_db


def found(cast: Distribution, text: str, **options: object) -> list[str]:
    return titles(chercher(text, reader(cast.agent_a), **options).rangs)


def test_a_word_begun_is_found_and_said(distribution: Distribution) -> None:
    give("Permis de construire", "Le service d’urbanisme instruit.")
    give("Le travail", "Rien de cela.")
    answer = chercher("urb", reader(distribution.agent_a))
    assert (titles(answer.rangs), answer.commencee, answer.corrigee_de) == (["Permis de construire"], True, "")
    html = visit(distribution.agent_a, "q=urb")
    assert "Voici ceux dont des mots commencent ainsi." in html
    assert "d’<mark>urbanisme</mark>" in html


def test_whole_words_first_and_nothing_else_when_asked_exactly(distribution: Distribution) -> None:
    give("Bibl", "Le mot entier.")
    give("Bibliothèque")
    assert found(distribution, "bibl") == ["Bibl"]
    assert found(distribution, "bibliot") == ["Bibliothèque"]
    assert found(distribution, "bibliot", exact=True) == []


def test_a_sigle_is_whole(distribution: Distribution) -> None:
    """« DECI » is not how « décision » begins."""
    give("Décision du maire")
    assert found(distribution, "DECI") == []


@pytest.mark.parametrize("asked", ["St-Aubin", "st aubin", "Saint-Aubin", "saint aubin", "ST AUBIN"])
@pytest.mark.parametrize("written", ["Saint-Aubin", "St-Aubin", "St Aubin"])
def test_saints_are_written_short(distribution: Distribution, asked: str, written: str) -> None:
    give(f"La mairie de {written}")
    assert found(distribution, asked) == [f"La mairie de {written}"]
    assert f"<b>{written.partition('-')[0].split()[0]}</b>" in str(
        suggerer("st au", reader(distribution.agent_a)).groupes
    )


def test_a_synonym_counts_in_a_compound(distribution: Distribution) -> None:
    give("Le plan local d’habitat")
    Synonyme.objects.create(expressions="zan, plan local", sens_unique=True)
    assert found(distribution, "zan-d’habitat") == ["Le plan local d’habitat"]


@pytest.mark.parametrize("asked", ["300", '"300 habitants"', "300 habitants"])
def test_a_number_after_a_verb_is_a_number(distribution: Distribution, asked: str) -> None:
    give("Recensement", "La commune a 300 habitants.")
    assert found(distribution, asked, exact=True) == ["Recensement"]


@pytest.mark.parametrize(
    ("asked", "text", "marked"),
    [
        ("l2121", "Article L. 2121-7 du code. Le 7 mars, page 7.", "L. 2121"),
        ("r486", "Le CACES R.486 est demandé.", "R.486"),
        ("r486", "Le CACES R486 est demandé.", "R486"),
    ],
)
def test_references_are_marked_as_they_are_written(asked: str, text: str, marked: str) -> None:
    html = str(Surligneur(frozenset([asked, "7"])).extrait(text).html)
    assert f"<mark>{marked}</mark>" in html
    assert "<mark>7</mark>" not in html


def test_a_lone_figure_is_marked_when_it_is_all_that_was_asked() -> None:
    assert "<mark>7</mark>" in str(Surligneur(frozenset(["7"])).extrait("La page 7.").html)


def test_people_of_ones_commune_first_among_many(distribution: Distribution) -> None:
    """More than a list holds have the same fonction."""
    maire = Fonction.objects.get(code="maire")
    for n in range(60):
        give(f"Personne {n}", "Maire", kind="agent", detail="Maire", commune="Ailleurs", pk=90_000 + n)
    poste = distribution.secretaire_a.postes.first()
    Poste.objects.filter(pk=poste.pk).update(fonction=maire)
    poste.refresh_from_db()
    poste.save()
    lines = [line for _, group in suggerer("maire", reader(distribution.agent_a)).groupes for line in group]
    assert str(distribution.secretaire_a) in lines[0].texte


def test_a_sigle_leads_to_what_it_stands_for(distribution: Distribution) -> None:
    deliver()
    give("Camille", kind="agent", detail="Directeur général des services", pk=91_000)
    assert "Camille" in str(suggerer("dgs", reader(distribution.agent_a)).groupes)


def test_two_values_of_one_slug_are_two_boxes(distribution: Distribution) -> None:
    for n, theme in enumerate(("Élections", "Elections")):
        give(f"Liste {n}", theme=theme, type=f"Type {n}")
    [facette] = [one for one in ask(distribution.agent_a, "q=liste").facettes if one.cle == "theme"]
    assert len({one.ancre for one in facette.valeurs}) == 2


def test_the_same_question_twice_is_one_and_a_day_has_an_end(distribution: Distribution) -> None:
    client = open_session(distribution.agent_a)

    def send(text: str, message: str) -> int:
        page = client.get("/recherche/", {"q": text}).content.decode()
        key = page.split('name="cle_unique" value="')[1].split('"')[0]
        posted = {"message": message, "cle_unique": key}
        return client.post(f"/recherche/?q={text}", posted).status_code

    assert [send("zzz", "un"), send("zzz", "deux")] == [302, 302]
    said = QuestionRecherche.objects.get().message
    assert said.startswith("un\n\nAjouté le ")
    assert said.endswith("\ndeux")
    for n in range(PAR_JOUR - 1):
        assert send(f"zzz{n}x", "encore") == 302
    assert send("trop", "encore") == 422
    assert QuestionRecherche.objects.count() == PAR_JOUR


def test_explaining_gives_no_word_of_what_one_may_not_find(distribution: Distribution) -> None:
    from_a = tuple(f"c:{distribution.a.pk}" for _ in range(1))
    for n in range(4):
        give(f"Zibeline {n}", codes=from_a)
    give("Zibelins")
    learn_words()
    page = open_session(distribution.responsable).get("/admin/expliquer-recherche/", {"q": "zibelyne"})
    assert "zibelins" in page.content.decode()
    assert "zibeline" not in page.content.decode()
