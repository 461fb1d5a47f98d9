"""The catalogue at the desk: services with their gaps marked, drafted, given materials, published, reviewed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lianxin.desk.forms.catalogue import (
    NewServiceForm,
    PublishForm,
    ReviewForm,
    SampleForm,
    ServiceForm,
    material_forms,
)  # fmt: skip
from lianxin.desk.views.officer import Request, not_here
from lianxin.desk.views.rows import page_of
from lianxin.kit.refusal import Refusal
from lianxin.kit.text import clean
from lianxin.ledger.actions import keep_file
from lianxin.people.rules import Power, power
from lianxin.serve import actions as serve
from lianxin.serve.models import Review, Service
from lianxin.serve.rules.catalogue import Gap, State, gap_words

ON_A_PAGE = 50
LOOKS = ("", "draft", "gaps", "apply", "over")


class Row(NamedTuple):
    """A service as the list shows it."""

    service: Service
    href: str
    light: str
    light_text: str


@power(Power.CATALOGUE)
@never_cache
@require_safe
def services(request: Request) -> HttpResponse:
    """Show the catalogue: the last version of every service, with what is missing."""
    return render(request, "desk/services/services.html", _listed(request))


@power(Power.CATALOGUE)
@never_cache
@require_safe
def service(request: Request, pk: int) -> HttpResponse:
    """Show one version of a service, and what can be done with it."""
    return _show(request, _found(pk))


@power(Power.CATALOGUE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def add_service(request: Request) -> HttpResponse:
    """Write a new service as a draft."""
    form = NewServiceForm(request.POST if request.method == "POST" else None, at=request.at)
    if form.is_bound and form.is_valid():
        try:
            made = serve.draft_service(
                number=form.cleaned_data["number"], values=form.values(), by=request.user, at=request.at
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, gettext("The draft is kept. Say next what must be brought."))
            return redirect("desk:materials", made.pk)
    context = _listed(request) | {"shape": "open", "form": form, "back": reverse("desk:services")}
    return render(request, "desk/services/edit.html", context, status=422 if form.errors else 200)


@power(Power.CATALOGUE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def edit_service(request: Request, pk: int) -> HttpResponse:
    """Change what a draft says."""
    found = _draft(pk)
    form = ServiceForm(request.POST if request.method == "POST" else None, at=request.at, service=found)
    if form.is_bound and form.is_valid():
        try:
            serve.edit_service(found, values=form.given(), by=request.user, at=request.at)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, gettext("It is kept."))
            return redirect("desk:service", pk)
    context = _listed(request) | {"shape": "open", "form": form, "back": reverse("desk:service", args=[pk])}
    return render(request, "desk/services/edit.html", context, status=422 if form.errors else 200)


@power(Power.CATALOGUE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def materials(request: Request, pk: int) -> HttpResponse:
    """Say what must be brought for a draft."""
    found = _draft(pk)
    lines = material_forms(list(found.materials.all()), request.POST if request.method == "POST" else None)
    trouble = ""
    wrong = [line for line in lines if line.is_bound and not line.is_valid()]  # every line is looked at, not the first
    if request.method == "POST" and not wrong:
        try:
            rows = [row for line in lines if (row := line.row())]
            serve.list_materials(found, rows=rows, by=request.user, at=request.at)
        except Refusal as refusal:
            trouble = str(refusal)
        else:
            messages.success(request, gettext("It is kept."))
            return redirect("desk:materials" if "more" in request.POST else "desk:service", pk)
    context = _listed(request) | {"shape": "open", "service": found, "lines": lines, "trouble": trouble, "wrong": wrong}
    return render(request, "desk/services/materials.html", context, status=422 if wrong or trouble else 200)


@power(Power.CATALOGUE)
@never_cache
@require_POST
def attach_sample(request: Request, pk: int) -> HttpResponse:
    """Lay a sample or a blank form to a material of a draft."""
    found = _draft(pk)
    form = SampleForm(request.POST, request.FILES, service=found)
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            kept = keep_file(content=file.read(), name=file.name, by=request.user, at=request.at)
            serve.attach_sample(
                found, key=form.cleaned_data["key"], which=form.cleaned_data["which"], file=kept,
                by=request.user, at=request.at,
            )  # fmt: skip
        except Refusal as refusal:
            form.add_error("file", str(refusal))
        else:
            messages.success(request, gettext("The file is kept."))
            return redirect("desk:service", pk)
    return _show(request, found, sample_form=form)


@power(Power.CATALOGUE)
@never_cache
@require_POST
def publish_service(request: Request, pk: int) -> HttpResponse:
    """Let a draft count from a day on."""
    done = gettext("It counts from that day. Whoever applied before keeps the version of then.")
    return _do(request, _found(pk), "publish_form", PublishForm(request.POST), serve.publish_service, done)


@power(Power.CATALOGUE)
@never_cache
@require_POST
def review_service(request: Request, pk: int) -> HttpResponse:
    """Decide in the clean-up whether a service is kept, adjusted or abolished."""
    found = _found(pk)
    done = gettext("The decision is on record.")
    return _do(request, found, "review_form", ReviewForm(request.POST), serve.review_service, done)


@power(Power.CATALOGUE)
@never_cache
@require_POST
def revise_service(request: Request, pk: int) -> HttpResponse:
    """Begin the next version as a draft."""
    found = _found(pk)
    try:
        draft = serve.revise_service(found, by=request.user, at=request.at)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("desk:service", pk)
    messages.success(request, gettext("This is the draft of the next version. The published one stays as it is."))
    return redirect("desk:service", draft.pk)


@power(Power.CATALOGUE)
@never_cache
@require_POST
def drop_service(request: Request, pk: int) -> HttpResponse:
    """Throw away a draft."""
    found = _found(pk)
    try:
        serve.drop_service(found, by=request.user, at=request.at)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("desk:service", pk)
    messages.success(request, gettext("The draft is gone. What was published stays."))
    return redirect("desk:services")


def _do(
    request: Request, found: Service, name: str, form: forms.Form, action: Callable[..., Any], done: str
) -> HttpResponse:
    if form.is_valid():
        try:
            action(found, **form.cleaned_data, by=request.user, at=request.at)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, done)
            return redirect("desk:service", found.pk)
    return _show(request, _found(found.pk), **{name: form})


def _show(request: Request, found: Service, **bound: forms.Form) -> HttpResponse:
    today = timezone.localdate(request.at)
    given = {
        "publish_form": PublishForm(initial={"starts": today}),
        "review_form": ReviewForm(initial={"on": today}),
        "sample_form": SampleForm(service=found),
        **bound,
    }
    for name, form in given.items():
        form.auto_id = f"{name}_%s"  # several forms on one page, whose fields have the same names
    versions = list(Service.objects.filter(number=found.number).order_by("-version"))
    context = _listed(request) | given
    context |= {
        "shape": "open",
        "service": found,
        "row": _row(found, request),
        "materials": list(found.materials.all()),
        "gaps": gap_words(found.gaps),
        "versions": versions,
        "reviews": Review.objects.filter(service__number=found.number).select_related("by").order_by("-at"),
        "is_draft": found.state == State.DRAFT,
        "may_review": found.state == State.LIVE and found.valid_to is None,
        "may_revise": found.pk == versions[0].pk and found.state != State.DRAFT,
        "public_to": f"/services/{found.number}/?version={found.version}" if found.state != State.DRAFT else "",
        "may_audit": Power.AUDIT in request.user.standing.powers,
    }
    return render(request, "desk/services/service.html", context, status=422 if bound else 200)


def _found(pk: int) -> Service:
    return Service.objects.select_related("office", "result_sample").filter(pk=pk).first() or not_here()


def _draft(pk: int) -> Service:
    found = _found(pk)
    return found if found.state == State.DRAFT else not_here()


def _listed(request: Request) -> dict[str, Any]:
    """Return the pane with the list: what was asked for, and a page of it."""
    words = clean(request.GET.get("q", ""))[:60].strip()
    look = request.GET.get("look", "")
    look = look if look in LOOKS else ""
    gap = request.GET.get("gap", "")
    day = timezone.localdate(request.at)
    found = Service.objects.newest_versions()
    if words:
        found = found.search(words)
    if look == "draft":
        found = found.drafts()
    elif look == "gaps":
        found = found.filter(gap_count__gt=0)
    elif look == "apply":
        found = found.exclude(Q(sheet_key="") | Q(process_key=""))
    elif look == "over":
        found = found.filter(state=State.ABOLISHED)
    if gap in Gap.values:
        found = found.filter(gaps__icontains=f'"{gap}"')
    page = page_of(found.in_order(), request.GET.get("page"), ON_A_PAGE)
    return {
        "page": page,
        "rows": [_row(each, request) for each in page],
        "total": page.paginator.count,
        "words": words,
        "look": look,
        "gap": Gap(gap) if gap in Gap.values else "",
        "day": day,
        "shape": "browse",
        "query": request.GET.urlencode(),
    }


def _row(found: Service, request: Request) -> Row:
    tail = request.GET.urlencode()
    href = reverse("desk:service", args=[found.pk]) + (f"?{tail}" if tail else "")
    day = timezone.localdate(request.at)
    if found.state == State.DRAFT:
        return Row(found, href, "near", gettext("draft, version %(n)s") % {"n": found.version})
    if found.valid_to is not None and found.valid_to <= day:
        return Row(found, href, "wait", gettext("over"))
    if found.state == State.ABOLISHED:
        return Row(found, href, "late", gettext("ends"))
    if found.valid_from and found.valid_from > day:
        return Row(found, href, "wait", gettext("counts later"))
    return Row(found, href, "ok", gettext("published"))
