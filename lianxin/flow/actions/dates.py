"""When a step is due and when its timers ring: by the calendar of the county and the hours of the office."""

from __future__ import annotations

from datetime import datetime

from lianxin.flow import rules
from lianxin.flow.models import Step
from lianxin.kit.clock import Term, Unit, due, local
from lianxin.people.models import OfficeHours, calendar_now


def rings_at(node: rules.Node, step: Step) -> datetime | None:
    """Return when the next timer of a step rings."""
    if node.kind is rules.Kind.TIMER:
        return step.due_at
    if step.rung >= len(node.timers):
        return None
    return due_of(step.opened_at, node.timers[step.rung].after, step.office_id)[0]


def due_of(start: datetime, term: Term, office: int | None) -> tuple[datetime, bool]:
    """Count a term by the calendar and the hours of the office; tell whether the calendar may still move the end."""
    calendar = calendar_now()
    end = due(start, term, calendar, hours=OfficeHours.of(office))
    leans = term.unit in (Unit.WORKDAY, Unit.WORKHOUR) or (term.unit is Unit.NATURAL_DAY and term.rolls)
    years = range(local(start).year, local(end).year + 1)
    return end, leans and any(year not in calendar.known_years for year in years)
