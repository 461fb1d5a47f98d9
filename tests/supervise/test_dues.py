"""What is due is worked out from what is on record: the months of a leader, transfers, leave, who stands in."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from lianxin.kit.clock import ZONE
from lianxin.ledger.actions import note
from lianxin.ledger.models import Event
from lianxin.outbox import actions as outbox
from lianxin.outbox.models import Message
from lianxin.people import actions as people
from lianxin.people.models import Office
from lianxin.record import actions as record
from lianxin.record.models import Encounter, Enterprise, Link
from lianxin.record.rules import Tie
from lianxin.supervise import actions
from lianxin.supervise.models import Clue, Due, Obligation, Usefulness, dues
from lianxin.supervise.papers import icalendar
from lianxin.supervise.rules import Span, State
from tests.cast import Cast
from tests.house.witness import prove
from tests.record import making

BASIS = "县委办发〔2014〕5号"


def moment(month: int, day: int, hour: int = 10, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, tzinfo=ZONE)


class Firm:
    """A leader of the water bureau, one enterprise, and the monthly visit."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        self.kind = making.kind("enterprise.visit")
        self.firm = making.enterprise(cast.areas["qingshui"], "清水纸业", moment(1, 1))
        self.link = self.linked(date(2025, 12, 1))
        self.rule = self.oblige()

    def oblige(self, **values: object) -> Obligation:
        said: dict[str, object] = {
            "key": "monthly", "name": "每月走访联系企业不少于1次", "basis": BASIS, "who": "link", "tie": Tie.LEADER,
            "what": "encounter", "kinds": [self.kind], "period": "month", "starts": date(2025, 1, 1), **values,
        }  # fmt: skip
        return actions.set_obligation(**said, by=None, at=moment(1, 1))  # type: ignore[arg-type]

    def linked(self, starts: date, who: str = "chief", firm: Enterprise | None = None) -> Link:
        return record.link(
            tie=Tie.LEADER, user=self.cast.officers[who], enterprise=firm or self.firm, starts=starts, by=None,
            at=moment(1, 1),
        )  # fmt: skip

    def visit(self, month: int, day: int, who: str = "chief", **values: object) -> Encounter:
        at = moment(month, day)
        return making.met(self.cast, who, at, kind=self.kind, **{"enterprise": self.firm, **values})

    def months(self, at: datetime, first: int = 1) -> dict[int, Due]:
        found = dues([self.rule], Span(date(2026, first, 1), making.day(at) + timedelta(days=1)), at)
        return {due.span.first.month: due for due in found if due.owner.link == self.link}

    def states(self, at: datetime) -> list[State]:
        return [due.state for due in self.months(at).values()]


@pytest.fixture
def firm(cast: Cast) -> Firm:
    return Firm(cast)


def test_visits_on_31_january_and_1_march_leave_february_missed(firm: Firm) -> None:
    """LNK-04, I-28."""
    visit = firm.visit(1, 31)
    firm.visit(3, 1)
    months = firm.months(moment(3, 2))
    assert [months[n].state for n in (1, 2, 3)] == [State.DONE, State.MISSED, State.DONE]
    assert [one.number for one in months[1].evidence] == [visit.number]


def test_december_is_not_january(firm: Firm) -> None:
    firm.visit(12, 31, who="chief")
    Encounter.objects.update(starts_at=datetime(2025, 12, 31, 23, 59, 59, tzinfo=ZONE))
    assert firm.states(moment(1, 20)) == [State.OPEN]
    Encounter.objects.update(starts_at=datetime(2026, 1, 1, 0, 0, tzinfo=ZONE))
    assert firm.states(moment(1, 20)) == [State.DONE]


def test_only_what_really_happened_counts(firm: Firm) -> None:
    """A draft, a telephone call, a closed door, another firm and a visit of tomorrow are none."""
    other = making.enterprise(firm.cast.areas["qingshui"], "清水磷肥", moment(1, 1))
    draft = firm.visit(1, 5)
    Encounter.objects.filter(pk=draft.pk).update(submitted_at=None)
    firm.visit(1, 6, mode="phone")
    firm.visit(1, 7, outcome="absent")
    firm.visit(1, 8, enterprise=other)
    firm.visit(1, 25)
    assert firm.states(moment(1, 20)) == [State.OPEN]
    assert firm.states(moment(1, 26)) == [State.DONE]


def test_two_on_one_day_are_one(firm: Firm) -> None:
    Obligation.objects.update(times=2)
    firm.rule.refresh_from_db()
    firm.visit(1, 5)
    firm.visit(1, 5)
    assert firm.months(moment(1, 20))[1].done == 1


def test_hand_over_in_the_middle_of_a_month(firm: Firm) -> None:
    """The one who goes on the 10th owes nothing of the month any more, the one who comes owes it (I-29)."""
    taken = record.hand_over(
        firm.link, to=firm.cast.officers["handler"], starts=date(2026, 3, 10), because="调离", by=None, at=moment(3, 9)
    )
    found = dues([firm.rule], Span(date(2026, 3, 1), date(2026, 4, 1)), moment(3, 20))
    needs = {due.owner.link: due.need for due in found}
    assert needs == {firm.link: 0, taken: 1}
    assert {due.owner.link: due.reason for due in found} == {firm.link: "partial", taken: ""}


def test_post_that_ends_takes_the_duty_with_it(firm: Firm) -> None:
    people.close_post(firm.cast.posts["chief"], ends=date(2026, 2, 10), by=None, at=moment(2, 9))
    assert firm.months(moment(3, 20))[2].need == 0
    assert 3 not in firm.months(moment(3, 20))


def test_leave_is_an_exemption_with_its_reason(firm: Firm) -> None:
    assert firm.states(moment(3, 1))[1] == State.MISSED
    given = prove(
        lambda: actions.exempt(
            user=firm.cast.officers["chief"], starts=date(2026, 2, 1), ends=date(2026, 3, 1), reason="病假",
            by=firm.cast.officer("organiser"), at=moment(2, 1),
        )
    )  # fmt: skip
    february = firm.months(moment(3, 1))[2]
    assert (february.state, february.reason) == (State.EXEMPT, "病假")
    prove(lambda: actions.withdraw_exemption(given, by=firm.cast.officer("organiser"), at=moment(3, 1)))
    assert firm.months(moment(3, 1))[2].state == State.MISSED


def test_nobody_lets_oneself_off(firm: Firm) -> None:
    organiser = firm.cast.officer("organiser")
    with pytest.raises(actions.WrongObligation):
        actions.exempt(
            user=organiser, starts=date(2026, 2, 1), ends=date(2026, 3, 1), reason="忙", by=organiser, at=moment(2, 1)
        )


def test_who_stands_in_does_it_where_the_row_says_so(firm: Firm) -> None:
    """I-13: the tasks of 1 to 10 May, only then, and both names in the record."""
    people.substitute(
        absent=firm.cast.officer("chief"), substitute=firm.cast.officer("handler"), starts=moment(5, 1, 0),
        ends=moment(5, 11, 0), reason="出差", by=None, at=moment(4, 30),
    )  # fmt: skip
    firm.visit(5, 12, who="handler")
    assert firm.months(moment(6, 2), first=5)[5].state == State.MISSED
    firm.visit(5, 8, who="handler")
    may = firm.months(moment(6, 2), first=5)[5]
    assert (may.state, may.evidence[0].stood_in, may.owner.name) == (State.DONE, "陈水生", "何局")
    Obligation.objects.update(by_substitute=False)
    firm.rule.refresh_from_db()
    assert firm.months(moment(6, 2), first=5)[5].state == State.MISSED


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(days=some.lists(some.dates(date(2026, 1, 1), date(2026, 6, 30)), max_size=12))
def test_a_month_is_done_when_somebody_went_in_it_and_never_else(firm: Firm, days: list[date]) -> None:
    Encounter.objects.all().delete()
    for day in days:
        firm.visit(day.month, day.day)
    states = {month: due.state for month, due in firm.months(moment(7, 1)).items() if month < 7}
    gone = {day.month for day in days}
    assert states == {n: State.DONE if n in gone else State.MISSED for n in range(1, 7)}


def test_three_surveys_a_year_count_only_with_their_report(firm: Firm) -> None:
    """LNK-06: 3 visits with 2 reports are 2 of 3."""
    rule = firm.oblige(key="survey", name="每年到联系点调研不少于3次", period="year", times=3, with_report=True)
    visits = [firm.visit(month, 5) for month in (2, 5, 8)]
    for visit in visits[:2]:
        actions.report(visit, title="调研报告", text="缺熟练工。", by=firm.cast.officer("chief"), at=moment(8, 6))
    due = dues([rule], Span(date(2026, 1, 1), date(2027, 1, 1)), moment(9, 1))[0]
    assert (due.done, due.need, due.missing, due.state) == (2, 3, 1, State.OPEN)
    with pytest.raises(actions.NotThere):
        actions.report(visits[2], title="别人写的", text="……", by=firm.cast.officer("handler"), at=moment(8, 6))


def test_chief_without_a_link_is_listed_after_the_days_of_grace(firm: Firm) -> None:
    """LNK-03: at least one link for defined posts; a new one is given time."""
    rule = firm.oblige(
        key="link", name="联系1户以上", who="post", tie=Tie.LEADER, what="link", kinds=[], role="chief", grace_days=30,
        period="month",
    )  # fmt: skip
    post = people.open_post(
        office=firm.cast.offices["housing"], title="局长", role="chief", by=None, at=moment(1, 1)
    )  # fmt: skip
    people.appoint(post, holder=firm.cast.officers["neighbour"], starts=date(2026, 3, 1), by=None, at=moment(3, 1))

    def behind(at: datetime) -> list[str]:
        day = making.day(at)
        return [due.owner.name for due in dues([rule], Span(day, day + timedelta(days=1)), at) if due.missing]

    assert behind(moment(3, 20)) == []
    assert behind(moment(4, 20)) == ["吴邻"]
    firm.linked(date(2026, 4, 20), who="neighbour")
    assert behind(moment(4, 21)) == []


def test_deeds_of_the_ledger_count_for_whoever_did_them(firm: Firm) -> None:
    box = firm.oblige(
        key="box", name="每周一开意见箱", who="office", office_kind=Office.Kind.TOWN, what="deed", verbs=["box.opened"],
        kinds=[], tie="", period="dates", recurrence="FREQ=WEEKLY;BYDAY=MO", tolerance=1, holiday="keep",
    )  # fmt: skip
    town = firm.cast.offices["town_office"]
    note("box.opened", town, by=firm.cast.officers["mayor"], at=moment(3, 3))  # the Tuesday after Monday the 2nd
    note("box.opened", town, by=firm.cast.officers["neighbour"], at=moment(3, 9))  # of another office
    found = dues([box], Span(date(2026, 3, 1), date(2026, 3, 15)), moment(3, 20), office=town)
    assert [(due.day, due.state) for due in found] == [
        (date(2026, 3, 2), State.DONE), (date(2026, 3, 9), State.MISSED),
    ]  # fmt: skip


def test_a_day_in_the_holidays_is_moved_and_says_from_where(firm: Firm, calendar: None) -> None:
    """I-27: 20 February 2026, third Friday and fair day at once, lies in the Spring Festival."""
    fair = firm.oblige(
        key="fair", name="每月20日招聘日", who="office", office=firm.cast.offices["labour"], tie="", period="dates",
        recurrence="FREQ=MONTHLY;BYMONTHDAY=20", holiday="next",
    )  # fmt: skip
    (due,) = dues([fair], Span(date(2026, 2, 1), date(2026, 3, 1)), moment(1, 5))
    assert (due.planned, due.day, due.is_moved) == (date(2026, 2, 20), date(2026, 2, 24), True)
    text = icalendar([due], name="招聘日", at=moment(1, 5), host="lianxin.test").decode()
    assert "DTSTART;VALUE=DATE:20260224" in text
    assert f"UID:fair-0-{firm.cast.offices['labour'].pk}-0-2026-02-20@lianxin.test" in text.replace("\r\n ", "")


def test_reminder_is_written_once(firm: Firm) -> None:
    outbox.seed_templates(at=moment(1, 1))
    Obligation.objects.update(remind_days=7)
    Office.objects.update(phone="13911112222")
    assert actions.remind(at=moment(3, 20)) == 0
    assert actions.remind(at=moment(3, 26)) == 1
    assert actions.remind(at=moment(3, 28)) == 1
    message = Message.objects.get(template__key="duty.reminder")
    assert "县水务局" in message.text and "何局" not in message.text
    assert "2026-03-31" in message.text
    firm.visit(3, 29)
    assert actions.remind(at=moment(3, 30)) == 0


def test_two_missed_months_are_one_clue(firm: Firm) -> None:
    """LNK-09."""
    Obligation.objects.update(clue_after=2)
    firm.visit(1, 5)
    record.unlink(firm.linked(date(2025, 1, 1), firm=making.enterprise(
        firm.cast.areas["qingshui"], "旧厂", moment(1, 1)
    )), ends=date(2025, 1, 1), because="记错了", by=None, at=moment(1, 1))  # fmt: skip
    Obligation.objects.update(starts=date(2026, 1, 1))
    assert actions.raise_clues(at=moment(3, 15)) == 0
    assert actions.raise_clues(at=moment(4, 1)) == 1
    assert actions.raise_clues(at=moment(5, 1)) == 0
    clue = Clue.objects.get()
    assert (clue.missed, clue.since, clue.user) == (2, date(2026, 2, 1), firm.cast.officers["chief"])
    with pytest.raises(actions.AlreadySettled):
        actions.settle_clue(clue, words="我去过", by=firm.cast.officer("chief"), at=moment(4, 2))
    prove(
        lambda: actions.settle_clue(clue, words="已谈话，四月补上", by=firm.cast.officer("supervisor"), at=moment(4, 2))
    )


def test_gifts_are_declared_for_each_visit(firm: Firm) -> None:
    """I-90: also where it was nothing; what was received must say what became of it."""
    visit = firm.visit(2, 5)
    chief = firm.cast.officer("chief")
    prove(lambda: actions.declare(visit, by=chief, at=moment(2, 5), received="茶叶两盒", handed_in="已登记上交"))
    with pytest.raises(actions.AlreadyDeclared):
        actions.declare(visit, by=chief, at=moment(2, 6))


def test_what_an_enterprise_thinks_is_a_count_without_its_name(firm: Firm) -> None:
    """I-90: one grade a quarter for a leader; neither rows nor ledger tell who gave it."""
    organiser, chief = firm.cast.officer("organiser"), firm.cast.officers["chief"]
    code = actions.give_code(firm.firm, leader=chief, by=organiser, at=moment(2, 5))
    before = Event.objects.count()
    counted = prove(lambda: actions.rate_visits(code.lower(), grade=1, at=moment(2, 6, 11)))
    assert Usefulness.objects.get(pk=counted.pk).count == 1
    with pytest.raises(actions.CodeUsed):
        actions.rate_visits(code, grade=3, at=moment(2, 7))
    with pytest.raises(actions.CodeUsed):
        actions.give_code(firm.firm, leader=chief, by=organiser, at=moment(2, 8))
    told = [str(event.facts()) for event in Event.objects.order_by("id")[before:]]
    assert all("清水纸业" not in text and f"{firm.firm.pk}]" not in text for text in told)
