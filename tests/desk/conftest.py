"""What the tests of the desk share."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest
from django.db import connection

from lianxin.outbox import actions as outbox
from tests import cast as people
from tests.cast import Cast
from tests.desk.road import Road


@pytest.fixture
def road(cast: Cast, calendar: None, frozen: datetime) -> Road:
    """A county in which cases can be brought anywhere on their road, at the frozen moment."""
    outbox.seed_templates(at=frozen)
    return Road(cast, frozen)


@pytest.fixture
def crowded_road(transactional_db: None, frozen: datetime, tmp_path: Path) -> Iterator[Road]:
    """The same county written for good, so that several requests at once each have their own connection."""
    in_memory = connection.vendor == "sqlite" and getattr(connection, "is_in_memory_db", bool)()
    memory, name = connection.connection, connection.settings_dict["NAME"]
    if in_memory:  # in memory nobody waits; in a county the database is a file
        connection.ensure_connection()
        memory = connection.connection
        with closing(sqlite3.connect(tmp_path / "county.sqlite3")) as file:
            memory.backup(file)
        connection.connection, connection.settings_dict["NAME"] = None, str(tmp_path / "county.sqlite3")
    cast = people.settle()
    people.seed_calendar()
    outbox.seed_templates(at=frozen)
    yield Road(cast, frozen)
    if in_memory:
        connection.close()
        connection.connection, connection.settings_dict["NAME"] = memory, name
