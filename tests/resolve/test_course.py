"""What is done on a case while it is under way."""

from __future__ import annotations

from datetime import timedelta

import pytest

from lianxin.kit.refusal import NotAllowed
from lianxin.ledger.models import Event
from lianxin.people.actions.words import NothingSaid, TooLong, TooShort
from lianxin.resolve import actions
from lianxin.resolve.actions.course import (
    AssistsStillOwe,
    EffectOutsideLife,
    LeadFinishes,
    NoSuchResult,
    StillReturned,
)
from lianxin.resolve.models import Case, Progress, deeds_of, road_of
from lianxin.resolve.rules import MOVES, Deed, Result, State, TaskState, may
from tests.resolve.story import Story


def test_first_diagnosis_by_the_office_that_registered_it(story: Story) -> None:
    voice = story.voice(channel="counter", office=story.office("town_office"), recorder=story.who("registrar"))
    registrar = story.who("registrar")
    case = actions.register(items=story.items(voice), title="停水", by=registrar, at=story.later())
    case = actions.diagnose(case, text="先派人看泵房", by=registrar, at=story.later())
    assert case.state == State.DIAGNOSING
    assert not Progress.objects.get().public
    actions.progress(case, text="泵房跳闸，已合闸", public=True, by=registrar, at=story.later())
    case = actions.finish(case, result="solved", text="合闸后来水", by=registrar, at=story.later())
    assert (case.state, case.lead, case.due_at) == (State.REEXAMINING, None, None)


def test_not_matched_before_dispatch_goes_back_to_first_diagnosis(story: Story) -> None:
    case = actions.finish(
        story.diagnosing(), result="solved", text="好了", by=story.who("dispatcher"), at=story.later()
    )
    case = actions.reexamine(case, matched=False, finding="还没水", by=story.who("examiner"), at=story.later())
    assert (case.state, case.result) == (State.DIAGNOSING, "")


def test_others_have_no_part_in_first_diagnosis(story: Story) -> None:
    case = story.diagnosing()
    for key in ("handler", "registrar", "neighbour"):
        with pytest.raises(NotAllowed):
            actions.finish(case, result="solved", text="好了", by=story.who(key), at=story.later())


def test_a_consultation_says_why_and_names_the_offices(story: Story) -> None:
    case = actions.consult(
        story.diagnosing(), reason="镇里修不了主管", offices=[story.office("water")], by=story.who("dispatcher"),
        at=story.later(),
    )  # fmt: skip
    assert case.state == State.CONSULTING
    assert Event.objects.about(case).latest("id").data == {"reason": "镇里修不了主管", "offices": ["县水务局"]}
    with pytest.raises(TooShort):
        actions.consult(story.registered(), reason="", by=story.who("dispatcher"), at=story.later())


def test_progress_is_public_or_for_colleagues(story: Story) -> None:
    voice = story.voice()
    case = story.handling(voice)
    actions.progress(case, text="配件已在路上", public=True, by=story.who("handler"), at=story.later())
    actions.progress(case, text="住户情绪激动", by=story.who("handler"), at=story.later())
    texts = [step.text for step in road_of(voice, at=story.at).steps]
    assert "配件已在路上" in texts
    assert "住户情绪激动" not in texts
    with pytest.raises(NotAllowed):
        actions.progress(case, text="路过", by=story.who("neighbour"), at=story.later())
    with pytest.raises(NothingSaid):
        actions.progress(case, text=" ", by=story.who("handler"), at=story.later())


def test_an_assisting_office_may_tell_the_progress(story: Story) -> None:
    case = story.handling(assists=[story.office("housing")])
    word = actions.progress(case, text="路面已挖开", by=story.who("neighbour"), at=story.later())
    assert word.office == story.office("housing")


def test_an_assisting_office_reports_and_the_lead_finishes(story: Story) -> None:
    case = story.handling(assists=[story.office("housing")])
    with pytest.raises(AssistsStillOwe, match="县住房和城乡建设局"):
        story.finish(case)
    with pytest.raises(LeadFinishes):
        actions.report(story.task(case), text="好了", by=story.who("handler"), at=story.later())
    task = actions.report(story.task(case, "assist"), text="路面已恢复", by=story.who("neighbour"), at=story.later())
    assert (task.state, task.report) == (TaskState.DONE, "路面已恢复")
    case = story.finish(case, root_cause="老管爆裂")
    assert (case.state, case.result, case.root_cause) == (State.REEXAMINING, Result.SOLVED, "老管爆裂")
    assert story.task(case).state == TaskState.DONE


def test_what_is_done_without_an_assist_is_explained(story: Story) -> None:
    case = story.finish(story.handling(assists=[story.office("housing")]), explained="不用挖路")
    assert story.task(case, "assist").state == TaskState.CANCELLED
    data = Event.objects.about(case).latest("id").data
    assert (data["without"], data["explained"]) == (["县住房和城乡建设局"], "不用挖路")


def test_a_returned_lead_cannot_finish(story: Story) -> None:
    case = story.handling()
    actions.return_(story.task(case), reason="不归我们", by=story.who("handler"), at=story.later())
    with pytest.raises(StillReturned):
        story.finish(case)


def test_an_assist_does_not_finish_for_the_lead(story: Story) -> None:
    case = story.handling(assists=[story.office("housing")])
    with pytest.raises(NotAllowed):
        actions.finish(case, result="solved", text="好了", by=story.who("neighbour"), at=story.later())


@pytest.mark.parametrize("result", ["", "merged", "done", "SOLVED"])
def test_a_result_is_from_the_list(story: Story, result: str) -> None:
    with pytest.raises(NoSuchResult):
        story.finish(story.handling(), result=result)


def test_a_result_is_said_in_words(story: Story) -> None:
    case = story.handling()
    with pytest.raises(NothingSaid):
        story.finish(case, text="  ")
    with pytest.raises(TooLong):
        story.finish(case, text="长" * 5000)


def test_the_effect_is_felt_between_the_word_and_today(story: Story) -> None:
    said = story.at.date()
    case = story.handling()
    for days in (-1, 2):
        with pytest.raises(EffectOutsideLife):
            story.finish(case, effect_on=said + timedelta(days=days))
    case = story.finish(case, effect_on=said)
    assert case.days_to_effect == 0


def test_a_case_can_end_unsolved_and_says_so(story: Story) -> None:
    case = story.confirm(story.reply(story.match(story.finish(story.handling(), result="explained"))), solved="partly")
    assert (case.state, case.result) == (State.CLOSED, Result.EXPLAINED)


@pytest.mark.parametrize("state", list(State))
def test_every_deed_outside_the_table_is_refused_by_name(story: Story, state: State) -> None:
    case = story.in_state(state)
    assert case.state == state
    tried = 0
    for deed, call in _bare_deeds(story, case).items():
        if not may(deed, state):
            with pytest.raises(actions.NoSuchMove) as refused:
                call()
            assert str(MOVES[deed].name) in str(refused.value)
            assert str(State(state).label) in str(refused.value)
            tried += 1
    assert tried >= 3
    fresh = Case.objects.get(pk=case.pk)
    assert fresh.state == state


def _bare_deeds(story: Story, case: Case) -> dict:  # type: ignore[type-arg]
    """Return each deed with somebody who has the power and words that would do."""
    who, at = story.who, story.later()
    join, day = story.join_of(case), (at + timedelta(days=9)).date()
    task = case.tasks.order_by("id").last()
    calls = {
        Deed.DIAGNOSE: lambda: actions.diagnose(case, by=who("dispatcher"), at=at),
        Deed.CONSULT: lambda: actions.consult(case, reason="为什么", by=who("dispatcher"), at=at),
        Deed.DISPATCH: lambda: story.dispatch(case),
        Deed.PROGRESS: lambda: actions.progress(case, text="在办", by=who("handler"), at=at),
        Deed.RULE: lambda: actions.rule(case, lead=story.office("water"), reason="为什么", by=who("dispatcher"), at=at),
        Deed.EXTEND: lambda: actions.extend(
            case, due=at + timedelta(days=60), reason="为什么", by=who("handler"), at=at
        ),
        Deed.DECIDE_EXTENSION: lambda: actions.decide_extension(case, granted=True, by=who("secretary"), at=at),
        Deed.SUSPEND: lambda: actions.suspend(case, reason="为什么", review_on=day, by=who("secretary"), at=at),
        Deed.RESUME: lambda: actions.resume(case, by=who("dispatcher"), at=at),
        Deed.FINISH: lambda: actions.finish(case, result="solved", text="好了", by=who("handler"), at=at),
        Deed.REEXAMINE: lambda: actions.reexamine(case, matched=True, finding="好了", by=who("examiner"), at=at),
        Deed.REPLY: lambda: actions.reply(case, text="好了", by=who("dispatcher"), at=at),
        Deed.ATTEMPT: lambda: actions.attempt(case, way="phone", by=who("dispatcher"), at=at),
        Deed.CONFIRM: lambda: actions.confirm(case, join=join, solved="yes", at=at),
        Deed.CLOSE: lambda: actions.close(case, by=who("dispatcher"), at=at),
        Deed.REOPEN: lambda: actions.reopen(case, reason="为什么", by=who("dispatcher"), at=at),
        Deed.INSTRUCT: lambda: actions.instruct(case, text="抓紧办", by=who("secretary"), at=at),
        Deed.ALARM: lambda: actions.alarm(case, reason="为什么", by=who("dispatcher"), at=at),
        Deed.DRAFT_PUBLIC: lambda: actions.draft_public(
            case, title="题", question="问", answer="答", by=who("dispatcher"), at=at
        ),
        Deed.PUBLISH: lambda: actions.publish(case, by=who("editor"), at=at),
        Deed.MERGE: lambda: actions.merge(case, into=story.registered(), by=who("dispatcher"), at=at),
        Deed.SPLIT: lambda: actions.split(case, joins=[join], title="题", by=who("dispatcher"), at=at),
    }
    if task:
        calls[Deed.TAKE] = lambda: actions.take(task, by=who("handler"), at=at)
        calls[Deed.RETURN] = lambda: actions.return_(task, reason="为什么", by=who("handler"), at=at)
        calls[Deed.REPORT] = lambda: actions.report(task, text="好了", by=who("handler"), at=at)
    return calls


def test_the_desk_offers_what_table_and_powers_allow(story: Story) -> None:
    case = story.handling()
    at = story.later()
    assert deeds_of(case, story.who("handler"), at=at) == [
        Deed.TAKE, Deed.PROGRESS, Deed.RETURN, Deed.EXTEND, Deed.REPORT, Deed.FINISH,
    ]  # fmt: skip
    assert deeds_of(case, story.who("neighbour"), at=at) == []
    assert deeds_of(case, story.who("secretary"), at=at) == [
        Deed.DECIDE_EXTENSION, Deed.SUSPEND, Deed.INSTRUCT, Deed.ALARM,
    ]  # fmt: skip
    assert Deed.RULE in deeds_of(case, story.who("dispatcher"), at=at)
    assert deeds_of(story.registered(), story.who("handler"), at=at) == []
