"""Who runs the training of the territory, and a clock that tests set."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.utils import timezone

from collectivites.models import Agent
from tests.distribution import Distribution


@pytest.fixture
def boss(distribution: Distribution) -> Agent:
    return distribution.responsable


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    def at(moment: datetime) -> None:
        monkeypatch.setattr(timezone, "now", lambda: moment)

    return at
