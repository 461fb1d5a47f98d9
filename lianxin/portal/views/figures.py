"""Open figures: what was said, what came of it, and how each number is counted."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lianxin.kit.figures import FEW, Measure
from lianxin.listen.models import Voice
from lianxin.people.rules import public
from lianxin.portal.forms import FiguresForm
from lianxin.portal.views.counts import FIGURES, HEADLINE, RATES, Figure, figures_of, measure_word, percent
from lianxin.portal.views.paper import pdf_of
from lianxin.portal.views.visitor import Request
from lianxin.resolve.figures import Figures, Row
from lianxin.resolve.models import Publication

STRIP = ("received", "cases", "answered", "solved", "late")
MONTHS_SHOWN = 24


def headline(request: Request) -> dict[str, Any]:
    """Return the figures of this year for the first page; nothing while nothing was heard."""
    form = FiguresForm({}, at=request.at)
    counted = figures_of(form.days, "whole", request.at)
    shown = [_shown(FIGURES[key], counted.total) for key in HEADLINE] if counted.total.received else []
    return {"shown": shown, "at": counted.at}


def _shown(figure: Figure, row: Row) -> dict[str, Any]:
    return {
        "figure": figure,
        "value": figure.value(row),
        "measure": figure.word,
        "label": figure.label,
        "key": figure.key,
    }


@public
@require_safe
def figures(request: Request) -> HttpResponse:
    """Show what was said and what came of it, by subject and by place, as bars and as the same numbers."""
    form = FiguresForm(request.GET, at=request.at)
    by_subject = figures_of(form.days, "subject", request.at)
    by_area = figures_of(form.days, "area", request.at)
    context = {
        "form": form,
        "figures": by_subject,
        "last_day": form.days[1] - timedelta(days=1),
        "first_day": form.days[0],
        "shown": [_shown(FIGURES[key], by_subject.total) for key in STRIP],
        "rates": [_rate(figure, by_subject.total) for figure in RATES],
        "tables": [
            {"title": _("What people speak of"), "head": _("Subject"), **_table(by_subject)},
            {"title": _("Where they speak from"), "head": _("Place"), **_table(by_area)},
        ],
        "few": FEW,
        "days_word": measure_word(Measure.DAY),
    }
    return render(request, "portal/figures.html", context)


def _table(found: Figures) -> dict[str, Any]:
    return {
        "lines": [
            {"row": row, "on_time": percent(row.response, few=FEW), "solving": percent(row.solving, few=FEW)}
            for row in found.rows
        ],
        "most": max((row.received for row in found.rows), default=0),
        "all_on_time": percent(found.total.response),
        "all_solving": percent(found.total.solving),
    }


def _rate(figure: Figure, row: Row) -> dict[str, Any]:
    rate = figure.rate(row) if figure.rate else None
    return {"figure": figure, "rate": rate, "percent": figure.value(row)}


@public
@require_safe
def figure(request: Request, key: str) -> HttpResponse:
    """Show how one figure is counted, and the rows that it is the sum of."""
    found = FIGURES.get(key)
    if found is None:
        raise Http404
    form = FiguresForm(request.GET, at=request.at)
    counted = figures_of(form.days, "subject", request.at)
    lines = [
        {"label": row.label, "value": found.value(row), "rate": found.rate(row) if found.rate else None}
        for row in counted.rows
    ]
    most = max((line["value"] for line in lines if isinstance(line["value"], int)), default=0)
    context = {
        "figure": found,
        "form": form,
        "first_day": form.days[0],
        "last_day": form.days[1] - timedelta(days=1),
        "figures": counted,
        "value": found.value(counted.total),
        "rate": found.rate(counted.total) if found.rate else None,
        "lines": lines,
        "most": most,
        "few": FEW,
    }
    return render(request, "portal/figure.html", context)


COLUMNS = (
    "received", "settled", "solved", "cases", "answered", "cases_solved", "on_time", "on_first_date", "late", "asked",
    "spoke", "said_solved", "graded_result", "good_result", "graded_handling", "good_handling",
)  # fmt: skip


@public
@require_safe
def figures_csv(request: Request) -> HttpResponse:
    """Give the same numbers as a table for a spreadsheet, by subject and by place."""
    form = FiguresForm(request.GET, at=request.at)
    name = f"figures-{form.days[0]:%Y%m%d}-{form.days[1] - timedelta(days=1):%Y%m%d}.csv"
    answer = HttpResponse(
        content_type="text/csv; charset=utf-8", headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
    answer.write("\ufeff")  # by which spreadsheets know UTF-8
    table = csv.writer(answer)
    table.writerow(["by", "label", *COLUMNS])
    for by in ("subject", "area"):
        counted = figures_of(form.days, by, request.at)
        for row in (*counted.rows, counted.total):
            table.writerow([by, row.label, *(getattr(row, column) for column in COLUMNS)])
    return answer


@public
@require_safe
def digests(request: Request) -> HttpResponse:
    """List the months of which there is a digest, the newest first."""
    earliest = Voice.objects.order_by("received_at").values_list("received_at", flat=True).first()
    first = timezone.localdate(earliest or request.at).replace(day=1)
    months: list[date] = []
    day = timezone.localdate(request.at).replace(day=1)
    while day >= first and len(months) < MONTHS_SHOWN:
        months.append(day)
        day = (day - timedelta(days=1)).replace(day=1)
    return render(request, "portal/digests.html", {"months": months})


@public
@require_safe
def digest(request: Request, year: int, month: int) -> HttpResponse:
    """Tell one month on one page: what was said, what came of it, what was answered in public."""
    try:
        first = date(year, month, 1)
    except ValueError:
        raise Http404 from None
    today = timezone.localdate(request.at)
    if first > today:
        raise Http404
    after = min((first + timedelta(days=32)).replace(day=1), today + timedelta(days=1))
    counted = figures_of((first, after), "subject", request.at)
    published = Publication.objects.published().in_month(first).with_facts()
    context = {
        "first": first,
        "last_day": after - timedelta(days=1),
        "figures": counted,
        "shown": [_shown(FIGURES[key], counted.total) for key in STRIP],
        "rates": [_rate(figure, counted.total) for figure in RATES],
        **_table(counted),
        "answers": published[:50],
        "date": today,
    }
    if "paper" in request.GET:
        return pdf_of(request, "portal/digest_paper.html", context, f"digest-{first:%Y-%m}.pdf")
    return render(request, "portal/digest.html", context)
