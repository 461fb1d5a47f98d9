"""Which cases of a list are wanted, and in what order: the one meaning of every filter, for page, export and API."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Q
from django.utils import timezone

from lianxin.kit.reference import is_reference, tidy
from lianxin.listen.models import Subject
from lianxin.people.models import Office, User
from lianxin.places.models import Area
from lianxin.resolve.models.case import Case, CaseQuerySet, Task
from lianxin.resolve.models.duties import Duty, duties
from lianxin.resolve.rules import State

SORTS = ("new", "old", "due", "voices")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked of a list of cases; empty is everything the officer may see."""

    q: str = ""
    state: str = ""  # one of State, or "open"
    light: str = ""  # "late" or "near"
    mine: str = ""  # a Duty
    office: Office | None = None  # leads, assists or registered it; offices below it count
    subject: Subject | None = None  # with all below it
    area: Area | None = None  # with all below it
    since: date | None = None  # registered on this day or later
    until: date | None = None  # registered on this day or earlier
    sort: str = "new"


def narrowed(wanted: Wanted, *, user: User, at: datetime) -> CaseQuerySet:
    """Return the cases this officer may see that are wanted, in order."""
    cases = Case.objects.visible_to(user)
    if wanted.mine:
        found = duties(user, at).get(Duty(wanted.mine))
        cases = (
            cases.filter(pk__in=found.order_by().values("pk"))
            if found is not None and found.model is Case
            else cases.none()
        )
    if wanted.q:
        number = tidy(wanted.q[:60])
        cases = cases.filter(number=number) if is_reference(number) else cases.search(wanted.q)
    if wanted.state:
        cases = cases.open() if wanted.state == "open" else cases.filter(state=State(wanted.state))
    if wanted.light:
        cases = cases.overdue(at) if wanted.light == "late" else cases.due_soon(at)
    return _ordered(_placed(cases, wanted), wanted.sort)


def _placed(cases: CaseQuerySet, wanted: Wanted) -> CaseQuerySet:
    if wanted.office:
        offices = Office.objects.within(wanted.office).values("pk")
        owed = Task.objects.filter(office__in=offices).values("case")
        cases = cases.filter(Q(lead__in=offices) | Q(office__in=offices) | Q(pk__in=owed))
    if wanted.subject:
        cases = cases.filter(subject__in=Subject.objects.within(wanted.subject).values("pk"))
    if wanted.area:
        cases = cases.filter(area__in=Area.objects.within(wanted.area).values("pk"))
    if wanted.since:
        cases = cases.filter(opened_at__gte=_morning(wanted.since))
    if wanted.until:
        cases = cases.filter(opened_at__lt=_morning(wanted.until + timedelta(days=1)))
    return cases


def _ordered(cases: CaseQuerySet, sort: str) -> CaseQuerySet:
    if sort == "due":
        return cases.with_clock().order_by("due_at", "id")
    if sort == "voices":
        return cases.open().order_by("-voices", "-id")  # what is settled needs no order of urgency
    return cases.order_by("id" if sort == "old" else "-id")


def _morning(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
