"""What was committed is on the disk before anybody is told so (ADR 0007), and one sync serves all who wait for it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connections

from lianxin.project.sqlite import base
from lianxin.project.sqlite.base import DatabaseWrapper, Shore

pytestmark = pytest.mark.django_db  # pytest-django watches over every connection; the database is one of our own
NORMAL, FULL = 1, 2


@pytest.fixture
def one(tmp_path: Path) -> Iterator[DatabaseWrapper]:
    options = {"transaction_mode": "IMMEDIATE", "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"}
    wrapper = DatabaseWrapper(
        connections["default"].settings_dict | {"NAME": str(tmp_path / "county.sqlite3"), "OPTIONS": options}
    )
    wrapper.cursor().execute("CREATE TABLE shore (who TEXT)")
    yield wrapper
    wrapper.close()


@pytest.fixture
def synced(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Which files were brought to the disk by us."""
    found: list[str] = []

    def sync(descriptor: int) -> None:
        found.append(str(Path(f"/proc/self/fd/{descriptor}").readlink()))

    monkeypatch.setattr("lianxin.project.sqlite.base.os.fdatasync", sync)
    return found


def begin(wrapper: DatabaseWrapper) -> None:
    wrapper.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
    wrapper.cursor().execute("INSERT INTO shore VALUES ('somebody')")


def how(wrapper: DatabaseWrapper) -> int:
    return int(wrapper.cursor().execute("PRAGMA synchronous").fetchone()[0])


def test_a_commit_returns_when_its_log_is_on_the_disk(one: DatabaseWrapper, synced: list[str]) -> None:
    begin(one)
    assert how(one) == NORMAL, "SQLite does not wait for the disk with the pen in its hand"
    assert synced == []
    one.commit()
    assert synced == [f"{one.settings_dict['NAME']}-wal"]


def test_the_next_one_writes_while_the_disk_works(one: DatabaseWrapper, monkeypatch: pytest.MonkeyPatch) -> None:
    places = []
    monkeypatch.setattr("lianxin.project.sqlite.base.os.fdatasync", lambda descriptor: places.append(one._place))
    begin(one)
    one.commit()
    assert places == [None], "the pen was laid down before"


@pytest.mark.parametrize("end", ["commit", "rollback"])
def test_what_is_written_without_a_transaction_goes_to_the_disk_by_sqlite(
    one: DatabaseWrapper, synced: list[str], end: str
) -> None:
    assert how(one) == FULL
    begin(one)
    getattr(one, end)()
    one.set_autocommit(True)
    assert how(one) == FULL


def test_who_cannot_begin_leaves_it_as_it_was(one: DatabaseWrapper, monkeypatch: pytest.MonkeyPatch) -> None:
    other = DatabaseWrapper(one.settings_dict | {"OPTIONS": one.settings_dict["OPTIONS"] | {"timeout": 0}})
    begin(one)
    monkeypatch.setattr(base, "_wait", lambda place: None)
    with pytest.raises(Exception, match="locked"):
        begin(other)
    assert how(other) == FULL
    other.close()
    one.rollback()


def test_a_disk_that_fails_is_told(one: DatabaseWrapper, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(descriptor: int) -> None:
        raise OSError("the disk is gone")

    monkeypatch.setattr("lianxin.project.sqlite.base.os.fdatasync", fail)
    begin(one)
    with pytest.raises(OSError, match="gone"):
        one.commit()


def test_one_sync_serves_all_who_committed_before_it_began(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shore, log, syncs = Shore(), tmp_path / "log", []
    log.touch()
    begun, go_on = threading.Event(), threading.Event()

    def sync(descriptor: int) -> None:
        syncs.append(descriptor)
        begun.set()
        assert go_on.wait(10)

    monkeypatch.setattr("lianxin.project.sqlite.base.os.fdatasync", sync)
    first = threading.Thread(target=shore.settle, args=(str(log),))
    first.start()
    assert begun.wait(10)
    later = [threading.Thread(target=shore.settle, args=(str(log),)) for _ in range(6)]
    for each in later:
        each.start()
    while shore._committed < 7:
        pass
    assert all(each.is_alive() for each in later), "they came after the sync began, so it does not count for them"
    go_on.set()
    for each in (first, *later):
        each.join(10)
    assert len(syncs) == 2, "one for the first, one for the six"
