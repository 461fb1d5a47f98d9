"""The list of cases as a workbook: what the filters of the address choose, masked, and on record."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice
from tempfile import TemporaryFile
from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font

from lianxin.desk.forms.narrow import Narrow
from lianxin.desk.views.cases import asked
from lianxin.desk.views.officer import Request
from lianxin.desk.views.rows import case_light
from lianxin.kit.text import mask_name, mask_phone, mask_text
from lianxin.listen.models import Voice
from lianxin.listen.rules import Identity
from lianxin.people.rules import Power, power
from lianxin.resolve import actions as resolve
from lianxin.resolve.models import Case, Join
from lianxin.resolve.models.narrow import narrowed
from lianxin.resolve.rules import Result, State

ROWS_MAX = 10_000  # more is no list that a person works through; it is refused with a word, never cut in silence
SLICE = 500
SPEAKERS_SHOWN = 3
CELL_MAX = 2000
FORMULA = ("=", "+", "-", "@", "\t", "\r")
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
COLUMNS = (
    pgettext_lazy("column", "number"),
    pgettext_lazy("column", "title"),
    pgettext_lazy("column", "subject"),
    pgettext_lazy("column", "area"),
    pgettext_lazy("column", "state"),
    pgettext_lazy("column", "result"),
    pgettext_lazy("column", "light"),
    pgettext_lazy("column", "leads"),
    pgettext_lazy("column", "voices"),
    pgettext_lazy("column", "who spoke"),
    pgettext_lazy("column", "registered"),
    pgettext_lazy("column", "first date"),
    pgettext_lazy("column", "date"),
    pgettext_lazy("column", "answered"),
    pgettext_lazy("column", "closed"),
    pgettext_lazy("column", "reopened"),
    pgettext_lazy("column", "summary"),
)
WIDTHS = (18, 40, 22, 24, 12, 14, 18, 22, 8, 30, 17, 17, 17, 17, 17, 8, 50)


@power(Power.EXPORT)
@never_cache
@require_safe
def export(request: Request) -> HttpResponse | FileResponse:
    """Give the cases of this filter as an Excel workbook, or say that there are too many for one."""
    wanted = Narrow(request.GET).wanted()
    found = narrowed(wanted, user=request.user, at=request.at)
    numbers = list(found.values_list("pk", flat=True)[: ROWS_MAX + 1])
    if len(numbers) > ROWS_MAX:
        words = gettext("These are more than %(most)s cases. Please narrow the list first: by time, office or subject.")
        messages.error(request, words % {"most": ROWS_MAX})
        return redirect(f"{reverse('desk:cases')}?{asked(request)}")
    resolve.note_export(query=asked(request), count=len(numbers), by=request.user, at=request.at)
    file = TemporaryFile()  # noqa: SIM115 - the response closes it
    _book(numbers, request).save(file)
    file.seek(0)
    name = f"cases-{timezone.localtime(request.at):%Y%m%d-%H%M}.xlsx"
    return FileResponse(file, as_attachment=True, filename=name, content_type=EXCEL)


def _book(numbers: list[int], request: Request) -> Workbook:
    book = Workbook(write_only=True)
    sheet = book.create_sheet(gettext("Cases"))
    sheet.freeze_panes = "C2"
    for place, width in enumerate(WIDTHS):
        sheet.column_dimensions[chr(ord("A") + place)].width = width
    sheet.append([_bold(sheet, str(words)) for words in COLUMNS])
    for row in _rows(numbers, request.at):
        sheet.append([plain(cell) for cell in row])
    return book


def _bold(sheet: Any, words: str) -> Any:
    cell = WriteOnlyCell(sheet, words)
    cell.font = Font(bold=True)
    return cell


def _rows(numbers: list[int], at: datetime) -> Iterator[list[Any]]:
    left = iter(numbers)
    while part := list(islice(left, SLICE)):
        cases = Case.objects.filter(pk__in=part).select_related("subject", "area", "lead").defer("grams").in_bulk()
        speakers = _speakers(part)
        yield from (_row(cases[pk], speakers.get(pk, []), at) for pk in part if pk in cases)


def _row(case: Case, speakers: list[str], at: datetime) -> list[Any]:
    return [
        case.number,
        mask_text(case.title),
        str(case.subject or ""),
        str(case.area or ""),
        str(State(case.state).label),
        str(Result(case.result).label) if case.result else "",
        case_light(case.state, case.result, case.due_at, at)[1],
        str(case.lead or ""),
        case.voices,
        "；".join(speakers),
        _local(case.opened_at),
        _local(case.first_due_at),
        _local(case.due_at),
        _local(case.answered_at),
        _local(case.closed_at),
        case.reopened,
        mask_text(case.summary),
    ]


def _speakers(part: Iterable[int]) -> dict[int, list[str]]:
    """Return who stands behind each case: signed ones masked, of all others only how they wish to be known."""
    joins = Join.objects.filter(case__in=list(part)).select_related("item__voice").order_by("case_id", "id")
    found: dict[int, list[str]] = {}
    for join in joins:
        shown = found.setdefault(join.case_id, [])
        if len(shown) < SPEAKERS_SHOWN and (who := masked(join.item.voice)) not in shown:
            shown.append(who)
    return found


def masked(voice: Voice) -> str:
    """Return a speaker as a list may name him: the identity chosen binds every export."""
    if voice.identity != Identity.SIGNED:
        return str(Identity(voice.identity).label)
    contact = voice.opened_contact()
    return " ".join(filter(None, (mask_name(contact.name), mask_phone(contact.phone)))) if contact else ""


def plain(cell: Any) -> Any:
    """Return a cell that a spreadsheet neither takes for a formula (it gets a quotation mark in front) nor refuses."""
    if not isinstance(cell, str):
        return cell
    text = ILLEGAL_CHARACTERS_RE.sub("", cell)[:CELL_MAX]
    return f"'{text}" if text.startswith(FORMULA) else text


def _local(moment: datetime | None) -> str:
    return timezone.localtime(moment).strftime("%Y-%m-%d %H:%M") if moment else ""
