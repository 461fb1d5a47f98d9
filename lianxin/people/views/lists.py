"""Lists brought in from a file: read, shown, and kept only then."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lianxin.kit.clock import Day
from lianxin.kit.rows import UnreadableRowsError, read_rows
from lianxin.people import actions
from lianxin.people.forms.reference import KeepForm, ListForm, OutlinesForm
from lianxin.people.models import CalendarDay
from lianxin.people.rules import CalendarTrouble, Power, power, read_calendar
from lianxin.people.views.request import OfficerRequest
from lianxin.places.rules import OutlineRow, Trouble, UnreadableOutlinesError, read_areas, read_outlines

Rows = list[dict[str, str]]
Outlines = tuple[list[OutlineRow], list[Trouble]]
T = TypeVar("T")
UNREADABLE = (UnreadableRowsError, UnreadableOutlinesError)


@dataclass(slots=True)
class Preview:
    """What keeping a list would do, in words, and what is wrong with it."""

    lines: list[str]
    troubles: Sequence[Trouble | CalendarTrouble] = field(default_factory=list)
    may_keep: bool = True


@power(Power.REFERENCE)
def import_calendar(request: OfficerRequest) -> HttpResponse:
    """Bring in the holidays and make-up workdays of whole years."""

    def preview(rows: Rows) -> Preview:
        days, troubles = read_calendar(rows)
        years = sorted({day.date.year for day in days})
        return Preview([_year_line(year, days) for year in years], troubles, may_keep=not troubles)

    def keep(rows: Rows, source: str) -> str:
        years = actions.import_calendar(rows=read_calendar(rows)[0], source=source, by=request.user, at=request.at)
        if not years:
            return _("The calendar said so already. Nothing has changed.")
        return _("The calendar of %(years)s is kept.") % {"years": ", ".join(map(str, years))}

    columns = _("date (2027-01-31), is_workday (1 or 0), name. Only holidays and make-up workdays, whole years.")
    return _list(request, preview, keep, title=_("Bring in a calendar"), columns=columns, back="calendar")


@power(Power.REFERENCE)
def import_offices(request: OfficerRequest) -> HttpResponse:
    """Bring in offices."""

    def preview(rows: Rows) -> Preview:
        done = actions.import_offices(rows=rows, by=request.user, at=request.at, dry=True)
        return Preview(_counted(len(done.added), 0, done.known), done.troubles, may_keep=bool(done.added))

    def keep(rows: Rows, source: str) -> str:
        done = actions.import_offices(rows=rows, by=request.user, at=request.at)
        return " ".join(_counted(len(done.added), 0, done.known))

    columns = _("name, kind, parent (name), phone, address, areas (codes or full names, separated by ;).")
    return _list(request, preview, keep, title=_("Bring in offices"), columns=columns, back="offices")


@power(Power.REFERENCE)
def import_areas(request: OfficerRequest) -> HttpResponse:
    """Bring in areas."""

    def preview(rows: Rows) -> Preview:
        good, troubles = read_areas(rows)
        done = actions.import_areas(rows=good, source="", by=request.user, at=request.at, dry=True)
        lines = _counted(len(done.added), len(done.changed), done.known)
        return Preview(lines, troubles + done.troubles, may_keep=bool(done.added or done.changed))

    def keep(rows: Rows, source: str) -> str:
        done = actions.import_areas(rows=read_areas(rows)[0], source=source, by=request.user, at=request.at)
        return " ".join(_counted(len(done.added), len(done.changed), done.known))

    columns = _("name, kind, code, parent (code or name), starts (2027-01-31).")
    return _list(request, preview, keep, title=_("Bring in areas"), columns=columns, back="areas")


@power(Power.REFERENCE)
def import_outlines(request: OfficerRequest) -> HttpResponse:
    """Bring in the outlines of areas, for the map."""

    def preview(read: Outlines) -> Preview:
        rows, troubles = read
        done = actions.import_outlines(rows=rows, by=request.user, at=request.at, dry=True)
        lines = _drawn(len(done.drawn), done.known)
        return Preview(lines, _in_order([*troubles, *done.troubles]), may_keep=bool(done.drawn))

    def keep(read: Outlines, source: str) -> str:
        done = actions.import_outlines(rows=read[0], by=request.user, at=request.at)
        return " ".join(_drawn(len(done.drawn), done.known))

    columns = _("code; or name, and parent (code or name) where several areas have that name.")
    return _bring(
        request, read_outlines, preview, keep,
        form=OutlinesForm(request.POST or None, request.FILES or None), title=_("Bring in outlines"), columns=columns,
        back="areas", unreadable=_("This file cannot be read. It must be a GeoJSON FeatureCollection in UTF-8."),
    )  # fmt: skip


def _list(
    request: OfficerRequest,
    preview: Callable[[Rows], Preview],
    keep: Callable[[Rows, str], str],
    *,
    title: str,
    columns: str,
    back: str,
) -> HttpResponse:
    return _bring(
        request, read_rows, preview, keep,
        form=ListForm(request.POST or None, request.FILES or None), title=title, columns=columns, back=back,
        unreadable=_("This file cannot be read. It must be CSV or JSON, in UTF-8 or GB 18030."),
    )  # fmt: skip


def _bring(
    request: OfficerRequest,
    read: Callable[[bytes], T],
    preview: Callable[[T], Preview],
    keep: Callable[[T, str], str],
    *,
    form: ListForm | OutlinesForm | KeepForm,
    title: str,
    columns: str,
    back: str,
    unreadable: str,
) -> HttpResponse:
    """Show the form for a file, then what keeping it would do, then keep it and go back."""
    if said := _kept(request, read, preview, keep):
        messages.success(request, said)
        return HttpResponseRedirect(reverse(back))
    shown = None
    if form.is_valid():
        content = form.cleaned_data["file"].read()
        try:
            shown = preview(read(content))
        except UNREADABLE:
            form.add_error("file", unreadable)
        else:
            form = KeepForm(
                initial={
                    "source": form.cleaned_data.get("source") or form.cleaned_data["file"].name[:120],
                    "text": _text(content),
                }
            )
    context = {
        "form": form, "preview": shown, "title": title, "columns": columns, "back": reverse(back), "here": back,
    }  # fmt: skip
    return render(request, "people/list.html", context, status=422 if form.errors else 200)


def _kept(
    request: OfficerRequest,
    read: Callable[[bytes], T],
    preview: Callable[[T], Preview],
    keep: Callable[[T, str], str],
) -> str:
    """Keep what has been shown, if that was asked for and may be, and return what came of it."""
    form = KeepForm(request.POST)
    if "keep" not in request.POST or not form.is_valid():
        return ""
    try:
        found = read(form.cleaned_data["text"].encode())
    except UNREADABLE:
        return ""
    return keep(found, form.cleaned_data["source"]) if preview(found).may_keep else ""


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("gb18030")


def _in_order(troubles: list[Trouble]) -> list[Trouble]:
    return sorted(troubles, key=lambda trouble: trouble.row)


def _drawn(drawn: int, known: int) -> list[str]:
    said = [ngettext("%(n)s outline is drawn.", "%(n)s outlines are drawn.", drawn) % {"n": drawn}]
    if known:
        said.append(ngettext("%(n)s is known already.", "%(n)s are known already.", known) % {"n": known})
    return said


def _year_line(year: int, days: list[Day]) -> str:
    rests = sum(day.date.year == year and not day.is_workday for day in days)
    makeups = sum(day.date.year == year and day.is_workday for day in days)
    before = CalendarDay.objects.filter(date__gte=date(year, 1, 1), date__lte=date(year, 12, 31)).count()
    words = _("%(year)s: %(rests)s holidays, %(makeups)s make-up workdays; %(before)s days are in the calendar now.")
    return words % {"year": year, "rests": rests, "makeups": makeups, "before": before}


def _counted(added: int, changed: int, known: int) -> list[str]:
    said = [
        ngettext("%(n)s is new.", "%(n)s are new.", added) % {"n": added},
        ngettext("%(n)s changes its name.", "%(n)s change their names.", changed) % {"n": changed} if changed else "",
        ngettext("%(n)s is known already.", "%(n)s are known already.", known) % {"n": known} if known else "",
    ]
    return [line for line in said if line]
