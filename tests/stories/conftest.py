"""What the stories share: a county, a clock that can be moved, a server and browsers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser

from lianxin.listen import actions as listen
from lianxin.outbox import actions as outbox
from lianxin.people import actions as people
from tests import cast as cast_of_tests
from tests.cast import Cast
from tests.stories.browser import Person, complaints, serving
from tests.stories.chromium import chromium

Enter = Callable[..., Person]


class Now:
    """The moment at which requests happen; a story moves it on."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def on(self, month: int, day: int, hour: int, minute: int = 0) -> datetime:
        """Move to this moment of 2026."""
        self.at = self.at.replace(month=month, day=day, hour=hour, minute=minute)
        return self.at


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """One Chromium for all stories."""
    with pytest.MonkeyPatch.context() as patch:
        # Playwright's loop runs in this thread; the database is used between its calls, never within.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        with chromium() as one:
            yield one


@pytest.fixture
def now(at: datetime, monkeypatch: pytest.MonkeyPatch) -> Now:
    """Tuesday 29 September 2026, 21:14, until the story moves on."""
    moment = Now(at)
    monkeypatch.setattr(timezone, "now", moment)
    return moment


@pytest.fixture
def county(transactional_db: None, now: Now) -> Cast:
    """The county of the tests with everything it works by."""
    found = cast_of_tests.settle()
    cast_of_tests.seed_calendar()
    people.seed_limits(at=now.at)
    outbox.seed_templates(at=now.at)
    listen.seed_subjects(at=now.at)
    return found


@pytest.fixture
def site(county: Cast, browser: Browser) -> Iterator[str]:
    """The address of the running house. The browser is begun first: its start may take a while."""
    with serving() as address:
        yield address


@pytest.fixture
def person(browser: Browser, site: str) -> Iterator[Enter]:
    """Let people come in, each with a browser of their own; none may have anything to complain about."""
    came: list[Person] = []

    def come(**options: Any) -> Person:
        came.append(Person(browser, site, **options))
        return came[-1]

    yield come
    for one in came:
        one.leave()
    assert complaints(came) == []
