"""What the tests of strangers share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import transaction
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from lianxin.outbox import actions as outbox
from lianxin.people.models import forget_all
from tests import cast as people
from tests.desk.road import Road
from tests.strangers.world import World, make


@pytest.fixture(scope="module")
def whole(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """Make the world once for a file of tests, in a transaction that is undone behind the last of them."""
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch, transaction.atomic():
        patch.setattr(timezone, "now", lambda: people.AT)
        cast = people.settle()
        people.seed_calendar()
        outbox.seed_templates(at=people.AT)
        yield make(Road(cast, people.AT))
        transaction.set_rollback(True)
    forget_all()


@pytest.fixture
def world(whole: World, db: None) -> World:
    """One matter at every point where a page could show it; what a test does to it is undone behind the test."""
    return whole
