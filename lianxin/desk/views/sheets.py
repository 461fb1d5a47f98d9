"""The sheets of the county: their versions, how one looks filled in, and its life."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lianxin.desk.views.officer import Request, not_here
from lianxin.kit import condition
from lianxin.kit.refusal import Refusal
from lianxin.people.papers import set_on_paper
from lianxin.people.rules import Power, power
from lianxin.sheets import actions
from lianxin.sheets.forms import form_of
from lianxin.sheets.models import Sheet, names_of
from lianxin.sheets.papers import blank_of
from lianxin.sheets.rules import Fault, Then, faults, lines, pack

LIGHTS = {Then.APPLY: "ok", Then.NEED: "near", Then.ELSEWHERE: "wait"}


class Row(NamedTuple):
    """A sheet as the list shows it."""

    sheet: Sheet
    light: str
    light_text: str


class Said(NamedTuple):
    """An answer of the sheet, with its condition in words."""

    when: str
    says: str
    then: str
    light: str
    link: str


@power(Power.CATALOGUE)
@never_cache
@require_safe
def sheets(request: Request) -> HttpResponse:
    """Show every sheet in its last version."""
    return render(request, "desk/sheets/sheets.html", listed(request))


@power(Power.CATALOGUE)
@never_cache
@require_safe
def sheet(request: Request, pk: int) -> HttpResponse:
    """Show one version: its questions and answers in words, what is wrong with it, and its other versions."""
    return show(request, found(request, pk))


@power(Power.CATALOGUE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def try_sheet(request: Request, pk: int) -> HttpResponse:
    """Let a version be filled in as a person would, and show what is understood; nothing is kept."""
    one = found(request, pk)
    if _faults(one):
        return redirect("desk:sheet", pk)
    form = form_of(one, request.POST if request.method == "POST" else None, today=timezone.localdate(request.at))
    context = listed(request) | {"shape": "open", "sheet": one, "form": form}
    if form.is_valid():
        context["lines"] = lines(one.fields, form.values, areas=names_of(one.fields, form.values))
        context["outcome"] = form.outcome and _said_outcome(form.outcome.then, form.outcome.says, form.outcome.link)
        context["has_outcomes"] = bool(one.outcomes)
    return render(request, "desk/sheets/try.html", context, status=422 if form.errors else 200)


@power(Power.CATALOGUE)
@never_cache
@require_safe
def sheet_json(request: Request, pk: int) -> HttpResponse:
    """Give a version as a file that can be brought in again."""
    one = found(request, pk)
    text = json.dumps(pack(one.definition), ensure_ascii=False, indent=1)
    response = HttpResponse(text, content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{one.key}-v{one.version}.json"'
    return response


@power(Power.CATALOGUE)
@never_cache
@require_safe
def blank_sheet(request: Request, pk: int) -> HttpResponse:
    """Give a version as an empty form on paper; where PDF cannot be made (make doctor), as a page to print."""
    one = found(request, pk)
    if _faults(one):
        return redirect("desk:sheet", pk)
    html = blank_of(one)
    try:
        content = set_on_paper(html)
    except OSError:
        return HttpResponse(html)
    disposition = f'inline; filename="{one.key}-v{one.version}.pdf"'
    return HttpResponse(content, content_type="application/pdf", headers={"Content-Disposition": disposition})


@power(Power.CATALOGUE)
@never_cache
@require_POST
def publish_sheet(request: Request, pk: int) -> HttpResponse:
    """Put a draft into use."""
    done = gettext("It is in use from now on. What was answered to the version before stays with that one.")
    return _do(request, pk, actions.publish_sheet, done)


@power(Power.CATALOGUE)
@never_cache
@require_POST
def retire_sheet(request: Request, pk: int) -> HttpResponse:
    """Take a version out of use."""
    return _do(request, pk, actions.retire_sheet, gettext("It is out of use. What was answered stays readable."))


@power(Power.CATALOGUE)
@never_cache
@require_POST
def new_sheet_version(request: Request, pk: int) -> HttpResponse:
    """Begin the next version as a draft."""
    return _do(
        request, pk, actions.new_version, gettext("Here is the draft of the next version."), to="desk:edit_sheet"
    )


@power(Power.CATALOGUE)
@never_cache
@require_POST
def drop_draft(request: Request, pk: int) -> HttpResponse:
    """Throw a draft away."""
    return _do(request, pk, actions.drop_draft, gettext("The draft is thrown away."), to="desk:sheets")


def found(request: Request, pk: int) -> Sheet:
    """Return the version that is asked for, or answer as if there were none."""
    return Sheet.objects.visible_to(request.user).filter(pk=pk).first() or not_here()


def show(request: Request, one: Sheet, status: int = 200) -> HttpResponse:
    """Show one version."""
    wrong = _faults(one)
    context = listed(request) | {
        "shape": "open",
        "sheet": one,
        "row": _row(one, request.at),
        "faults": wrong,
        "questions": [] if wrong else _questions(one),
        "answers": [] if wrong else _answers(one),
        "versions": [_row(each, request.at) for each in Sheet.objects.versions_of(one.key)],
        "has_draft": Sheet.objects.drafts().filter(key=one.key).exists(),
        "may_audit": Power.AUDIT in request.user.standing.powers,
    }
    return render(request, "desk/sheets/sheet.html", context, status=status)


def listed(request: Request) -> dict[str, Any]:
    """Return what the list shows: the last version of every sheet."""
    rows = [_row(each, request.at) for each in Sheet.objects.visible_to(request.user).newest_versions()]
    return {"rows": rows, "shape": "browse"}


def _do(
    request: Request, pk: int, action: Callable[..., Sheet | None], done: str, *, to: str = "desk:sheet"
) -> HttpResponse:
    one = found(request, pk)
    try:
        after = action(one, by=request.user, at=request.at)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("desk:sheet", pk)
    messages.success(request, done)
    return redirect(to) if to == "desk:sheets" else redirect(to, after.pk if after else pk)


def _row(one: Sheet, at: datetime) -> Row:
    if one.is_draft:
        return Row(one, "near", gettext("draft"))
    if one.retired_at and one.retired_at <= at:
        return Row(one, "wait", gettext("out of use"))
    return Row(one, "ok", gettext("in use"))


def _faults(one: Sheet) -> list[Fault]:
    return faults(one.fields, one.outcomes, purpose=one.purpose)


def _questions(one: Sheet) -> list[dict[str, Any]]:
    return [{"field": each, "when": _when(one, dict(each.when)) if each.when else ""} for each in one.questions]


def _answers(one: Sheet) -> list[Said]:
    return [
        _said_outcome(row["then"], row["says"], row.get("link", ""), _when(one, row.get("when") or {}))
        for row in one.outcomes
    ]


def _said_outcome(then: str, says: str, link: str, when: str = "") -> Said:
    return Said(when, says, str(Then(then).label), LIGHTS[Then(then)], link)


def _when(one: Sheet, when: dict[str, Any]) -> str:
    labels = {each.key: each.label for each in one.questions}
    options = {each.key: each.choices for each in one.questions}
    return condition.words(when, labels, options=options, language=get_language() or "zh-hans")
