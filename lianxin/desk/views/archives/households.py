"""Files of households: found, opened, read, and what is done to them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lianxin.desk.deeds.files import DEEDS, DONE, KEEPERS, narrowed
from lianxin.desk.deeds.standing import File, read
from lianxin.desk.forms import archives as shapes
from lianxin.desk.views.archives.timeline import timeline
from lianxin.desk.views.asking import ask, posted
from lianxin.desk.views.officer import Request, not_here
from lianxin.desk.views.rows import page_of
from lianxin.kit.refusal import Refusal
from lianxin.people.rules import Power, power
from lianxin.record import actions
from lianxin.record.models import Fact, Household, Objection, Resident, Risk, Survey, keeper_reach_of, sees_risks
from lianxin.record.rules import Subject

ON_A_PAGE = 40


@power(Power.VISIT)
@never_cache
@require_safe
def households(request: Request) -> HttpResponse:
    """Show the files one reaches, narrowed by name, door, phone, place, and what is late."""
    form = shapes.HouseholdsForm(request.GET, user=request.user)
    chosen = form.chosen()
    rows = (
        narrowed(chosen, user=request.user, at=request.at)
        .select_related("area", "book")
        .order_by("area__path", "door", "id")
    )
    given = request.GET.copy()
    given.pop("page", None)
    context = {
        "form": form, "page": page_of(rows.defer("grams", "area__outline"), request.GET.get("page"), ON_A_PAGE),
        "query": given.urlencode(), "narrowed": len([key for key in chosen if key != "q"]),
        "may_export": request.user.standing.may(Power.EXPORT, anywhere=True),
        "may_keep": request.user.standing.may(Power.ARCHIVE, anywhere=True),
        "objections": Objection.objects.visible_to(request.user).waiting().count(),
    }  # fmt: skip
    return render(request, "desk/archives/households.html", context)


@power(Power.VISIT)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def open_household(request: Request) -> HttpResponse:
    """Open the file of a household; where it has one already, that one is offered."""
    form = shapes.OpenHouseholdForm(posted(request), user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.open_household(**form.cleaned_data, by=request.user, at=request.at)
        except actions.AlreadyOpen as refusal:
            messages.error(request, str(refusal))
            return redirect("desk:household", refusal.existing.number)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, gettext("The file is open. Write down who lives there."))
            return redirect("desk:household", made.number)
    context = {
        "form": form, "title": gettext("Open the file of a household"), "submit": gettext("Open the file"),
        "back": reverse("desk:households"),
    }  # fmt: skip
    return render(request, "desk/ask.html", context, status=422 if form.errors else 200)


@power(Power.VISIT)
@never_cache
@require_safe
def household(request: Request, number: str) -> HttpResponse:
    """Show one file: who lives there, how they live, what is difficult, what happened."""
    found = mine(request, number)
    actions.look(found, by=request.user, at=request.at)
    return render(request, "desk/archives/household.html", context_of(request, found))


def context_of(request: Request, found: Household) -> dict[str, Any]:
    """Return what the page of a household shows."""
    file: File = read(found, request.user, request.at)
    keeps = keeper_reach_of(request.user).covers(found.area)
    return {
        "household": found, "file": file, "timeline": timeline(found, request.user), "keeps": keeps,
        "surveys": Survey.objects.filter(of=Subject.HOUSEHOLD, in_use=True).order_by("name"),
        "risks": Risk.objects.visible_to(request.user).live(request.at).filter(household=found)
        if sees_risks(request.user) else (),
        "objections": found.objections.select_related("ruled_by").order_by("-id"),
        "earlier": found.earlier.select_related("earlier"), "later": found.later.select_related("later"),
    }  # fmt: skip


@power(Power.REVEAL)
@never_cache
@require_POST
def reveal_resident(request: Request, number: str, pk: int) -> HttpResponse:
    """Show what lies sealed of somebody, with a reason, on record; it stands in this answer and nowhere else."""
    found = mine(request, number)
    resident = found.residents.filter(pk=pk).first() or not_here()
    context = context_of(request, found)
    try:
        shown = actions.reveal(resident, reason=request.POST.get("reason", ""), by=request.user, at=request.at)
    except Refusal as refusal:
        return render(request, "desk/archives/household.html", context | {"refusal": refusal}, status=refusal.status)
    return render(request, "desk/archives/household.html", context | {"shown": shown, "shown_of": resident})


@power(Power.VISIT)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def do_household(request: Request, number: str, deed: str) -> HttpResponse:
    """Do one deed on a file."""
    found = mine(request, number)
    asked = DEEDS.get(deed) or not_here()
    if deed in KEEPERS and not keeper_reach_of(request.user).covers(found.area):
        not_here()
    start = {name: getattr(found, name) for name in ("called", "door", "presence", "area", "book", "page")}
    form = asked.form(posted(request), user=request.user, household=found, initial=start if deed != "split" else {})
    return ask(
        request, form, lambda: asked.act(found, **form.cleaned_data, by=request.user, at=request.at),
        title=str(asked.title), submit=gettext("Write it down"), done=str(asked.done), intro=str(asked.intro),
        back=reverse("desk:household", args=[found.number]),
    )  # fmt: skip


@power(Power.VISIT)
@never_cache
@require_POST
def give_code(request: Request, number: str) -> HttpResponse:
    """Give the household a code for its own file; it is shown once, to be written on its card."""
    found = mine(request, number)
    try:
        code = actions.give_code(found, by=request.user, at=request.at)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("desk:household", found.number)
    return render(request, "desk/archives/household.html", context_of(request, found) | {"code": code})


@power(Power.VISIT)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def do_resident(request: Request, number: str, pk: int, deed: str) -> HttpResponse:
    """Change what the file says of somebody, or write down that he or she has left."""
    found = mine(request, number)
    resident = Resident.objects.filter(household=found, pk=pk, left_on=None).first() or not_here()
    back, at, by = reverse("desk:household", args=[found.number]), request.at, request.user
    if deed == "leave":
        gone = shapes.LeaveForm(posted(request), user=by)
        return ask(
            request, gone, lambda: actions.leave(resident, **gone.cleaned_data, by=by, at=at), back=back,
            title=gettext("No longer of this household"), submit=gettext("Write it down"), done=str(DONE),
            intro=resident.name,
        )  # fmt: skip
    if deed != "edit":
        not_here()
    hidden = ("identity", "phone", "politics", "health", "identity_reason")
    start = {name: getattr(resident, name, "") for name in shapes.ResidentForm.base_fields if name not in hidden}
    form = shapes.EditResidentForm(posted(request), user=by, initial=start)
    return ask(
        request, form,
        lambda: actions.change(
            resident, values=form.values(), identity_reason=form.cleaned_data["identity_reason"], by=by, at=at
        ),
        title=gettext("Change what is written of %(name)s") % {"name": resident.name}, back=back, done=str(DONE),
        submit=gettext("Write it down"), intro=gettext("What is hidden stays as it is where you write nothing."),
    )  # fmt: skip


@power(Power.VISIT)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def do_fact(request: Request, number: str, pk: int, deed: str) -> HttpResponse:
    """End a line of a file, or hand a difficulty to who can help."""
    found = mine(request, number)
    fact = Fact.objects.filter(household=found, pk=pk, ends=None).select_related("kind").first() or not_here()
    back, at, by = reverse("desk:household", args=[found.number]), request.at, request.user
    lead = shapes.HandOnForm(posted(request), user=by) if deed == "hand-on" else None
    form = lead or (shapes.EndForm(posted(request), user=by) if deed == "end" else not_here())
    act = actions.hand_on if lead else actions.end_fact
    return ask(
        request, form, lambda: act(fact, **form.cleaned_data, by=by, at=at), back=back, intro=str(fact.kind),
        title=gettext("Hand to who can help") if lead else gettext("No longer so"), submit=gettext("Write it down"),
        done=gettext("It waits there; what comes of it will stand here.") if lead else str(DONE),
    )  # fmt: skip


def mine(request: Request, number: str) -> Household:
    """Return the household that the officer reaches. Raises Http404 for another's."""
    rows = Household.objects.visible_to(request.user).select_related("area", "book", "verified_by")
    return rows.filter(number=number[:24]).first() or not_here()
