"""One stop: receiving a person with everything the person comes with; the functions of the centre, and its numbers."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lianxin.desk.forms.hall import SpanForm
from lianxin.desk.forms.reception import (
    AddMatterForm,
    FunctionForm,
    LinkMatterForm,
    ReceivePersonForm,
    SettleMatterForm,
)
from lianxin.desk.views.asking import ask, posted, press
from lianxin.desk.views.hall.numbers import span_of
from lianxin.desk.views.officer import Request, not_here
from lianxin.desk.views.rows import page_of
from lianxin.kit.identity import tidy_phone
from lianxin.kit.refusal import Refusal
from lianxin.kit.text import mask_name, mask_phone
from lianxin.listen.models import code_of
from lianxin.people.models import phone_index
from lianxin.people.rules import Power, power
from lianxin.serve.actions import reception as actions
from lianxin.serve.figures.reception import receptions as counted
from lianxin.serve.models import Function, Matter, Reception
from lianxin.serve.models.reception import AT_THE_DESK, WORKING

READERS = (*AT_THE_DESK, *WORKING)


@power(*READERS)
@never_cache
@require_safe
def receptions(request: Request) -> HttpResponse:
    """Show who was received, newest first, and what the own office owes; found again by number or phone."""
    rows = Reception.objects.visible_to(request.user).select_related("file", "by", "office")
    words = request.GET.get("q", "").strip()[:60]
    if words:
        phone = tidy_phone(words)
        index = phone_index(phone) if phone else "-"
        rows = rows.filter(number__iexact=words) | rows.filter(file__phone_index=index)
    page = page_of(rows.prefetch_related("matters__function").order_by("-id"), request.GET.get("page"))
    owed = Matter.objects.owed_by(request.user).select_related("function", "reception")[:20]
    context = {
        "page": page, "words": words, "owed": owed, "may_receive": Power.WINDOW in request.user.standing.powers,
        "may_keep": Power.CATALOGUE in request.user.standing.powers,
    }  # fmt: skip
    return render(request, "desk/hall/receptions.html", context)


@power(Power.WINDOW)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def receive_person(request: Request) -> HttpResponse:
    """Receive a person once with all matters."""
    functions = list(Function.objects.on(timezone.localdate(request.at)))
    form = ReceivePersonForm(posted(request), functions=functions)
    if request.method == "POST" and form.is_valid():
        told = {"name": form.cleaned_data["name"], "phone": form.cleaned_data["phone"], "matters": form.matters()}
        try:
            made = actions.receive_person(**told, by=request.user, at=request.at)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("desk:reception", made.number)
    context = {
        "form": form, "title": gettext("Receive a person"), "submit": gettext("Receive"),
        "back": reverse("desk:receptions"),
        "intro": gettext("Everything the person comes with at once; leave empty what was not asked."),
    }  # fmt: skip
    return render(request, "desk/ask.html", context, status=422 if form.errors else 200)


@power(*READERS)
@never_cache
@require_safe
def reception(request: Request, number: str) -> HttpResponse:
    """Show one coming with its matters, and the earlier ones of the same person."""
    found = _found(request, number)
    contact = found.file.opened_contact()
    seen = Reception.objects.visible_to(request.user).filter(file=found.file).exclude(pk=found.pk)
    context = {
        "reception": found, "name": mask_name(contact.name), "phone": mask_phone(contact.phone),
        "matters": found.matters.select_related("function", "office", "voice", "application", "appointment"),
        "earlier": seen.prefetch_related("matters__function").order_by("-id")[:20],
        "may_add": request.user.standing.may(Power.WINDOW, found.office_id),
        "may_settle": _settled_by(request, found),
    }  # fmt: skip
    return render(request, "desk/hall/reception.html", context)


@power(*AT_THE_DESK)
@never_cache
@require_safe
def reception_paper(request: Request, number: str) -> HttpResponse:
    """Show the one receipt of a coming, to be printed: number, code, matters and who works on them."""
    found = _found(request, number)
    matters = found.matters.select_related("function", "office").order_by("id")
    context = {"reception": found, "matters": matters, "code": code_of(found.number)}
    return render(request, "desk/hall/reception_paper.html", context)


@power(Power.WINDOW)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def add_matter(request: Request, number: str) -> HttpResponse:
    """Add a matter to a coming."""
    found = _found(request, number)
    form = AddMatterForm(posted(request))
    form.fields["function"].queryset = Function.objects.on(  # type: ignore[attr-defined]
        timezone.localdate(request.at)
    )
    return ask(
        request, form, lambda: actions.add_matter(found, **form.cleaned_data, by=request.user, at=request.at),
        title=gettext("One more matter"), submit=gettext("Add it"), done=gettext("Added."),
        back=reverse("desk:reception", args=[found.number]),
    )  # fmt: skip


@power(*READERS)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def link_matter(request: Request, pk: int) -> HttpResponse:
    """Say as what a matter goes on."""
    matter = _matter(request, pk)
    form = LinkMatterForm(posted(request))
    return ask(
        request, form, lambda: actions.link_matter(matter, **form.cleaned_data, by=request.user, at=request.at),
        title=gettext("It goes on as"), submit=gettext("Link it"), done=gettext("Linked."),
        back=reverse("desk:reception", args=[matter.reception.number]), intro=matter.words,
    )  # fmt: skip


@power(*READERS)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def settle_matter(request: Request, pk: int) -> HttpResponse:
    """Say how a matter ended."""
    matter = _matter(request, pk)
    form = SettleMatterForm(posted(request), outcomes=matter.function.outcomes)
    return ask(
        request, form, lambda: actions.settle_matter(matter, **form.cleaned_data, by=request.user, at=request.at),
        title=matter.function.name, submit=gettext("Settle it"), done=gettext("Settled."),
        back=reverse("desk:reception", args=[matter.reception.number]), intro=matter.words,
    )  # fmt: skip


@power(Power.CATALOGUE)
@never_cache
@require_safe
def functions(request: Request) -> HttpResponse:
    """Show the functions of the centre."""
    rows = Function.objects.select_related("office").order_by("ended_on", "place")
    return render(request, "desk/hall/functions.html", {"functions": rows})


@power(Power.CATALOGUE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def add_function(request: Request) -> HttpResponse:
    """Write a new function."""
    return _keep(request, None)


@power(Power.CATALOGUE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def keep_function(request: Request, pk: int) -> HttpResponse:
    """Change a function."""
    return _keep(request, Function.objects.filter(pk=pk).first() or not_here())


@power(Power.CATALOGUE)
@never_cache
@require_POST
def end_function(request: Request, pk: int) -> HttpResponse:
    """Offer a function no longer."""
    function = Function.objects.filter(pk=pk).first() or not_here()
    deed = lambda: actions.end_function(function, by=request.user, at=request.at)  # noqa: E731 - one line, one deed
    return press(request, deed, back="desk:functions", done=gettext("It is not offered any longer."))


@power(*AT_THE_DESK)
@never_cache
@require_safe
def reception_figures(request: Request) -> HttpResponse:
    """Show the matters of a span of days by function, adding up to their total."""
    form = SpanForm(request.GET)
    first, last = span_of(form, timezone.localdate(request.at))
    offices = request.user.standing.offices(*AT_THE_DESK)
    context = {"form": form, "first": first, "last": last, "counted": counted(offices, first, last)}
    return render(request, "desk/hall/reception_figures.html", context)


def _keep(request: Request, function: Function | None) -> HttpResponse:
    initial = (
        {key: getattr(function, key) for key in ("name", "office", "days", "basis")}
        | {"outcomes": "\n".join(function.outcomes)}
        if function
        else None
    )
    form = FunctionForm(posted(request), initial=initial)

    def deed() -> object:
        told = {**form.cleaned_data, "outcomes": form.cleaned_data["outcomes"].splitlines()}
        return actions.keep_function(function, **told, by=request.user, at=request.at)

    title = function.name if function else gettext("New function")
    return ask(
        request, form, deed, title=title, submit=gettext("Keep"), done=gettext("Kept."), back=reverse("desk:functions")
    )


def _found(request: Request, number: str) -> Reception:
    seen = Reception.objects.visible_to(request.user).select_related("file", "office", "by")
    return seen.filter(number=number).first() or not_here()


def _matter(request: Request, pk: int) -> Matter:
    seen = Reception.objects.visible_to(request.user).values("pk")
    rows = Matter.objects.filter(reception__in=seen).select_related("function", "reception")
    return rows.filter(pk=pk).first() or not_here()


def _settled_by(request: Request, found: Reception) -> list[int]:
    """Return the open matters that this officer may link and settle."""
    standing = request.user.standing
    desk = found.office_id in standing.offices(*AT_THE_DESK)
    mine = standing.offices(*WORKING)
    return [matter.pk for matter in found.matters.open() if desk or matter.office_id in mine]
