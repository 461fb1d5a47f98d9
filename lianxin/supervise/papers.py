"""The calendar of what is due, as calendars of phones and offices read it (RFC 5545)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from icalendar import Alarm, Calendar, Event

from lianxin.supervise.models import Due
from lianxin.supervise.rules import DAY


def icalendar(dues: Iterable[Due], *, name: str, at: datetime, host: str) -> bytes:
    """Return the days of recurrences, and the last days of quotas, as whole-day events; the same due keeps its UID."""
    made = Calendar()
    made.add("prodid", "-//Lianxin//Duties//EN")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", name)
    for due in dues:
        made.add_component(_event(due, at, host))
    return bytes(made.to_ical())


def _event(due: Due, at: datetime, host: str) -> Event:
    obligation, day = due.obligation, due.day or due.span.last
    event = Event()
    owner = "-".join(str(part) for part in due.owner.key)
    event.add("uid", f"{obligation.key}-{owner}-{due.planned or due.span.first}@{host}")
    event.add("dtstamp", at)
    event.add("dtstart", day)
    event.add("dtend", day + DAY)
    event.add("summary", f"{obligation.name} · {due.owner.name}")
    event.add("description", " · ".join(filter(None, [obligation.hour, obligation.basis])))
    event.add("transp", "TRANSPARENT")
    if obligation.remind_days:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", obligation.name)
        alarm.add("trigger", -obligation.remind_days * DAY)
        event.add_component(alarm)
    return event
