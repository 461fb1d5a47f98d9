"""What the tests of sheets share."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest
from django.utils import translation

from lianxin.people.models import User
from lianxin.sheets import actions
from lianxin.sheets.models import Sheet
from tests.cast import Cast
from tests.sheets.definitions import FIELDS, OUTCOMES


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    """Let refusals be read in the words of the source."""
    with translation.override("en"):
        yield


@pytest.fixture
def cataloguer(cast: Cast) -> User:
    return cast.officer("cataloguer")


@pytest.fixture
def draft(cataloguer: User, at: datetime) -> Sheet:
    return actions.draft_sheet(
        key="apply.retirement", title="退休申请", fields=FIELDS, outcomes=OUTCOMES, by=cataloguer, at=at
    )


@pytest.fixture
def sheet(draft: Sheet, cataloguer: User, at: datetime) -> Sheet:
    return actions.publish_sheet(draft, by=cataloguer, at=at)
