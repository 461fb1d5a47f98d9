"""What the person who spoke sees of it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from lianxin.kit.clock import ZONE
from lianxin.listen import actions as listen
from lianxin.listen.models import Voice
from lianxin.people.models import CalendarDay, forget_all
from lianxin.resolve import actions
from lianxin.resolve.models import Case, CaseRoad, Road, road_of
from lianxin.resolve.rules import State
from tests.resolve.story import Story


def look(story: Story, voice: Voice) -> Road:
    voice.refresh_from_db()
    return road_of(voice, at=story.at)


def main(road: Road) -> CaseRoad:
    assert road.main is not None
    return road.main


def titles(road: Road, state: str = "done") -> list[str]:
    return [step.title for step in road.steps if step.state == state]


def test_before_it_is_sorted(story: Story) -> None:
    voice = story.voice()
    road = look(story, voice)
    assert (road.state, road.light, road.main, road.cases) == ("sorting", "wait", None, ())
    assert titles(road, "now") == ["It is being read and sorted"]
    assert len(titles(road, "next")) == 4
    assert road.points[0].outcome_words == "being sorted"


def test_answered_on_the_spot_declined_and_transferred(story: Story) -> None:
    voice = story.voice()
    dispatcher = story.who("dispatcher")
    first, second, third = listen.itemize(voice, texts=["停水", "离婚", "路灯"], by=dispatcher, at=story.later())
    listen.answer(first, text="今晚八点恢复。", by=dispatcher, at=story.later())
    listen.decline(second, reason="legal_road", text="请到法院。", by=dispatcher, at=story.later())
    listen.transfer(third, to="市公路局", text="已转。", by=dispatcher, at=story.later())
    road = look(story, voice)
    assert (road.state, road.light) == ("settled", "ok")
    assert [point.outcome for point in road.points] == ["answered", "declined", "transferred"]
    assert road.points[0].answer == "今晚八点恢复。"
    assert "court" in road.points[1].answer
    assert road.points[2].answer.startswith("市公路局")
    assert [step.text for step in road.steps][1] == "今晚八点恢复。"


def test_the_date_is_explained_day_by_day(story: Story) -> None:
    voice = story.voice()
    story.handling(voice)
    road = look(story, voice)
    clock = main(road).clock
    assert clock is not None
    assert clock.due == datetime(2026, 10, 12, 17, 30, tzinfo=ZONE)
    assert (clock.left, clock.unit, clock.light, clock.provisional) == (5, "working days", "ok", False)
    assert [line.number for line in clock.days if line.number] == [1, 2, 3, 4, 5]
    assert any(line.makeup for line in clock.days), "10 October is a make-up workday"
    assert "5 working days" in clock.line
    assert "云溪县群众诉求办理承诺" in clock.line
    assert main(road).lead == "县水务局供水股"
    assert main(road).coordinator == "周明"
    assert "12 October 2026" in road.next_words


def test_both_dates_are_shown_when_a_later_one_was_granted(story: Story) -> None:
    voice = story.voice()
    case = story.handling(voice)
    actions.extend(
        case,
        due=datetime(2026, 10, 20, 17, 30, tzinfo=ZONE),
        reason="配件未到",
        by=story.who("handler"),
        at=story.later(),
    )
    assert "A later date was granted" not in titles(look(story, voice))
    actions.decide_extension(case, granted=True, by=story.who("secretary"), at=story.later())
    road = look(story, voice)
    clock = main(road).clock
    assert clock is not None
    assert (clock.first_due, clock.due) == (
        datetime(2026, 10, 12, 17, 30, tzinfo=ZONE),
        datetime(2026, 10, 20, 17, 30, tzinfo=ZONE),
    )
    assert "12 October 2026" in clock.notes[0]
    assert "20 October 2026" in clock.notes[0]
    assert "配件未到" in clock.notes[0]
    assert "A later date was granted" in titles(road)


def test_a_late_case_says_by_how_much(story: Story) -> None:
    voice = story.voice()
    story.handling(voice)
    story.at = datetime(2026, 10, 14, 9, tzinfo=ZONE)
    clock = main(look(story, voice)).clock
    assert clock is not None
    assert (clock.left, clock.light) == (-2, "late")


def test_a_suspended_case_waits_without_a_date(story: Story) -> None:
    voice = story.voice()
    story.suspended(voice)
    road = look(story, voice)
    clock = main(road).clock
    assert clock is not None
    assert (clock.due, clock.left, road.light) == (None, None, "wait")
    assert titles(road, "now") == ["It has to wait for now"]


def test_a_year_not_announced_is_provisional(story: Story) -> None:
    CalendarDay.objects.all().delete()
    forget_all()
    voice = story.voice()
    story.handling(voice)
    clock = main(look(story, voice)).clock
    assert clock is not None
    assert clock.provisional


def test_the_answer_and_the_question_whether_it_is_solved(story: Story) -> None:
    voice = story.voice()
    case = story.answered(voice)
    road = look(story, voice)
    told = main(road)
    assert [reply.text for reply in told.replies] == ["水管已换好，请放心用水。"]
    assert told.may_confirm
    assert told.clock is None
    assert told.result_words == "solved"
    assert titles(road, "now") == ["Your word: is it solved?"]
    assert "Please tell us until" in road.next_words
    actions.confirm(case, join=case.joins.get(pk=told.join), solved="no", at=story.later())
    road = look(story, voice)
    assert not main(road).may_confirm
    assert main(road).result_words == ""
    assert "Not solved, so it was reopened" in titles(road)
    assert main(road).clock is not None


def test_who_has_spoken_waits_for_the_others(story: Story) -> None:
    first, second = story.voice(), story.voice()
    case = story.answered(first, second)
    actions.confirm(case, join=case.joins.get(pk=main(look(story, first)).join), solved="yes", at=story.later())
    mine, other = look(story, first), look(story, second)
    assert main(mine).confirmed_at == story.at
    assert titles(mine, "now") == ["Others behind the same matter are still being asked"]
    assert "You told us how it is" in titles(mine)
    assert main(other).may_confirm
    assert "You told us how it is" not in titles(other), "what others said is theirs"


def test_after_the_window_nobody_is_asked(story: Story) -> None:
    voice = story.voice()
    story.closed(voice)
    assert not main(look(story, voice)).may_confirm
    other = story.voice()
    story.answered(other)
    story.later(days=31)
    assert not main(look(story, other)).may_confirm


def test_after_a_merger_the_voice_follows_and_keeps_its_past(story: Story) -> None:
    voice = story.voice()
    source, target = story.handling(voice), story.handling(story.voice())
    actions.merge(source, into=target, by=story.who("dispatcher"), at=story.later())
    road = look(story, voice)
    assert main(road).number == target.number
    assert "Joined with what others said about the same" in titles(road)
    assert titles(road).count("Registered as a matter to be settled") == 2


def test_two_cases_of_one_voice_the_open_one_speaks(story: Story) -> None:
    voice = story.voice()
    dispatcher = story.who("dispatcher")
    first, second = listen.itemize(voice, texts=["停水", "路灯"], by=dispatcher, at=story.at)
    one = actions.register(items=[first], title="停水", by=dispatcher, at=story.later())
    story.confirm(story.reply(story.match(story.finish(story.dispatch(one)))))
    two = actions.register(items=[second], title="路灯", by=dispatcher, at=story.later())
    road = look(story, voice)
    assert [case.number for case in road.cases] == [one.number, two.number]
    assert main(road).number == two.number
    assert [point.case for point in road.points] == [one.number, two.number]


def test_no_officer_but_the_coordinator_and_no_inner_word(story: Story) -> None:
    voice = story.voice()
    case = story.handling(voice, assists=[story.office("housing")], wish="内部要求")
    actions.take(story.task(case), by=story.who("handler"), at=story.later())
    actions.progress(case, text="内部进展", by=story.who("handler"), at=story.later())
    actions.return_(story.task(case, "assist"), reason="内部退单理由", by=story.who("neighbour"), at=story.later())
    actions.rule(case, lead=story.office("water"), reason="内部裁定", by=story.who("dispatcher"), at=story.later())
    told = str(look(story, voice))
    for inner in ("内部", "陈水生", "吴邻"):
        assert inner not in told


@pytest.mark.parametrize("state", list(State))
def test_every_state_can_be_told_in_ten_queries_in_both_languages(story: Story, state: State) -> None:
    case = story.in_state(state)
    voice = Voice.objects.get(items__join__case=case)
    for language in ("en", "zh-hans"):
        with translation.override(language), CaptureQueriesContext(connection) as queries:
            road = road_of(voice, at=story.at)
        assert len(queries) <= 10
        assert main(road).state == state
        assert (titles(road, "now") == []) == (state is State.CLOSED)
        assert road.next_words


def test_the_queries_do_not_grow_with_the_voice(story: Story) -> None:
    voice = story.voice()
    dispatcher = story.who("dispatcher")
    items = listen.itemize(voice, texts=[f"第{n}件" for n in range(6)], by=dispatcher, at=story.at)
    for item in items:
        story.dispatch(actions.register(items=[item], title=item.text, by=dispatcher, at=story.later()))
    with CaptureQueriesContext(connection) as queries:
        road = road_of(voice, at=story.at)
    assert len(road.cases) == 6
    assert len(queries) <= 10


class TestSimilar:
    """What others have said already."""

    def test_the_likest_open_case_comes_first(self, story: Story) -> None:
        water = story.registered(story.voice(text="我们小区晚上停水，楼上没有水用"))
        story.dispatch(water)
        lamp = story.registered(story.voice(text="路灯坏了半个月没人修"))
        closed = story.closed(story.voice(text="小区晚上停水，没有水用"))
        found = Case.objects.similar_open("晚上小区停水，楼上没水")
        assert found[0] == water
        assert lamp not in found
        assert closed not in found

    @pytest.mark.parametrize("text", ["", "好", "!!!", "x" * 4000])
    def test_nothing_is_like_nothing(self, story: Story, text: str) -> None:
        story.registered()
        assert Case.objects.similar_open(text) == []

    def test_traditional_characters_are_the_same_words(self, story: Story) -> None:
        case = story.registered(story.voice(text="小区晚上没有水用"))
        assert Case.objects.similar_open("小區晚上沒有水用") == [case]


def test_elapsed_days_are_of_the_calendar(story: Story) -> None:
    voice = story.voice()
    case = story.handling(voice)
    story.later(days=3)
    story.finish(case, effect_on=(voice.received_at + timedelta(days=3)).date())
    assert main(look(story, voice)).effect_days == 3
