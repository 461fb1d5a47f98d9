"""How the tests are shared among the cores: whole files, the dear ones first."""

from __future__ import annotations

from collections import Counter

import pytest
from xdist.scheduler import LoadScopeScheduling

DEAR = ("slow", "browser")
# Here each test is long and needs nothing of the one before, so that both cores take one.
ONE_BY_ONE = ("tests/stories/test_every_page.py", "tests/outbox/test_kill.py")


class Shares(LoadScopeScheduling):  # type: ignore[misc]  # xdist ships no types
    """Gives whole files to whoever is free, so that what a file sets up is set up once."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.split("::", 1)[0]
        return nodeid if file in ONE_BY_ONE else file


def arrange(items: list[pytest.Item]) -> None:
    """Bring files with dear tests to the front, by folder, and small files to the end: both cores finish together."""
    dear = {item.path for item in items for mark in DEAR if item.get_closest_marker(mark)}
    size = Counter(item.path for item in items)

    def place(item: pytest.Item) -> tuple[bool, int, str]:
        return item.path not in dear, 0 if item.path in dear else -size[item.path], str(item.path)

    items.sort(key=place)
