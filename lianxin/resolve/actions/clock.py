"""The clock of a case: started once, moved by what happened, never by an edit."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lianxin.kit.clock import Pause as Still
from lianxin.kit.clock import Term
from lianxin.ledger import actions as ledger
from lianxin.ledger.models import Event
from lianxin.people import actions as people
from lianxin.people.models import CalendarDay, County, Limit, OfficeHours, User, calendar_now
from lianxin.people.rules import Power
from lianxin.resolve import rules
from lianxin.resolve.actions.deed import CaseRefusal, iso
from lianxin.resolve.actions.notice import tell_of_new_date
from lianxin.resolve.models import Case, Task
from lianxin.resolve.rules import Deadline, TaskState

CLOCK = [
    "limit_value",
    "limit_unit",
    "limit_rolls",
    "limit_basis",
    "clock_office",
    "dispatched_at",
    "first_due_at",
    "due_at",
    "due_provisional",
]


class NoLimit(CaseRefusal):
    """Nothing says how long it may take."""

    status = 422
    words = _("No time limit is set for “%(key)s”. Please give a date, or let the IT officer enter the limit.")


class NotLater(CaseRefusal):
    """A date that is over, or later than the rule allows."""

    status = 422
    words = _("The date must lie after %(after)s and not after %(before)s.")


def limit_key(case: Case) -> str:
    """Return which limit governs a case: that of a major matter, else that of its subject, else the ordinary one."""
    if case.major:
        return "case.major"
    return case.subject.limit_key if case.subject else "case.ordinary"


def limit_term(key: str, *, at: datetime) -> Term:
    """Return the term of the limit in force on the day. Raises NoLimit."""
    newest = F("valid_from").desc(nulls_last=True)
    limit = Limit.objects.on(timezone.localdate(at)).filter(key=key).order_by(newest, "-id").first()
    if limit is None:
        raise NoLimit(key=key)
    return limit.term


def counted(start: datetime, term: Term, pauses: Iterable[Still] = (), *, office: int | None) -> Deadline:
    """Count a term by the calendar of the county and the hours of the office, where it keeps hours of its own."""
    return rules.deadline(start, term, calendar_now(), hours=OfficeHours.of(office), pauses=pauses)


def start(case: Case, *, term: Term | None, end: Deadline, at: datetime, office: int | None) -> None:
    """Set a clock going on the case in hand; the date first promised is kept for ever. The caller saves CLOCK.

    `office` is by whose hours the term is counted. It stays when another office is ruled to lead: the date does too.
    """
    case.clock_office_id = office
    case.limit_value = term.value if term else None
    case.limit_unit = term.unit if term else ""
    case.limit_rolls = term.rolls if term else False
    case.limit_basis = term.basis if term else ""
    case.dispatched_at = at
    case.due_at, case.due_provisional = end.due, end.provisional
    case.first_due_at = case.first_due_at or end.due


def recounted(case: Case, start: datetime, term: Term) -> Deadline:
    """Count the term of a case again from its start, by the same office's hours, leaving out its pauses."""
    return counted(start, term, stills(case), office=case.clock_office_id)


def stills(case: Case) -> list[Still]:
    """Return when the clock of a case stood still."""
    return [Still(pause.starts, pause.ends, pause.reason) for pause in case.pauses.all()]


def is_by_hand(case: Case) -> bool:
    """Tell whether the date in force was set by a person: at dispatch, or granted as a later date in this life."""
    start = case.dispatched_at
    if case.limit_value is None or start is None:
        return True
    return any(later.granted and later.decided_at and later.decided_at >= start for later in case.extensions.all())


def move_tasks(case: Case) -> None:
    """Give the open tasks of a case its date."""
    Task.objects.filter(case=case, state=TaskState.OPEN).update(due_at=case.due_at)


@transaction.atomic
def recount_deadlines(*, at: datetime, by: User | None) -> int:
    """Count the dates of open cases again after the calendar has changed; one ledger event for each that changes.

    Dates set by hand stay, and so do clocks that stand still (they are counted when they run again). A date that has
    passed is counted too: who was late by a guess of the calendar is not late. The people are told a date that moved.
    `by` needs the power over reference data; None is the county's own clockwork. Returns how many changed; again: 0.
    """
    holding = people.need(by, Power.REFERENCE, at=at, anywhere=True) if by else None
    changed = 0
    for case in _countable():
        if case.term is None or case.dispatched_at is None or is_by_hand(case):
            continue
        old, end = case.due_at, recounted(case, case.dispatched_at, case.term)
        if (end.due, end.provisional) == (old, case.due_provisional):
            continue
        case.due_at, case.due_provisional = end.due, end.provisional
        case.save(update_fields=["due_at", "due_provisional"])
        move_tasks(case)
        data = {"old_due": iso(old), "due": iso(end.due), "provisional": end.provisional}
        event = ledger.note("case.recount", case, by=by, at=at, behalf=holding.behalf if holding else None, data=data)
        if old and old != end.due:
            tell_of_new_date(case, old=old, event=f"recount:{event.pk}", at=at)
        changed += 1
    return changed


@transaction.atomic
def recount_after_import(*, at: datetime) -> bool:
    """Count open deadlines again if a calendar has been imported since that was last done; tell whether it was.

    People, where calendars are imported, cannot know of cases: the worker asks here instead.
    """
    imports = Event.objects.filter(kind=CalendarDay._meta.label_lower, verb="calendar.imported").order_by("-id")
    last = imports.values_list("id", flat=True).first()
    county = County.objects.first()
    if last is None or county is None:
        return False
    if Event.objects.about(county).filter(verb="deadlines.recounted", data__import=last).exists():
        return False
    changed = recount_deadlines(at=at, by=None)
    ledger.note("deadlines.recounted", county, by=None, at=at, data={"import": last, "cases": changed})
    return True


def _countable() -> QuerySet[Case]:
    """Return the open cases whose date the calendar decides, locked, always in the same order."""
    running = Case.objects.with_clock().filter(limit_unit__in=rules.LEANS_ON_CALENDAR)
    return running.select_for_update(of=("self",)).prefetch_related("pauses", "extensions").order_by("pk")
