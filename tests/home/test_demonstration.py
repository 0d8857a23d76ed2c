"""The news of the demo: several collectivités, several readers, and nobody who is not of the cast."""

import re

import pytest
from django.utils import timezone

from collectivites.demo.execution import make_demo
from collectivites.models import Agent
from extranet.lib.blocs import plain_text
from home.annonces import announce_pending
from home.models import ActualitePage
from notifications.models import Notification

pytestmark = [pytest.mark.django_db, pytest.mark.lent]


@pytest.fixture
def news() -> dict[str, ActualitePage]:
    make_demo(timezone.localdate())
    return {page.slug: page for page in ActualitePage.objects.select_related("collectivite", "owner")}


def seen_by(slug: str) -> set[str]:
    agent = Agent.objects.get(slug=slug)
    return set(ActualitePage.objects.visible_to(agent).values_list("slug", flat=True))


def test_the_news_of_the_demo(news: dict[str, ActualitePage]):
    assert len(news) >= 12
    assert len({page.collectivite for page in news.values()}) >= 6
    for page in news.values():
        assert page.owner.postes_en_cours
        assert page.themes.exists()
        text = f"{page.title} {page.chapeau} {plain_text(page.corps)}"
        assert not re.search(r"\{|\}|'|\*\*", text), text
        page.full_clean()

    # Each reads what is meant for them.
    secretary, technician, mayor, epci = (
        seen_by(slug) for slug in ("odile-vuillermet", "karim-belkacem", "anne-lise-marchal", "julien-mairot")
    )
    assert {"reseau-secretaires", "travaux-route-de-dole", "extranet-ouvert"} <= secretary
    assert "conseil-communautaire" not in secretary | technician
    assert {"conseil-communautaire", "maison-du-territoire"} <= mayor
    assert "maison-du-territoire" in epci - secretary
    assert "zero-phyto" in technician - secretary

    # What is to come and what is over are there for nobody.
    assert not {"fermetures", "pluie-inondation"} & (secretary | technician | mayor | epci)
    assert news["fermetures"].go_live_at > timezone.now()
    assert news["pluie-inondation"].expire_at < timezone.now()

    # The recent ones were told when they appeared, and are not told again.
    told = Notification.objects.filter(sorte="actualite", destinataire__slug="odile-vuillermet")
    assert set(told.values_list("objet_id", flat=True)) == {
        str(page.pk)
        for slug, page in news.items()
        if slug in secretary and (timezone.now() - page.first_published_at).days < 7
    }
    assert announce_pending() == 0
