"""A new resource is told once to who follows its theme or its type; a version to be read, to its readers."""

from datetime import timedelta

import pytest
from django.utils import timezone

from collectivites.diffusion import ELUS, code_collectivite
from collectivites.models import Agent, Theme
from notifications.abonnements import code_of, follow
from notifications.models import Notification
from ressources.annonces import announce_pending, ask_readings
from ressources.enums import StatutVersion
from ressources.lectures import awaiting, readings_of
from ressources.models import Lecture, RessourcePage, TypeRessource
from tests.distribution import Distribution
from tests.ressources.factories import make_ressource, make_version
from tests.ressources.formulaires import key_for
from tests.sessions import open_session

pytestmark = pytest.mark.django_db


def told(page: RessourcePage, sorte: str = "ressource") -> set[str]:
    lines = Notification.objects.filter(objet="ressources.ressourcepage", objet_id=str(page.pk), sorte=sorte)
    return set(lines.values_list("destinataire__slug", flat=True))


@pytest.fixture
def followers(distribution: Distribution) -> None:
    follow(distribution.agent_a, code_of(Theme.objects.first()))
    follow(distribution.elue_b, code_of(TypeRessource.objects.first()))
    for objet in (Theme.objects.first(), TypeRessource.objects.first()):
        follow(distribution.secretaire_b, code_of(objet))
    follow(distribution.secretaire_a, code_of(Theme.objects.last()))
    follow(distribution.sans_poste, code_of(Theme.objects.first()))


@pytest.mark.usefixtures("followers")
class TestANewResource:
    def test_told_to_who_follows_its_theme_or_its_type(self):
        page = make_ressource()
        assert announce_pending() == 3
        assert told(page) == {"alain-aval", "elise-bourg", "simone-bourg"}

    def test_once(self):
        make_ressource()
        assert announce_pending() == 3
        assert announce_pending() == 0

    def test_not_to_its_author(self, distribution: Distribution):
        page = make_ressource(owner=distribution.agent_a)
        announce_pending()
        assert "alain-aval" not in told(page)

    @pytest.mark.parametrize("codes", ["elus", "b"])
    def test_not_to_who_may_not_read_it(self, codes: str, distribution: Distribution):
        diffusion = {"elus": [ELUS], "b": [code_collectivite(distribution.b.pk)]}[codes]
        page = make_ressource(diffusion=diffusion)
        announce_pending()
        assert told(page) == ({"elise-bourg"} if codes == "elus" else {"elise-bourg", "simone-bourg"})

    @pytest.mark.parametrize(
        "fields",
        [
            {"live": False},
            {"first_published_at": timezone.now() - timedelta(days=8)},
            {"go_live_at": timezone.now() + timedelta(days=1)},
            {"archivee_le": timezone.now()},
        ],
        ids=["draft", "old", "scheduled", "archived"],
    )
    def test_not_told(self, fields: dict):
        make_ressource(**fields)
        assert announce_pending() == 0

    def test_leaves_the_inboxes_when_it_is_withdrawn(self):
        page = make_ressource()
        announce_pending()
        page.save_revision().publish()
        RessourcePage.objects.get(pk=page.pk).unpublish()
        assert told(page) == set()


@pytest.fixture
def page(distribution: Distribution) -> RessourcePage:
    codes = [code_collectivite(distribution.a.pk)]
    return make_ressource(
        "Consignes",
        diffusion=codes,
        lecture_suivie=True,
        owner=distribution.gestionnaire_a,
        collectivite=distribution.a,
    )


class TestReadings:
    READERS = {"sylvie-aval", "alain-aval", "paul-deux"}

    def test_asked_of_its_readers_once(self, page: RessourcePage):
        assert ask_readings() == 3
        assert ask_readings() == 0
        assert told(page, "ressource_a_lire") == self.READERS

    def test_asked_anew_for_another_version(self, page: RessourcePage, distribution: Distribution):
        ask_readings()
        make_version(page.fichiers.get())
        assert ask_readings() == 3

    def test_not_asked_of_what_is_not_followed(self):
        make_ressource()
        assert ask_readings() == 0

    def test_said_once_by_who_may_read(self, page: RessourcePage, distribution: Distribution):
        version = page.fichiers.get().versions.get()
        url = f"/ressources/versions/{version.pk}/lu/"
        for _ in range(2):
            sent = {"cle_unique": key_for(distribution.agent_a)}
            assert open_session(distribution.agent_a).post(url, sent).status_code == 302
        assert Lecture.objects.get().agent == distribution.agent_a
        sent = {"cle_unique": key_for(distribution.elue_b)}
        assert open_session(distribution.elue_b).post(url, sent).status_code == 404
        assert Lecture.objects.count() == 1
        assert not awaiting(distribution.agent_a).exists()
        assert awaiting(distribution.secretaire_a).get() == version

    @pytest.mark.parametrize("statut", [StatutVersion.A_RELIRE, StatutVersion.RETIREE])
    def test_only_of_what_is_published(self, statut: StatutVersion, page: RessourcePage, distribution: Distribution):
        version = make_version(page.fichiers.get(), statut=statut)
        sent = {"cle_unique": key_for(distribution.agent_a)}
        client = open_session(distribution.agent_a)
        assert client.post(f"/ressources/versions/{version.pk}/lu/", sent).status_code == 404

    def test_who_has_read_and_who_has_not(self, page: RessourcePage, distribution: Distribution):
        version = page.fichiers.get().versions.get()
        Lecture.objects.create(version=version, agent=distribution.secretaire_a)
        (mairie,) = readings_of(version)
        assert [agent.slug for agent, _ in mairie.lus] == ["sylvie-aval"]
        assert {agent.slug for agent in mairie.non_lus} == {"alain-aval", "paul-deux"}

    @pytest.mark.parametrize(
        ("role", "status"),
        [
            ("gestionnaire_a", 200),
            ("responsable", 200),
            ("administrateur", 200),
            ("secretaire_a", 403),
            ("agent_a", 403),
            ("elue_b", 404),
            ("sans_poste", 404),
        ],
    )
    def test_who_sees_the_list(self, role: str, status: int, page: RessourcePage, distribution: Distribution):
        version = page.fichiers.get().versions.get()
        agent: Agent = getattr(distribution, role)
        answer = open_session(agent).get(f"/ressources/versions/{version.pk}/lectures/")
        assert answer.status_code == status
        assert ("Paul Deux" in answer.content.decode()) == (status == 200)
