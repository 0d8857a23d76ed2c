"""News: who sees what, when, in every place where one could show."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from collectivites.diffusion import ELUS, EPCI, TOUTES, code_collectivite, code_reseau
from collectivites.models import Agent, Theme
from home.models import ActualitePage, ActualitesPage
from tests.collectivites.factories import AdhesionFactory, ReseauFactory
from tests.distribution import Distribution
from tests.home.factories import make_actualite
from tests.sessions import open_session

pytestmark = pytest.mark.django_db

SECRET = "Zibeline"


def sees(agent: Agent | None, page: ActualitePage) -> bool:
    fresh = Agent.objects.get(pk=agent.pk) if agent else None
    page = ActualitePage.objects.get(pk=page.pk)
    visible = ActualitePage.objects.visible_to(fresh).filter(pk=page.pk).exists()
    if page.is_online():
        assert visible == page.is_visible_to(fresh)
    return visible


class TestQuiVoit:
    def readers(self, cast: Distribution, page: ActualitePage) -> set[str]:
        return {name for name, agent in cast.roles().items() if sees(agent, page)}

    def test_everybody_with_a_poste(self, distribution: Distribution):
        page = make_actualite(distribution.a)
        assert self.readers(distribution, page) == set(distribution.roles()) - {"anonyme", "sans_poste"}

    def test_one_commune(self, distribution: Distribution):
        page = make_actualite(distribution.b, diffusion=[code_collectivite(distribution.b.pk)])
        assert self.readers(distribution, page) == {"secretaire_b", "elue_b", "partage_ab"}

    def test_elus(self, distribution: Distribution):
        assert self.readers(distribution, make_actualite(distribution.epci, diffusion=[ELUS])) == {"elue_b"}

    def test_intercommunalite(self, distribution: Distribution):
        page = make_actualite(distribution.epci, diffusion=[EPCI])
        assert self.readers(distribution, page) == {"responsable", "administrateur"}

    def test_a_network_and_its_leavers(self, distribution: Distribution):
        reseau = ReseauFactory()
        page = make_actualite(distribution.epci, diffusion=[code_reseau(reseau.pk)])
        adhesion = AdhesionFactory(reseau=reseau, agent=distribution.agent_a)
        assert self.readers(distribution, page) == {"agent_a"}
        adhesion.date_fin = timezone.localdate()
        adhesion.save()
        assert self.readers(distribution, page) == set()

    def test_nobody_without_a_code(self, distribution: Distribution):
        with pytest.raises(ValidationError):
            make_actualite(distribution.a, diffusion=[])
        page = make_actualite(distribution.a)
        ActualitePage.objects.filter(pk=page.pk).update(diffusion=[])
        assert self.readers(distribution, page) == set()

    def test_who_writes_is_not_who_reads(self, distribution: Distribution):
        """The collectivité of origin gives no right to read."""
        page = make_actualite(distribution.a, diffusion=[code_collectivite(distribution.b.pk)])
        assert "gestionnaire_a" not in self.readers(distribution, page)


HIDDEN = {
    "for_another_commune": lambda cast: {"diffusion": [code_collectivite(cast.b.pk)]},
    "for_elus": lambda cast: {"diffusion": [ELUS]},
    "draft": lambda cast: {"live": False},
    "scheduled": lambda cast: {"go_live_at": timezone.now() + timedelta(hours=1)},
    "expired": lambda cast: {"expire_at": timezone.now() - timedelta(minutes=1)},
}


@pytest.mark.parametrize("why", HIDDEN)
class TestFuites:
    """What an agent of A must not see is nowhere, not even in a count."""

    @pytest.fixture
    def page(self, why: str, distribution: Distribution) -> ActualitePage:
        return make_actualite(distribution.b, f"{SECRET} du jour", chapeau=SECRET, **HIDDEN[why](distribution))

    @pytest.fixture
    def client_a(self, page: ActualitePage, distribution: Distribution) -> Client:
        return open_session(distribution.secretaire_a)

    @pytest.mark.parametrize("path", ["/", "/actualites/", f"/recherche/?q={SECRET}", "/plan-du-site/", "/aide/"])
    def test_absent_from_pages(self, path: str, client_a: Client):
        text = client_a.get(path).content.decode()
        assert f"{SECRET} du jour" not in text

    def test_absent_from_counts_and_filters(self, client_a: Client, distribution: Distribution):
        response = client_a.get("/actualites/")
        assert response.context["page_obj"].paginator.count == 0
        assert list(response.context["collectivites"]) == []
        assert response.context["annees"] == []
        assert client_a.get(f"/recherche/?q={SECRET}").context["recherche"].total == 0
        assert client_a.get("/actualites/?collectivite=bourg").context["page_obj"].paginator.count == 0

    def test_absent_beside_another_article(self, client_a: Client, distribution: Distribution):
        other = make_actualite(distribution.a, "Visible")
        assert SECRET not in client_a.get(other.get_url()).content.decode()

    def test_refused_at_its_address(self, why: str, page: ActualitePage, client_a: Client):
        response = client_a.get(page.get_url())
        assert response.status_code == (403 if why.startswith("for_") else 404)
        assert SECRET not in response.content.decode()

    def test_the_sitemap_of_strangers(self, page: ActualitePage, client_a: Client):
        response = Client().get(page.get_url())
        assert response.status_code == 302
        assert response["Location"].startswith("/connexion/")


def test_refusal_names_whom_to_ask(distribution: Distribution):
    page = make_actualite(distribution.b, SECRET, diffusion=[code_collectivite(distribution.b.pk)])
    text = open_session(distribution.agent_a).get(page.get_url()).content.decode()
    assert "Cette page est réservée à la mairie de Bourg" in text
    assert "Simone Bourg" in text


class TestListe:
    def titles(self, client: Client, path: str = "/actualites/") -> list[str]:
        return [page.title for page in client.get(path).context["page_obj"]]

    def test_pinned_first_then_the_most_recent(self, distribution: Distribution):
        now = timezone.now()
        make_actualite(distribution.a, "Ancienne", first_published_at=now - timedelta(days=9))
        make_actualite(distribution.a, "Épinglée", first_published_at=now - timedelta(days=90), epinglee=True)
        make_actualite(distribution.a, "Récente", first_published_at=now)
        assert self.titles(open_session(distribution.agent_a)) == ["Épinglée", "Récente", "Ancienne"]

    def test_filters(self, distribution: Distribution):
        make_actualite(distribution.a, "A 2024", first_published_at=datetime(2024, 5, 2, 12, tzinfo=UTC))
        make_actualite(distribution.b, "B 2024", first_published_at=datetime(2024, 6, 2, 12, tzinfo=UTC))
        # Half past midnight in Paris on the first of January: the year is that of Paris.
        make_actualite(distribution.b, "B 2025", first_published_at=datetime(2024, 12, 31, 23, 30, tzinfo=UTC))
        client = open_session(distribution.agent_a)
        assert self.titles(client, "/actualites/?annee=2024") == ["B 2024", "A 2024"]
        assert self.titles(client, "/actualites/?annee=2025") == ["B 2025"]
        assert self.titles(client, "/actualites/?annee=2024&collectivite=bourg") == ["B 2024"]
        assert client.get("/actualites/").context["annees"] == ["2025", "2024"]

    @pytest.mark.parametrize("annee", ["abc", "0", "-1", "99999999999", "²", "20 24", "1999", "\x00"])
    def test_a_wrong_year_finds_nothing(self, annee: str, distribution: Distribution):
        make_actualite(distribution.a)
        response = open_session(distribution.agent_a).get("/actualites/", {"annee": annee})
        assert "Aucune actualité ne correspond à ces filtres" in response.content.decode()

    @pytest.mark.parametrize("number", ["2", "0", "abc", "999"])
    def test_pages_of_twelve(self, number: str, distribution: Distribution):
        for _ in range(13):
            make_actualite(distribution.a)
        response = open_session(distribution.agent_a).get("/actualites/", {"page": number})
        assert response.context["page_obj"].number == (1 if number == "abc" else 2)

    def test_says_that_there_is_none(self, distribution: Distribution):
        text = open_session(distribution.agent_a).get("/actualites/").content.decode()
        assert "Aucune actualité pour le moment" in text


class TestRevisions:
    def test_an_old_draft_published_keeps_its_themes_and_its_place(self, distribution: Distribution):
        theme = Theme.objects.first()
        page = make_actualite(distribution.a, "Première version", expire_at=None)
        page.themes.add(theme)
        page.save_revision()
        old = page.get_latest_revision()
        page.title = "Deuxième version"
        page.themes.clear()
        page.save_revision().publish()
        published = ActualitePage.objects.get(pk=page.pk).first_published_at
        old.publish()
        page = ActualitePage.objects.get(pk=page.pk)
        assert page.title == "Première version"
        assert list(page.themes.all()) == [theme]
        assert page.first_published_at == published
        assert page.get_parent().specific_class is ActualitesPage

    def test_an_expired_draft_published_stays_hidden(self, distribution: Distribution):
        page = make_actualite(distribution.a, live=False, expire_at=timezone.now() - timedelta(days=1))
        page.save_revision().publish()
        page.refresh_from_db()
        assert page.live
        assert not sees(distribution.agent_a, page)

    def test_a_theme_in_a_draft_is_published_with_it(self, distribution: Distribution):
        theme = Theme.objects.first()
        page = make_actualite(distribution.a, live=False)
        page.themes.add(theme)
        page.save_revision()
        ActualitePage.objects.get(pk=page.pk).get_latest_revision().publish()
        assert list(ActualitePage.objects.get(pk=page.pk).themes.all()) == [theme]

    def test_scheduled_then_published_by_veille(self, distribution: Distribution):
        page = make_actualite(distribution.a, live=False, go_live_at=timezone.now() + timedelta(hours=1))
        page.save_revision().publish()
        page.refresh_from_db()
        assert not sees(distribution.agent_a, page)
        revision = page.get_latest_revision()
        past = timezone.now() - timedelta(minutes=1)
        revision.approved_go_live_at = past
        revision.content["go_live_at"] = past.isoformat()
        revision.save()
        call_command("publish_scheduled")
        page.refresh_from_db()
        assert sees(distribution.agent_a, page)

    def test_a_diffusion_in_a_draft_waits_for_the_publication(self, distribution: Distribution):
        page = make_actualite(distribution.a, diffusion=[code_collectivite(distribution.a.pk)])
        page.diffusion = [TOUTES]
        page.save_revision()
        assert not sees(distribution.secretaire_b, page)
        page.get_latest_revision().publish()
        assert sees(distribution.secretaire_b, ActualitePage.objects.get(pk=page.pk))
