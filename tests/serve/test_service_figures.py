"""Counts of the service hall, each against what happened; and claims that stop holding."""

from __future__ import annotations

from datetime import timedelta

from django.test import Client

from lianxin.kit.clock import local
from lianxin.ledger import actions as ledger
from lianxin.serve import actions
from lianxin.serve.figures.applications import Figures, figures
from lianxin.serve.models.trips import trips_of
from tests.serve.settling import Settling


def all_of(settling: Settling, by: str = "office") -> Figures:
    return figures(settling.at - timedelta(days=365), settling.at + timedelta(days=1), at=settling.at, by=by)


def test_nothing_is_counted_as_nothing(settling: Settling) -> None:
    settling.draft()  # what was not sent is nobody's business
    found = all_of(settling)
    assert (found.rows, found.total.submitted, found.median_minutes) == ((), 0, None)
    assert found.in_force == found.online == 1
    assert not any(claim.holds for claim in found.claims)


def test_each_count_against_what_happened(settling: Settling) -> None:
    first = settling.decided()
    actions.rate(first, grade=5, conduct=2, at=settling.later())
    settling.corrected()
    found = all_of(settling, "service")
    assert [(row.key, row.submitted, row.decided) for row in found.rows] == [("YX-MED-003", 2, 1)]
    total = found.total
    assert (total.online, total.corrected, total.corrected_twice, total.granted) == (2, 1, 0, 1)
    assert (total.early, total.on_time, total.late, total.same_day, total.overdue) == (1, 0, 0, 1, 0)
    assert (total.rated, total.good, total.conduct, total.good_conduct, total.silent) == (1, 1, 1, 0, 0)
    assert total.satisfaction.percent == 100 and total.satisfaction.is_small
    assert total.manner.percent == 0, "how one was treated is counted apart from the outcome"
    assert found.median_minutes == found.fastest_minutes == first.minutes
    assert found.ever_decided == 1


def test_trips_are_days_on_which_somebody_stood_at_a_counter(settling: Settling) -> None:
    """HAL-04: an application with two visits to a counter shows two trips and why."""
    first, clerk = settling.decided(), settling.who("clerk")
    assert trips_of(first) == []  # handed in here, decided here
    settling.decided()
    came_at = settling.later(hours=2)
    actions.deliver(first, way="本人来取", came=True, by=clerk, at=came_at)
    ledger.note("application.receive", first, by=clerk, at=came_at - timedelta(days=3))
    ledger.note("application.supply", first, by=clerk, at=came_at - timedelta(days=3) + timedelta(minutes=20))
    ledger.note("application.supply", first, by=None, at=came_at - timedelta(days=1))  # by the person, on this site
    assert [(trip.day, [str(cause) for cause in trip.causes]) for trip in trips_of(first)] == [
        (local(came_at).date() - timedelta(days=3), ["在窗口递交", "补交材料"]), (local(came_at).date(), ["取走决定"]),
    ]  # fmt: skip
    total = all_of(settling).total
    assert (total.decided, total.trips, total.more_trips) == (2, 2, 1)
    assert total.once_at_most.percent == 50


def test_what_goes_by_post_is_no_trip(settling: Settling) -> None:
    sent = settling.decided()
    actions.deliver(sent, way="邮寄 EX123", by=settling.who("clerk"), at=settling.later())
    assert trips_of(sent) == []
    assert all_of(settling).total.trips == 0


def test_a_claim_holds_until_one_contradicts_it(settling: Settling) -> None:
    settling.decided()
    early, in_time, *_others = all_of(settling).claims
    assert early.holds and in_time.holds
    waiting = settling.accepted()
    assert waiting.promised_at
    settling.at = waiting.promised_at + timedelta(minutes=1)
    found = all_of(settling)
    early, in_time, *_others = found.claims
    assert not early.holds and not in_time.holds and (in_time.counted, in_time.against) == (2, 1)
    assert found.total.in_time.percent == 50


def test_the_promised_day_is_in_time_and_not_early(settling: Settling) -> None:
    application = settling.proposed()
    assert application.promised_at
    settling.at = application.promised_at - timedelta(minutes=5)
    actions.decide(application, by=settling.who("approver"), at=settling.at)
    total = all_of(settling).total
    assert (total.early, total.on_time, total.late, total.same_day) == (0, 1, 0, 0)


def test_anybody_reads_them_and_takes_the_table(client: Client, settling: Settling) -> None:
    settling.decided()
    page = client.get("/figures/services/")
    assert page.status_code == 200
    table = client.get("/figures/services.csv?period=last_month").content.decode("utf-8-sig")
    assert table.splitlines()[0].startswith("by,label,submitted")
    assert client.get("/figures/services/?period=x").status_code == 200
