"""Reminding once of what is due soon."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.utils import timezone

from lianxin.listen.rules import Contact
from lianxin.outbox import actions as outbox
from lianxin.supervise.models import Due, Obligation, dues
from lianxin.supervise.rules import DAY, Span, State


def remind(*, at: datetime) -> int:
    """Write to the office of everybody who still owes something that ends within the days its row says; once each.

    Officers have no number of their own in the county's books, so their office is told. Returns how many are owed.
    """
    today = timezone.localtime(at).date()
    rows = Obligation.objects.within(Span(today, today + DAY)).filter(remind_days__gt=0)
    owed = 0
    for due in dues(rows, Span(today, today + DAY), at):
        near = (due.span.last - today).days <= due.obligation.remind_days
        if due.state is State.OPEN and near:
            owed += 1
            _write(due, at)
    return owed


def _write(due: Due, at: datetime) -> None:
    owner = due.owner
    for way, address in Contact(phone=owner.office.phone).ways[:1]:
        outbox.write(
            template="duty.reminder", way=way, address=address, about=due.obligation,
            event=f"{'-'.join(str(part) for part in owner.key)}:{due.span.first.isoformat()}", at=at,
            context={
                "office": owner.office.name, "what": due.obligation.name, "missing": str(due.missing),
                "due": due.span.last.isoformat(), "url": f"{settings.PUBLIC_URL}/desk/duties/",
            },
            office=owner.office,
        )  # fmt: skip
