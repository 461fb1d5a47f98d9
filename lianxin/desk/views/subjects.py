"""The taxonomies of the county: a tree, what each subject suggests, and its life by dates."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lianxin.desk.forms.subjects import (
    COUNTY,
    AddSubjectForm,
    EditSubjectForm,
    EndSubjectForm,
    KeepSubjectsForm,
    ReplaceSubjectForm,
    SubjectListForm,
    limit_names,
)
from lianxin.desk.views.officer import Request, not_here
from lianxin.desk.views.sheet import csv_file
from lianxin.kit.refusal import Refusal
from lianxin.kit.rows import UnreadableRowsError, read_rows
from lianxin.kit.text import clean
from lianxin.listen import actions as listen
from lianxin.listen import figures
from lianxin.listen.models import Subject
from lianxin.listen.rules import SubjectRow
from lianxin.people.rules import Power, power
from lianxin.people.templatetags.face import weekday_date

ON_A_PAGE = 100
TROUBLES_SHOWN = 50
COLUMNS = ("subject", "keywords", "office")


class Row(NamedTuple):
    """A subject as the tree shows it."""

    subject: Subject
    href: str
    depth: int
    used: int
    limit: str
    light: str
    light_text: str


@power(Power.REFERENCE)
@never_cache
@require_safe
def subjects(request: Request) -> HttpResponse:
    """Show a taxonomy as a tree."""
    return render(request, "desk/subjects/subjects.html", _listed(request, _asked(request)))


@power(Power.REFERENCE)
@never_cache
@require_safe
def subject(request: Request, pk: int) -> HttpResponse:
    """Show one subject, and what can be done with it."""
    return _show(request, _found(pk))


@power(Power.REFERENCE)
@never_cache
@require_POST
def edit_subject(request: Request, pk: int) -> HttpResponse:
    """Change keywords, usual office and limit."""
    found = _found(pk)
    form = EditSubjectForm(request.POST, at=request.at, subject=found)
    return _do(request, found, "edit_form", form, listen.edit_subject, gettext("It is kept."))


@power(Power.REFERENCE)
@never_cache
@require_POST
def end_subject(request: Request, pk: int) -> HttpResponse:
    """Let a subject be chosen no more from a day on."""
    done = gettext("It ends on that day. What was sorted by it stays so.")
    return _do(request, _found(pk), "end_form", EndSubjectForm(request.POST), listen.end_subject, done)


@power(Power.REFERENCE)
@never_cache
@require_POST
def replace_subject(request: Request, pk: int) -> HttpResponse:
    """End a subject and begin another in its place."""
    done = gettext("The new one counts from that day on. The old one stays on record.")
    return _do(request, _found(pk), "replace_form", ReplaceSubjectForm(request.POST), listen.replace_subject, done)


@power(Power.REFERENCE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def add_subject(request: Request) -> HttpResponse:
    """Write a new subject."""
    scheme = _asked(request)
    data = request.POST if request.method == "POST" else None
    form = AddSubjectForm(data, at=request.at, scheme=scheme, initial={"parent": request.GET.get("below")})
    if data is not None and form.is_valid():
        try:
            fresh = listen.add_subject(**form.cleaned_data, by=request.user, at=request.at)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, gettext("The subject is added."))
            return redirect("desk:subject", fresh.pk)
    context = {**_listed(request, scheme), "shape": "open", "form": form}
    return render(request, "desk/subjects/add.html", context, status=422 if form.errors else 200)


@power(Power.REFERENCE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def import_subjects(request: Request) -> HttpResponse:
    """Bring in a list: it is read and shown first, and kept only then."""
    if "keep" in request.POST:
        return _keep(request)
    scheme = _asked(request)
    is_sent = request.method == "POST"
    form = SubjectListForm(request.POST, request.FILES) if is_sent else SubjectListForm(initial={"scheme": scheme})
    context: dict[str, Any] = {}
    if form.is_valid():
        content = form.cleaned_data["file"].read()
        asked = form.cleaned_data["scheme"]
        try:
            outlook = listen.preview_subjects(_rows(content), scheme=asked, at=request.at)
        except UnreadableRowsError:
            form.add_error("file", gettext("This file cannot be read. It must be CSV, in UTF-8 or GB 18030."))
        except Refusal as refusal:
            form.add_error("scheme", str(refusal))
        else:
            scheme, keep = asked, KeepSubjectsForm(initial={"scheme": asked, "text": _text(content)})
            context = {"outlook": outlook, "troubles": outlook.troubles[:TROUBLES_SHOWN], "keep": keep}
    context |= {**_listed(request, scheme), "shape": "open", "form": form, "columns": ", ".join(COLUMNS)}
    return render(request, "desk/subjects/import.html", context, status=422 if form.errors else 200)


@power(Power.REFERENCE)
@never_cache
@require_safe
def subjects_csv(request: Request) -> HttpResponse:
    """Give the subjects of today as a list that can be brought in again."""
    scheme = _asked(request)
    return csv_file(f"subjects-{scheme}.csv", COLUMNS, figures.subject_rows(scheme, timezone.localdate(request.at)))


def _keep(request: Request) -> HttpResponse:
    form = KeepSubjectsForm(request.POST)
    if not form.is_valid():
        return redirect("desk:import_subjects")
    scheme = form.cleaned_data["scheme"]
    try:
        rows = _rows(form.cleaned_data["text"].encode())
        count = listen.import_subjects(rows, scheme=scheme, by=request.user, at=request.at)
    except UnreadableRowsError:
        return redirect("desk:import_subjects")
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("desk:import_subjects")
    messages.success(request, gettext("The list is kept; new subjects: %(n)s.") % {"n": count})
    return redirect(f"{reverse('desk:subjects')}?{urlencode({'scheme': scheme})}")


def _do(
    request: Request, found: Subject, name: str, form: forms.Form, action: Callable[..., Subject], done: str
) -> HttpResponse:
    """Do one deed with a subject and show what came of it; a refusal is shown above the form, with what was typed."""
    if form.is_valid():
        try:
            after = action(found, **form.cleaned_data, by=request.user, at=request.at)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, done)
            return redirect("desk:subject", after.pk)
    return _show(request, _found(found.pk), **{name: form})


def _show(request: Request, found: Subject, **bound: forms.Form) -> HttpResponse:
    day = timezone.localdate(request.at)
    given = {
        "edit_form": EditSubjectForm(at=request.at, subject=found),
        "end_form": EndSubjectForm(initial={"on": day}),
        "replace_form": ReplaceSubjectForm(initial={"on": day}),
        **bound,
    }
    for name, form in given.items():
        form.auto_id = f"{name}_%s"  # three forms on one page, whose fields have the same names
    context = _listed(request, found.scheme) | given
    context |= {
        "shape": "open",
        "subject": found,
        "row": _row(found, request, context["uses"], limit_names(request.at), day),
        "is_over": found.valid_to is not None and found.valid_to <= day,
        "query": urlencode({"scheme": found.scheme} | request.GET.dict()),
        "may_audit": Power.AUDIT in request.user.standing.powers,
    }
    return render(request, "desk/subjects/subject.html", context, status=422 if bound else 200)


def _found(pk: int) -> Subject:
    return Subject.objects.select_related("office", "parent").filter(pk=pk).first() or not_here()


def _asked(request: Request) -> str:
    """Return the taxonomy that is asked for: the county's own, if none or none of this name."""
    asked = request.GET.get("scheme", "")
    return asked if asked in _schemes() else COUNTY


def _schemes() -> list[str]:
    """Return the taxonomies there are, the county's own first."""
    found = Subject.objects.order_by("scheme").values_list("scheme", flat=True).distinct()
    return sorted({*found, COUNTY}, key=lambda name: (name != COUNTY, name))


def _listed(request: Request, scheme: str) -> dict[str, Any]:
    """Return the tree of a taxonomy: the rows of a page, what may be chosen in their place, and how they are used."""
    day, words = timezone.localdate(request.at), clean(request.GET.get("q", ""))[:60].strip()
    shows_ended = request.GET.get("ended") == "1"
    found = Subject.objects.filter(scheme=scheme).select_related("office")
    found = found if shows_ended else found.not_over(day)
    if words:
        found = found.filter(Q(full_name__icontains=words) | Q(keywords__icontains=words))
    uses, limits = figures.uses_of_subjects(scheme), limit_names(request.at)
    rows = [_row(each, request, uses, limits, day) for each in sorted(found, key=_place)]
    return {
        "page": Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page")),
        "total": len(rows),
        "scheme": scheme,
        "schemes": _schemes(),
        "words": words,
        "shows_ended": shows_ended,
        "shape": "browse",
        "uses": uses,
    }


def _place(subject: Subject) -> list[int]:
    """Return where a subject stands in the tree: below what is above it, the older first."""
    return [int(step) for step in subject.path.split("/") if step]


def _row(subject: Subject, request: Request, uses: dict[int, int], limits: dict[str, str], day: date) -> Row:
    light, light_text = _light(subject, day)
    tail = request.GET.urlencode()
    href = reverse("desk:subject", args=[subject.pk]) + (f"?{tail}" if tail else "")
    limit = limits.get(subject.limit_key, subject.limit_key)
    return Row(subject, href, subject.path.count("/") - 2, uses.get(subject.pk, 0), limit, light, light_text)


def _light(subject: Subject, day: date) -> tuple[str, str]:
    """Return the light of a subject whose life has an edge near, and its words."""
    if subject.valid_to:
        kind, words = (
            ("wait", gettext("ended %(day)s")) if subject.valid_to <= day else ("near", gettext("until %(day)s"))
        )
        return kind, words % {"day": weekday_date(subject.valid_to)}
    if subject.valid_from and subject.valid_from > day:
        return "wait", gettext("from %(day)s") % {"day": weekday_date(subject.valid_from)}
    return "", ""


def _rows(content: bytes) -> list[SubjectRow]:
    return [SubjectRow.of(row) for row in read_rows(content)]


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("gb18030")
