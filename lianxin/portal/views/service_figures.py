"""Open figures of the service hall: what was asked for, how fast it was decided, and what people say of it."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.core.cache import cache
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from lianxin.kit.figures import FEW, Measure, Rate
from lianxin.people.rules import public
from lianxin.portal.forms import FiguresForm
from lianxin.portal.views.counts import KEEP_SECONDS, measure_word, percent
from lianxin.portal.views.visitor import Request
from lianxin.serve.figures import applications as counted
from lianxin.serve.figures.applications import Figures, Row


@dataclass(frozen=True, slots=True)
class Rule:
    """One figure of the strip: where it stands in a row, and how it is counted."""

    key: str
    label: str | Promise
    rule: str | Promise


STRIP = (
    Rule("submitted", _("handed in"), _("Applications handed in within this time, on whatever way.")),
    Rule("decided", _("decided"), _("Applications decided within this time, whatever was decided.")),
    Rule(
        "early", _("before the promised day"),
        _("Decided at least one day before the day that was promised. On the promised day is in time, but not early."),
    ),
    Rule("same_day", _("on the same day"), _("Decided on the day on which they were handed in.")),
    Rule(
        "more_trips", _("more than one trip"),
        _("Decided, and somebody had to come to a counter on more than one day. By post or on this site is no trip."),
    ),
    Rule("late", _("late"), _("Decided after the promised moment, be it by a minute.")),
    Rule("overdue", _("overdue now"), _("Past the promised date and not decided at this moment.")),
)  # fmt: skip
RATES: tuple[tuple[str, str | Promise], ...] = (
    ("in_time", _("decided by the promised date, of all that were due")),
    ("once_at_most", _("nobody had to come more than once, of what was decided")),
    ("satisfaction", _("satisfied, of those who gave a grade")),
    ("manner", _("content with how they were treated, whatever was decided")),
    ("answered", _("gave a grade, of those who were asked")),
)
COLUMNS = (
    "submitted", "online", "corrected", "corrected_twice", "deemed", "refused", "decided", "granted", "early",
    "on_time", "late", "same_day", "trips", "more_trips", "overdue", "rated", "good", "silent", "conduct",
    "good_conduct",
)  # fmt: skip


@public
@require_safe
def service_figures(request: Request) -> HttpResponse:
    """Show what the service hall did, by office and by service, and which claims hold."""
    form = FiguresForm(request.GET, at=request.at)
    by_office, by_service = (_figures(form.days, by, request.at) for by in counted.BY)
    context = {
        "form": form,
        "first_day": form.days[0],
        "last_day": form.days[1] - timedelta(days=1),
        "figures": by_office,
        "shown": [{"rule": each, "value": getattr(by_office.total, each.key)} for each in STRIP],
        "word": measure_word(Measure.CASE),
        "minutes_word": measure_word(Measure.MINUTE),
        "measure_word": measure_word(Measure.MEASURE),
        "rates": [_rate(key, label, by_office.total) for key, label in RATES],
        "tables": [
            {"title": _("Where it was done"), "head": _("Office"), "lines": _lines(by_office)},
            {"title": _("What was asked for"), "head": _("Service"), "lines": _lines(by_service)},
        ],
        "few": FEW,
    }
    return render(request, "portal/service_figures.html", context)


@public
@require_safe
def service_figures_csv(request: Request) -> HttpResponse:
    """Give the same numbers as a table for a spreadsheet, by office and by service."""
    form = FiguresForm(request.GET, at=request.at)
    name = f"services-{form.days[0]:%Y%m%d}-{form.days[1] - timedelta(days=1):%Y%m%d}.csv"
    answer = HttpResponse(
        content_type="text/csv; charset=utf-8", headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
    answer.write("\ufeff")  # by which spreadsheets know UTF-8
    table = csv.writer(answer)
    table.writerow(["by", "label", *COLUMNS])
    for by in counted.BY:
        found = _figures(form.days, by, request.at)
        for row in (*found.rows, found.total):
            table.writerow([by, row.label, *(getattr(row, column) for column in COLUMNS)])
    return answer


def _figures(days: tuple[date, date], by: str, at: datetime) -> Figures:
    """Return the figures of these days, remembered for a minute in each language."""
    start, end = (timezone.make_aware(datetime.combine(day, time.min)) for day in days)
    key = f"portal:services:{start:%Y%m%d}:{end:%Y%m%d}:{by}:{get_language()}"
    kept: Figures | None = cache.get(key)
    if kept is None:
        kept = counted.figures(start, end, at=at, by=by)
        cache.set(key, kept, KEEP_SECONDS)
    return kept


def _rate(key: str, label: str | Promise, row: Row) -> dict[str, Any]:
    rate: Rate = getattr(row, key)
    return {"label": label, "rate": rate, "percent": percent(rate)}


def _lines(found: Figures) -> list[dict[str, Any]]:
    """Return the lines of a table; a rate over too few is not told, so that nobody can be recognised."""
    return [
        {
            "row": row,
            "in_time": percent(row.in_time, few=FEW),
            "satisfaction": percent(row.satisfaction, few=FEW),
        }
        for row in found.rows
    ]
