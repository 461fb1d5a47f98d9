"""What the tests of resolving share."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest
from django.utils import translation

from lianxin.outbox.actions import seed_templates
from lianxin.people.models import Limit
from tests import cast as people
from tests.cast import Cast
from tests.resolve.story import Story

PROMISE = "云溪县群众诉求办理承诺（2025）"


def seed_county(at: datetime) -> None:
    """Write the words of the messages, the calendar and the limits."""
    seed_templates(at=at)
    people.seed_calendar()
    for key, value, unit in (("case.ordinary", 5, "workday"), ("case.major", 24, "hour")):
        Limit.objects.create(key=key, name=key, value=value, unit=unit, start_fact="派出", legal_basis=PROMISE)


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    """Let refusals and steps be read in the words of the source."""
    with translation.override("en"):
        yield


@pytest.fixture
def story(cast: Cast, at: datetime) -> Story:
    seed_county(at)
    return Story(cast, at)
