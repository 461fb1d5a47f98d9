"""Settings and fixtures that every test shares. The people are in tests/cast.py."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, settings

from lianxin.people.models import Office, User, forget_all
from lianxin.places.models import Area
from tests import cast as people
from tests import ready, sharing
from tests.cast import Cast

# How fast something is, the bench tells: a test must not fail because the machine is busy.
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")


def pytest_configure(config: pytest.Config) -> None:
    # A hash that is dear on purpose (tests/people/test_accounts.py looks at the real one) would cost seconds here.
    django_settings.PASSWORD_HASHERS = ["tests.cheap.Argon2"]
    # Tests collect no static files; whitenoise says so once per test client.
    config.addinivalue_line("filterwarnings", "ignore:No directory at:UserWarning")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    if config.getvalue("dist") != "load":
        return None
    config.option.loadscopereorder = False
    return sharing.Shares(config, log)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    sharing.arrange(items)


def pytest_collection_finish() -> None:
    """Spare the collector what stays until the end, as the server does (lianxin/project/wsgi.py)."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Fill the database in memory from a file, as the migrations have made it; sweep where something lies."""
    ready.fill(connection)
    ready.sweep(connection)


@pytest.fixture(autouse=True)
def _nothing_remembered() -> Iterator[None]:
    """Let no test see what another one wrote into the process: rates, the calendar, the county."""
    cache.clear()
    forget_all()
    yield
    forget_all()


@pytest.fixture
def at() -> datetime:
    """Tuesday 29 September 2026, 21:14, two days before the National Day holidays."""
    return people.AT


@pytest.fixture
def frozen(at: datetime, monkeypatch: pytest.MonkeyPatch) -> datetime:
    """Let requests happen at `at`."""
    monkeypatch.setattr(timezone, "now", lambda: at)
    return at


@pytest.fixture
def cast(db: None) -> Cast:
    return people.settle()


@pytest.fixture
def calendar(db: None) -> None:
    people.seed_calendar()


@pytest.fixture
def sign_in(cast: Cast) -> Callable[[User | str], Client]:
    """Give a browser in which this officer (or the one of that key) is signed in."""

    def browser(officer: User | str) -> Client:
        client = Client()
        client.force_login(
            cast.officers[officer] if isinstance(officer, str) else officer,
            backend="django.contrib.auth.backends.ModelBackend",
        )
        return client

    return browser


@pytest.fixture
def registrar(cast: Cast) -> User:
    return cast.officers["registrar"]


@pytest.fixture
def dispatcher(cast: Cast) -> User:
    return cast.officers["dispatcher"]


@pytest.fixture
def handler(cast: Cast) -> User:
    return cast.officers["handler"]


@pytest.fixture
def neighbour(cast: Cast) -> User:
    """The one who must be refused."""
    return cast.officers["neighbour"]


@pytest.fixture
def chief(cast: Cast) -> User:
    return cast.officers["chief"]


@pytest.fixture
def examiner(cast: Cast) -> User:
    return cast.officers["examiner"]


@pytest.fixture
def secretary(cast: Cast) -> User:
    return cast.officers["secretary"]


@pytest.fixture
def letter_clerk(cast: Cast) -> User:
    return cast.officers["letter_clerk"]


@pytest.fixture
def supervisor(cast: Cast) -> User:
    return cast.officers["supervisor"]


@pytest.fixture
def editor(cast: Cast) -> User:
    return cast.officers["editor"]


@pytest.fixture
def it(cast: Cast) -> User:
    return cast.officers["it"]


@pytest.fixture
def hub(cast: Cast) -> Office:
    return cast.offices["hub"]


@pytest.fixture
def water(cast: Cast) -> Office:
    return cast.offices["water"]


@pytest.fixture
def water_section(cast: Cast) -> Office:
    return cast.offices["water_section"]


@pytest.fixture
def housing(cast: Cast) -> Office:
    return cast.offices["housing"]


@pytest.fixture
def town_office(cast: Cast) -> Office:
    return cast.offices["town_office"]


@pytest.fixture
def town(cast: Cast) -> Area:
    return cast.areas["qingshui"]


@pytest.fixture
def village(cast: Cast) -> Area:
    return cast.areas["heping"]
