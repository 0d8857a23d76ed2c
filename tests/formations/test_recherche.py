"""What the search finds of the trainings, for whom, and what it proposes when it finds nothing."""

from datetime import timedelta

import pytest
from django.utils import timezone

from collectivites.diffusion import TOUTES, code_collectivite
from collectivites.models import TypeHabilitation
from extranet.lib.cherchable import reindex
from formations.models import FormationPage, PublicFormation
from formations.models.page import GENRE
from search.chercher import chercher
from search.lecteur import Lecteur
from search.models import SearchEntry
from tests.distribution import Distribution
from tests.formations.factories import book, make_formation, make_session, worker
from tests.sessions import open_session

pytestmark = pytest.mark.django_db


def found(agent: object, text: str) -> list[str]:
    keys = chercher(text, Lecteur.of(agent), genre=GENRE).rangs
    return list(SearchEntry.objects.filter(pk__in=keys).values_list("titre", flat=True))


@pytest.mark.parametrize(
    "words", ["postures", "lumbago", "électrique BS", "agents techniques", "Prévention Jura", "harnais"]
)
def test_found_by_all_that_a_sheet_says(distribution: Distribution, words: str) -> None:
    make_formation(
        "Gestes et postures",
        objectifs="Éviter le lumbago",
        titre_delivre=TypeHabilitation.objects.get(code="electrique-bs"),
        publics=[PublicFormation.objects.get(code="techniques")],
        organisme="Prévention Jura",
        prerequis="Savoir mettre un harnais",
    )
    make_formation("Budget")
    reindex(FormationPage.to_index())
    assert found(distribution.agent_a, words) == ["Gestes et postures"]


def test_for_those_of_its_diffusion(distribution: Distribution) -> None:
    make_formation("Postures", diffusion=[code_collectivite(distribution.b.pk)])
    reindex(FormationPage.to_index())
    assert found(distribution.agent_a, "postures") == []
    assert found(distribution.secretaire_b, "postures") == ["Postures"]


@pytest.mark.parametrize("away", ["draft", "archived", "expired"])
def test_what_is_not_online_is_not_found(distribution: Distribution, away: str) -> None:
    page = make_formation("Postures", publie=away != "draft")
    now = timezone.now()
    if away == "archived":
        FormationPage.objects.filter(pk=page.pk).update(archivee_le=now)
    elif away == "expired":
        FormationPage.objects.filter(pk=page.pk).update(expire_at=now - timedelta(minutes=1))
    reindex(FormationPage.to_index())
    assert found(distribution.agent_a, "postures") == []


def test_saving_and_publishing_follow(distribution: Distribution) -> None:
    page = make_formation("Postures", diffusion=[TOUTES])
    assert found(distribution.agent_a, "postures") == ["Postures"]
    page.title = "Ergonomie"
    page.save_revision().publish()
    assert found(distribution.agent_a, "ergonomie") == ["Ergonomie"]


def test_nobody_who_is_in_it_is_found_by_it(distribution: Distribution) -> None:
    page = make_formation("Postures")
    person = worker(distribution.a)
    book(make_session(page), person)
    reindex(FormationPage.to_index())
    entry = SearchEntry.objects.get(kind=GENRE)
    assert person.nom not in f"{entry.titre} {entry.detail} {entry.texte}"


def test_the_page_of_results_shows_it(distribution: Distribution) -> None:
    page = make_formation("Gestes et postures", accroche="Protéger son dos")
    html = open_session(distribution.agent_a).get("/recherche/?q=postures").content.decode()
    assert page.adresse in html
    assert "Protéger son dos" in html
