"""Reminders of review dates, and « Toujours valable »."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from collectivites.models import Agent, EntreeJournal
from extranet.lib.mois import add_months
from notifications.models import Notification
from ressources.enums import Fiabilite
from ressources.models import Rappel, ReglagesRessources, RessourcePage
from ressources.rappels import keepers_of, kept_by, refresh_reliability, remind
from ressources.verification import still_valid
from ressources.versions import RessourceRefusee
from search.models import SearchEntry
from tests.distribution import Distribution
from tests.ressources.factories import make_ressource
from tests.ressources.formulaires import key_for
from tests.sessions import open_session

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)


def due(cast: Distribution, in_days: int, **fields: object) -> RessourcePage:
    fields = {"collectivite": cast.a, "referent": cast.secretaire_b} | fields
    return make_ressource(a_verifier_avant=TODAY + timedelta(days=in_days), **fields)


def told(agent: Agent) -> list[str]:
    lines = Notification.objects.filter(destinataire=agent, sorte="ressource_a_verifier")
    return list(lines.order_by("pk").values_list("titre", flat=True))


@pytest.mark.parametrize(("days", "number"), [(31, 0), (30, 1), (1, 1), (0, 1), (-400, 1)])
def test_when(days: int, number: int, distribution: Distribution):
    due(distribution, days)
    assert remind(TODAY) == number
    assert remind(TODAY) == 0
    assert len(told(distribution.secretaire_b)) == number


def test_before_then_on_the_day(distribution: Distribution):
    due(distribution, 30)
    assert [remind(TODAY + timedelta(days=n)) for n in range(32)] == [1, *[0] * 29, 1, 0]
    before, day = told(distribution.secretaire_b)
    assert before.endswith("sera à vérifier")
    assert day.endswith("est à vérifier")


@pytest.mark.parametrize("before", [False, True], ids=["nothing said", "the first one said"])
def test_a_veille_stopped_for_weeks_says_it_late_and_once(before: bool, distribution: Distribution):
    due(distribution, 20)
    if before:
        assert remind(TODAY) == 1
    assert [remind(TODAY + timedelta(days=n)) for n in (27, 28, 29)] == [1, 0, 0]
    assert len(told(distribution.secretaire_b)) == 1 + before
    assert Rappel.objects.count() == 2


def test_the_delay_is_that_of_the_territory(distribution: Distribution):
    reglages = ReglagesRessources.load()
    reglages.jours_rappel = 7
    reglages.save()
    due(distribution, 8)
    assert [remind(TODAY), remind(TODAY + timedelta(days=1))] == [0, 1]


@pytest.mark.parametrize(
    "fields",
    [
        {"live": False},
        {"archivee_le": timezone.now()},
        {"perime_le": TODAY},
        {"expire_at": timezone.now() - timedelta(days=1)},
    ],
    ids=["draft", "archived", "outdated", "expired"],
)
def test_not_of_what_is_no_longer_in_use(fields: dict, distribution: Distribution):
    due(distribution, 0, **fields)
    assert remind(TODAY) == 0


def test_not_of_what_was_replaced(distribution: Distribution):
    due(distribution, 0, remplacee_par=make_ressource())
    assert remind(TODAY) == 0


def test_another_date_is_reminded_anew(distribution: Distribution):
    page = due(distribution, 0)
    remind(TODAY)
    RessourcePage.objects.filter(pk=page.pk).update(a_verifier_avant=TODAY + timedelta(days=365))
    assert remind(TODAY) == 0
    assert remind(TODAY + timedelta(days=365)) == 1


class TestToWhom:
    def test_the_referent_in_office(self, distribution: Distribution):
        agents, _ = keepers_of(due(distribution, 0))
        assert agents == [distribution.secretaire_b]

    def test_else_the_gestionnaires_of_its_collectivite(self, distribution: Distribution):
        for referent in (None, distribution.sans_poste):
            page = due(distribution, 0, referent=referent)
            agents, place = keepers_of(page)
            assert (agents, place) == ([distribution.gestionnaire_a], distribution.a)

    def test_else_the_responsables(self, distribution: Distribution):
        distribution.gestionnaire_a.postes.update(gestionnaire=False)
        agents, place = keepers_of(due(distribution, 0, referent=None))
        assert (agents, place) == ([distribution.responsable], None)

    def test_a_closed_account_is_nobody(self, distribution: Distribution):
        Agent.objects.filter(pk=distribution.secretaire_b.pk).update(is_active=False)
        page = RessourcePage.objects.get(pk=due(distribution, 0).pk)
        assert keepers_of(page)[0] == [distribution.gestionnaire_a]

    @pytest.mark.parametrize("who", ["referent", "gestionnaires", "responsables"])
    def test_the_list_of_each_is_what_they_are_reminded_of(self, who: str, distribution: Distribution):
        referent = distribution.secretaire_b if who == "referent" else None
        if who == "responsables":
            distribution.gestionnaire_a.postes.update(gestionnaire=False)
        page = due(distribution, -9000, referent=referent)
        keepers = set(keepers_of(page)[0])
        cast = {agent for agent in distribution.roles().values() if agent}
        holding = {agent for agent in Agent.objects.filter(pk__in=[a.pk for a in cast]) if page in kept_by(agent)}
        # The administration answers for everything: it may do what the responsables do, without being reminded.
        assert holding - {distribution.administrateur} == keepers


class TestToujoursValable:
    def test_moves_the_date_and_says_who(self, distribution: Distribution):
        page = due(distribution, -9000)
        page = still_valid(page, par=distribution.secretaire_b, collectivite=distribution.b)
        page.refresh_from_db()
        today = timezone.localdate()
        assert page.a_verifier_avant == add_months(today, 12)
        assert (page.verifie_le, page.verifie_par) == (today, "Simone Bourg, Bourg")
        line = EntreeJournal.objects.get(acte="ressource.verifiee")
        assert (line.agent, line.collectivite, line.donnees["devient"]) == (
            distribution.secretaire_b,
            distribution.b,
            page.a_verifier_avant.isoformat(),
        )
        assert page.fiabilite == Fiabilite.A_JOUR

    def test_a_draft_does_not_bring_the_old_date_back(self, distribution: Distribution):
        page = due(distribution, -9000, verifie_par="")
        page.resume = "Un brouillon"
        page.save_revision()
        still_valid(page, par=distribution.secretaire_b, collectivite=None)
        page = RessourcePage.objects.get(pk=page.pk)
        assert page.resume != "Un brouillon"
        page.get_latest_revision().publish()
        page = RessourcePage.objects.get(pk=page.pk)
        assert page.resume == "Un brouillon"
        assert page.verifie_le == timezone.localdate()
        assert page.a_verifier_avant > page.verifie_le

    @pytest.mark.parametrize("months", [0, 1, 12, 36])
    def test_by_the_months_of_the_territory(self, months: int, distribution: Distribution):
        reglages = ReglagesRessources.load()
        reglages.mois_verification = months
        reglages.save()
        page = still_valid(due(distribution, 0), par=distribution.secretaire_b, collectivite=None)
        assert page.a_verifier_avant == add_months(timezone.localdate(), max(months, 1))

    def test_refused_for_what_is_out_of_use(self, distribution: Distribution):
        pages = [
            due(distribution, 0, perime_le=date(2020, 1, 1)),
            due(distribution, 0, archivee_le=timezone.now()),
            due(distribution, 0, remplacee_par=make_ressource()),
            due(distribution, 0, live=False),
        ]
        for page in pages:
            with pytest.raises(RessourceRefusee, match="n’est plus en usage"):
                still_valid(page, par=distribution.secretaire_b, collectivite=None)

    def test_one_click(self, distribution: Distribution):
        page = due(distribution, -9000)
        client = open_session(distribution.secretaire_b)
        answer = client.get("/ressources/a-verifier/")
        assert f"ressource-{page.pk}" in answer.content.decode()
        key = key_for(distribution.secretaire_b)
        url = f"/ressources/{page.pk}/toujours-valable/"
        for _ in range(2):
            assert client.post(url, {"cle_unique": key}).status_code == 302
        assert EntreeJournal.objects.filter(acte="ressource.verifiee").count() == 1
        assert f"ressource-{page.pk}" not in client.get("/ressources/a-verifier/").content.decode()

    def test_not_for_a_reader(self, distribution: Distribution):
        page = due(distribution, -9000)
        for agent in (distribution.agent_a, distribution.elue_b):
            sent = {"cle_unique": key_for(agent)}
            assert open_session(agent).post(f"/ressources/{page.pk}/toujours-valable/", sent).status_code == 404
        assert not EntreeJournal.objects.filter(acte="ressource.verifiee").exists()

    def test_a_refusal_is_told(self, distribution: Distribution):
        page = due(distribution, -9000, perime_le=date(2020, 1, 1))
        client = open_session(distribution.secretaire_b)
        sent = {"cle_unique": key_for(distribution.secretaire_b)}
        answer = client.post(f"/ressources/{page.pk}/toujours-valable/", sent, follow=True)
        assert "n’est plus en usage" in answer.content.decode()


def test_add_months():
    assert add_months(date(2026, 11, 22), 12) == date(2027, 11, 22)
    assert add_months(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert add_months(date(2028, 2, 29), 12) == date(2029, 2, 28)
    assert add_months(date(2026, 12, 5), 1) == date(2027, 1, 5)


def test_the_entry_follows_the_date(distribution: Distribution):
    """Outdated since midnight, it weighs less tomorrow, however many nights were missed."""
    today = timezone.localdate()
    pages = [make_ressource(perime_le=today + timedelta(days=1)) for _ in range(2)]
    boosts = SearchEntry.objects.filter(kind="ressource", objet__in=[page.pk for page in pages])
    before = set(boosts.values_list("boost", flat=True))
    RessourcePage.objects.filter(pk=pages[0].pk).update(perime_le=today)
    RessourcePage.objects.filter(pk=pages[1].pk).update(perime_le=today - timedelta(days=7))
    assert set(boosts.values_list("boost", flat=True)) == before
    assert refresh_reliability() == 2
    assert all(boost < min(before) for boost in boosts.values_list("boost", flat=True))
