"""Scenario S9: a letter about water reaches the county secretary on 3 February 2014; on the 6th the water runs again.

3 February 2014 is the fourth day of the Spring Festival holidays (31 January to 6 February). The clock of a major
matter counts hours and does not stop for them.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.utils import translation

from lianxin.kit.clock import ZONE, Calendar
from lianxin.ledger.models import Event
from lianxin.listen import actions as listen
from lianxin.listen import figures as heard
from lianxin.listen.models import Voice
from lianxin.outbox.models import Message
from lianxin.people.models import CalendarDay, Limit, Shift
from lianxin.resolve import actions
from lianxin.resolve.models import Case, CaseRoad, road_of
from lianxin.resolve.rules import State
from tests.resolve.story import Story

LETTER = "尊敬的书记：我们小区两百多户人家，过年这几天一到晚上就没水，老人孩子都等着。恳请您管一管。"


def feb(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2014, 2, day, hour, minute, tzinfo=ZONE)


def main(voice: Voice, at: datetime) -> CaseRoad:
    road = road_of(voice, at=at).main
    assert road is not None
    return road


@pytest.fixture
def announced(story: Story) -> None:
    """The holidays of 2014, as the State Council announced them; a major matter has 72 hours."""
    Limit.objects.filter(key="case.major").update(value=72)
    CalendarDay.objects.bulk_create(
        CalendarDay(date=day.date, is_workday=day.is_workday, name=day.name, source="chinesecalendar")
        for day in Calendar.seeded().days
        if day.date.year == 2014
    )
    Shift.objects.create(
        duty=Shift.Duty.LEADER, user=story.who("secretary"), office=story.office("leadership"), starts=feb(3, 8),
        ends=feb(4, 8),
    )  # fmt: skip


def write(story: Story) -> tuple[Voice, str]:
    story.at = feb(3, 9)
    said = listen.hear(
        channel="letter", text=LETTER, identity="signed", name="彭某", phone="13500000000", kind="problem",
        addressee=story.cast.posts["secretary"], area=story.cast.areas["qingshui"], at=story.at,
    )  # fmt: skip
    return said.voice, said.code


def convene(story: Story, voice: Voice) -> Case:
    """The secretary reads, orders, calls the offices together and raises the alarm: all on the same day."""
    secretary = story.who("secretary")
    listen.read_letter(voice, by=secretary, at=feb(3, 10))
    order = "请办公室立即召集水务、住建核实，三天内恢复供水。"
    case = actions.instruct_letter(voice, text=order, by=secretary, at=feb(3, 10, 5))
    offices = [story.office("water"), story.office("housing")]
    case = actions.consult(case, reason="年节用水，不能等", offices=offices, by=secretary, at=feb(3, 10, 10))
    case = actions.alarm(case, reason="两百多户春节断水", by=secretary, at=feb(3, 10, 15))
    return actions.dispatch(
        case, lead=story.office("water_section"), assists=[story.office("housing")],
        coordinator=story.who("dispatcher"), by=story.who("dispatcher"), at=feb(3, 11),
    )  # fmt: skip


def settle(story: Story, case: Case) -> Case:
    """Checked and repaired through the holidays; on the morning of the 6th the water runs."""
    handler, neighbour = story.who("handler"), story.who("neighbour")
    actions.take(story.task(case), by=handler, at=feb(3, 11, 20))
    actions.progress(case, text="加压泵烧毁，已从绵阳调泵。", public=True, by=handler, at=feb(3, 16))
    actions.report(story.task(case, "assist"), text="泵房电路已改", by=neighbour, at=feb(5, 15))
    case = actions.finish(
        case, result="solved", text="换泵后，六楼早上有水", effect_on=date(2014, 2, 6), root_cause="泵房老化",
        by=handler, at=feb(6, 8),
    )  # fmt: skip
    case = actions.reexamine(
        case, matched=True, on_site=True, finding="早上入户三家，均有水", by=story.who("examiner"), at=feb(6, 9)
    )
    return actions.reply(case, text="加压泵已换好，有水了。", by=story.who("dispatcher"), at=feb(6, 9, 30))


@pytest.mark.usefixtures("announced")
def test_the_clock_in_hours_does_not_stop_for_spring_festival(story: Story) -> None:
    voice, _ = write(story)
    case = convene(story, voice)
    assert case.due_at == feb(6, 10, 15), "seventy-two hours from the alarm, all of them holidays"
    assert case.dispatched_at == feb(3, 10, 15)
    clock = main(voice, feb(3, 12)).clock
    assert clock is not None
    assert clock.left == 70
    assert {line.kind for line in clock.days} <= {"start", "counted", "due"}, "no day of rest among them"


@pytest.mark.usefixtures("announced")
def test_an_ordinary_clock_would_have_waited_for_the_holidays_to_end(story: Story) -> None:
    voice, _ = write(story)
    case = actions.instruct_letter(voice, text="请办", by=story.who("secretary"), at=feb(3, 10))
    case = story.dispatch(case)
    assert case.due_at == feb(12, 17, 30), "7, 8 (a make-up Saturday), 10, 11 and 12 February"


@pytest.mark.usefixtures("announced")
def test_three_days_from_the_letter_to_the_water(story: Story) -> None:
    voice, code = write(story)
    case = settle(story, convene(story, voice))
    assert case.days_to_effect == 3
    assert case.answered_at is not None
    assert case.due_at is not None
    assert case.answered_at < case.due_at
    assert (case.sponsor, case.state) == (story.who("secretary"), State.ANSWERED)
    told = Message.objects.filter(template__key="case.answered").get()
    assert voice.number in told.text

    found = Voice.objects.with_code(voice.number, code)
    assert found == voice
    road = main(voice, feb(7, 9))
    assert road.may_confirm
    assert road.effect_days == 3
    case = actions.confirm(
        case, join=case.joins.get(pk=road.join), solved="yes", result_grade=5, handling_grade=5, words="水来了，谢谢",
        quotable=True, at=feb(7, 9, 30),
    )  # fmt: skip
    assert case.state == State.CLOSED
    assert case.confirmations.get().words == "水来了，谢谢"


@pytest.mark.usefixtures("announced")
def test_the_timeline_tells_it_in_order_and_shows_no_inner_word(story: Story) -> None:
    voice, _ = write(story)
    case = settle(story, convene(story, voice))
    actions.confirm(case, join=case.joins.get(), solved="yes", result_grade=5, at=feb(7, 9, 30))
    verbs = [event.verb.removeprefix("case.") for event in Event.objects.about(case).order_by("at", "id")]
    assert verbs == [
        "register", "instruct", "consult", "alarm", "dispatch", "take", "progress", "report", "finish", "reexamine",
        "reply", "confirm",
    ]  # fmt: skip
    voice.refresh_from_db()
    with translation.override("en"):
        road = road_of(voice, at=feb(7, 10))
        steps = [step for step in road.steps if step.at]
        assert [step.at for step in steps] == sorted(step.at for step in steps if step.at)
        assert [step.title for step in steps] == [
            "What you said was received",
            "The person you wrote to has read your letter",
            "Registered as a matter to be settled",
            "A leader gave a written order",
            "Offices were called together",
            "Marked as a major matter: the clock runs in hours, day and night",
            "县水务局供水股 does it",
            "How it goes",
            "The office says it is done",
            "Somebody who did not work on it has looked: it is so",
            "You were answered",
            "You told us how it is",
        ]
        told = str(road)
    for inner in ("请办公室立即", "泵房电路", "入户三家", "陈水生", "郑核", "吴邻"):
        assert inner not in told


@pytest.mark.usefixtures("announced")
def test_the_letter_is_counted_by_kind_and_tier(story: Story) -> None:
    write(story)
    start = feb(3, 9) - timedelta(days=1)
    tiers = {cell.key: cell.count for cell in heard.letters_by_tier(start, start + timedelta(days=2)).cells}
    assert tiers["county"] == 1
    kinds = {cell.key: cell.count for cell in heard.received_by_kind(start, start + timedelta(days=2)).cells}
    assert kinds["problem"] == 1
