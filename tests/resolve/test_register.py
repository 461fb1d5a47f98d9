"""Cases come to be, grow, become one and part; nobody who must be answered is lost."""

from __future__ import annotations

from datetime import timedelta

import pytest

from lianxin.kit.refusal import NotAllowed
from lianxin.ledger.models import Event
from lianxin.listen.actions.items import StillClosed
from lianxin.outbox.models import Message
from lianxin.resolve import actions
from lianxin.resolve.actions.register import AlreadyJoined, NothingLeft, NothingToJoin, NotOpen, OneCase
from lianxin.resolve.models import Case, Join
from lianxin.resolve.rules import Result, State, TaskState
from tests.resolve.story import Story


def test_a_case_is_registered_from_items_of_several_voices(story: Story) -> None:
    first, second = story.voice(), story.voice()
    case = story.registered(first, second)
    assert (case.state, case.voices, case.joins.count()) == (State.REGISTERED, 2, 2)
    assert case.office == story.office("hub"), "it belongs to the office of the post by which it was registered"
    assert case.area == story.cast.areas["heping"], "what is not said is taken from the first voice"
    assert set(case.joins.values_list("item__outcome", flat=True)) == {"joined"}
    event = Event.objects.about(case).get()
    assert (event.verb, event.by_name, len(event.data["items"])) == ("case.register", "周明", 2)


def test_it_is_found_by_its_number_title_and_the_words_of_its_people(story: Story) -> None:
    case = story.registered(story.voice(text="水表箱冻裂了"), summary="需要换表")
    for words in ("停水", "换表", "冻裂", "凍裂"):
        assert list(Case.objects.search(words)) == [case], words
    assert not Case.objects.search("路灯")


def test_an_item_feeds_one_case_only(story: Story) -> None:
    voice = story.voice()
    case = story.registered(voice)
    with pytest.raises(AlreadyJoined, match=case.number):
        story.registered(voice)
    assert Case.objects.count() == 1


def test_an_item_answered_on_the_spot_never_enters_a_case(story: Story) -> None:
    from lianxin.listen import actions as listen

    item = story.items()[0]
    listen.answer(item, text="今晚八点恢复供水。", by=story.who("dispatcher"), at=story.later())
    with pytest.raises(AlreadyJoined, match="on the spot"):
        actions.register(items=[item], title="停水", by=story.who("dispatcher"), at=story.later())


def test_nothing_comes_of_nothing(story: Story) -> None:
    with pytest.raises(NothingToJoin):
        actions.register(items=[], title="停水", by=story.who("dispatcher"), at=story.at)


def test_who_may_not_triage_that_voice_registers_nothing(story: Story) -> None:
    items = story.items()
    for key in ("neighbour", "handler", "registrar"):  # the registrar's town has not heard this voice
        with pytest.raises(NotAllowed):
            actions.register(items=items, title="停水", by=story.who(key), at=story.at)
    assert not Case.objects.exists()


def test_the_registrar_registers_what_the_own_town_heard(story: Story) -> None:
    voice = story.voice(channel="counter", office=story.office("town_office"), recorder=story.who("registrar"))
    case = actions.register(items=story.items(voice), title="停水", by=story.who("registrar"), at=story.later())
    assert case.office == story.office("town_office")


def test_a_letter_that_was_not_handed_on_is_no_case(story: Story) -> None:
    letter = story.voice(channel="letter", addressee=story.cast.posts["secretary"])
    with pytest.raises(StillClosed):
        story.registered(letter)
    assert not Case.objects.exists()


def test_more_people_join_until_they_are_answered(story: Story) -> None:
    case = story.handling()
    case = actions.join(case, items=story.items(), by=story.who("dispatcher"), at=story.later())
    assert case.voices == 2
    event = Event.objects.about(case).latest("id")
    assert (event.verb, event.data["before"], event.data["after"]) == ("case.join", 1, 2)
    answered = story.answered()
    with pytest.raises(NotOpen, match="answered"):
        actions.join(answered, items=story.items(), by=story.who("dispatcher"), at=story.later())


def test_a_merged_case_loses_nobody(story: Story) -> None:
    source, target = story.handling(story.voice(), story.voice()), story.handling(story.voice())
    merged = actions.merge(source, into=target, by=story.who("dispatcher"), at=story.later(), reason="同一根水管")
    source.refresh_from_db()
    assert merged == target
    assert (merged.voices, merged.joins.count()) == (3, 3)
    assert (source.state, source.result, source.merged_into, source.voices) == (State.CLOSED, Result.MERGED, target, 0)
    assert not source.tasks.filter(state=TaskState.OPEN).exists()
    assert set(Join.objects.values_list("first_case__number", flat=True)) == {source.number, target.number}
    data = Event.objects.about(source).latest("id").data
    assert (data["before"], data["target_before"], data["target_after"], data["into"]) == (2, 1, 3, target.number)
    assert Event.objects.about(target).latest("id").data["from"] == source.number
    assert Case.objects.search("第2个人").get(state=State.HANDLING) == target


def test_everybody_behind_a_merged_case_is_answered(story: Story) -> None:
    source, target = story.handling(story.voice()), story.handling(story.voice())
    actions.merge(source, into=target, by=story.who("dispatcher"), at=story.later())
    story.reply(story.match(story.finish(target)))
    told = Message.objects.filter(template__key="case.answered")
    assert told.count() == 2


def test_a_merger_wins_no_time(story: Story) -> None:
    running, fresh = story.handling(), story.registered()
    target = actions.merge(running, into=fresh, by=story.who("dispatcher"), at=story.later())
    running.refresh_from_db()
    assert target.due_at == running.due_at
    assert target.first_due_at == running.first_due_at


def test_whoever_waits_longer_by_a_merger_is_told(story: Story) -> None:
    early = story.handling()
    story.later(days=3)
    late = story.handling()
    actions.merge(early, into=late, by=story.who("dispatcher"), at=story.later())
    told = Message.objects.filter(template__key="case.extended")
    assert told.count() == 1


def test_a_case_is_not_merged_into_itself_nor_into_a_settled_one(story: Story) -> None:
    case, closed = story.registered(), story.closed()
    with pytest.raises(OneCase):
        actions.merge(case, into=case, by=story.who("dispatcher"), at=story.at)
    with pytest.raises(NotOpen):
        actions.merge(case, into=closed, by=story.who("dispatcher"), at=story.at)
    with pytest.raises(actions.NoSuchMove):
        actions.merge(closed, into=case, by=story.who("dispatcher"), at=story.at)
    with pytest.raises(NotAllowed):
        actions.merge(case, into=story.registered(), by=story.who("handler"), at=story.at)


def test_a_suspended_case_can_be_merged_and_its_pause_ends(story: Story) -> None:
    source, target = story.suspended(), story.handling()
    actions.merge(source, into=target, by=story.who("dispatcher"), at=story.later())
    assert source.pauses.get().ends == story.at


def test_a_split_takes_chosen_points_and_the_clock_with_them(story: Story) -> None:
    case = story.handling(story.voice(), story.voice(), story.voice())
    chosen = list(case.joins.order_by("id")[:2])
    new = actions.split(case, joins=chosen, title="水压不足", by=story.who("dispatcher"), at=story.later())
    case.refresh_from_db()
    assert (case.voices, new.voices, new.split_from) == (1, 2, case)
    assert (new.state, new.number != case.number) == (State.REGISTERED, True)
    assert (new.due_at, new.first_due_at, new.dispatched_at) == (case.due_at, case.first_due_at, case.dispatched_at)
    dispatched = story.dispatch(new)
    assert dispatched.due_at == case.due_at, "to split is no way to win time"
    assert Event.objects.about(case).latest("id").verb == "case.split"
    assert Event.objects.about(new).order_by("id")[0].data["from"] == case.number


def test_a_split_after_a_pause_is_still_counted_right(story: Story) -> None:
    case = story.suspended(story.voice(), story.voice())
    case = actions.resume(case, by=story.who("dispatcher"), at=story.later(days=3))
    new = actions.split(case, joins=[story.join_of(case)], title="一半", by=story.who("dispatcher"), at=story.later())
    assert new.due_at == case.due_at
    assert new.pauses.count() == 1
    from lianxin.people.models import CalendarDay, forget_all

    CalendarDay.objects.filter(date__year=2026, date__month=10).update(name="x")
    forget_all()
    assert actions.recount_deadlines(at=story.later(), by=None) == 0


@pytest.mark.parametrize("count", [0, 2])
def test_a_split_takes_neither_all_nor_none(story: Story, count: int) -> None:
    case = story.handling(story.voice(), story.voice())
    with pytest.raises(NothingLeft):
        actions.split(case, joins=list(case.joins.all()[:count]), title="x", by=story.who("dispatcher"), at=story.at)
    stranger = story.handling()
    with pytest.raises(NothingLeft):
        actions.split(case, joins=[story.join_of(stranger)], title="x", by=story.who("dispatcher"), at=story.at)


def test_long_and_dirty_titles_are_made_fit(story: Story) -> None:
    case = actions.register(
        items=story.items(),
        title="停水\x00\n" + "久" * 500,
        by=story.who("dispatcher"),
        at=story.at + timedelta(hours=1),
    )
    assert len(case.title) <= 120
    assert "\x00" not in case.title
    assert "\n" not in case.title
