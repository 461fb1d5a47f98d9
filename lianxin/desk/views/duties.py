"""What is due: one's own, that of others, the calendar of the year with what falls together, clues."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from itertools import groupby
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from lianxin.desk.forms.obliging import DeclareForm, EndForm, ExemptForm, ObligationForm, ReportForm, SettleForm
from lianxin.desk.views.asking import ask, posted
from lianxin.desk.views.officer import Request, not_here
from lianxin.people.models import calendar_now
from lianxin.people.rules import Power, power, signed_in
from lianxin.record.models import Encounter
from lianxin.supervise import actions
from lianxin.supervise.models import Clue, Due, Exemption, Obligation, Report, dues
from lianxin.supervise.papers import icalendar
from lianxin.supervise.rules import DAY, LIGHTS, Period, Span, State, period_of

FIRST_YEAR, LAST_YEAR = 2000, 2100
SHOWN = 200


@signed_in
@never_cache
@require_safe
def duties(request: Request) -> HttpResponse:
    """Show what is due from me now, and, to who oversees, how each obligation stands this period."""
    today = timezone.localdate(request.at)
    now = Span(today, today + DAY)
    rows = list(Obligation.objects.within(now).order_by("name"))
    mine = dues(rows, now, request.at, user=request.user)
    context = {
        "mine": [(due, LIGHTS[due.state]) for due in mine], "rows": _standing(request, rows, now),
        "clues": Clue.objects.visible_to(request.user).open().select_related("obligation", "user", "office"),
        "keeps": request.user.standing.may(Power.LINK, anywhere=True), "today": today,
    }  # fmt: skip
    return render(request, "desk/duties/duties.html", context)


@power(Power.LINK, Power.OVERSEE)
@never_cache
@require_safe
def obligation(request: Request, key: str) -> HttpResponse:
    """Show one obligation of one period by person: done, behind, missed, and what it rests on."""
    found = _obligation(key)
    day = _day(request)
    over = period_of(found.period, day) if found.period != Period.DATES else period_of(Period.MONTH, day)
    all_dues = _seen(request, dues([found], over, request.at))
    only = request.GET.get("only", "")
    shown = [due for due in all_dues if not only or due.state == only]
    context = {
        "obligation": found, "over": over, "numbers": _counts(all_dues), "only": only, "before": over.first - DAY,
        "after": over.until, "dues": [(due, LIGHTS[due.state]) for due in shown[:SHOWN]], "more": len(shown) > SHOWN,
        "exemptions": Exemption.objects.within(over).filter(obligation=found).select_related("user", "office"),
        "keeps": request.user.standing.may(Power.LINK, anywhere=True),
    }  # fmt: skip
    return render(request, "desk/duties/duty.html", context)


@signed_in
@never_cache
@require_safe
def calendar(request: Request) -> HttpResponse:
    """Show the days of a year on which something is due, with holidays and what falls together."""
    year = _year(request)
    days, this_month = _days(request, year), timezone.localdate(request.at).replace(day=1)
    months = [
        (month, list(rows), month < this_month)
        for month, rows in groupby(days, key=lambda row: row["day"].replace(day=1))
    ]
    context = {"year": year, "days": days, "months": months, "together": _together(days)}
    return render(request, "desk/duties/calendar.html", context)


@signed_in
@never_cache
@require_safe
def calendar_ics(request: Request) -> HttpResponse:
    """Give the days of the year as a file that calendars of phones read."""
    year = _year(request)
    over = Span(date(year, 1, 1), date(year + 1, 1, 1))
    mine = _of_the_year(request, over)
    text = icalendar(mine, name=gettext("What is due"), at=request.at, host=request.get_host().split(":")[0])
    answer = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="duties-{year}.ics"'
    return answer


@power(Power.LINK)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def set_obligation(request: Request) -> HttpResponse:
    """Write down what is required how often."""
    form = ObligationForm(posted(request), at=request.at, initial={"by_substitute": True})
    return ask(
        request, form, lambda: actions.set_obligation(**form.cleaned_data, by=request.user, at=request.at),
        title=gettext("What is required how often"), submit=gettext("Write it down"),
        done=gettext("Written down. It counts from its first day by what is on record."), back=reverse("desk:duties"),
        intro=gettext("To change it later, end it and write a new one: what was due stays due."),
    )  # fmt: skip


@power(Power.LINK)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def end_obligation(request: Request, key: str) -> HttpResponse:
    """Let something be required no more."""
    found = _obligation(key)
    form = EndForm(posted(request))
    return ask(
        request, form, lambda: actions.end_obligation(found, **form.cleaned_data, by=request.user, at=request.at),
        title=gettext("Required no more"), submit=gettext("End it"), done=gettext("It ends on that day."),
        back=reverse("desk:duties"), intro=found.name,
    )  # fmt: skip


@power(Power.LINK)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def exempt(request: Request) -> HttpResponse:
    """Let somebody off, with the reason."""
    form = ExemptForm(posted(request), at=request.at)
    return ask(
        request, form, lambda: actions.exempt(**form.cleaned_data, by=request.user, at=request.at),
        title=gettext("Let somebody off"), submit=gettext("Let off"), done=gettext("Not required in these days."),
        back=reverse("desk:duties"),
        intro=gettext("Leave, illness, secondment: the reason stands beside every figure."),
    )  # fmt: skip


@power(Power.OVERSEE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def settle_clue(request: Request, pk: int) -> HttpResponse:
    """Say what came of a clue."""
    found = Clue.objects.visible_to(request.user).select_related("obligation").filter(pk=pk).first() or not_here()
    form = SettleForm(posted(request))
    return ask(
        request, form, lambda: actions.settle_clue(found, **form.cleaned_data, by=request.user, at=request.at),
        title=gettext("Settle the clue"), submit=gettext("Settle it"), done=gettext("It is on record."),
        back=reverse("desk:duties"), intro=f"{found.obligation} · {found.user or found.office}",
    )  # fmt: skip


@power(Power.VISIT)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: Request, number: str) -> HttpResponse:
    """Write the report of a visit."""
    found = _visit(request, number)
    form = ReportForm(posted(request))
    return ask(
        request, form, lambda: actions.report(found, **form.cleaned_data, by=request.user, at=request.at),
        title=gettext("Report of the visit"), submit=gettext("Hand in the report"), done=gettext("The report is in."),
        back=reverse("desk:reports"), intro=f"{found.kind} · {found.enterprise or found.area or ''}",
    )  # fmt: skip


@power(Power.VISIT)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def declare(request: Request, number: str) -> HttpResponse:
    """Say what was received on a visit, also where it was nothing."""
    found = _visit(request, number)
    form = DeclareForm(posted(request))
    return ask(
        request, form, lambda: actions.declare(found, **form.cleaned_data, by=request.user, at=request.at),
        title=gettext("What was received"), submit=gettext("Declare it"), done=gettext("It is on record."),
        back=reverse("desk:reports"), intro=gettext("For every visit to an enterprise, also where it was nothing."),
    )  # fmt: skip


@power(Power.VISIT, Power.LINK)
@never_cache
@require_safe
def reports(request: Request) -> HttpResponse:
    """Show the library of reports, and my visits that still want one or a declaration."""
    mine = Encounter.objects.done().filter(recorder=request.user, enterprise__isnull=False).select_related("enterprise")
    seen = Report.objects.visible_to(request.user)
    open_ones = mine.filter(report=None) | mine.exclude(declarations__by=request.user)
    context = {
        "reports": seen.select_related("encounter__enterprise", "by").order_by("-id")[:50],
        "open": open_ones.distinct().prefetch_related("report", "declarations").order_by("-starts_at")[:20],
    }  # fmt: skip
    return render(request, "desk/duties/reports.html", context)


def _standing(request: Request, rows: list[Obligation], now: Span) -> list[dict[str, Any]]:
    """Return how each obligation stands now with those one oversees."""
    standing = request.user.standing
    if standing.powers.isdisjoint({Power.LINK, Power.OVERSEE}):
        return []
    found: dict[int, list[Due]] = defaultdict(list)
    for due in _seen(request, dues(rows, now, request.at)):
        found[due.obligation.pk].append(due)
    return [{"obligation": row, "counts": _counts(found[row.pk]), "total": len(found[row.pk])} for row in rows]


def _seen(request: Request, rows: Iterable[Due]) -> list[Due]:
    standing = request.user.standing
    if standing.everywhere(Power.OVERSEE) or standing.everywhere(Power.LINK):
        return list(rows)
    offices = standing.offices(Power.OVERSEE, Power.LINK)
    return [due for due in rows if due.owner.office.pk in offices]


def _counts(rows: Iterable[Due]) -> dict[str, int]:
    counts = dict.fromkeys(State.values, 0)
    for due in rows:
        counts[due.state] += 1
    return counts


def _of_the_year(request: Request, over: Span) -> list[Due]:
    """Return days of recurrences that concern the officer's offices, and the officer's own quotas."""
    rows = list(Obligation.objects.within(over))
    own = dues(rows, over, request.at, user=request.user)
    offices = {h.office_id for h in request.user.standing.holdings}
    dated = dues([row for row in rows if row.period == Period.DATES], over, request.at)
    near = [due for due in dated if due.owner.user is None and offices & due.owner.office.branch]
    near += [
        due for due in dated if due.owner.user is None and due.owner.office.pk not in offices and _seen(request, [due])
    ]
    return [*own, *{id(due): due for due in near}.values()]


def _days(request: Request, year: int) -> list[dict[str, Any]]:
    """Return each day of the year on which something is due, with the name of its holiday."""
    over = Span(date(year, 1, 1), date(year + 1, 1, 1))
    by_day: dict[date, dict[str, Due]] = defaultdict(dict)
    for due in _of_the_year(request, over):
        day = due.day or due.span.last
        if over.holds(day):
            by_day[day].setdefault(due.obligation.key, due)
    known = calendar_now()
    return [
        {
            "day": day, "dues": list(found.values()),
            "holiday": "" if known.is_workday(day) else known.name(day) or "·",
            "together": sum(due.day is not None for due in found.values()) > 1,
        }
        for day, found in sorted(by_day.items())
    ]  # fmt: skip


def _together(days: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the days that need a word: two things at once, a holiday, or a date that was moved."""
    return [day for day in days if day["together"] or any(due.is_moved for due in day["dues"])]


def _obligation(key: str) -> Obligation:
    return Obligation.objects.filter(key=key[:40]).first() or not_here()


def _visit(request: Request, number: str) -> Encounter:
    rows = Encounter.objects.visible_to(request.user).done().select_related("kind", "enterprise", "area")
    return rows.filter(number=number[:24]).first() or not_here()


def _day(request: Request) -> date:
    try:
        day = date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        return timezone.localdate(request.at)
    return day if FIRST_YEAR <= day.year <= LAST_YEAR else timezone.localdate(request.at)


def _year(request: Request) -> int:
    said = request.GET.get("year", "")
    wanted = int(said) if said.isdecimal() and len(said) == 4 else 0
    return wanted if FIRST_YEAR <= wanted <= LAST_YEAR else timezone.localdate(request.at).year
