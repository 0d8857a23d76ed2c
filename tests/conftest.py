"""What every test gets: a database with what `installer` makes, an empty cache, its own files, strict templates."""

import os
from collections.abc import Iterator

import pytest
from django.core.cache import caches
from django.core.cache.backends.db import DatabaseCache
from django.db import connection
from django.test import TransactionTestCase
from hypothesis import settings as hypothesis_settings
from pytest_django import DjangoDbBlocker, Settings

from tests import strict_templates
from tests.database import TestDatabase
from tests.distribution import Distribution, make_distribution

# The same examples at every run, so that a red suite is red for everyone; `HYPOTHESIS_PROFILE=recherche` looks further.
hypothesis_settings.register_profile("ci", derandomize=True, deadline=None, database=None)
hypothesis_settings.register_profile("recherche", deadline=None, max_examples=2000)
hypothesis_settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """A zipped file holds the hour it was made at: two workers would not give its test one name."""
    return argname if isinstance(val, bytes) else None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL, only what asks a database: the rest was played beside SQLite, and would say the same."""
    if connection.vendor != "postgresql":
        return
    apart = [item for item in items if not asks_postgresql(item)]
    config.hook.pytest_deselected(items=apart)
    items[:] = filter(asks_postgresql, items)


def asks_postgresql(item: pytest.Item) -> bool:
    if item.get_closest_marker("un_moteur"):
        return False
    fixtures = {"db", "transactional_db", "live_server", "django_db_setup"}
    return bool(item.get_closest_marker("django_db") or fixtures.intersection(getattr(item, "fixturenames", ())))


def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("postgres") and connection.vendor != "postgresql":
        pytest.skip("n’a de sens que sur PostgreSQL : passé par script/test, qui en démarre un")


@pytest.fixture(scope="session")
def worker(request: pytest.FixtureRequest) -> str:
    """gw0, gw1… under xdist, master without it."""
    return getattr(request.config, "workerinput", {}).get("workerid", "master")


@pytest.fixture(scope="session")
def django_db_setup(
    request: pytest.FixtureRequest, django_test_environment: None, django_db_blocker: DjangoDbBlocker, worker: str
) -> Iterator[None]:
    """In place of pytest-django's: see `tests/database.py`. `--create-db` makes the template anew."""
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid())) if request.config.getvalue("create_db") else ""
    database = TestDatabase(worker)
    initial = TransactionTestCase._fixture_teardown
    with django_db_blocker.unblock():
        database.prepare(run=run)
    TransactionTestCase._fixture_teardown = lambda case: database.restore()
    yield
    TransactionTestCase._fixture_teardown = initial
    with django_db_blocker.unblock():
        database.drop()


@pytest.fixture(autouse=True)
def _strict_templates(django_test_environment: None) -> None:
    """Before each test: Django makes its engines anew whenever a test has changed DEBUG."""
    strict_templates.install()


@pytest.fixture(autouse=True)
def _empty_caches() -> Iterator[None]:
    """A cache in the database goes with the test's own transaction; one that only the threads of the live server have
    opened is emptied too.
    """
    yield
    for cache in caches.all():
        if not isinstance(cache, DatabaseCache):
            cache.clear()


@pytest.fixture(scope="session")
def media_root(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(tmp_path_factory.mktemp("fichiers"))


@pytest.fixture(autouse=True)
def _own_files(media_root: str, settings: Settings) -> None:
    """What a test uploads stays with its worker, out of the installation's files."""
    settings.MEDIA_ROOT = media_root


@pytest.fixture
def distribution(db: None) -> Distribution:
    """The cast of `tests/distribution.py`, in the database."""
    return make_distribution()
