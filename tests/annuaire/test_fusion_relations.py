"""Every column that names an agent or a collectivité is decided: a merge moves it, or somebody said why it stays."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from annuaire.models import Consentement
from collectivites.fusion import left_alone, merge_agents
from collectivites.models import Agent
from collectivites.reprises import foreign_keys
from tests.collectivites.factories import AgentFactory
from tests.distribution import Distribution

pytestmark = pytest.mark.django_db


def moved(queries: list[dict], names: list) -> set[str]:
    """Those of these columns that an UPDATE gives another value."""
    done = [query["sql"].split(" WHERE ")[0] for query in queries if query["sql"].startswith("UPDATE")]
    return {
        f"{label}.{field.name}"
        for label, field in names
        for sql in done
        if sql.startswith(f'UPDATE "{field.model._meta.db_table}"') and f'"{field.column}" = ' in sql
    }


def test_every_column_that_names_an_agent_is_decided(distribution: Distribution):
    garde, retire = AgentFactory(), AgentFactory()
    Consentement.objects.create(agent=retire, sens="accord", version="1", texte="Oui.", par=retire)
    with CaptureQueriesContext(connection) as captured:
        merge_agents(garde, retire, distribution.administrateur, garde.email)
    names = foreign_keys(Agent)
    assert len(names) > 60
    changed = moved(captured.captured_queries, names)
    everything = {f"{label}.{field.name}" for label, field in names}
    assert everything - changed - set(left_alone()) == set()
    assert set(left_alone()) & changed == set()
    assert set(left_alone()) - everything == set()
