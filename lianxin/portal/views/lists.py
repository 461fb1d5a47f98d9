"""Dated lists: what holds on which day, and what that means for one person."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from lianxin.people.rules import public
from lianxin.portal.forms.catalogue import AskForm, DayForm
from lianxin.portal.views.visitor import Request
from lianxin.serve.models import DatedList, DatedRow
from lianxin.serve.rules.catalogue import Answer, ColumnKind, Line, ask, share

LINES_SHOWN = 500


@public
@require_safe
def lists(request: Request) -> HttpResponse:
    """Show the lists on which something depends on a day."""
    found = DatedList.objects.filter(is_public=True).order_by("title")
    return render(request, "portal/services/lists.html", {"lists": found})


@public
@require_safe
def dated_list(request: Request, key: str) -> HttpResponse:
    """Show one list as it was, is or will be on a day; and what it means for a name, with the day that governs."""
    found = get_object_or_404(DatedList, key=key, is_public=True)
    form = DayForm(request.GET)
    day = (form.cleaned_data["day"] if form.is_valid() else None) or timezone.localdate(request.at)
    rows = list(found.rows.order_by("name", "valid_from")[:LINES_SHOWN])
    shares = [column for column in found.columns if column["kind"] == ColumnKind.PERCENT]
    asked = AskForm(request.GET if "name" in request.GET else None, dated=found, shares=bool(shares))
    answer = None
    if asked.is_valid():
        lines = [Line(row.name, row.values, row.valid_from, row.valid_to) for row in rows]
        answer = ask(lines, asked.cleaned_data["name"], found.governs, _days(asked.cleaned_data))
    shown = DatedRow.objects.filter(pk__in=[row.pk for row in rows]).on(day).exclude(name="").order_by("name")
    labels = [column["label"] for column in found.columns]
    context = {
        "list": found,
        "day_form": DayForm(initial={"day": day}),
        "day": day,
        "rows": [{"row": row, "cells": cells_of(found.columns, row.values)} for row in shown],
        "others": [
            list(zip(labels, cells_of(found.columns, row.values), strict=True))
            for row in rows
            if not row.name and _holds(row, day)
        ],
        "changes": sorted({d for row in rows for d in (row.valid_from, row.valid_to) if d}, reverse=True)[:12],
        "names": sorted({row.name for row in rows if row.name}),
        "form": asked,
        "told": _told(found, answer, asked.cleaned_data) if answer else None,
    }
    return render(request, "portal/services/list.html", context)


def cells_of(columns: list[dict[str, str]], values: Any) -> list[str]:
    """Return the cells of a line in the order of the columns, in words."""
    return [_cell(column["kind"], values.get(column["key"], "")) for column in columns]


def _cell(kind: str, value: str) -> str:
    if kind == ColumnKind.YESNO and value:
        return gettext("yes") if value == "yes" else gettext("no")
    return f"{value}%" if kind == ColumnKind.PERCENT and value else value


def _holds(row: DatedRow, day: date) -> bool:
    return (row.valid_from is None or row.valid_from <= day) and (row.valid_to is None or day < row.valid_to)


def _days(data: dict[str, Any]) -> dict[str, date | None]:
    return {key: value for key, value in data.items() if isinstance(value, date)}


def _told(found: DatedList, answer: Answer, data: dict[str, Any]) -> dict[str, Any]:
    facts = []
    for column in found.columns:
        value = answer.values.get(column["key"], "")
        words = _cell(column["kind"], value) or gettext("none")
        if column["kind"] == ColumnKind.PERCENT and value and data.get("cost"):
            words = f"{words}: {_money(share(data['cost'], value))}"
        facts.append((column["label"], words))
    return {
        "name": data["name"],
        "is_listed": answer.is_listed,
        "governs": answer.governed.governs.label,
        "day": answer.governed.day,
        "facts": facts,
    }


def _money(amount: Fraction) -> str:
    """Return an amount of yuan with its fen."""
    fen = round(amount * 100)
    return gettext("%(yuan)s yuan") % {"yuan": f"{fen // 100:,}.{fen % 100:02}".removesuffix(".00")}
