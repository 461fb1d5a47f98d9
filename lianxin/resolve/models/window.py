"""Until when the people behind a case may object to its answer."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from lianxin.people.models import Limit, OfficeHours, calendar_now
from lianxin.resolve import rules
from lianxin.resolve.models.case import Case

LIMIT = "confirm"


def window_of(case: Case) -> datetime | None:
    """Return the first moment at which nobody can object any more; None while the case is not answered.

    The county's limit `confirm` as it was on the day of the answer, else rules.WINDOW.
    """
    if case.answered_at is None:
        return None
    limit = Limit.known(LIMIT, timezone.localdate(case.answered_at))
    term = limit.term if limit else rules.WINDOW
    return rules.deadline(case.answered_at, term, calendar_now(), hours=OfficeHours.of_county()).due
