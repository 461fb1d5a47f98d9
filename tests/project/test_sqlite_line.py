"""Writers of SQLite stand in line (ADR 0005): one at a time, and nobody who fails or dies keeps the others out."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connections

from lianxin.project.sqlite import base
from lianxin.project.sqlite.base import DatabaseWrapper

pytestmark = pytest.mark.django_db  # pytest-django watches over every connection; the database is one of our own

HOLDER = (
    "import fcntl, sys, time; f = open(sys.argv[1], 'a'); fcntl.flock(f, 2); print('held', flush=True); time.sleep(60)"
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "county.sqlite3"


@pytest.fixture
def one(path: Path) -> Iterator[DatabaseWrapper]:
    wrapper = connect(path)
    wrapper.cursor().execute("CREATE TABLE line (who TEXT)")
    yield wrapper
    wrapper.close()


def connect(path: Path) -> DatabaseWrapper:
    settings = connections["default"].settings_dict | {
        "NAME": str(path),
        "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 0},  # who meets SQLite's own lock fails at once
    }
    return DatabaseWrapper(settings)


def begin(wrapper: DatabaseWrapper) -> None:
    wrapper.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)


def write(path: Path, who: str) -> None:
    wrapper = connect(path)
    begin(wrapper)
    wrapper.cursor().execute("INSERT INTO line VALUES (%s)", [who])
    wrapper.commit()
    wrapper.close()


def in_line(wrapper: DatabaseWrapper) -> list[str]:
    return [who for (who,) in wrapper.cursor().execute("SELECT who FROM line ORDER BY rowid")]


def test_who_comes_second_waits_until_the_first_has_written(one: DatabaseWrapper, path: Path) -> None:
    begin(one)
    waiting = [threading.Thread(target=write, args=(path, f"later {n}")) for n in range(8)]
    for each in waiting:
        each.start()
    one.cursor().execute("INSERT INTO line VALUES ('first')")
    one.commit()
    for each in waiting:
        each.join(30)
    found = in_line(one)
    assert found[0] == "first"
    assert sorted(found[1:]) == [f"later {n}" for n in range(8)], "no timeout: all eight waited, and none failed"


@pytest.mark.parametrize("end", ["rollback", "close"])
def test_who_gives_up_lets_the_next_one_go(one: DatabaseWrapper, path: Path, end: str) -> None:
    begin(one)
    getattr(one, end)()
    write(path, "next")
    assert in_line(connect(path)) == ["next"]


def test_who_cannot_begin_lets_the_next_one_go(
    one: DatabaseWrapper, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin(one)
    monkeypatch.setattr(base, "_wait", lambda place: None)  # as if from a program that knows no line
    with pytest.raises(Exception, match="locked"):
        write(path, "elsewhere")
    monkeypatch.undo()
    one.commit()
    write(path, "next")
    assert in_line(one) == ["next"]


def test_the_line_goes_on_when_a_process_dies(one: DatabaseWrapper, path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", HOLDER, f"{path}-queue"], stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None and holder.stdout.readline() == b"held\n"
        waiting = threading.Thread(target=write, args=(path, "next"))
        waiting.start()
        waiting.join(0.2)
        assert waiting.is_alive(), "it waits for the other process"
        holder.kill()
    waiting.join(30)
    assert in_line(one) == ["next"]


def test_a_line_that_does_not_move_keeps_nobody_for_ever(
    one: DatabaseWrapper, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(base, "PATIENCE", 0.05)
    begin(one)
    with pytest.raises(Exception, match="locked"):  # SQLite's own words, after its own patience
        write(path, "late")
    one.commit()
    write(path, "next")
    assert in_line(one) == ["next"]


def test_a_database_in_memory_needs_no_line() -> None:
    wrapper = connect(Path("x"))
    wrapper.settings_dict["NAME"] = "file:line?mode=memory&cache=shared"
    begin(wrapper)
    assert wrapper._place is None
    wrapper.rollback()
    wrapper.connection.close()
