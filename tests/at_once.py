"""Many hands at the same moment, each with a connection of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import connection, connections

from lianxin.kit.refusal import Refusal
from lianxin.people.models import forget_all


def run(deeds: Iterable[Callable[[], Any]]) -> tuple[list[Any], list[Refusal]]:
    """Do all at once, each in a thread; return what came of them and what was refused. Any other fault is raised."""
    done: list[Any] = []
    refused: list[Refusal] = []
    broken: list[BaseException] = []
    hands = list(deeds)
    gate = threading.Barrier(len(hands))

    def one(deed: Callable[[], Any]) -> None:
        try:
            gate.wait(timeout=20)
            done.append(deed())
        except Refusal as refusal:
            str(refusal)
            refused.append(refusal)
        except BaseException as fault:
            broken.append(fault)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one, args=(deed,)) for deed in hands]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    if broken:
        raise broken[0]
    return done, refused


@contextmanager
def shared_database(folder: Path) -> Iterator[None]:
    """Work on a database that threads share: PostgreSQL as it is, SQLite moved from memory to a file."""
    ContentType.objects.clear_cache()
    if connection.vendor != "sqlite":
        yield
        return
    memory, path = connection.settings_dict["NAME"], folder / "race.sqlite3"
    assert connection.connection is not None
    connection.connection.execute(f"VACUUM INTO '{path}'")
    kept = connections["default"]
    connections.settings["default"]["NAME"] = str(path)
    del connections["default"]
    forget_all()
    try:
        yield
    finally:
        connections.close_all()
        connections.settings["default"]["NAME"] = memory
        connections["default"] = kept
