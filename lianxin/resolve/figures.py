"""Counts of what became of it, for the public and for leaders, each with its measure word. No personal data.

The rules, in one place:
- Points (条) belong to the period in which their voice was received. Each point counts once, whatever case it feeds.
- Cases (件) belong to the period in which they were registered. A merged case counts with the one it went into, so that
  merging neither adds nor hides; how many there were before is in the ledger.
- Words of people (人次): the last word of each voice on a case; who was silent is not satisfied, only silent.
- All is as of a moment: what was settled later than `at` is not looked for, the answer is that of the rows now.
- Rates show two denominators: after exclusions (who could be judged) and before (everybody). Neither is hidden.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, DurationField, Exists, ExpressionWrapper, F, Min, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from lianxin.kit.figures import FEW, Rate
from lianxin.listen.models import Item, Subject, Voice
from lianxin.listen.rules import Outcome
from lianxin.people.models import User
from lianxin.people.rules import Power
from lianxin.places.models import Area
from lianxin.record.models import Encounter
from lianxin.resolve.models import Case, Confirmation, Join, Task
from lianxin.resolve.rules import BAD_GRADE, RUNNING, Result, State

HOT_WEEK = 10  # points on one subject in seven days that make it hot (CAS-24)
DIFFICULT = 3  # reopenings that make a case difficult (CAS-24)
WORST = 10  # offices named on the leader's page
OTHERS, UNKNOWN = "others", ""


@dataclass(frozen=True, slots=True)
class Row:
    """One line: a subject, an area, or the whole."""

    key: str
    label: str
    received: int = 0  # 条: points of voices received in the period
    settled: int = 0  # 条 of them: answered, declined or transferred in triage, or their case is answered
    solved: int = 0  # 条 of them: answered on the spot, or their case is answered as solved
    cases: int = 0  # 件: cases registered in the period
    answered: int = 0  # 件 of them: answered, perhaps closed
    cases_solved: int = 0  # 件 of them: answered as solved
    on_time: int = 0  # 件 of them: answered at or before the date in force, strictly to the minute
    early: int = 0  # 件 of them: answered before it
    late: int = 0  # 件: answered after the date, or not answered though it has come
    on_first_date: int = 0  # 件: answered at or before the date first promised, whatever was granted later
    due: int = 0  # 件: have a date that has come, or are answered; the whole of `response`
    asked: int = 0  # 人次: voices behind answered cases that want a reply
    spoke: int = 0  # 人次: voices that said something of the answer
    said_solved: int = 0  # 人次: of them, solved
    graded_result: int = 0  # 人次: gave a grade to the result
    good_result: int = 0  # 人次: fairly satisfied or better
    graded_handling: int = 0
    good_handling: int = 0

    @property
    def response(self) -> Rate:
        """Answered in time, of the cases whose date has come; before exclusions: of all registered."""
        return Rate(self.on_time, self.due, self.cases)

    @property
    def first_promise(self) -> Rate:
        """Answered by the date first promised, over the same cases as `response`: what a later date cannot mend."""
        return Rate(self.on_first_date, self.due, self.cases)

    @property
    def solving(self) -> Rate:
        """Solved by the people's own word, of those who spoke; before exclusions: of all who wanted an answer."""
        return Rate(self.said_solved, self.spoke, self.asked)

    @property
    def satisfaction(self) -> Rate:
        """Satisfied with the result, of those who gave a grade; before exclusions: of all who wanted an answer."""
        return Rate(self.good_result, self.graded_result, self.asked)

    @property
    def manner(self) -> Rate:
        """Satisfied with the handling; counted apart from the result (SAT-03)."""
        return Rate(self.good_handling, self.graded_handling, self.asked)


@dataclass(frozen=True, slots=True)
class Figures:
    """A table over a period, as of a moment; the total holds also what lies in no line by name."""

    start: datetime
    end: datetime
    at: datetime
    rows: tuple[Row, ...]
    total: Row
    median_days: float | None  # from the word to the answer; half of the points were faster


@dataclass(frozen=True, slots=True)
class Hot:
    """A subject many speak of, with the week before."""

    subject: str
    count: int
    before: int


@dataclass(frozen=True, slots=True)
class Late:
    """An office with open tasks past their date."""

    office: int
    name: str
    count: int  # 件


@dataclass(frozen=True, slots=True)
class Leading:
    """What a leader looks at first."""

    at: datetime
    unread: int  # 封: letters to the own posts that nobody has read
    watched: int  # 封: of all letters over which the leader watches
    oldest_unread: datetime | None  # of those
    open: int  # 件: of all cases the leader sees
    overdue: int
    difficult: int  # 件: open, and reopened three times or more
    late: tuple[Late, ...]  # the worst first
    hot: tuple[Hot, ...]  # 条 in seven days


def figures(start: datetime, end: datetime, *, at: datetime, by: str = "subject", public: bool = True) -> Figures:
    """Count a period [start, end) by top `subject` or by town (`area`), or by nothing (`whole`).

    For the public, lines with fewer than FEW points are put together as “others”, together with larger ones until
    nothing can be reckoned back; officers see every line.
    """
    label, top = _labels(by)
    found: dict[str, dict[str, int]] = {}
    for group, counts in _counts(start, end, at=at, by=by):
        line = found.setdefault(top(group), {})
        for name, count in counts.items():
            line[name] = line.get(name, 0) + count
    rows = [Row(key, label(key), **counts) for key, counts in found.items()]
    total = _sum("total", _("in all"), rows)
    if by == "whole":
        rows = []
    rows = _folded(rows) if public else rows
    rows.sort(key=lambda row: (row.key in (OTHERS, UNKNOWN), row.key == UNKNOWN, -row.received, row.label))
    return Figures(start, end, at, tuple(rows), total, median_days(start, end))


def median_days(start: datetime, end: datetime) -> float | None:
    """Return the median of calendar time from the word to the answer, in days, over points (条) heard in the period.

    Points that were answered through a case; those answered on the spot would flatter it. The database picks the middle
    one, of an even number the upper of the two.
    """
    answered = Join.objects.filter(
        item__voice__received_at__gte=start, item__voice__received_at__lt=end, case__answered_at__isnull=False
    )
    count = answered.count()
    if not count:
        return None
    took = ExpressionWrapper(F("case__answered_at") - F("item__voice__received_at"), output_field=DurationField())
    middle: timedelta = answered.order_by(took).values_list(took, flat=True)[count // 2]
    return middle / timedelta(days=1)


def solved_at(encounters: QuerySet[Encounter]) -> int:
    """Count the points (条) heard at these encounters that were answered there, or whose case is answered as solved."""
    items = Item.objects.filter(voice__encounter__in=encounters.values("pk"))
    return items.filter(Q(outcome=Outcome.ANSWERED) | _CASE_ANSWERED & Q(join__case__result=Result.SOLVED)).count()


def leading(user: User, *, at: datetime) -> Leading:
    """Count for a leader: unread letters, what is open, overdue and with whom, difficult and hot matters."""
    standing = user.stand(at)
    own = Q(addressee__in=standing.posts())
    watched = own | Q(addressee__office__in=standing.offices(Power.OVERSEE))
    watched = Q() if standing.everywhere(Power.OVERSEE) else watched
    letters = Voice.objects.unread().aggregate(
        unread=Count("pk", filter=own),
        watched=Count("pk", filter=watched),
        oldest_unread=Min("received_at", filter=watched),
    )
    late = Q(due_at__lte=at, state__in=[state.value for state in RUNNING])
    cases = Case.objects.visible_to(user).open()
    counts = cases.aggregate(
        open=Count("pk"), overdue=Count("pk", filter=late), difficult=Count("pk", filter=Q(reopened__gte=DIFFICULT))
    )
    owing = Task.objects.visible_to(user).overdue(at).values_list("office", "office__name")
    worst = owing.annotate(count=Count("case", distinct=True)).order_by("-count", "office__name")[:WORST]
    return Leading(at=at, **letters, **counts, late=tuple(Late(*row) for row in worst), hot=hot_subjects(at))


def hot_subjects(at: datetime, *, limit: int = 5) -> tuple[Hot, ...]:
    """Return the top subjects with HOT_WEEK points or more in the last seven days, the most first."""
    label, top = _labels("subject")
    week = timedelta(days=7)
    counts: dict[str, list[int]] = {}
    for place, start in enumerate((at - week, at - 2 * week)):
        received = Item.objects.filter(voice__received_at__gte=start, voice__received_at__lt=start + week)
        for path, count in received.values_list("subject__path").annotate(count=Count("pk")).order_by():
            counts.setdefault(top(path or ""), [0, 0])[place] += count
    hot = [Hot(label(key), now, before) for key, (now, before) in counts.items() if key and now >= HOT_WEEK]
    return tuple(sorted(hot, key=lambda each: (-each.count, each.subject))[:limit])


def _cases(start: datetime, end: datetime) -> QuerySet[Case]:
    return Case.objects.filter(opened_at__gte=start, opened_at__lt=end, merged_into=None)


_ANSWERED = Q(answered_at__isnull=False)
_CASE_ANSWERED = Q(join__case__answered_at__isnull=False)


def _counts(start: datetime, end: datetime, *, at: datetime, by: str) -> Iterable[tuple[str, Mapping[str, int]]]:
    """Yield path and counts of each group, from four queries that group in the database."""
    settled = Q(outcome__in=[Outcome.ANSWERED, Outcome.DECLINED, Outcome.TRANSFERRED]) | _CASE_ANSWERED
    items = Item.objects.filter(voice__received_at__gte=start, voice__received_at__lt=end)
    yield from _grouped(
        items,
        {"subject": F("subject__path"), "area": Coalesce("area__path", "voice__area__path")}.get(by),
        received=Count("pk"),
        settled=Count("pk", filter=settled),
        solved=Count("pk", filter=Q(outcome=Outcome.ANSWERED) | _CASE_ANSWERED & Q(join__case__result=Result.SOLVED)),
    )
    yield from _grouped(
        _cases(start, end),
        _path(by),
        cases=Count("pk"),
        answered=Count("pk", filter=_ANSWERED),
        cases_solved=Count("pk", filter=_ANSWERED & Q(result=Result.SOLVED)),
        on_time=Count("pk", filter=Q(answered_at__lte=F("due_at"))),
        early=Count("pk", filter=Q(answered_at__lt=F("due_at"))),
        late=Count("pk", filter=Q(answered_at__gt=F("due_at")) | Q(answered_at=None, due_at__lte=at) & ~_STANDS_STILL),
        on_first_date=Count("pk", filter=Q(answered_at__lte=F("first_due_at"))),
        due=Count("pk", filter=Q(due_at__isnull=False) & (_ANSWERED | Q(due_at__lte=at) & ~_STANDS_STILL)),
    )
    cohort = Join.objects.filter(case__opened_at__gte=start, case__opened_at__lt=end)
    yield from _grouped(
        cohort.filter(case__answered_at__isnull=False, item__voice__wants_reply=True),
        _path(by, "case__"),
        asked=Count("item__voice", distinct=True),
    )
    yield from _grouped(
        _last_words().filter(case__opened_at__gte=start, case__opened_at__lt=end),
        _path(by, "case__"),
        spoke=Count("pk"),
        said_solved=Count("pk", filter=Q(solved=Confirmation.Solved.YES)),
        graded_result=Count("result_grade"),
        good_result=Count("pk", filter=Q(result_grade__gt=BAD_GRADE)),
        graded_handling=Count("handling_grade"),
        good_handling=Count("pk", filter=Q(handling_grade__gt=BAD_GRADE)),
    )


_STANDS_STILL = Q(state=State.SUSPENDED)


def _last_words() -> QuerySet[Confirmation]:
    later = Confirmation.objects.filter(join=OuterRef("join"), life__gt=OuterRef("life"))
    return Confirmation.objects.filter(~Exists(later))


def _path(by: str, before: str = "") -> Any:
    return F(f"{before}{by}__path") if by in ("subject", "area") else None


def _grouped(rows: QuerySet[Any], path: Any, **counts: Any) -> Iterable[tuple[str, Mapping[str, int]]]:
    if path is None:
        yield "", rows.aggregate(**counts)
        return
    for row in rows.annotate(group_path=path).values("group_path").annotate(**counts).order_by():
        yield row.pop("group_path") or "", row


def _labels(by: str) -> tuple[Any, Any]:
    """Return what names a key, and what finds the key of a path: its top subject, or the town it lies in."""
    if by == "area":
        names = {str(pk): name for pk, name in Area.objects.filter(kind=Area.Kind.TOWN).values_list("pk", "name")}
        unknown = _("no place given, or the whole county")
    else:
        names = {str(pk): name for pk, name in Subject.objects.filter(parent=None).values_list("pk", "name")}
        unknown = _("not classified yet")

    def top(path: str) -> str:
        return next((step for step in path.split("/") if step in names), UNKNOWN)

    return (lambda key: names.get(key, unknown)), top


def _sum(key: str, label: str, rows: Iterable[Row]) -> Row:
    names = [field.name for field in fields(Row) if field.name not in ("key", "label")]
    kept = list(rows)
    return Row(key, label, **{name: sum(getattr(row, name) for row in kept) for name in names})


def _folded(rows: list[Row]) -> list[Row]:
    """Put small lines together, with larger ones if need be, so that no line tells of fewer than FEW points."""
    ordered = sorted(rows, key=lambda row: row.received)
    small = [row for row in ordered if row.received < FEW]
    while small and len(small) < len(ordered) and (len(small) < 2 or sum(row.received for row in small) < FEW):
        small.append(ordered[len(small)])
    kept = [row for row in rows if row not in small]
    return [*kept, _sum(OTHERS, _("others"), small)] if small else kept
