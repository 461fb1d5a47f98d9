"""Whether it is so, and what the people say of it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from lianxin.kit.refusal import NotAllowed
from lianxin.ledger.models import Event
from lianxin.listen.models import Voice
from lianxin.outbox.models import Message
from lianxin.people.actions.words import NothingSaid, TooShort
from lianxin.people.models import Limit, Post
from lianxin.resolve import actions
from lianxin.resolve.actions.check import (
    AlreadyConfirmed,
    AlreadyReexamined,
    MergedAway,
    NoSuchGrade,
    NotBehind,
    NotReexamined,
    OwnWork,
    PeopleNotAsked,
    RootCauseMissing,
    SameOffice,
    WindowOver,
)
from lianxin.resolve.models import Confirmation
from lianxin.resolve.rules import Result, State, TaskState
from tests.resolve.story import Story


def give_post(story: Story, officer: str, role: str, office: str) -> None:
    Post.objects.create(office=story.office(office), title="兼任", role=role, holder=story.who(officer))


def answered_messages() -> int:
    return Message.objects.filter(template__key="case.answered").count()


class TestReexamine:
    def test_found_so(self, story: Story) -> None:
        case = story.matched()
        assert (case.state, case.reexamined_at) == (State.REEXAMINING, story.at)
        assert case.reexaminations.get().on_site

    def test_found_not_so_goes_back_and_the_clock_has_not_stopped(self, story: Story) -> None:
        case = story.reexamining()
        due = case.due_at
        case = actions.reexamine(
            case, matched=False, finding="三楼以上没水", by=story.who("examiner"), at=story.later()
        )
        assert (case.state, case.result, case.finished_at, case.due_at) == (State.HANDLING, "", None, due)
        task = story.task(case)
        assert (task.state, task.wish, task.forced) == (TaskState.OPEN, "三楼以上没水", True)
        assert story.match(story.finish(case)).reexamined_at

    def test_not_by_who_had_a_hand_in_it(self, story: Story) -> None:
        give_post(story, "handler", "examiner", "hub")
        with pytest.raises(OwnWork):
            actions.reexamine(
                story.reexamining(), matched=True, finding="好了", by=story.who("handler"), at=story.later()
            )

    def test_not_by_who_stands_in_for_one_who_had_a_hand_in_it(self, story: Story) -> None:
        give_post(story, "handler", "examiner", "hub")
        from lianxin.people.actions import substitute

        start = story.at - timedelta(days=1)
        substitute(
            absent=story.who("handler"), substitute=story.who("editor"), starts=start, ends=start + timedelta(days=9),
            reason="病假", by=story.who("it"), at=start,
        )  # fmt: skip
        with pytest.raises(OwnWork):
            actions.reexamine(
                story.reexamining(), matched=True, finding="好了", by=story.who("editor"), at=story.later()
            )

    def test_not_by_the_office_that_led(self, story: Story) -> None:
        give_post(story, "chief", "examiner", "water_section")
        with pytest.raises(SameOffice):
            actions.reexamine(
                story.reexamining(), matched=True, finding="好了", by=story.who("chief"), at=story.later()
            )

    def test_two_at_once_the_second_is_told(self, story: Story) -> None:
        with pytest.raises(AlreadyReexamined, match="郑核"):
            story.match(story.matched())

    def test_only_an_examiner_and_with_words(self, story: Story) -> None:
        case = story.reexamining()
        for key in ("dispatcher", "neighbour", "secretary"):
            with pytest.raises(NotAllowed):
                actions.reexamine(case, matched=True, finding="好了", by=story.who(key), at=story.later())
        with pytest.raises(NothingSaid):
            actions.reexamine(case, matched=True, finding="", by=story.who("examiner"), at=story.later())


class TestReply:
    def test_one_reply_reaches_everybody_once(self, story: Story) -> None:
        twice = [story.voice(phone="13800000009") for _ in range(2)]
        others = [story.voice(phone="13800000008"), story.voice(phone="", email="wang@example.com")]
        silent = [
            story.voice(wants_reply=False), story.voice(identity="anonymous"), story.voice(phone="", name="无电话"),
        ]  # fmt: skip
        story.answered(*twice, *others, *silent)
        assert answered_messages() == 3
        texts = list(Message.objects.filter(template__key="case.answered").values_list("text", flat=True))
        assert any(twice[0].number in text and twice[1].number in text for text in texts)
        assert not any("水管" in text for text in texts), "numbers and what comes next, nothing of the matter (I-10)"

    def test_not_before_somebody_else_has_looked(self, story: Story) -> None:
        with pytest.raises(NotReexamined):
            story.reply(story.reexamining())
        assert answered_messages() == 0

    def test_not_on_an_old_look_after_it_came_back(self, story: Story) -> None:
        case = story.reopened()
        case = story.finish(story.dispatch(case))
        with pytest.raises(NotReexamined):
            story.reply(case)

    def test_by_who_may_and_with_words(self, story: Story) -> None:
        case = story.matched()
        with pytest.raises(NotAllowed):
            actions.reply(case, text="好了", by=story.who("handler"), at=story.later())
        with pytest.raises(NothingSaid):
            actions.reply(case, text="\n", by=story.who("dispatcher"), at=story.later())


class TestConfirm:
    def test_the_person_says_yes_and_it_is_closed(self, story: Story) -> None:
        case = story.confirm(
            story.answered(), result_grade=5, handling_grade=3, words="谢谢\x00", quotable=True, solved="yes"
        )
        assert (case.state, case.closed_at, case.result) == (State.CLOSED, story.at, Result.SOLVED)
        word = Confirmation.objects.quotable().get()
        assert (word.words, word.asked_by, word.result_grade, word.handling_grade) == ("谢谢", None, 5, 3)
        assert Event.objects.about(case).latest("id").by_id is None
        assert "谢谢" not in str(Event.objects.about(case).latest("id").data)

    @pytest.mark.parametrize("word", [{"solved": "no"}, {"solved": "yes", "result_grade": 2}])
    def test_dissatisfied_reopens_by_rule_with_a_new_term(self, story: Story, word: dict[str, object]) -> None:
        answered = story.answered()
        first = answered.first_due_at
        case = story.confirm(answered, **word)  # type: ignore[arg-type]
        assert (case.state, case.reopened, case.result, case.answered_at) == (State.REOPENED, 1, "", None)
        assert case.first_due_at == first
        assert case.dispatched_at == story.at
        assert case.due_at is not None
        assert answered.due_at is not None
        assert case.due_at > answered.due_at
        data = Event.objects.about(case).latest("id").data
        assert data["to"] == "reopened"
        assert data["first_due"] != data["due"]
        assert Message.objects.filter(template__key="case.reopened").count() == 1
        again = story.dispatch(case)
        assert again.due_at == case.due_at, "to dispatch it again wins no time"

    def test_a_bad_word_for_the_handling_alone_is_kept_for_self_examination(self, story: Story) -> None:
        case = story.confirm(story.answered(), result_grade=4, handling_grade=1)
        assert case.state == State.CLOSED
        assert Confirmation.objects.bad().count() == 1

    def test_it_waits_until_all_have_spoken_and_one_no_reopens(self, story: Story) -> None:
        case = story.answered(story.voice(), story.voice(), story.voice(wants_reply=False))
        case.root_cause = "老管爆裂"
        case.save(update_fields=["root_cause"])
        first, second, _ = case.joins.order_by("id")
        assert story.confirm(case, join=first).state == State.ANSWERED
        assert story.confirm(case, join=second).state == State.CLOSED
        other = story.answered(story.voice(), story.voice())
        first, second = other.joins.order_by("id")
        story.confirm(other, join=first)
        assert story.confirm(other, join=second, solved="no").state == State.REOPENED

    def test_a_repeated_problem_without_root_cause_waits_for_an_officer(self, story: Story) -> None:
        case = story.answered(story.voice(), story.voice())
        for join in case.joins.order_by("id"):
            case = story.confirm(case, join=join)
        assert case.state == State.ANSWERED
        with pytest.raises(RootCauseMissing):
            actions.close(case, by=story.who("dispatcher"), at=story.later())
        case = actions.close(case, root_cause="老管爆裂", by=story.who("dispatcher"), at=story.later())
        assert (case.state, case.root_cause) == (State.CLOSED, "老管爆裂")

    def test_two_points_of_one_person_are_one_voice(self, story: Story) -> None:
        from lianxin.listen import actions as listen

        voice = story.voice()
        listen.itemize(voice, texts=["停水", "水黄"], by=story.who("dispatcher"), at=story.at)
        case = story.answered(voice)
        assert case.voices == 2
        first, second = case.joins.order_by("id")
        case = story.confirm(case, join=first)
        assert case.state == State.CLOSED, "one person, one word, and no repeated problem"
        with pytest.raises(AlreadyConfirmed):
            story.confirm(case, join=second)

    def test_after_closing_a_no_still_reopens_within_the_window(self, story: Story) -> None:
        case = story.answered(story.voice(), story.voice(wants_reply=False))
        case.root_cause = "老管爆裂"
        case.save(update_fields=["root_cause"])
        first, second = case.joins.order_by("id")
        case = story.confirm(case, join=first)
        assert case.state == State.CLOSED
        assert story.confirm(case, join=second, solved="no").state == State.REOPENED

    def test_not_after_the_window(self, story: Story) -> None:
        case = story.answered()
        story.later(days=31)
        with pytest.raises(WindowOver):
            story.confirm(case, solved="no")

    def test_the_county_sets_the_window(self, story: Story) -> None:
        Limit.objects.create(
            key="confirm", name="回访", value=2, unit="natural_day", start_fact="答复送出", legal_basis="承诺"
        )
        case = story.answered()
        story.later(days=3)
        with pytest.raises(WindowOver):
            story.confirm(case)

    def test_once_for_each_answer(self, story: Story) -> None:
        case = story.closed()
        with pytest.raises(AlreadyConfirmed):
            story.confirm(case, solved="no")
        again = story.reopened()
        again = story.reply(story.match(story.finish(story.dispatch(again))))
        assert story.confirm(again).state == State.ANSWERED, "a second life: its root cause is wanted"
        assert Confirmation.objects.filter(case=again).count() == 2

    def test_only_who_is_behind_it_and_only_words_of_the_list(self, story: Story) -> None:
        case, other = story.answered(), story.answered()
        with pytest.raises(NotBehind):
            story.confirm(case, join=story.join_of(other))
        for word in ({"solved": "maybe"}, {"solved": "yes", "result_grade": 6}, {"solved": "yes", "handling_grade": 0}):
            with pytest.raises(NoSuchGrade):
                story.confirm(case, **word)

    def test_an_officer_asks_who_had_no_hand_in_it(self, story: Story) -> None:
        case = story.answered()
        give_post(story, "handler", "examiner", "hub")
        with pytest.raises(OwnWork):
            story.confirm(case, asked_by=story.who("handler"))
        with pytest.raises(NotAllowed):
            story.confirm(case, asked_by=story.who("neighbour"))
        case = story.confirm(case, asked_by=story.who("examiner"))
        assert Confirmation.objects.get(case=case).asked_by == story.who("examiner")
        assert Event.objects.about(case).latest("id").by_name == "郑核"


class TestClose:
    def test_documented_attempts_are_enough(self, story: Story) -> None:
        case = story.answered()
        for way in ("phone", "phone"):
            actions.attempt(case, way=way, text="无人接听", by=story.who("dispatcher"), at=story.later())
        with pytest.raises(PeopleNotAsked):
            actions.close(case, by=story.who("dispatcher"), at=story.later())
        actions.attempt(case, way="visit", join=story.join_of(case), by=story.who("examiner"), at=story.later())
        case = actions.close(case, by=story.who("dispatcher"), at=story.later())
        assert case.state == State.CLOSED
        assert Event.objects.about(case).latest("id").data["silent"] == 1

    def test_attempts_at_one_person_are_none_at_another(self, story: Story) -> None:
        case = story.answered(story.voice(), story.voice())
        for way in ("phone", "phone", "visit"):
            actions.attempt(case, way=way, join=story.join_of(case), by=story.who("dispatcher"), at=story.later())
        with pytest.raises(PeopleNotAsked, match="1 of the people"):
            actions.close(case, root_cause="老管", by=story.who("dispatcher"), at=story.later())

    def test_attempts_of_an_earlier_life_do_not_count(self, story: Story) -> None:
        case = story.answered()
        for way in ("phone", "phone", "visit"):
            actions.attempt(case, way=way, by=story.who("dispatcher"), at=story.later())
        case = actions.reopen(case, reason="又停水了", by=story.who("dispatcher"), at=story.later())
        case = story.reply(story.match(story.finish(story.dispatch(case))))
        with pytest.raises(PeopleNotAsked):
            actions.close(case, root_cause="老管", by=story.who("dispatcher"), at=story.later())

    def test_nobody_wants_a_reply(self, story: Story) -> None:
        case = story.answered(story.voice(wants_reply=False))
        assert actions.close(case, by=story.who("dispatcher"), at=story.later()).state == State.CLOSED

    def test_the_window_has_passed(self, story: Story) -> None:
        case = story.answered()
        assert actions.close(case, by=story.who("dispatcher"), at=story.later(days=31)).state == State.CLOSED

    def test_by_who_may(self, story: Story) -> None:
        with pytest.raises(NotAllowed):
            actions.close(story.answered(), by=story.who("handler"), at=story.later())

    def test_ways_are_from_the_list_and_people_behind_it(self, story: Story) -> None:
        case = story.answered()
        with pytest.raises(NoSuchGrade):
            actions.attempt(case, way="pigeon", by=story.who("dispatcher"), at=story.later())
        with pytest.raises(NotBehind):
            actions.attempt(
                case, way="phone", join=story.join_of(story.answered()), by=story.who("dispatcher"), at=story.later()
            )
        with pytest.raises(NotAllowed):
            actions.attempt(case, way="phone", by=story.who("handler"), at=story.later())


class TestReopen:
    def test_an_officer_reopens_with_a_reason(self, story: Story) -> None:
        case = actions.reopen(story.closed(), reason="邻居说又停了", by=story.who("dispatcher"), at=story.later())
        assert (case.state, case.reopened, case.closed_at) == (State.REOPENED, 1, None)
        data = Event.objects.about(case).latest("id").data
        assert data["old_due"] == data["first_due"] != data["due"]
        with pytest.raises(TooShort):
            actions.reopen(story.closed(), reason="", by=story.who("dispatcher"), at=story.later())
        with pytest.raises(NotAllowed):
            actions.reopen(story.closed(), reason="又停", by=story.who("handler"), at=story.later())

    def test_a_merged_case_lives_on_elsewhere(self, story: Story) -> None:
        source, target = story.handling(), story.handling()
        actions.merge(source, into=target, by=story.who("dispatcher"), at=story.later())
        with pytest.raises(MergedAway, match=target.number):
            actions.reopen(source, reason="又停水了", by=story.who("dispatcher"), at=story.later())

    def test_a_case_whose_date_was_set_by_hand_gets_the_usual_term(self, story: Story) -> None:
        case = story.handling(due=story.at + timedelta(hours=9))
        case = story.confirm(story.reply(story.match(story.finish(case))), solved="no")
        assert case.limit_value == 5

    def test_one_settled_at_first_diagnosis_has_no_clock_until_it_is_dispatched(self, story: Story) -> None:
        case = actions.finish(
            story.diagnosing(), result="solved", text="好了", by=story.who("dispatcher"), at=story.later()
        )
        case = story.confirm(story.reply(story.match(case)), solved="no")
        assert (case.due_at, case.first_due_at) == (None, None)
        assert story.dispatch(case).first_due_at


def test_a_voice_keeps_its_words_whatever_happens_to_its_case(story: Story) -> None:
    voice = story.voice()
    story.closed(voice)
    assert Voice.objects.get(pk=voice.pk).text == voice.text
