"""Counting the dates of open applications again after a calendar was brought in."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from lianxin.kit.clock import ClockStopped
from lianxin.ledger import actions as ledger
from lianxin.ledger.models import Event
from lianxin.people.models import CalendarDay, County
from lianxin.serve.actions import clock
from lianxin.serve.actions.deed import keep
from lianxin.serve.actions.telling import day, tell
from lianxin.serve.models.application import Application


@transaction.atomic
def recount_applications(*, at: datetime) -> bool:
    """Count open dates again if a calendar has been brought in since that was last done; tell whether it was.

    The date first promised is kept; each date that moves is an event, and the person is told the new one.
    """
    imports = Event.objects.filter(kind=CalendarDay._meta.label_lower, verb="calendar.imported").order_by("-id")
    last = imports.values_list("id", flat=True).first()
    county = County.objects.first()
    if last is None or county is None:
        return False
    if Event.objects.about(county).filter(verb="applications.recounted", data__import=last).exists():
        return False
    running = Application.objects.with_clock().select_for_update(of=("self",)).select_related("service", "office")
    moved = sum(_recounted(held, last, at=at) for held in running.order_by("pk"))
    ledger.note("applications.recounted", county, by=None, at=at, data={"import": last, "applications": moved})
    return True


def _recounted(held: Application, last: int, *, at: datetime) -> bool:
    """Count the dates of one application again; tell whether they moved."""
    old = held.promised_at, held.legal_at, held.promised_provisional, held.legal_provisional
    try:
        clock.count(held)
    except ClockStopped:
        return False  # it is counted when the clock runs again
    if old == (held.promised_at, held.legal_at, held.promised_provisional, held.legal_provisional):
        return False
    keep(held, *clock.CLOCK, at=max(at, held.touched_at))
    data = {"old_due": day(old[0]), "due": day(held.promised_at)}
    ledger.note("application.recount", held, by=None, at=at, data=data)
    if old[0] and held.promised_at and old[0] != held.promised_at:
        tell(
            held,
            "application.moved",
            event=f"recount:{last}",
            at=at,
            due=day(held.promised_at),
            old_due=data["old_due"],
        )
    return True
