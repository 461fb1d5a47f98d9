"""The clean-up of the catalogue: what was decided, and what the catalogue was like before and after."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from lianxin.desk.forms.catalogue import DaysForm
from lianxin.desk.views.officer import Request
from lianxin.desk.views.rows import page_of
from lianxin.desk.views.sheet import csv_file
from lianxin.people.rules import Power, power
from lianxin.serve.figures.catalogue import State, decided, gaps_on, state_on
from lianxin.serve.models import Review

ON_A_PAGE = 50


@power(Power.CATALOGUE)
@never_cache
@require_safe
def cleanup(request: Request) -> HttpResponse:
    """Show the catalogue before and after, and each decision between."""
    since, until = _days(request)
    reviews = _reviews(since, until)
    context = {
        "form": DaysForm(initial={"since": since, "until": until}),
        "since": since,
        "until": until,
        "lines": _lines(since, until),
        "decided": decided(since, until),
        "gaps": gaps_on(until)[:20],
        "page": page_of(reviews, request.GET.get("page"), ON_A_PAGE),
        "query": f"since={since.isoformat()}&until={until.isoformat()}",
    }
    return render(request, "desk/services/cleanup.html", context)


@power(Power.CATALOGUE)
@never_cache
@require_safe
def cleanup_csv(request: Request) -> HttpResponse:
    """Give the same as a table: the counts first, then each decision."""
    since, until = _days(request)
    rows: list[tuple[object, ...]] = [
        (line["label"], line["before"], line["after"], line["change"], "", "", "") for line in _lines(since, until)
    ]
    rows += [
        (
            each.service.number, each.service.name, each.get_verdict_display(), each.on.isoformat(), each.reason,
            each.basis, each.get_in_flight_display(),
        )
        for each in _reviews(since, until)
    ]  # fmt: skip
    header = (gettext("what"), since.isoformat(), until.isoformat(), gettext("change"), "", "", "")
    return csv_file(f"cleanup-{since:%Y%m%d}-{until:%Y%m%d}.csv", header, rows)


def _days(request: Request) -> tuple[date, date]:
    """Return the days to compare: those asked for, else the first of the year and today."""
    form = DaysForm(request.GET)
    form.is_valid()
    until = form.cleaned_data.get("until") or timezone.localdate(request.at)
    since = form.cleaned_data.get("since") or until.replace(month=1, day=1)
    return min(since, until), until


def _reviews(since: date, until: date) -> Any:
    found = Review.objects.filter(on__gte=since, on__lt=until + timedelta(days=1))
    return found.select_related("service", "by").order_by("-on", "service__number")


def _lines(since: date, until: date) -> list[dict[str, Any]]:
    """Return the counts of both days, each with what it is counted over."""
    before, after = state_on(since), state_on(until)
    labels = [
        ("services", gettext("services")),
        ("on_the_spot", gettext("done on the spot")),
        ("to_apply", gettext("can be applied for here")),
        ("days", gettext("promised working days, added up")),
        ("materials", gettext("materials, added up")),
        ("steps", gettext("steps at offices, added up")),
        ("visits", gettext("visits, added up")),
        ("complete", gettext("services of which everything is said")),
    ]
    return [_line(key, label, before, after) for key, label in labels]


def _line(key: str, label: str, before: State, after: State) -> dict[str, Any]:
    one, two = getattr(before, key), getattr(after, key)
    return {
        "label": label,
        "before": one,
        "after": two,
        "change": two - one,
        "over": (getattr(before, f"{key}_said", None), getattr(after, f"{key}_said", None)),
    }
