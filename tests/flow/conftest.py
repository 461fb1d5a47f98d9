"""Processes of the tests, and whoever walks along them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from lianxin.flow import actions
from lianxin.flow.models import Process
from lianxin.people.models import Office
from lianxin.project.demo import processes
from tests.cast import Cast

Json = dict[str, Any]


def publish(cast: Cast, definition: Json, at: datetime, key: str = "process.test") -> Process:
    """Write and publish a process, as the keeper of the catalogue does."""
    by = cast.officer("cataloguer")
    draft = actions.add_process(key=key, title="异地就医", definition=definition, by=by, at=at)
    return actions.publish_process(draft, by=by, at=at)


@pytest.fixture
def elsewhere(cast: Cast, at: datetime) -> Process:
    """A check, two departments at once, a decision."""
    return publish(cast, processes.ELSEWHERE, at)


@pytest.fixture
def offices(cast: Cast) -> dict[str, Office]:
    return {"own": cast.offices["medical"], "medical": cast.offices["medical"], "labour": cast.offices["labour"]}
