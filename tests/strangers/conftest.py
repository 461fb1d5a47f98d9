"""What the tests of strangers share."""

from __future__ import annotations

from datetime import datetime

import pytest

from lianxin.outbox import actions as outbox
from tests.cast import Cast
from tests.desk.road import Road
from tests.strangers.world import World, make


@pytest.fixture
def world(cast: Cast, calendar: None, frozen: datetime) -> World:
    """One matter at every point where a page could show it."""
    outbox.seed_templates(at=frozen)
    return make(Road(cast, frozen))
