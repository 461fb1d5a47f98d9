"""Files of households: found, opened, read, and what is done to them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lianxin.desk.forms import archives as shapes
from lianxin.desk.views.archives.standing import File, read
from lianxin.desk.views.archives.timeline import timeline
from lianxin.desk.views.asking import ask, posted
from lianxin.desk.views.officer import Request, not_here
from lianxin.desk.views.rows import page_of
from lianxin.kit.refusal import Refusal
from lianxin.people.rules import Power, power
from lianxin.record import actions
from lianxin.record.figures.files import late
from lianxin.record.models import Fact, Household, Objection, Resident, Risk, Survey, keeper_reach_of, sees_risks
from lianxin.record.rules import Regular, Subject

ON_A_PAGE = 40


@power(Power.VISIT)
@never_cache
@require_safe
def households(request: Request) -> HttpResponse:
    """Show the files one reaches, narrowed by name, door, phone, place, and what is late."""
    form = shapes.HouseholdsForm(request.GET, user=request.user)
    chosen = form.chosen()
    rows = narrowed(chosen, request).select_related("area", "book").order_by("area__path", "door", "id")
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


def narrowed(chosen: dict[str, Any], request: Request) -> Any:
    """Return the files that an officer reaches and asks for."""
    rows = Household.objects.visible_to(request.user)
    if not chosen.get("closed"):
        rows = rows.open()
    if words := chosen.get("q"):
        rows = rows.find(words)
    if area := chosen.get("area"):
        rows = rows.filter(area__path__startswith=area.path)
    if presence := chosen.get("presence"):
        rows = rows.filter(presence=presence)
    if regular := chosen.get("late"):
        rows = rows.filter(pk__in=late(request.user, Regular(regular), request.at).values("pk"))
    if kind := chosen.get("kind"):
        facts = Fact.objects.on(timezone.localdate(request.at)).filter(kind=kind)
        rows = rows.filter(pk__in=facts.values("household"))
    return rows


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


class Deed(NamedTuple):
    """One deed on a file: what is asked, what is done, and in which words."""

    form: type[shapes.FileForm]
    act: Callable[..., Any]
    title: str | Promise
    done: str | Promise
    intro: str | Promise = ""


def _edit(household: Household, *, by: Any, at: Any, **values: Any) -> Any:
    return actions.change(household, values=values, by=by, at=at)


DONE = _("It is in the file.")
DEEDS: dict[str, Deed] = {
    "edit": Deed(shapes.EditHouseholdForm, _edit, _("Change the head of the file"), DONE),
    "add": Deed(shapes.AddResidentForm, actions.add_resident, _("Somebody more"), DONE),
    "state": Deed(shapes.FactForm, actions.state, _("A line more"), DONE),
    "verify": Deed(
        shapes.NothingForm, actions.verify, _("All of it is right"), _("Verified today, by you."),
        _("You have gone through the file with the household, and everything in it is still so."),
    ),
    "tell": Deed(
        shapes.NothingForm, actions.tell, _("Told why this is kept"), DONE,
        _("The household was told why this file is kept, who sees it, how long, and that it may look and object."),
    ),
    "decline": Deed(shapes.ReasonForm, actions.decline, _("Would rather not be asked"), DONE),
    "agree": Deed(shapes.NothingForm, actions.agree, _("May be asked again"), DONE),
    "object": Deed(shapes.ObjectForm, actions.object_to, _("The household objects"), _("It waits for the keeper.")),
    "split": Deed(shapes.SplitForm, actions.split, _("Split the household"), _("A new file is open.")),
    "merge": Deed(shapes.MergeForm, actions.merge, _("Merge into another file"), _("The file goes on there.")),
    "move": Deed(shapes.MoveForm, actions.move, _("Moved within the county"), DONE),
    "close": Deed(shapes.CloseForm, actions.close_household, _("Close the file"), _("The file is closed.")),
    "risk": Deed(
        shapes.RiskForm, actions.enter_risk, _("Something to be careful about"), DONE,
        _("Only keepers of these files see it, and it runs out by itself unless somebody looks at it anew."),
    ),
    "bind": Deed(shapes.BindForm, actions.bind, _("Where it stands on paper"), DONE),
}  # fmt: skip
KEEPERS = {"split", "merge", "move", "close", "risk"}


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
