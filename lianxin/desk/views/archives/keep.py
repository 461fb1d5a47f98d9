"""Looking after the files: books and scans, objections, leads, what does not fit together, the three regulars."""

from __future__ import annotations

from django.http import FileResponse, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lianxin.desk.forms import archives as shapes
from lianxin.desk.views.asking import ask, posted, press
from lianxin.desk.views.officer import Request, not_here
from lianxin.desk.views.rows import page_of
from lianxin.ledger.actions import open_file
from lianxin.people.rules import Power, power
from lianxin.record import actions
from lianxin.record.figures.files import integrity as checked
from lianxin.record.figures.files import late, of_kinds
from lianxin.record.models import Book, Lead, Objection, Period, Risk, Scan
from lianxin.record.rules import LeadState, Of, Regular

ON_A_PAGE = 50


@power(Power.VISIT)
@never_cache
@require_safe
def books(request: Request) -> HttpResponse:
    """Show the paper books: volumes, the villages they cover, and how far they are scanned."""
    rows = Book.objects.visible_to(request.user).prefetch_related("areas", "scans").order_by("number")
    report = checked(request.user, request.at)
    keeps = request.user.standing.may(Power.ARCHIVE, anywhere=True)
    context = {"page": page_of(rows, request.GET.get("page"), 60), "report": report, "may_keep": keeps}
    return render(request, "desk/archives/books.html", context)


@power(Power.ARCHIVE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def register_book(request: Request) -> HttpResponse:
    """Register a paper volume."""
    form = shapes.BookForm(posted(request), user=request.user)
    return ask(
        request, form, lambda: actions.register_book(**form.cleaned_data, by=request.user, at=request.at),
        title=gettext("Register a book"), submit=gettext("Register it"), done=gettext("The book is registered."),
        back=reverse("desk:books"),
    )  # fmt: skip


@power(Power.VISIT)
@never_cache
@require_safe
def book(request: Request, pk: int) -> HttpResponse:
    """Show one book: its villages, the households in it, its pages and who checked them."""
    found = _book(request, pk)
    people = found.households.visible_to(request.user).select_related("area").order_by("page", "id")[:500]
    scans = found.scans.select_related("by", "checked_by").order_by("page")
    return render(request, "desk/archives/book.html", {"book": found, "households": people, "scans": scans})


@power(Power.VISIT)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def scan(request: Request, pk: int) -> HttpResponse:
    """Keep one page of a book."""
    found = _book(request, pk)
    files = request.FILES if request.method == "POST" else None
    form = shapes.ScanForm(posted(request), files, user=request.user)
    return ask(
        request, form, lambda: actions.scan(found, **form.cleaned_data, by=request.user, at=request.at),
        title=gettext("Scan a page"), submit=gettext("Keep the page"), done=gettext("Somebody else looks at it now."),
        back=reverse("desk:book", args=[found.pk]), intro=str(found.title),
    )  # fmt: skip


@power(Power.VISIT)
@never_cache
@require_safe
def scanned(request: Request, pk: int) -> FileResponse:
    """Give a scanned page, to be saved."""
    rows = Scan.objects.filter(book__in=Book.objects.visible_to(request.user)).select_related("file")
    kept = (rows.filter(pk=pk).first() or not_here()).file
    response = FileResponse(open_file(kept), as_attachment=True, filename=kept.name, content_type=kept.mime)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox"
    return response


@power(Power.VISIT)
@never_cache
@require_POST
def check_scan(request: Request, pk: int) -> HttpResponse:
    """Say that a scanned page can be read."""
    rows = Scan.objects.filter(book__in=Book.objects.visible_to(request.user)).select_related("book")
    found = rows.filter(pk=pk).first() or not_here()
    return press(
        request, lambda: actions.check_scan(found, by=request.user, at=request.at),
        back=reverse("desk:book", args=[found.book_id]), done=gettext("Checked."),
    )  # fmt: skip


@power(Power.VISIT)
@never_cache
@require_safe
def objections(request: Request) -> HttpResponse:
    """Show what households say is wrong in their files, what waits first."""
    rows = Objection.objects.visible_to(request.user).select_related("household__area", "ruled_by", "resident")
    page = page_of(rows.order_by("-ruled_at", "-id") if request.GET.get("all") else rows.waiting().order_by("id"), "1")
    keeps = request.user.standing.may(Power.ARCHIVE, anywhere=True)
    return render(request, "desk/archives/objections.html", {"page": page, "may_keep": keeps})


@power(Power.ARCHIVE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def rule_objection(request: Request, pk: int) -> HttpResponse:
    """Rule on an objection."""
    rows = Objection.objects.visible_to(request.user).select_related("household")
    found = rows.filter(pk=pk).first() or not_here()
    form = shapes.RuleForm(posted(request), user=request.user)
    return ask(
        request, form, lambda: actions.rule(found, **form.cleaned_data, by=request.user, at=request.at),
        title=gettext("Rule on an objection"), submit=gettext("Write it down"), intro=found.words,
        done=gettext("The household can read it with its code."), back=reverse("desk:objections"),
    )  # fmt: skip


@power(Power.ARCHIVE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def do_risk(request: Request, pk: int, deed: str) -> HttpResponse:
    """Say that an entry of risk still holds, or that it does not."""
    rows = Risk.objects.visible_to(request.user).live(request.at).select_related("household")
    found = rows.filter(pk=pk).first() or not_here()
    back, by, at = reverse("desk:household", args=[found.household.number]), request.user, request.at
    if deed == "review":
        form: shapes.FileForm = shapes.NothingForm(posted(request), user=by)
        act, title = (lambda: actions.review_risk(found, by=by, at=at)), gettext("Looked at anew: it still holds")
    elif deed == "lift":
        form = shapes.ReasonForm(posted(request), user=by)
        act, title = (
            (lambda: actions.lift_risk(found, **form.cleaned_data, by=by, at=at)),
            gettext("No longer so"),
        )
    else:
        not_here()
    return ask(
        request, form, act, title=title, submit=gettext("Write it down"), done=gettext("It is in the file."),
        back=back, intro=found.words,
    )  # fmt: skip


@power(Power.VISIT, Power.HANDLE, Power.PROCESS, Power.RECEIVE)
@never_cache
@require_safe
def leads(request: Request) -> HttpResponse:
    """Show the difficulties that were handed to offices, open ones first."""
    rows = Lead.objects.visible_to(request.user).select_related("fact__household__area", "fact__kind", "office")
    rows = rows.order_by("id") if request.GET.get("all") else rows.filter(state=LeadState.OPEN).order_by("id")
    return render(request, "desk/archives/leads.html", {"page": page_of(rows, request.GET.get("page"), ON_A_PAGE)})


@power(Power.VISIT, Power.HANDLE, Power.PROCESS, Power.RECEIVE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def settle_lead(request: Request, pk: int) -> HttpResponse:
    """Write down what came of a lead; it goes back into the file."""
    found = Lead.objects.visible_to(request.user).filter(pk=pk).select_related("fact__kind").first() or not_here()
    form = shapes.SettleForm(posted(request), user=request.user)
    return ask(
        request, form, lambda: actions.settle_lead(found, **form.cleaned_data, by=request.user, at=request.at),
        title=gettext("What came of it"), submit=gettext("Write it down"), done=gettext("It stands in the file."),
        back=reverse("desk:leads"), intro=f"{found.fact.kind} · {found.words}",
    )  # fmt: skip


@power(Power.ARCHIVE)
@never_cache
@require_safe
def integrity(request: Request) -> HttpResponse:
    """Show what does not fit together: one form per matter, one file per household, one base per village."""
    return render(request, "desk/archives/integrity.html", {"report": checked(request.user, request.at)})


@power(Power.VISIT, Power.PLAN)
@never_cache
@require_safe
def regulars(request: Request) -> HttpResponse:
    """Show the three regulars as they are set, and how many files are late by each."""
    today = timezone.localdate(request.at)
    behind = [(each, late(request.user, each, request.at).count()) for each in (Regular.UPDATE, Regular.REVISIT)]
    context = {
        "periods": Period.objects.on(today).order_by("regular", "in_difficulty"), "behind": behind,
        "may_plan": request.user.standing.may(Power.PLAN, anywhere=True),
        "kinds": [(of.label, of_kinds(request.user, of, today)) for of in (Of.DIFFICULTY, Of.WORK, Of.BENEFIT)],
    }  # fmt: skip
    return render(request, "desk/archives/regulars.html", context)


@power(Power.PLAN)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def set_period(request: Request) -> HttpResponse:
    """Say after how many months files are updated, households revisited, files assessed."""
    form = shapes.PeriodForm(posted(request), user=request.user)
    return ask(
        request, form, lambda: actions.set_period(**form.cleaned_data, by=request.user, at=request.at),
        title=gettext("Set one of the three regulars"), submit=gettext("Set it"), done=gettext("It holds from today."),
        back=reverse("desk:regulars"),
    )  # fmt: skip


def _book(request: Request, pk: int) -> Book:
    return Book.objects.visible_to(request.user).filter(pk=pk).first() or not_here()
