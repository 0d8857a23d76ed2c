"""The inbox on the screen: what is shown to whom, in which order, and at what cost."""

import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.template import RequestContext, Template
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from collectivites.models import Poste, Theme
from notifications import abonnements
from notifications.boite import Compte, period_of
from notifications.enums import Frequence
from notifications.models import Abonnement, Notification, Preference, Rythme
from tests.collectivites.factories import ReseauFactory
from tests.distribution import Distribution
from tests.notifications.factories import NotificationFactory
from tests.sessions import open_session

pytestmark = pytest.mark.django_db

BOITE = "/notifications/"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def alain(distribution: Distribution) -> Client:
    return open_session(distribution.agent_a)


def shown(client: Client, query: str = "", **options: object) -> str:
    response = client.get(f"{BOITE}{query}", **options)
    assert response.status_code == 200
    return response.content.decode()


def titles(page: str) -> list[str]:
    return re.findall(r'ec-title-link" href="[^"]*">([^<]*)<', page)


def test_one_sees_ones_own_only(distribution: Distribution, alain: Client):
    NotificationFactory(destinataire=distribution.agent_a, titre="À moi")
    NotificationFactory(destinataire=distribution.secretaire_a, titre="À elle")
    assert titles(shown(alain)) == ["À moi"]


def test_an_ended_poste_empties_the_inbox_the_next_minute(distribution: Distribution, alain: Client):
    agent = distribution.agent_a
    NotificationFactory(destinataire=agent, titre="Pour Aval", collectivite=distribution.a)
    NotificationFactory(destinataire=agent, titre="Pour tous", diffusion=["toutes"])
    NotificationFactory(destinataire=agent, titre="Votre compte")
    assert len(titles(shown(alain))) == 3
    Poste.objects.get(agent=agent).end(timezone.localdate())
    page = shown(alain)
    assert titles(page) == ["Votre compte"]
    assert "Une non lue." in page


def test_the_most_recent_first_by_day(distribution: Distribution, alain: Client):
    now = timezone.now()
    for title, days in (("Ancienne", 400), ("Hier", 1), ("Maintenant", 0)):
        NotificationFactory(destinataire=distribution.agent_a, titre=title, created_at=now - timedelta(days=days))
    page = shown(alain)
    assert titles(page) == ["Maintenant", "Hier", "Ancienne"]
    assert page.index("Aujourd’hui</h2>") < page.index("Hier</h2>")


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 10, 8), "Aujourd’hui"),
        (date(2026, 10, 7), "Hier"),
        (date(2026, 10, 5), "Cette semaine"),
        (date(2026, 10, 4), "La semaine dernière"),
        (date(2026, 9, 28), "La semaine dernière"),
        (date(2026, 9, 27), "Septembre"),
        (date(2025, 8, 1), "Août\u00a02025"),
    ],
)
def test_days_in_words(day: date, words: str):
    assert period_of(day, date(2026, 10, 8)) == words


@pytest.mark.parametrize(
    ("compte", "words"),
    [
        (Compte(), "Rien de reçu pour l’instant."),
        (Compte(total=3), "Tout est lu."),
        (Compte(total=3, non_lues=1), "Une non lue."),
        (Compte(total=3, non_lues=3, urgentes=1), "Trois non lues, dont une urgente."),
        (Compte(total=3, non_lues=2, urgentes=2), "Deux non lues, urgentes."),
    ],
)
def test_counts_in_words(compte: Compte, words: str):
    assert compte.in_words() == words


def test_filters(distribution: Distribution, alain: Client):
    agent = distribution.agent_a
    NotificationFactory(destinataire=agent, titre="Lue", area="annuaire", lue_le=timezone.now())
    NotificationFactory(destinataire=agent, titre="Urgente", area="annuaire", urgente=True)
    NotificationFactory(destinataire=agent, titre="Nouvelle", area="accueil")
    assert set(titles(shown(alain, "?vue=non-lues"))) == {"Urgente", "Nouvelle"}
    assert titles(shown(alain, "?vue=urgentes")) == ["Urgente"]
    assert set(titles(shown(alain, "?vue=annuaire"))) == {"Lue", "Urgente"}
    assert "Aucune notification reçue ne répond à ce choix." in shown(alain, "?vue=nimporte%3Cquoi")


def test_the_bell_counts_what_is_unread(distribution: Distribution, alain: Client):
    NotificationFactory.create_batch(2, destinataire=distribution.agent_a)
    NotificationFactory(destinataire=distribution.agent_a, lue_le=timezone.now())
    assert "Notifications, 2 non lues" in shown(alain)


def test_thirty_a_page_then_the_rest_without_javascript_too(distribution: Distribution, alain: Client):
    now = timezone.now()
    for number in range(35):
        NotificationFactory(
            destinataire=distribution.agent_a, titre=f"n{number}", created_at=now - timedelta(minutes=number)
        )
    page = shown(alain)
    assert titles(page) == [f"n{number}" for number in range(30)]
    more = re.search(r'href="/notifications/(\?avant=\d+)"', page)[1]
    assert titles(shown(alain, more)) == [f"n{number}" for number in range(30, 35)]
    fragment = shown(alain, more, headers=HTMX)
    assert titles(fragment) == [f"n{number}" for number in range(30, 35)]
    assert "<html" not in fragment


@pytest.mark.parametrize("avant", ["0", "-1", "abc", "9" * 30, "²"])
def test_a_strange_page_shows_the_first(distribution: Distribution, alain: Client, avant: str):
    NotificationFactory(destinataire=distribution.agent_a, titre="Une")
    assert titles(shown(alain, f"?avant={avant}")) == ["Une"]


def test_reading_a_page_writes_nothing(distribution: Distribution, alain: Client):
    NotificationFactory(destinataire=distribution.agent_a)
    shown(alain)
    with CaptureQueriesContext(connection) as queries:
        for path in ("", "archives/", "preferences/"):
            shown(alain, path)
    writes = [q["sql"] for q in queries if q["sql"].split()[0] in {"INSERT", "UPDATE", "DELETE"}]
    assert writes == []


@pytest.mark.parametrize("path", ["", "archives/"])
def test_one_or_a_hundred_cost_the_same(
    distribution: Distribution, alain: Client, path: str, django_assert_max_num_queries
):
    agent, now = distribution.agent_a, timezone.now()
    archived = {"lue_le": now, "archivee_le": now} if path else {}
    counts = []
    for number in (1, 99):
        for line in NotificationFactory.create_batch(
            number, destinataire=agent, collectivite=distribution.a, **archived
        ):
            line.pour.add(distribution.secretaire_a)
        shown(alain, path)
        with CaptureQueriesContext(connection) as queries:
            shown(alain, path)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 25


class TestActs:
    def post(self, client: Client, path: str, **options: object) -> object:
        return client.post(f"{BOITE}{path}", {"next": f"{BOITE}?vue=annuaire"}, **options)

    def test_without_javascript(self, distribution: Distribution, alain: Client):
        line = NotificationFactory(destinataire=distribution.agent_a)
        for act in ("lire", "archiver", "desarchiver"):
            response = self.post(alain, f"{line.pk}/{act}/")
            assert (response.status_code, response["Location"]) == (302, f"{BOITE}?vue=annuaire")
            line.refresh_from_db()
            assert line.is_read
            assert line.is_archived == (act == "archiver")

    def test_with_htmx_the_line_and_the_counters_come_back(self, distribution: Distribution, alain: Client):
        line = NotificationFactory(destinataire=distribution.agent_a, titre="Une")
        answer = self.post(alain, f"{line.pk}/lire/", headers=HTMX).content.decode()
        assert "Archiver" in answer
        assert "Tout est lu." in answer
        assert 'hx-swap-oob="true"' in answer
        assert "Une" not in titles(self.post(alain, f"{line.pk}/archiver/", headers=HTMX).content.decode())

    def test_everything_at_once(self, distribution: Distribution, alain: Client):
        NotificationFactory.create_batch(3, destinataire=distribution.agent_a)
        NotificationFactory(destinataire=distribution.secretaire_a)
        self.post(alain, "tout-lire/")
        assert Notification.objects.filter(lue_le=None).get().destinataire == distribution.secretaire_a

    @pytest.mark.parametrize("act", ["lire", "archiver", "desarchiver"])
    def test_not_those_of_others(self, distribution: Distribution, alain: Client, act: str):
        line = NotificationFactory(destinataire=distribution.secretaire_a)
        assert self.post(alain, f"{line.pk}/{act}/").status_code == 404
        line.refresh_from_db()
        assert not line.is_read

    @pytest.mark.parametrize(
        "path", ["1/lire/", "1/archiver/", "1/desarchiver/", "tout-lire/", "suivre/", "ne-plus-suivre/"]
    )
    def test_never_by_get(self, alain: Client, path: str):
        assert alain.get(f"{BOITE}{path}").status_code == 405

    @pytest.mark.parametrize("target", ["https://ailleurs.example/", "//ailleurs.example", "javascript:alert(1)", ""])
    def test_one_comes_back_to_our_pages_only(self, distribution: Distribution, alain: Client, target: str):
        line = NotificationFactory(destinataire=distribution.agent_a)
        response = alain.post(f"{BOITE}{line.pk}/lire/", {"next": target})
        assert response["Location"] == BOITE


class TestPreferences:
    def page(self, client: Client) -> dict[str, str]:
        """What the form would send, unchanged."""
        html = client.get(f"{BOITE}preferences/").content.decode()
        fields = dict(re.findall(r'name="(cle_unique)" value="([^"]*)"', html))
        checked = re.findall(r'name="(sorte-\w+)" value="(\w+)"[^>]*checked', html)
        return {**fields, **dict(checked), "heure": "07:30", "jour": "1", "pause_absences": "on"}

    def test_what_is_chosen_is_kept_and_the_rest_stays_a_proposal(self, distribution: Distribution, alain: Client):
        data = {**self.page(alain), "sorte-essai": "hebdomadaire", "heure": "17:00", "jour": "5"}
        data.pop("pause_absences")
        assert alain.post(f"{BOITE}preferences/", data).status_code == 302
        assert list(Preference.objects.values_list("sorte", "frequence")) == [("essai", Frequence.HEBDOMADAIRE)]
        rythme = Rythme.objects.get(agent=distribution.agent_a)
        assert (rythme.heure, rythme.jour, rythme.pause_absences) == ("17:00", 5, False)
        assert self.page(alain)["sorte-essai"] == "hebdomadaire"

    def test_imposed_kinds_are_shown_and_fixed(self, distribution: Distribution, alain: Client):
        html = alain.get(f"{BOITE}preferences/").content.decode()
        assert "Un changement grave" in html
        assert "Toujours tout de suite" in html
        alain.post(f"{BOITE}preferences/", {**self.page(alain), "sorte-imposee": "jamais"})
        assert not Preference.objects.exists()

    def test_a_kind_is_offered_to_those_who_may_receive_it(self, distribution: Distribution, alain: Client):
        elise = open_session(distribution.elue_b)
        assert "Pour Élise seule" in elise.get(f"{BOITE}preferences/").content.decode()
        assert "Pour Élise seule" not in alain.get(f"{BOITE}preferences/").content.decode()
        alain.post(f"{BOITE}preferences/", {**self.page(alain), "sorte-reservee": "jamais"})
        assert not Preference.objects.exists()

    def test_a_wrong_answer_gets_a_sentence_and_loses_nothing(self, alain: Client):
        response = alain.post(f"{BOITE}preferences/", {**self.page(alain), "sorte-essai": "parfois", "heure": "17:00"})
        assert response.status_code == 422
        html = response.content.decode()
        assert "Choisissez l’une des quatre réponses proposées." in html
        assert '<option value="17:00" selected' in html
        assert not Preference.objects.exists()


class TestFollowing:
    def test_a_network_is_followed_then_no_longer(self, distribution: Distribution, alain: Client):
        code = f"reseau:{ReseauFactory(nom='Secrétaires').pk}"
        for _ in range(2):
            assert alain.post(f"{BOITE}suivre/", {"objet": code}).status_code == 302
        assert Abonnement.objects.get().agent == distribution.agent_a
        assert "Secrétaires" in shown(alain)
        alain.post(f"{BOITE}ne-plus-suivre/", {"objet": code})
        assert not Abonnement.objects.exists()

    @pytest.mark.parametrize("code", ["", "theme", "theme:", "theme:0", "theme:abc", "agent:1", "reseau:9" * 9])
    def test_what_does_not_exist_is_refused_in_words(self, alain: Client, code: str):
        response = alain.post(f"{BOITE}suivre/", {"objet": code}, follow=True)
        assert "Ce que vous voulez suivre n’existe plus." in response.content.decode()
        assert not Abonnement.objects.exists()

    def test_what_one_may_no_longer_see_is_not_named(self, distribution: Distribution, alain: Client):
        reseau = ReseauFactory(nom="Discret")
        Abonnement.objects.create(agent=distribution.agent_a, objet=f"reseau:{reseau.pk}")
        assert "Discret" in shown(alain)
        reseau.actif = False
        reseau.save()
        assert "Discret" not in shown(alain)

    def test_the_button_of_a_page_follows_or_no_longer(self, distribution: Distribution, rf: RequestFactory):
        theme, agent = Theme.objects.create(nom="Cimetière", slug="essai-cimetiere"), distribution.agent_a
        request = rf.get("/ressources/")
        request.user = agent
        button = Template("{% load suivis %}{% suivre theme %}")
        context = RequestContext(request, {"theme": theme})
        assert "Suivre<" in button.render(context)
        abonnements.follow(agent, abonnements.code_of(theme))
        assert "Ne plus suivre<" in button.render(context)
        assert list(abonnements.followers_of(f"theme:{theme.pk}")) == [agent]

    def test_many_cost_the_same(self, distribution: Distribution, alain: Client):
        themes = [Theme.objects.get_or_create(nom=f"Thème {n}", slug=f"theme-{n}")[0] for n in range(20)]
        shown(alain)
        counts = []
        for chosen in (themes[:1], themes[1:]):
            for theme in chosen:
                Abonnement.objects.create(agent=distribution.agent_a, objet=f"theme:{theme.pk}")
            with CaptureQueriesContext(connection) as queries:
                shown(alain)
            counts.append(len(queries))
        assert counts[0] == counts[1]


def test_moments_are_those_of_paris(distribution: Distribution, alain: Client):
    late = datetime(2026, 7, 1, 23, 30, tzinfo=ZoneInfo("UTC"))
    NotificationFactory(destinataire=distribution.agent_a, created_at=late)
    assert "jeudi 2\u00a0juillet" in shown(alain)
