"""A piece of news is told to its readers: once, whenever it went live, and no longer than it lives."""

from datetime import timedelta

import pytest
from django.utils import timezone

from collectivites.diffusion import TOUTES, code_collectivite
from home import apports
from home.annonces import announce_pending, pending
from home.models import ActualitePage
from notifications.models import Notification
from tests.distribution import Distribution
from tests.home.factories import make_actualite

pytestmark = pytest.mark.django_db


def told(page: ActualitePage) -> set[str]:
    lines = Notification.objects.filter(objet="home.actualitepage", objet_id=str(page.pk))
    return set(lines.values_list("destinataire__slug", flat=True))


def test_told_to_its_readers_and_to_nobody_else(distribution: Distribution):
    page = make_actualite(distribution.b, diffusion=[code_collectivite(distribution.b.pk)])
    assert announce_pending() == 3
    assert told(page) == {"simone-bourg", "elise-bourg", "paul-deux"}


def test_not_to_its_author(distribution: Distribution):
    page = make_actualite(distribution.a, owner=distribution.responsable)
    announce_pending()
    assert "rachel-agglo" not in told(page)
    assert "alain-aval" in told(page)


def test_once(distribution: Distribution):
    make_actualite(distribution.a)
    assert announce_pending() > 0
    assert announce_pending() == 0
    assert list(pending()) == []


def test_republished_for_more_readers_tells_the_newcomers(distribution: Distribution):
    page = make_actualite(distribution.b, diffusion=[code_collectivite(distribution.b.pk)])
    announce_pending()
    page.diffusion, page.title = [TOUTES], "Pour tous désormais"
    page.save_revision().publish()
    announce_pending()
    assert "alain-aval" in told(page)
    lines = Notification.objects.filter(objet_id=str(page.pk))
    assert lines.filter(destinataire=distribution.elue_b).count() == 1
    assert set(lines.values_list("titre", flat=True)) == {"Pour tous désormais"}


@pytest.mark.parametrize(
    "fields",
    [
        {"live": False},
        {"go_live_at": timezone.now() + timedelta(days=1)},
        {"expire_at": timezone.now() - timedelta(days=1)},
        {"first_published_at": timezone.now() - timedelta(days=8)},
    ],
    ids=["draft", "scheduled", "expired", "old"],
)
def test_not_told(fields: dict, distribution: Distribution):
    page = make_actualite(distribution.a, **fields)
    assert announce_pending() == 0
    assert told(page) == set()


@pytest.mark.parametrize("end", ["unpublish", "delete"])
def test_leaves_the_inboxes_with_the_page(end: str, distribution: Distribution):
    page = make_actualite(distribution.a)
    page.save_revision().publish()
    announce_pending()
    assert told(page)
    pk = page.pk
    getattr(page, end)()
    assert not Notification.objects.filter(objet="home.actualitepage", objet_id=str(pk)).exists()


def test_old_revision_published_again_is_not_told_twice(distribution: Distribution):
    page = make_actualite(distribution.a)
    first = page.save_revision()
    first.publish()
    announce_pending()
    page.title = "Deuxième version"
    page.save_revision().publish()
    first.publish()
    announce_pending()
    lines = Notification.objects.filter(objet_id=str(page.pk), destinataire=distribution.agent_a)
    assert lines.count() == 1


def test_the_author_may_ask_what_is_held(distribution: Distribution):
    page = make_actualite(distribution.a, "Mon actualité", owner=distribution.responsable)
    held = apports.donnees_personnelles(distribution.responsable)
    assert [one["title"] for one in held["pages"]] == ["Mon actualité"]
    apports.fusionner(distribution.agent_a, distribution.responsable)
    page.refresh_from_db()
    assert page.owner == distribution.agent_a


def test_what_the_leaver_had_locked_is_free_again(distribution: Distribution):
    page = make_actualite(distribution.a, locked=True, locked_by=distribution.responsable, locked_at=timezone.now())
    apports.effacer(distribution.responsable)
    page.refresh_from_db()
    assert (page.locked, page.locked_by) == (False, None)
