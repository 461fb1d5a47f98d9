"""What a leader looks at: what waits now, and how a period went; each number leads to what stands behind it."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from lianxin.desk.forms.leader import PeriodForm
from lianxin.desk.views.officer import Request
from lianxin.kit.figures import Rate
from lianxin.listen.models import Subject
from lianxin.people.rules import Power, power
from lianxin.resolve import figures
from lianxin.resolve.figures import Hot, Row


@power(Power.OVERSEE)
@never_cache
@require_safe
def leader(request: Request) -> HttpResponse:
    """Show letters that wait, what is overdue and with whom, what many speak of; the period is asked for afterwards."""
    seen = figures.leading(request.user, at=request.at)
    form = PeriodForm(request.GET)
    context: dict[str, Any] = {
        "seen": seen,
        "offices": [{"late": late, "href": _list(office=late.office, light="late")} for late in seen.late],
        "most_late": max((late.count for late in seen.late), default=0),
        "hot": _hot(seen.hot, request.at),
        "form": form,
        "query": request.GET.urlencode(),
        "open_href": _list(state="open"),
        "late_href": _list(light="late"),
    }
    if request.GET.get("all"):
        context |= _period(request, form)
    return render(request, "desk/leader/leader.html", context)


@power(Power.OVERSEE)
@never_cache
@require_safe
def period(request: Request) -> HttpResponse:
    """Show how a period went, for the page of the leader."""
    return render(request, "desk/leader/period.html", _period(request, PeriodForm(request.GET)))


def _hot(hot: tuple[Hot, ...], at: datetime) -> list[dict[str, Any]]:
    names = [each.subject for each in hot]
    keys = dict(Subject.objects.filter(parent=None, name__in=names).values_list("name", "pk")) if hot else {}
    since = (timezone.localdate(at) - timedelta(days=7)).isoformat()
    return [
        {
            "name": each.subject,
            "count": each.count,
            "before": each.before,
            "growth": each.count - each.before,
            "href": _list(subject=keys.get(each.subject, ""), since=since),
        }
        for each in hot
    ]


def _period(request: Request, form: PeriodForm) -> dict[str, Any]:
    first, end = form.days(timezone.localdate(request.at))
    by = form.by_what()
    counted = figures.figures(_morning(first), _morning(end), at=request.at, by=by, public=False)
    last = end - timedelta(days=1)
    rows = [_line(row, by, first, last) for row in counted.rows]
    return {
        "counted": counted,
        "total": _line(counted.total, by, first, last),
        "lines": rows,
        "by": by,
        "first": first,
        "last": last,
        "most": max((row.received for row in counted.rows), default=0),
    }


def _line(row: Row, by: str, first: date, last: date) -> dict[str, Any]:
    """Return a line of the table with its rates, and where the cases behind it are listed."""
    place = {by: row.key} if row.key.isdecimal() else {}
    return {
        "row": row,
        "response": _rate(row.response),
        "solving": _rate(row.solving),
        "satisfaction": _rate(row.satisfaction),
        "href": _list(**place, since=first.isoformat(), until=last.isoformat()),
    }


def _rate(rate: Rate) -> dict[str, Any]:
    percent = "" if rate.percent is None else f"{rate.percent:.0f}%"
    everybody = "" if rate.percent_of_everybody is None else f"{rate.percent_of_everybody:.0f}%"
    return {
        "percent": percent,
        "part": rate.part,
        "whole": rate.whole,
        "everybody": rate.everybody,
        "of_everybody": everybody,
        "is_small": rate.is_small,
    }


def _list(**asked: Any) -> str:
    """Return where the cases are listed that a number counts."""
    return (
        f"{reverse('desk:cases')}?{urlencode({key: value for key, value in asked.items() if value not in ('', None)})}"
    )


def _morning(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
