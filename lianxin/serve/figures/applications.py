"""Counts of the service hall, for the public and for leaders, each with its measure word. No personal data.

The rules, in one place:
- Applications (件) are counted twice, by two moments: as handed in, and as decided, each in the period of that moment.
- Early is strictly before the promised day; the promised day itself is on time; what comes after the promised moment is
  late (APR-12, requirements I-32). The promised date moves only where the law lets the clock stand still.
- Ratings (次) belong to the period in which they were given. Silence is no rating: it is counted apart (好差评).
- A claim such as “all decided early” is counted anew each time, and says how many contradict it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from django.db.models import Count, DurationField, ExpressionWrapper, F, Min, Q, QuerySet, Sum
from django.db.models.functions import TruncDate
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.kit.clock import ZONE, local
from lianxin.kit.figures import Rate
from lianxin.serve.models import Application, Rating, Service
from lianxin.serve.models.trips import with_trips
from lianxin.serve.rules.application import BAD_GRADE, Channel, Result
from lianxin.serve.rules.application import State as Course


@dataclass(frozen=True, slots=True)
class Row:
    """One line: an office, a service, or the whole."""

    key: str
    label: str
    submitted: int = 0  # 件 handed in within the period, on whatever way
    online: int = 0  # 件 of them: by the person, on this site
    corrected: int = 0  # 件 of them: had to be corrected
    corrected_twice: int = 0  # 件 of them: more than once, which should not be
    deemed: int = 0  # 件 of them: accepted because nobody said anything in time
    refused: int = 0  # 件 of them: not accepted
    decided: int = 0  # 件 decided within the period
    granted: int = 0  # 件 of them
    early: int = 0  # 件 of them: before the promised day
    on_time: int = 0  # 件 of them: on the promised day
    late: int = 0  # 件 of them: after the promised moment
    same_day: int = 0  # 件 of them: on the day they were handed in
    trips: int = 0  # 次 to a counter for those
    more_trips: int = 0  # 件 of them: for which somebody came more than once
    overdue: int = 0  # 件 now past the promised date and not decided
    rated: int = 0  # 次 of ratings that somebody gave
    good: int = 0  # 次 of them: the upper three grades
    silent: int = 0  # 次: nothing was said in time; no rating
    conduct: int = 0  # 次 of ratings that say how one was treated
    good_conduct: int = 0  # 次 of them: the upper three grades

    @property
    def in_time(self) -> Rate:
        """Decided before or on the promised day, of what was decided or should have been."""
        return Rate(self.early + self.on_time, self.decided + self.overdue, self.decided + self.overdue)

    @property
    def once_at_most(self) -> Rate:
        """For which nobody had to come more than once, of what was decided (HAL-04)."""
        return Rate(self.decided - self.more_trips, self.decided, self.decided)

    @property
    def satisfaction(self) -> Rate:
        """Satisfied, of those who gave a grade; before exclusions: with those who were asked and said nothing."""
        return Rate(self.good, self.rated, self.rated + self.silent)

    @property
    def manner(self) -> Rate:
        """Content with how they were treated, whatever was decided (SAT-03, HAL-27)."""
        return Rate(self.good_conduct, self.conduct, self.rated + self.silent)

    @property
    def answered(self) -> Rate:
        """Ratings given, of those asked for: how far the other rates can be trusted (SAT-01)."""
        return Rate(self.rated, self.rated + self.silent, self.rated + self.silent)


@dataclass(frozen=True, slots=True)
class Claim:
    """Something one would like to say, and how many contradict it."""

    words: str
    counted: int  # 件 about which it speaks
    against: int  # 件 that are not so

    @property
    def holds(self) -> bool:
        """Tell whether it may be said: there is something to speak of, and nothing contradicts it."""
        return bool(self.counted) and not self.against


@dataclass(frozen=True, slots=True)
class Figures:
    """A table over a period, as of a moment."""

    start: datetime
    end: datetime
    at: datetime
    rows: tuple[Row, ...]
    total: Row
    in_force: int  # 项: services in force on that day
    online: int  # 项 of them: can be applied for here
    ever_decided: int  # 件: decided since the beginning, up to that moment
    median_minutes: int | None  # from handing in to decision; half were faster
    fastest_minutes: int | None

    @property
    def claims(self) -> tuple[Claim, ...]:
        """What bulletins like to say, each with what contradicts it now."""
        found = self.total
        due = found.decided + found.overdue
        return (
            Claim(_CLAIMS["early"] % {"count": found.decided}, due, due - found.early),
            Claim(_CLAIMS["in_time"] % {"count": found.decided}, due, found.late + found.overdue),
            Claim(_CLAIMS["once"] % {"count": found.submitted}, found.submitted, found.corrected_twice),
            Claim(_CLAIMS["told"] % {"count": found.submitted}, found.submitted, found.deemed),
        )


_CLAIMS: dict[str, str | Promise] = {
    "early": gettext_lazy("All %(count)s were decided before the promised day."),
    "in_time": gettext_lazy("All %(count)s were decided by the promised date."),
    "once": gettext_lazy("Of all %(count)s, nobody was asked for corrections more than once."),
    "told": gettext_lazy("Of all %(count)s, each was told in time whether it is accepted."),
}
BY = {"office": ("office", "office__name"), "service": ("service__number", "service__name")}


def figures(start: datetime, end: datetime, *, at: datetime, by: str = "office") -> Figures:
    """Count a period [start, end) by `office` or by `service` (all its versions together), the most handed in first."""
    found: dict[str, dict[str, int]] = {}
    labels: dict[str, str] = {}
    for key, label, counts in _counts(start, end, at=at, by=by):
        labels[key] = label  # the newest name of a service comes last
        line = found.setdefault(key, {})
        for name, count in counts.items():
            line[name] = line.get(name, 0) + count
    rows = [Row(key, labels[key], **counts) for key, counts in found.items()]
    rows.sort(key=lambda row: (-row.submitted, -row.decided, row.label))
    median, fastest = _minutes(start, end)
    day = local(at).date()
    return Figures(
        start, end, at, tuple(rows), _sum(rows), **_catalogue(day), median_minutes=median, fastest_minutes=fastest,
        ever_decided=Application.objects.filter(decided_at__lte=at).count(),
    )  # fmt: skip


def _catalogue(day: date) -> dict[str, int]:
    """Count services as they stood on a day; of yesterday it stays what it was (ONL-10)."""
    live = Service.objects.live(day)
    return {"in_force": live.count(), "online": Service.objects.for_applying(day).count()}


def _counts(start: datetime, end: datetime, *, at: datetime, by: str) -> Iterable[tuple[str, str, Mapping[str, int]]]:
    """Yield key, label and counts of each group, from four queries that group in the database."""
    sent = Application.objects.exclude(state=Course.DRAFT)
    yield from _grouped(
        sent.filter(submitted_at__gte=start, submitted_at__lt=end),
        by,
        submitted=Count("pk"),
        online=Count("pk", filter=Q(channel__in=(Channel.WEB, Channel.API))),
        corrected=Count("pk", filter=Q(corrections_count__gte=1)),
        corrected_twice=Count("pk", filter=Q(corrections_count__gte=2)),
        deemed=Count("pk", filter=Q(deemed=True)),
        refused=Count("pk", filter=Q(state=Course.REFUSED)),
    )
    decided, promised, submitted = (
        TruncDate(name, tzinfo=ZONE) for name in ("decided_at", "promised_at", "submitted_at")
    )
    late = Q(decided_at__gt=F("promised_at"))
    yield from _grouped(
        with_trips(sent.filter(decided_at__gte=start, decided_at__lt=end)).annotate(
            on=decided, until=promised, since=submitted
        ),
        by,
        decided=Count("pk"),
        granted=Count("pk", filter=Q(result=Result.GRANTED)),
        early=Count("pk", filter=Q(on__lt=F("until"))),
        on_time=Count("pk", filter=~late & Q(on__gte=F("until"))),
        late=Count("pk", filter=late),
        same_day=Count("pk", filter=Q(on=F("since"))),
        trips=Sum("trips"),
        more_trips=Count("pk", filter=Q(trips__gt=1)),
    )
    yield from _grouped(Application.objects.overdue(at), by, overdue=Count("pk"))
    graded = Q(silent=False)
    yield from _grouped(
        Rating.objects.filter(at__gte=start, at__lt=end, application__isnull=False),
        by,
        "application__",
        rated=Count("pk", filter=graded),
        good=Count("pk", filter=graded & Q(grade__gt=BAD_GRADE)),
        silent=Count("pk", filter=~graded),
        conduct=Count("pk", filter=graded & Q(conduct__isnull=False)),
        good_conduct=Count("pk", filter=graded & Q(conduct__gt=BAD_GRADE)),
    )


def _grouped(
    rows: QuerySet[Any], by: str, before: str = "", **counts: Any
) -> Iterable[tuple[str, str, Mapping[str, int]]]:
    key, label = (f"{before}{part}" for part in BY[by])
    named = {f"n_{name}": count for name, count in counts.items()}  # apart from the columns of the rows
    for group, words, *numbers in rows.order_by(key).values_list(key, label).annotate(**named):
        yield str(group), words, dict(zip(counts, numbers, strict=True))


def _minutes(start: datetime, end: datetime) -> tuple[int | None, int | None]:
    """Return the median and the shortest time from handing in to decision, by the clock on the wall (ONL-09)."""
    took = ExpressionWrapper(F("decided_at") - F("submitted_at"), output_field=DurationField())
    decided = Application.objects.filter(decided_at__gte=start, decided_at__lt=end, submitted_at__isnull=False)
    count = decided.count()
    if not count:
        return None, None
    middle = decided.order_by(took).values_list(took, flat=True)[count // 2]
    fastest = decided.aggregate(least=Min(took))["least"]
    return int(middle.total_seconds() // 60), int(fastest.total_seconds() // 60)


def _sum(rows: Iterable[Row]) -> Row:
    names = [field.name for field in fields(Row) if field.name not in ("key", "label")]
    kept = list(rows)
    return Row("total", _("in all"), **{name: sum(getattr(row, name) for row in kept) for name in names})
