"""What the tests of applications share."""

from __future__ import annotations

from datetime import datetime
from itertools import count

import pytest

from lianxin.kit.clock import ZONE
from lianxin.outbox.actions import seed_templates
from tests.cast import Cast
from tests.serve import settling as people
from tests.serve.settling import Settling

MORNING = datetime(2026, 9, 22, 10, 0, tzinfo=ZONE)  # a Tuesday before the holidays


@pytest.fixture
def quick_paper(monkeypatch: pytest.MonkeyPatch) -> None:
    """Set documents in no time: a PDF that says nothing, each another one."""
    numbers = count()
    made = "lianxin.serve.papers.document.set_on_paper"
    monkeypatch.setattr(made, lambda html: people.PDF + f"\n%{next(numbers)}".encode())


@pytest.fixture
def settling(cast: Cast, calendar: None, quick_paper: None) -> Settling:
    seed_templates(at=MORNING)
    return Settling(cast, people.lay(cast, MORNING), MORNING)
