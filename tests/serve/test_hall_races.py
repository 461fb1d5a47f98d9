"""Many people at the same moment: no number is called twice, no place is given twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db.models import F

from lianxin.serve.actions import appointment as booking
from lianxin.serve.actions import line
from lianxin.serve.models import Appointment, Serving, Slot, Ticket
from tests import cast as people
from tests.at_once import run, shared_database
from tests.serve.town_hall import MORNING, TownHall, build

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def town(db: None, tmp_path: Path) -> Iterator[TownHall]:
    """The hall on a database that threads share."""
    with shared_database(tmp_path):
        yield build(people.settle())


def test_forty_people_ask_for_ten_places_at_once(town: TownHall) -> None:
    slot = town.slot(capacity=10)

    def ask(n: int) -> Callable[[], Any]:
        return lambda: booking.book(slot, name="张三", phone=f"139{n:08d}", at=MORNING)

    done, refused = run([ask(n) for n in range(40)])
    slot.refresh_from_db()
    assert (len(done), slot.booked, Appointment.objects.booked().count()) == (10, 10, 10)
    assert {type(each) for each in refused} == {booking.Full}
    assert len({each.number for each in done}) == 10


def test_a_thousand_ask_for_a_hundred_places(town: TownHall) -> None:
    slots = [town.slot(capacity=10, hour=hour) for hour in range(10, 20)]
    taken: list[bool] = []

    def hand(first: int) -> Callable[[], None]:
        def many() -> None:
            for n in range(first, 1000, 10):
                try:
                    booking.book(slots[n % len(slots)], name="张三", phone=f"139{n:08d}", at=MORNING)
                    taken.append(True)
                except booking.Full:
                    taken.append(False)

        return many

    run([hand(first) for first in range(10)])
    assert (len(taken), sum(taken)) == (1000, 100)
    assert Slot.objects.filter(booked=F("capacity")).count() == len(slots)


def test_two_windows_never_call_the_same_number(town: TownHall) -> None:
    for _ in range(3):
        line.take_ticket(town.general, at=MORNING)
    clerk, clerk2 = town.cast.officer("clerk"), town.cast.officer("clerk2")
    calls = [
        lambda: line.call_next(town.one, by=clerk, at=MORNING),
        lambda: line.call_next(town.two, by=clerk2, at=MORNING),
    ]
    done, refused = run([*calls, *calls])
    assert len(done) == 2
    assert len({ticket.pk for ticket in done}) == 2
    assert {type(each) for each in refused} == {line.StillServing}
    assert Serving.objects.filter(ended_at=None).count() == 2


def test_no_number_is_given_twice(town: TownHall) -> None:
    done, _refused = run([lambda: line.take_ticket(town.medical, at=MORNING)] * 12)
    assert sorted(ticket.label for ticket in done) == [f"A{n:03d}" for n in range(1, 13)]
    assert Ticket.objects.count() == 12


def test_a_number_ends_in_one_way(town: TownHall) -> None:
    line.take_ticket(town.medical, at=MORNING)
    clerk = town.cast.officer("clerk")
    called = line.call_next(town.one, by=clerk, at=MORNING)
    done, refused = run([
        lambda: line.attend(called, by=town.cast.officer("clerk"), at=MORNING),
        lambda: line.miss(called, by=town.cast.officer("clerk"), at=MORNING),
    ])  # fmt: skip
    assert (len(done), len(refused)) == (1, 1)
