"""The ledger of files that are lent out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from lianxin.desk.forms.loans import AskLoanForm, LendForm, LoanRuleForm, ReturnLoanForm, ReviewLoansForm, SignLoanForm
from lianxin.desk.views.asking import ask, posted
from lianxin.desk.views.officer import Request, not_here
from lianxin.desk.views.rows import page_of
from lianxin.people.models import Office
from lianxin.people.rules import Power, power
from lianxin.serve.actions import loan as lending
from lianxin.serve.figures.loan import weeks_missing
from lianxin.serve.models import Loan, LoanRule

ON_A_PAGE = 50
SEES = (Power.PROCESS, Power.DECIDE, Power.OVERSEE)  # and then only what is visible: a deputy director oversees


@power(*SEES, Power.CATALOGUE)
@never_cache
@require_safe
def loans(request: Request) -> HttpResponse:
    """Show the ledger: what is out, what is late, what nobody has reviewed, which weeks were missed."""
    rows = Loan.objects.visible_to(request.user).select_related("office", "rule").order_by("-id")
    page = page_of(rows, request.GET.get("page"), ON_A_PAGE)
    offices = Office.objects.filter(pk__in=LoanRule.objects.naming(request.user).values("office"))
    today = timezone.localdate(request.at)
    context = {
        "page": page, "today": today,
        "missing": [(office, weeks) for office in offices if (weeks := weeks_missing(office, request.at))],
        "reviews": offices, "may_ask": request.user.standing.may(Power.PROCESS, anywhere=True),
        "may_rule": request.user.standing.may(Power.CATALOGUE, anywhere=True),
        "rules": LoanRule.objects.on(today).select_related("office", "approver", "reviewer").order_by("office__path"),
    }  # fmt: skip
    return render(request, "desk/loans/loans.html", context)


@power(*SEES)
@never_cache
@require_safe
def loan(request: Request, number: str) -> HttpResponse:
    """Show one loan, and what comes next."""
    found = _mine(request, number)
    subject, borrower = found.opened()
    context = {"loan": found, "subject": subject, "borrower": borrower, "today": timezone.localdate(request.at)}
    return render(request, "desk/loans/loan.html", context)


@power(Power.PROCESS)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask_loan(request: Request) -> HttpResponse:
    """Ask that a file be lent."""
    form = AskLoanForm(posted(request), user=request.user, at=request.at)
    return ask(
        request, form, lambda: lending.ask_loan(**form.cleaned_data, by=request.user, at=request.at),
        title=gettext("Lend a file"), submit=gettext("Ask for the signature"),
        done=gettext("Asked. Who must sign sees it."), back=reverse("desk:loans"),
    )  # fmt: skip


DEEDS: dict[str, tuple[type[forms.Form], Callable[..., Any]]] = {
    "sign": (SignLoanForm, lending.sign_loan),
    "lend": (LendForm, lending.lend),
    "return": (ReturnLoanForm, lending.return_loan),
}


@power(*SEES)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def do_loan(request: Request, number: str, deed: str) -> HttpResponse:
    """Sign a loan, hand the file out, take it back."""
    found = _mine(request, number)
    shape, action = DEEDS.get(deed) or not_here()
    form = shape(posted(request))
    words = {"sign": gettext("Sign"), "lend": gettext("Hand the file out"), "return": gettext("Take the file back")}
    return ask(
        request, form, lambda: action(found, **form.cleaned_data, by=request.user, at=request.at), title=words[deed],
        submit=words[deed], done=gettext("It is in the ledger."), back=reverse("desk:loan", args=[found.number]),
        intro=f"{found.file_no} · {found.unit}",
    )  # fmt: skip


@power(*SEES)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def review_loans(request: Request) -> HttpResponse:
    """Sign the ledger of a week."""
    form = ReviewLoansForm(posted(request), user=request.user, initial={"week": timezone.localdate(request.at)})
    return ask(
        request, form, lambda: lending.review_loans(**form.cleaned_data, by=request.user, at=request.at),
        title=gettext("Review of the week"), submit=gettext("Sign the week"), done=gettext("The week is signed."),
        back=reverse("desk:loans"), intro=gettext("A week without a loan is signed, too."),
    )  # fmt: skip


@power(Power.CATALOGUE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def set_loan_rule(request: Request) -> HttpResponse:
    """Say whose signature lends a file from a day on."""
    form = LoanRuleForm(posted(request), at=request.at)
    return ask(
        request, form, lambda: lending.set_loan_rule(**form.cleaned_data, by=request.user, at=request.at),
        title=gettext("Rule for lending files"), submit=gettext("Set the rule"), done=gettext("The rule is set."),
        back=reverse("desk:loans"), intro=gettext("What was asked before keeps the rule of its own day."),
    )  # fmt: skip


def _mine(request: Request, number: str) -> Loan:
    rows = Loan.objects.visible_to(request.user).select_related("office", "rule__approver", "rule__reviewer", "review")
    return rows.filter(number=number[:20]).first() or not_here()
