"""Lending files: asked, signed by whom the rule of the day names, lent, returned, and looked at each week."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from lianxin.kit.clock import local
from lianxin.kit.identity import tidy_phone
from lianxin.kit.reference import new_reference
from lianxin.kit.refusal import Refusal
from lianxin.ledger.actions import note
from lianxin.listen.models import seal_contact
from lianxin.listen.rules import Contact
from lianxin.people.actions import behalf, need
from lianxin.people.actions.words import line, why
from lianxin.people.models import County, Office, Post, User
from lianxin.people.rules import Power
from lianxin.serve.models import Loan, LoanReview, LoanRule, holding_as

WEEK = timedelta(days=7)


class NoRule(Refusal):
    """Nothing says whose signature lends a file of this office."""


class NoControl(Refusal):
    """A signature was handed down without saying who looks at it afterwards."""

    status = 422


class PastRule(Refusal):
    """A rule begins today or later; what was signed, was signed by the rule of its day."""


class FileIsOut(Refusal):
    """The file is lent, or asked for, already."""


class NotYourself(Refusal):
    """Nobody signs or reviews what is one's own."""


class NotTheSigner(Refusal):
    """The rule of the day names another post."""

    status = 403


class LoanElsewhere(Refusal):
    """The loan has gone on."""


class AlreadyReviewed(Refusal):
    """The week is signed."""


class NotThatWeek(Refusal):
    """A week that has not come, or that is no week."""

    status = 422


@transaction.atomic
def set_loan_rule(
    office: Office, *, approver: Post, days: int, basis: str, by: User | None, at: datetime,
    reviewer: Post | None = None, delegated: bool = False, starts: date | None = None,
) -> LoanRule:  # fmt: skip
    """Say from a day on whose signature lends a file of the office; needs CATALOGUE.

    A signature that is handed down needs somebody else who looks at the ledger each week. Raises NoControl, PastRule,
    NotAllowed.
    """
    whose = behalf(by, Power.CATALOGUE, at=at)
    day = starts or local(at).date()
    if (delegated and reviewer is None) or (reviewer and reviewer.pk == approver.pk):
        raise NoControl(_("A signature that is handed down needs another post that looks at the ledger each week."))
    before = LoanRule.objects.select_for_update().filter(office=office, valid_to=None).first()
    if before and before.valid_from > day:
        raise PastRule(_("A later rule is set already."))
    if before:
        LoanRule.objects.filter(pk=before.pk).update(valid_to=day)
    rule = LoanRule.objects.create(
        office=office, approver=approver, reviewer=reviewer, delegated=delegated, days=days, basis=why(basis),
        valid_from=day,
    )  # fmt: skip
    data = {"approver": approver.pk, "reviewer": reviewer.pk if reviewer else None, "delegated": delegated}
    note("loan_rule.set", rule, by=by, at=at, behalf=whose, data=data)
    return rule


@transaction.atomic
def ask_loan(
    office: Office, *, file_no: str, subject: str, unit: str, borrower: str, phone: str, purpose: str, by: User,
    at: datetime,
) -> Loan:  # fmt: skip
    """Ask that a file be lent; needs PROCESS over the office. It is signed by the rule of this day.

    Raises NoRule, FileIsOut, TooShort, TooLong, NotAllowed.
    """
    whose = need(by, Power.PROCESS, office_id=office.pk, at=at).behalf
    rule = LoanRule.objects.on(local(at).date()).filter(office=office).first()
    if rule is None:
        raise NoRule(_("No rule says whose signature lends a file of this office. Ask the keeper of the catalogue."))
    whose_file = seal_contact(Contact(name=line(subject, most=40)))
    fetched_by = seal_contact(Contact(name=line(borrower, most=40), phone=tidy_phone(phone) or ""))
    if whose_file is None or fetched_by is None:
        raise NoRule(_("Please say whose file it is, and who fetches it."))
    try:
        with transaction.atomic():
            loan = Loan.objects.create(
                number=new_reference(County.now().prefix), office=office, rule=rule, file_no=line(file_no, most=40),
                subject=whose_file, unit=line(unit, most=80), borrower=fetched_by, purpose=why(purpose), asked_at=at,
                asked_by=by,
            )  # fmt: skip
    except IntegrityError as out:
        raise FileIsOut(_("This file is lent or asked for already. A file is lent once at a time.")) from out
    note("loan.asked", loan, by=by, at=at, behalf=whose, data={"rule": rule.pk})
    return loan


@transaction.atomic
def sign_loan(loan: Loan, *, granted: bool, by: User, at: datetime, words: str = "") -> Loan:
    """Sign that a file may be lent, or refuse it with the reason; by the post that the rule names, or who stands in.

    The signature is not handed on any further: only a substitution, which ends by itself, gives it to somebody else.
    Nobody signs what he asked for himself. Raises NotTheSigner, NotYourself, LoanElsewhere, TooShort.
    """
    loan = _held(loan)
    whose = _as_post(loan.rule.approver, by=by, at=at)
    if by.pk == loan.asked_by_id:
        raise NotYourself(_("Nobody signs a loan that he asked for himself."))
    if loan.granted is not None:
        raise _elsewhere()
    loan.granted, loan.decided_at, loan.decided_by = granted, at, by
    loan.words = line(words, most=200) if granted else why(words)
    loan.save(update_fields=["granted", "decided_at", "decided_by", "words"])
    note("loan.signed" if granted else "loan.refused", loan, by=by, at=at, behalf=whose)
    return loan


@transaction.atomic
def lend(loan: Loan, *, pages: int, by: User, at: datetime) -> Loan:
    """Hand a file out, with its pages counted; it is due back as the rule says. Raises LoanElsewhere, NotAllowed."""
    loan = _held(loan)
    whose = need(by, Power.PROCESS, office_id=loan.office_id, at=at).behalf
    if not loan.granted or loan.lent_at:
        raise _elsewhere()
    loan.lent_at, loan.pages = at, pages
    loan.due_on = local(at).date() + timedelta(days=loan.rule.days)
    loan.save(update_fields=["lent_at", "pages", "due_on"])
    note("loan.lent", loan, by=by, at=at, behalf=whose, data={"pages": pages, "due": loan.due_on.isoformat()})
    return loan


@transaction.atomic
def return_loan(loan: Loan, *, pages: int, by: User, at: datetime, condition: str = "") -> Loan:
    """Take a file back, with its pages counted again; missing pages need a word. Raises LoanElsewhere, TooShort."""
    loan = _held(loan)
    whose = need(by, Power.PROCESS, office_id=loan.office_id, at=at).behalf
    if loan.lent_at is None or loan.returned_at:
        raise _elsewhere()
    loan.returned_at, loan.pages_back = at, pages
    loan.condition = line(condition, most=200) if pages == loan.pages else why(condition)
    loan.save(update_fields=["returned_at", "pages_back", "condition"])
    note("loan.returned", loan, by=by, at=at, behalf=whose, data={"pages": pages, "out": loan.pages})
    return loan


@transaction.atomic
def review_loans(office: Office, *, week: date, by: User, at: datetime, remark: str = "") -> LoanReview:
    """Sign the ledger of a week, given by any day of it: all that nobody has reviewed yet up to its end.

    Done by the post that the rule names, or who stands in, and also where there is no entry. Raises NoRule,
    NotThatWeek, NotTheSigner, NotYourself, AlreadyReviewed.
    """
    monday = week - timedelta(days=week.weekday())
    last = monday + WEEK - timedelta(days=1)
    if monday > local(at).date():
        raise NotThatWeek(_("This week has not come yet."))
    rule = LoanRule.objects.on(min(last, local(at).date())).filter(office=office).first()
    if rule is None or rule.reviewer is None:
        raise NoRule(_("No rule says who looks at this ledger."))
    whose = _as_post(rule.reviewer, by=by, at=at)
    entries = [loan for loan in Loan.objects.filter(office=office).unreviewed() if local(_lent(loan)).date() <= last]
    if any(loan.decided_by_id == by.pk for loan in entries):
        raise NotYourself(_("Nobody reviews what he signed himself."))
    try:
        with transaction.atomic():
            review = LoanReview.objects.create(
                office=office, week=monday, entries=len(entries), remark=line(remark, most=500), by=by, at=at
            )
    except IntegrityError as there:
        raise AlreadyReviewed(_("This week is signed already.")) from there
    Loan.objects.filter(pk__in=[loan.pk for loan in entries]).update(review=review)
    note("loan.reviewed", review, by=by, at=at, behalf=whose, data={"entries": len(entries)})
    return review


def _lent(loan: Loan) -> datetime:
    assert loan.lent_at is not None
    return loan.lent_at


def _held(loan: Loan) -> Loan:
    rows = Loan.objects.select_for_update(of=("self",)).select_related("rule__approver", "office")
    return rows.get(pk=loan.pk)


def _as_post(post: Post, *, by: User, at: datetime) -> User | None:
    """Return for whom `by` holds the post: nobody, or an absent colleague. Raises NotTheSigner."""
    by.stand(at)
    if holding := holding_as(by, post):
        found: User | None = holding.behalf
        return found
    raise NotTheSigner(_("The rule of that day names another post for this."))


def _elsewhere() -> LoanElsewhere:
    return LoanElsewhere(_("This loan has gone on meanwhile. Please look at it again."))
