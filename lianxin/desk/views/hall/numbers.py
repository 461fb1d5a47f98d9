"""The hall in numbers: waiting and serving, lunch, empty windows, duties not served."""

from __future__ import annotations

from datetime import date, timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from lianxin.desk.forms.hall import SpanForm
from lianxin.desk.views.hall.which import kept_hall
from lianxin.desk.views.officer import Request
from lianxin.people.rules import Power, power
from lianxin.serve.figures import hall as counted

DAYS, MOST = 7, 366


@power(Power.HALL)
@never_cache
@require_safe
def hall_figures(request: Request) -> HttpResponse:
    """Show how long people waited and were served per line and day, and what was done at lunch."""
    hall = kept_hall(request)
    today = timezone.localdate(request.at)
    form = SpanForm(request.GET)
    first, last = span_of(form, today)
    context: dict[str, object] = {"hall": hall, "first": first, "last": last, "form": form}
    if hall:
        able, clerks = counted.skills_per_clerk(hall, today)
        context |= {
            "rows": counted.by_line_and_day(hall, first, last), "lunch": counted.served_at_lunch(hall, first, last),
            "owed": counted.lunch_minutes(hall, first, last), "able": able, "clerks": clerks,
            "unserved": counted.unserved_duties(hall, first, request.at),
        }  # fmt: skip
    return render(request, "desk/hall/figures.html", context)


def span_of(form: SpanForm, today: date) -> tuple[date, date]:
    """Return the first and the last day that were asked for; the last days where nothing was."""
    said = form.cleaned_data if form.is_valid() else {}
    last = min(said.get("last") or today, today)
    first = said.get("first") or last - timedelta(days=DAYS - 1)
    return min(max(first, last - timedelta(days=MOST)), last), last
