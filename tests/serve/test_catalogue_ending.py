"""What becomes of applications that are under way when their service is abolished (APR-01)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from lianxin.serve import actions as serve
from lianxin.serve import jobs
from lianxin.serve.models import Application
from lianxin.serve.rules.application import State
from tests.serve.catalogue import day
from tests.serve.settling import Settling


def _abolish(settling: Settling, in_flight: str) -> None:
    by, at = settling.who("cataloguer"), settling.at
    service = Application.objects.get().service
    serve.review_service(
        service, verdict="abolished", reason="上位法已废止", on=day(at) + timedelta(days=1), in_flight=in_flight,
        by=by, at=at,
    )  # fmt: skip


def test_they_end_on_the_day_and_the_people_are_told(settling: Settling) -> None:
    application = settling.accepted()
    _abolish(settling, "withdraw")
    jobs.end_abolished(at=settling.at)
    assert settling.fresh(application).state == State.ACCEPTED
    jobs.end_abolished(at=settling.later(days=1))
    ended = settling.fresh(application)
    assert ended.state == State.CLOSED
    assert "上位法已废止" in ended.closed_why
    assert settling.told(ended)[-1] == "closed"
    assert not jobs.end_abolished(at=settling.later(days=1))


def test_or_they_are_finished_under_the_version_they_began_with(settling: Settling) -> None:
    application = settling.accepted()
    _abolish(settling, "finish")
    later = settling.later(days=1)
    jobs.end_abolished(at=later)
    assert settling.fresh(application).state == State.ACCEPTED
    with pytest.raises(serve.StillInForce):
        serve.end_with_service(application, at=later)
