"""The processes of the county: versions, chart, every walk with its days; and the table in which they are written."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple

from django import forms
from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lianxin.desk.forms.processes import JsonForm, NewProcessForm, ProcessForm, StepFormSet, steps_of, whole_of
from lianxin.desk.views.officer import Request, not_here
from lianxin.flow import actions as flow
from lianxin.flow import chart, rules
from lianxin.flow.bpmn import export
from lianxin.flow.models import Process
from lianxin.kit.refusal import Refusal
from lianxin.people.rules import Power, power

WALKS_SHOWN = 40
STATES = {"draft": "near", "live": "ok", "retired": "wait"}


class WalkLine(NamedTuple):
    """One walk as the page shows it."""

    course: str
    office: str
    person: str
    result: str


@power(Power.CATALOGUE)
@never_cache
@require_safe
def processes(request: Request) -> HttpResponse:
    """Show every process with the version in force."""
    return render(request, "desk/processes/processes.html", {**_listed(), "shape": "browse"})


@power(Power.CATALOGUE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def add_process(request: Request) -> HttpResponse:
    """Begin a process that does not exist yet."""
    form = NewProcessForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            draft = flow.add_process(**form.cleaned_data, by=request.user, at=request.at)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("desk:edit_process", draft.pk)
    context = {**_listed(), "shape": "open", "form": form}
    return render(request, "desk/processes/add.html", context, status=422 if form.errors else 200)


@power(Power.CATALOGUE)
@never_cache
@require_safe
def process(request: Request, pk: int) -> HttpResponse:
    """Show one version: its chart, every walk with the days it may take, and what keeps a draft from publication."""
    return render(request, "desk/processes/process.html", _shown(_found(pk)))


@power(Power.CATALOGUE)
@never_cache
@require_POST
def new_process_version(request: Request, pk: int) -> HttpResponse:
    """Begin the next version from this one."""
    try:
        draft = flow.new_process_version(_found(pk), by=request.user, at=request.at)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("desk:process", pk)
    return redirect("desk:edit_process", draft.pk)


@power(Power.CATALOGUE)
@never_cache
@require_POST
def publish_process(request: Request, pk: int) -> HttpResponse:
    """Put a draft into force."""
    done = gettext("It is in force. What began by the version before goes on by that one.")
    return _do(request, pk, flow.publish_process, done)


@power(Power.CATALOGUE)
@never_cache
@require_POST
def retire_process(request: Request, pk: int) -> HttpResponse:
    """Take a version out of force."""
    return _do(request, pk, flow.retire_process, gettext("Nothing new begins by it. What is on its way goes on."))


@power(Power.CATALOGUE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def edit_process(request: Request, pk: int) -> HttpResponse:
    """Write a draft in its table, with the chart beside it."""
    draft = _found(pk)
    if not draft.is_draft:
        messages.error(request, str(flow.NotADraft()))
        return redirect("desk:process", pk)
    if request.method != "POST":
        seen = {"seen": draft.changed_at.isoformat(), "title": draft.title, "basis": draft.basis}
        whole = ProcessForm(initial={**whole_of(draft.definition), **seen})
        return _editor(request, draft, whole, StepFormSet(initial=steps_of(draft.definition), prefix="nodes"))
    if "bring" in request.POST:
        return _bring(request, draft)
    whole, steps = ProcessForm(request.POST), StepFormSet(_grown(request.POST), prefix="nodes")
    raw = _written(whole, steps)
    if raw is None or "keep" not in request.POST:
        status = 422 if raw is None and "keep" in request.POST else 200
        return _editor(request, draft, whole, steps, raw=raw, status=status)
    given = whole.cleaned_data
    return _keep(request, draft, whole, steps, raw, title=given["title"], basis=given["basis"], seen=given["seen"])


@power(Power.CATALOGUE)
@never_cache
@require_safe
def process_bpmn(request: Request, pk: int) -> HttpResponse:
    """Give a sound version as BPMN 2.0."""
    found = _found(pk)
    if rules.troubles_of(found.definition):
        messages.error(request, gettext("Only a process without troubles can be written as BPMN."))
        return redirect("desk:process", pk)
    content = export(found.parsed, key=found.key, title=found.title, version=found.version)
    name = f"{found.key}-v{found.version}.bpmn"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type="application/xml", headers=headers)


@power(Power.CATALOGUE)
@never_cache
@require_safe
def process_json(request: Request, pk: int) -> HttpResponse:
    """Give a version as JSON, to be brought in elsewhere."""
    found = _found(pk)
    headers = {"Content-Disposition": f'attachment; filename="{found.key}-v{found.version}.json"'}
    options = {"ensure_ascii": False, "indent": 2}
    return JsonResponse(found.definition, json_dumps_params=options, headers=headers)


def _do(request: Request, pk: int, action: Callable[..., Process], done: str) -> HttpResponse:
    """Do one deed with a version and say what came of it."""
    try:
        action(_found(pk), by=request.user, at=request.at)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done)
    return redirect("desk:process", pk)


def _found(pk: int) -> Process:
    return Process.objects.filter(pk=pk).first() or not_here()


def _listed() -> dict[str, Any]:
    """Return the newest version of each process, with the one in force."""
    rows: dict[str, dict[str, Any]] = {}
    for each in Process.objects.newest_first():
        row = rows.setdefault(
            each.key, {"process": each, "live": None, "state": each.state, "light": STATES[each.state]}
        )
        if each.state == "live":
            row["live"] = each
    return {"rows": list(rows.values())}


def _shown(found: Process) -> dict[str, Any]:
    versions = Process.objects.filter(key=found.key).order_by("-version").annotate(
        on_the_way=Count("runs", filter=Q(runs__ended_at=None))
    )  # fmt: skip
    troubles = rules.troubles_of(found.definition)
    return {
        **_listed(),
        "shape": "open",
        "process": found,
        "light": STATES[found.state],
        "versions": list(versions),
        **_drawn(found.parsed, troubles),
        **({} if troubles else _walked(found.parsed)),
    }


def _drawn(definition: rules.Definition, troubles: list[rules.Trouble]) -> dict[str, Any]:
    labels = chart.labels_of(definition)
    return {
        "chart": chart.svg(definition, labels=labels),
        "lines": chart.text(definition, labels=labels),
        "troubles": [(definition.by_key.get(each.node), each) for each in troubles],
    }


def _walked(definition: rules.Definition) -> dict[str, Any]:
    found = rules.walks_of(definition)
    lines = [
        WalkLine(
            course=" → ".join(_stop_words(stop) for stop in walk.stops if stop.node.kind in rules.WAITING),
            office=chart.days_said(walk.office),
            person=chart.days_said(walk.person) if walk.person else "",
            result=walk.end.name if walk.end else "",
        )
        for walk in found.walks
    ]
    return {
        "walks": lines[:WALKS_SHOWN],
        "walks_total": len(lines),
        "walks_cut": found.cut or len(lines) > WALKS_SHOWN,
        "longest": chart.days_said(rules.longest(found.walks)),
        "missed": found.missed,
    }


def _stop_words(stop: rules.Stop) -> str:
    return f"{stop.node.name}（{stop.outcome}）" if stop.outcome else stop.node.name


def _grown(data: QueryDict) -> QueryDict:
    """Return what was sent, with room for one more step if that was asked for."""
    if "more" not in data:
        return data
    grown = data.copy()
    total = data.get("nodes-TOTAL_FORMS", "")
    grown["nodes-TOTAL_FORMS"] = str(int(total) + 1) if total.isascii() and total.isdigit() and len(total) < 5 else "1"
    return grown


def _written(whole: ProcessForm, steps: Any) -> dict[str, Any] | None:
    """Return the definition that the table says; None where a cell cannot be read, which its form then tells."""
    is_readable = whole.is_valid() & steps.is_valid()
    if not is_readable:
        return None
    given, nodes = whole.cleaned_data, []
    for form in steps:
        if not form.cleaned_data or form.cleaned_data.get("drop"):
            continue
        try:
            nodes.append(form.node(given["facts"]))
        except forms.ValidationError as unreadable:
            form.add_error(None, unreadable)
            is_readable = False
    raw = {"start": given["start"], "stages": given["stages"], "nodes": nodes}
    raw |= {name: given[name] for name in ("facts", "offices") if given[name]}
    return raw if is_readable else None


def _editor(
    request: Request, draft: Process, whole: ProcessForm, steps: Any, *, raw: Any = None, status: int = 200, **more: Any
) -> HttpResponse:
    """Show the table. What it says now is drawn beside it; while a cell cannot be read, what was kept last."""
    shown = draft.definition if raw is None else raw
    context = {
        **_listed(),
        "shape": "open",
        "process": draft,
        "whole": whole,
        "steps": steps,
        "bring": more.get("bring") or JsonForm(),
        "is_old": raw is None and whole.is_bound,
        **_drawn(rules.read(shown).definition, rules.troubles_of(shown)),
    }
    return render(request, "desk/processes/edit.html", context, status=status)


def _keep(
    request: Request, draft: Process, whole: ProcessForm, steps: Any, raw: Any, *, title: str, basis: str, seen: str
) -> HttpResponse:
    given = {"title": title, "basis": basis, "definition": raw, "seen": _seen(seen)}
    try:
        flow.edit_process(draft, **given, by=request.user, at=request.at)
    except Refusal as refusal:
        whole.add_error(None, str(refusal))
        return _editor(request, draft, whole, steps, raw=raw, status=refusal.status)
    messages.success(request, gettext("The draft is kept."))
    return redirect("desk:process", draft.pk)


def _bring(request: Request, draft: Process) -> HttpResponse:
    """Put a process from elsewhere in the place of the draft."""
    form = JsonForm(request.POST)
    if form.is_valid():
        given = {"title": draft.title, "basis": draft.basis, "definition": form.cleaned_data["json"]}
        try:
            flow.edit_process(draft, **given, by=request.user, at=request.at)
        except Refusal as refusal:
            form.add_error("json", str(refusal))
        else:
            messages.success(request, gettext("The draft is kept."))
            return redirect("desk:edit_process", draft.pk)
    whole = ProcessForm(initial={**whole_of(draft.definition), "title": draft.title, "basis": draft.basis})
    steps = StepFormSet(initial=steps_of(draft.definition), prefix="nodes")
    return _editor(request, draft, whole, steps, status=422, bring=form)


def _seen(text: str) -> datetime | None:
    try:
        return parse_datetime(text)
    except ValueError:
        return None
