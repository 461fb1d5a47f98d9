"""Sheets kept on files: filled in, looked through, counted."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from lianxin.desk.views.archives.households import mine
from lianxin.desk.views.officer import Request, not_here
from lianxin.desk.views.rows import page_of
from lianxin.kit.refusal import Refusal
from lianxin.people.rules import Power, power
from lianxin.record import actions
from lianxin.record.figures.files import answers_by
from lianxin.record.models import Enterprise, Filled, SubjectRow, Survey, VillageFile
from lianxin.record.rules import Subject
from lianxin.sheets.forms import form_of
from lianxin.sheets.models import Sheet
from lianxin.sheets.rules import CHOOSING, Kind

ON_A_PAGE = 40
COUNTED = CHOOSING | {Kind.YESNO}


@power(Power.VISIT)
@never_cache
@require_safe
def surveys(request: Request) -> HttpResponse:
    """Show which sheets are kept on files, how many answers they have, and how many must be reported."""
    rows = [
        (survey, found.count(), found.filter(alarms=True).count())
        for survey in Survey.objects.filter(in_use=True).order_by("of", "name")
        for found in [Filled.objects.visible_to(request.user).now().filter(survey=survey)]
    ]
    return render(request, "desk/archives/surveys.html", {"rows": rows})


@power(Power.VISIT)
@never_cache
@require_safe
def survey(request: Request, key: str) -> HttpResponse:
    """Show the answers to one sheet, narrowed to one answer or to what must be reported, with counts of each."""
    found = Survey.objects.filter(sheet=key[:60]).first() or not_here()
    sheet = Sheet.objects.current(found.sheet, request.at)
    rows = Filled.objects.visible_to(request.user).now().filter(survey=found)
    field, value = request.GET.get("field", "")[:40], request.GET.get("value", "")[:60]
    questions = [each for each in sheet.questions if each.kind in COUNTED and not each.is_sealed] if sheet else []
    counts = [(each, _counts(found, request, each)) for each in questions if each.kind is not Kind.MANY]
    if field in {each.key for each in questions}:
        rows = rows.saying(field, value == "True" if value in ("True", "False") else value)
    if request.GET.get("alarms"):
        rows = rows.filter(alarms=True)
    rows = rows.select_related("household__area", "village__area", "enterprise", "resident__household", "answer__sheet")
    page = page_of(rows.order_by("-alarms", "-at", "-id"), request.GET.get("page"), ON_A_PAGE)
    given = request.GET.copy()
    given.pop("page", None)
    context = {
        "survey": found, "page": page, "tallies": counts, "query": given.urlencode(), "field": field, "value": value,
        "rows": [(row, _link(row), row.answer.lines()) for row in page],
    }  # fmt: skip
    return render(request, "desk/archives/survey.html", context)


def _counts(survey: Survey, request: Request, question: Any) -> list[tuple[str, str, int]]:
    labels = question.choices or {"True": gettext("yes"), "False": gettext("no")}
    found = answers_by(survey.pk, request.user, question.key)
    return [(key, labels.get(key, key), found[key]) for key in labels if key in found]


def _link(row: Filled) -> tuple[str, str]:
    match row.subject:
        case VillageFile() as village:
            return reverse("desk:village", args=[village.area_id]), str(village.area)
        case Enterprise() as unit:
            return reverse("desk:unit", args=[unit.pk]), unit.name
    household = row.household or (row.resident.household if row.resident else None)
    assert household
    return reverse("desk:household", args=[household.number]), f"{household.area} {household.door} {household.called}"


@power(Power.VISIT)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def fill(request: Request, of: str, key: str, sheet: str) -> HttpResponse:
    """Fill in one sheet of a file, beginning with what was answered last."""
    subject, back = _subject(request, of, key)
    survey = Survey.objects.filter(sheet=sheet[:60], of=of, in_use=True).first() or not_here()
    live = Sheet.objects.current(survey.sheet, request.at) or not_here()
    called = request.GET.get("of", "")[:120]
    last = Filled.objects.about(subject).now().filter(survey=survey, called=called).first()
    start = {k: v for k, v in last.answer.values.items() if k in last.answer.open} if last else {}
    form = form_of(live, request.POST if request.method == "POST" else None, start)
    if request.method == "POST" and form.is_valid():
        try:
            actions.fill(subject, sheet_key=survey.sheet, values=form.values, by=request.user, at=request.at)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, gettext("It is in the file."))
            return redirect(back)
    context = {"form": form, "sheet": live, "survey": survey, "subject": subject, "back": back}
    return render(request, "desk/archives/fill.html", context, status=422 if form.errors else 200)


def _subject(request: Request, of: str, key: str) -> tuple[SubjectRow, str]:
    if of == Subject.HOUSEHOLD:
        household = mine(request, key)
        return household, reverse("desk:household", args=[household.number])
    number = int(key) if key.isdecimal() and len(key) < 18 else not_here()
    if of == Subject.VILLAGE:
        rows = VillageFile.objects.visible_to(request.user).select_related("area")
        village = rows.filter(area=number).first() or not_here()
        return village, reverse("desk:village", args=[number])
    unit = Enterprise.objects.visible_to(request.user).filter(pk=number).first() or not_here()
    return unit, reverse("desk:unit", args=[number])
