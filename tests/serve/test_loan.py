"""Lending files: the signature by the rule of the day, one file once, the weekly review, nobody's own."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from lianxin.kit.refusal import NotAllowed
from lianxin.ledger.models import Event
from lianxin.people import actions as people
from lianxin.people.actions.words import TooShort
from lianxin.people.models import Post, User
from lianxin.serve.actions import loan as lending
from lianxin.serve.figures.loan import weeks_missing
from lianxin.serve.models import Loan, LoanRule
from tests.cast import Cast
from tests.house.witness import prove
from tests.serve.town_hall import MORNING

WEEK = timedelta(days=7)
FIRST = MORNING - 3 * WEEK


class Centre:
    """The talent centre of the labour bureau: its deputy director signed first, then its director does."""

    def __init__(self, cast: Cast) -> None:
        self.cast, self.office = cast, cast.offices["labour"]
        self.deputy = self.engage("deputy_director", "分管局长")
        self.director = self.engage("director", "人才中心主任")
        self.rule(self.deputy, delegated=False, reviewer=None, at=FIRST)

    def engage(self, key: str, title: str) -> Post:
        user = people.make_user(username=key, name=title, by=None, at=FIRST, totp_required=False)
        post = people.open_post(office=self.office, title=title, role="local_leader", by=None, at=FIRST)
        return people.appoint(post, holder=user, by=None, at=FIRST)

    def rule(self, approver: Post, *, delegated: bool, reviewer: Post | None, at: datetime = MORNING) -> LoanRule:
        return lending.set_loan_rule(
            self.office, approver=approver, reviewer=reviewer, delegated=delegated, days=7, basis="人社发〔2011〕3号",
            by=self.cast.officer("cataloguer"), at=at,
        )  # fmt: skip

    def new_rule(self) -> LoanRule:
        return self.rule(self.director, delegated=True, reviewer=self.deputy)

    def who(self, post: Post) -> User:
        assert post.holder
        return User.objects.get(pk=post.holder.pk)

    def ask(self, file_no: str = "D-001", at: datetime = MORNING) -> Loan:
        return lending.ask_loan(
            self.office, file_no=file_no, subject="欧阳燕归", unit="县教育局", borrower="王借", phone="13911112222",
            purpose="政审", by=self.cast.officer("labour_reviewer"), at=at,
        )  # fmt: skip

    def out(self, file_no: str = "D-001", at: datetime = MORNING) -> Loan:
        loan = lending.sign_loan(self.ask(file_no, at), granted=True, by=self.who(self.director), at=at)
        return lending.lend(loan, pages=120, by=self.cast.officer("labour_reviewer"), at=at)


@pytest.fixture
def centre(cast: Cast) -> Centre:
    return Centre(cast)


def test_before_the_date_the_deputy_signs_and_after_it_the_director(centre: Centre) -> None:
    old = centre.ask("D-000", at=FIRST)
    centre.new_rule()
    new = centre.ask()
    with pytest.raises(lending.NotTheSigner):
        lending.sign_loan(old, granted=True, by=centre.who(centre.director), at=MORNING)
    with pytest.raises(lending.NotTheSigner):
        lending.sign_loan(new, granted=True, by=centre.who(centre.deputy), at=MORNING)
    assert lending.sign_loan(old, granted=True, by=centre.who(centre.deputy), at=MORNING).granted
    assert prove(lambda: lending.sign_loan(new, granted=True, by=centre.who(centre.director), at=MORNING)).granted


def test_no_signature_is_handed_down_without_a_control(centre: Centre) -> None:
    for reviewer in (None, centre.director):
        with pytest.raises(lending.NoControl):
            centre.rule(centre.director, delegated=True, reviewer=reviewer)
    with pytest.raises(NotAllowed):
        lending.set_loan_rule(centre.office, approver=centre.director, days=7, basis="xx",
                              by=centre.cast.officer("labour_reviewer"), at=MORNING)  # fmt: skip
    prove(centre.new_rule)


def test_one_file_is_lent_once_at_a_time(centre: Centre) -> None:
    centre.new_rule()
    loan = centre.out()
    with pytest.raises(lending.FileIsOut):
        centre.ask()
    with pytest.raises(IntegrityError), transaction.atomic():
        Loan.objects.create(number="x", office=centre.office, rule=loan.rule, file_no="D-001", subject=b"", unit="x",
                            borrower=b"", purpose="x", asked_at=MORNING, asked_by=loan.asked_by)  # fmt: skip
    assert loan.due_on == date(2026, 10, 6)
    late = MORNING + timedelta(days=8)
    assert [each.pk for each in Loan.objects.overdue(late)] == [loan.pk]
    by = centre.cast.officer("labour_reviewer")
    with pytest.raises(TooShort):
        lending.return_loan(loan, pages=119, by=by, at=late)
    prove(lambda: lending.return_loan(loan, pages=119, condition="缺一页", by=by, at=late))
    with pytest.raises(lending.LoanElsewhere):
        lending.return_loan(loan, pages=120, by=by, at=late)
    assert not Loan.objects.overdue(late).exists()
    assert prove(centre.ask).granted is None
    kept = " ".join(f"{event.label} {event.data}" for event in Event.objects.all())
    assert "欧阳" not in kept and "王借" not in kept


def test_nobody_signs_or_reviews_what_is_his_own(centre: Centre) -> None:
    director = centre.who(centre.director)
    helper = people.open_post(office=centre.office, title="经办", role="reviewer", by=None, at=FIRST)
    people.appoint(helper, holder=director, by=None, at=FIRST)
    centre.new_rule()
    own = lending.ask_loan(
        centre.office, file_no="D-9", subject="甲", unit="乙", borrower="丙", phone="", purpose="调档",
        by=centre.who(centre.director), at=MORNING,
    )  # fmt: skip
    with pytest.raises(lending.NotYourself):
        lending.sign_loan(own, granted=True, by=centre.who(centre.director), at=MORNING)
    centre.out()
    people.substitute(
        absent=centre.who(centre.deputy), substitute=director, starts=MORNING, ends=MORNING + timedelta(days=5),
        reason="休假", by=None, at=MORNING,
    )  # fmt: skip
    with pytest.raises(lending.NotYourself):
        lending.review_loans(centre.office, week=MORNING.date(), by=centre.who(centre.director), at=MORNING)


def test_each_week_is_looked_at_also_without_an_entry_and_by_who_stands_in(centre: Centre) -> None:
    centre.rule(centre.director, delegated=True, reviewer=centre.deputy, at=FIRST)
    centre.out(at=FIRST)
    assert weeks_missing(centre.office, MORNING) == [date(2026, 9, 21), date(2026, 9, 14), date(2026, 9, 7)]
    deputy = centre.who(centre.deputy)
    for who in ("labour_reviewer", "neighbour"):
        with pytest.raises(lending.NotTheSigner):
            lending.review_loans(centre.office, week=FIRST.date(), by=centre.cast.officer(who), at=MORNING)
    signed = prove(lambda: lending.review_loans(centre.office, week=FIRST.date(), by=deputy, at=MORNING))
    assert (signed.week, signed.entries) == (date(2026, 9, 7), 1)
    with pytest.raises(lending.AlreadyReviewed):
        lending.review_loans(centre.office, week=FIRST.date(), by=deputy, at=MORNING)
    with pytest.raises(lending.NotThatWeek):
        lending.review_loans(centre.office, week=MORNING.date() + WEEK, by=deputy, at=MORNING)
    people.substitute(
        absent=deputy, substitute=centre.cast.officer("labour_approver"), starts=MORNING,
        ends=MORNING + timedelta(days=5), reason="休假", by=None, at=MORNING,
    )  # fmt: skip
    stand_in = centre.cast.officer("labour_approver")
    empty = lending.review_loans(centre.office, week=date(2026, 9, 14), by=stand_in, at=MORNING)
    assert empty.entries == 0
    assert Event.objects.about(empty).get().behalf_name == "分管局长"
    assert weeks_missing(centre.office, MORNING) == [date(2026, 9, 21)]
    assert not Loan.objects.unreviewed().exists()


def test_the_pages_of_loans(centre: Centre, sign_in: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: MORNING)
    centre.new_rule()

    def browser(user: User) -> Client:
        client: Client = sign_in(user)  # type: ignore[operator]
        client.cookies["language"] = "en"
        return client

    clerk = browser(centre.cast.officer("labour_reviewer"))
    said = {"office": centre.office.pk, "file_no": "D-7", "subject": "欧阳燕归", "unit": "县教育局", "borrower": "王借",
            "phone": "13911112222", "purpose": "政审"}  # fmt: skip
    assert clerk.post("/desk/loans/new/", {**said, "office": "9" * 30}).status_code == 422
    assert clerk.post("/desk/loans/new/", said).status_code == 302
    assert clerk.post("/desk/loans/new/", said).status_code == 422
    loan = Loan.objects.get()
    place = f"/desk/loans/{loan.number}/"
    assert "欧阳燕归" not in clerk.get("/desk/loans/").content.decode()
    neighbour = browser(centre.cast.officer("reviewer"))  # the same power, in another bureau
    assert neighbour.get(place).status_code == 404
    assert loan.number not in neighbour.get("/desk/loans/").content.decode()
    for deed in ("sign", "lend", "return"):
        assert neighbour.post(f"{place}{deed}/").status_code == 404
    assert clerk.post(f"{place}sign/", {"granted": "True"}).status_code == 422
    director = browser(centre.who(centre.director))
    assert "D-7" in director.get(place).content.decode()
    assert director.post(f"{place}sign/", {"granted": "False", "words": ""}).status_code == 422
    assert director.post(f"{place}sign/", {"granted": "True"}).status_code == 302
    assert clerk.post(f"{place}lend/", {"pages": "-1"}).status_code == 422
    assert clerk.post(f"{place}lend/", {"pages": "120"}).status_code == 302
    deputy = browser(centre.who(centre.deputy))
    assert "D-7" in deputy.get("/desk/loans/").content.decode()
    assert deputy.post("/desk/loans/review/", {"office": centre.office.pk, "week": "2026-09-29"}).status_code == 302
    assert clerk.post(f"{place}return/", {"pages": "120", "condition": ""}).status_code == 302
    assert clerk.post(f"{place}explode/").status_code == 404
    loan.refresh_from_db()
    assert loan.returned_at and loan.review_id
    keeper = browser(centre.cast.officer("cataloguer"))
    rule = {"office": centre.office.pk, "approver": centre.deputy.pk, "days": "7", "basis": "新规"}
    assert keeper.post("/desk/loans/rule/", {**rule, "delegated": "on"}).status_code == 422
    assert keeper.post("/desk/loans/rule/", rule).status_code == 302
    assert clerk.post("/desk/loans/rule/", rule).status_code in (403, 404)
