"""The witness of "no event, no change" itself: it must see each way in which a deed can slip past the ledger."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime

import pytest
from django.db import transaction

from lianxin.ledger.actions import note
from lianxin.places.models import Area
from tests.house.witness import prove

NOW = datetime(2026, 5, 6, 9, tzinfo=UTC)


def _area() -> Area:
    return Area.objects.create(name="A", kind="county")


@transaction.atomic
def _sound() -> Area:
    area = _area()
    note("area.added", area, by=None, at=NOW)
    return area


def _not_atomic() -> None:
    note("area.added", _area(), by=None, at=NOW)


@transaction.atomic
def _silent() -> None:
    _area()


def _swallowing() -> None:
    area = _area()
    with contextlib.suppress(Exception):
        note("area.added", area, by=None, at=NOW)


@pytest.mark.django_db
def test_sound_deed_passes_and_gives_its_result() -> None:
    assert prove(_sound).pk


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("deed", "said"),
    [
        (_not_atomic, "these tables changed: places.Area"),
        (_silent, "went through although"),
        (_swallowing, "went through although"),
    ],
)
def test_unsound_deed_is_caught(deed: object, said: str) -> None:
    assert callable(deed)
    with pytest.raises(AssertionError, match=said):
        prove(deed)
