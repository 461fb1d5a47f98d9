"""No event, no change, proved for every deed on the road of a voice: with a broken ledger nothing of it remains."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from lianxin.listen import actions as listen
from lianxin.listen.models import Item, Subject, Voice
from lianxin.listen.rules import Level
from lianxin.resolve import actions
from lianxin.resolve.models import Case, Feedback, FeedbackLine, Task
from lianxin.resolve.rules import Part
from tests.cast import Cast
from tests.house.guards import writes
from tests.house.witness import prove
from tests.resolve.conftest import seed_county
from tests.resolve.story import Story
from tests.test_house_rules import HOUSE, SILENT

Deed = Callable[[], Any]
Prepare = Callable[[Story], Deed]


@pytest.fixture
def story(cast: Cast, at: datetime) -> Story:
    seed_county(at)
    return Story(cast, at)


def _on(bring: Callable[[Story], Case], action: Callable[..., Any], who: str, **given: Any) -> Prepare:
    """Bring a case somewhere, then do one thing to it as read anew."""

    def prepare(story: Story) -> Deed:
        case, at = bring(story), story.later()
        return lambda: action(Case.objects.get(pk=case.pk), by=story.who(who), at=at, **given)

    return prepare


def _on_task(action: Callable[..., Any], who: str, part: str = Part.LEAD, **given: Any) -> Prepare:
    def prepare(story: Story) -> Deed:
        case = story.handling(assists=[story.office("housing")])
        pk, at = story.task(case, part).pk, story.later()
        return lambda: action(Task.objects.get(pk=pk), by=story.who(who), at=at, **given)

    return prepare


def _on_item(action: Callable[..., Any], **given: Any) -> Prepare:
    def prepare(story: Story) -> Deed:
        pk, at = story.items()[0].pk, story.later()
        return lambda: action(Item.objects.get(pk=pk), by=story.who("dispatcher"), at=at, **given)

    return prepare


def _on_letter(action: Callable[..., Any], who: str, *, read: bool = True, **given: Any) -> Prepare:
    def prepare(story: Story) -> Deed:
        voice = story.voice(channel="letter", kind="problem", addressee=story.cast.posts["secretary"])
        if read:
            listen.read_letter(voice, by=story.who("secretary"), at=story.later())
        pk, at = voice.pk, story.later()
        return lambda: action(Voice.objects.get(pk=pk), by=story.who(who), at=at, **given)

    return prepare


def _hear(story: Story) -> Deed:
    return story.voice


def _add(story: Story) -> Deed:
    pk, at = story.voice().pk, story.later()
    return lambda: listen.add(Voice.objects.get(pk=pk), text="今天还是没水。", at=at)


def _itemize(story: Story) -> Deed:
    pk, at = story.voice().pk, story.later()
    by = story.who("dispatcher")
    return lambda: listen.itemize(Voice.objects.get(pk=pk), texts=["停水三天", "没人来修"], by=by, at=at)


def _classify(story: Story) -> Deed:
    subject = Subject.objects.create(name="供水", office=story.office("water"))
    return _on_item(listen.classify, subject=subject)(story)


def _register(story: Story) -> Deed:
    items, at, by = story.items(), story.later(), story.who("dispatcher")
    return lambda: actions.register(items=_fresh(items), title="和平村三组停水", by=by, at=at)


def _join(story: Story) -> Deed:
    case, items, at, by = story.registered(), story.items(), story.later(), story.who("dispatcher")
    return lambda: actions.join(Case.objects.get(pk=case.pk), items=_fresh(items), by=by, at=at)


def _fresh(items: list[Item]) -> list[Item]:
    return list(Item.objects.filter(pk__in=[item.pk for item in items]))


def _dispatch(story: Story) -> Deed:
    given = {"lead": story.office("water_section"), "coordinator": story.who("dispatcher")}
    return _on(Story.registered, actions.dispatch, "dispatcher", **given)(story)


def _rule(story: Story) -> Deed:
    return _on(_returned, actions.rule, "dispatcher", reason="主责在此", lead=story.office("water"))(story)


def _returned(story: Story) -> Case:
    case = story.handling()
    actions.return_(story.task(case), reason="不归我们", by=story.who("handler"), at=story.later())
    return case


def _extend(story: Story) -> Deed:
    case = story.handling()
    assert case.due_at
    due, at, by = case.due_at + timedelta(days=5), story.later(), story.who("handler")
    return lambda: actions.extend(Case.objects.get(pk=case.pk), due=due, reason="等配件", by=by, at=at)


def _extending(story: Story) -> Case:
    case = story.handling()
    assert case.due_at
    by = story.who("handler")
    actions.extend(case, due=case.due_at + timedelta(days=5), reason="等配件", by=by, at=story.later())
    return case


def _suspend(story: Story) -> Deed:
    review = (story.at + timedelta(days=20)).date()
    return _on(Story.handling, actions.suspend, "secretary", reason="等配件", review_on=review)(story)


def _close(story: Story) -> Deed:
    case = story.answered()
    at, by = story.later(days=31), story.who("dispatcher")
    return lambda: actions.close(Case.objects.get(pk=case.pk), by=by, at=at)


def _confirm(story: Story) -> Deed:
    case = story.answered()
    join, at = story.join_of(case), story.later()
    return lambda: actions.confirm(Case.objects.get(pk=case.pk), join=join, solved="yes", at=at)


def _merge(story: Story) -> Deed:
    return _on(Story.registered, actions.merge, "dispatcher", into=story.registered())(story)


def _split(story: Story) -> Deed:
    case = story.registered(story.voice(), story.voice())
    joins, at, by = list(case.joins.order_by("id")[:1]), story.later(), story.who("dispatcher")
    return lambda: actions.split(Case.objects.get(pk=case.pk), joins=joins, title="另一件", by=by, at=at)


def _drafted(story: Story) -> Case:
    case = story.closed()
    given = {"title": "停水", "question": "停水三天了", "answer": "水管已换"}
    actions.draft_public(case, by=story.who("dispatcher"), at=story.later(), **given)
    return case


def _published(story: Story) -> Case:
    case = _drafted(story)
    actions.publish(case, by=story.who("editor"), at=story.later())
    return case


def _sheet(story: Story) -> Feedback:
    """Compile the sheet of a village in which one point was heard and classified."""
    item = story.items()[0]
    listen.classify(item, level=Level.HOUSEHOLD, by=story.who("dispatcher"), at=story.later())
    return _compiling(story)()


def _compiling(story: Story) -> Callable[[], Feedback]:
    day, at, by = story.at.date(), story.later(), story.who("archivist")
    area, since, until = story.cast.areas["heping"], day - timedelta(days=30), day + timedelta(days=30)
    return lambda: actions.compile_feedback(area, starts=since, ends=until, by=by, at=at)


def _compile(story: Story) -> Deed:
    listen.classify(story.items()[0], level=Level.HOUSEHOLD, by=story.who("dispatcher"), at=story.later())
    return _compiling(story)


def _on_line(action: Callable[..., Any], **given: Any) -> Prepare:
    def prepare(story: Story) -> Deed:
        pk, at = _sheet(story).lines.get().pk, story.later()
        due = {"owner": story.office("water"), "due_on": at.date()} if action is actions.assign_line else {}
        return lambda: action(FeedbackLine.objects.get(pk=pk), by=story.who("archivist"), at=at, **due, **given)

    return prepare


def _give_back(story: Story) -> Deed:
    sheet = _sheet(story)
    actions.answer_line(sheet.lines.get(), result="修好了", by=story.who("archivist"), at=story.later())
    at = story.later()
    return lambda: actions.give_back(Feedback.objects.get(pk=sheet.pk), by=story.who("archivist"), at=at)


def _promote(story: Story) -> Deed:
    items, at = story.items(), story.later()
    return lambda: actions.promote(_fresh(items), level=Level.GROUP, by=story.who("dispatcher"), at=at)


PROOFS: dict[writes.Function, Prepare] = {
    ("listen", "hear"): _hear,
    ("listen", "add"): _add,
    ("listen", "itemize"): _itemize,
    ("listen", "classify"): _classify,
    ("listen", "answer"): _on_item(listen.answer, text="每周三停水检修。"),
    ("listen", "decline"): _on_item(listen.decline, reason="outside", text="请找物业。"),
    ("listen", "transfer"): _on_item(listen.transfer, to="县供电公司", text="已转县供电公司。"),
    ("listen", "mark_joined"): _on_item(listen.mark_joined),
    ("listen", "read_letter"): _on_letter(listen.read_letter, "secretary", read=False),
    ("listen", "hand_on"): _on_letter(listen.hand_on, "secretary"),
    ("resolve", "instruct_letter"): _on_letter(actions.instruct_letter, "secretary", text="三天内办好"),
    ("resolve", "register"): _register,
    ("resolve", "join"): _join,
    ("resolve", "diagnose"): _on(Story.registered, actions.diagnose, "dispatcher"),
    ("resolve", "consult"): _on(Story.registered, actions.consult, "dispatcher", reason="镇里修不了"),
    ("resolve", "dispatch"): _dispatch,
    ("resolve", "take"): _on_task(actions.take, "handler"),
    ("resolve", "progress"): _on(Story.handling, actions.progress, "handler", text="已到现场"),
    ("resolve", "return_"): _on_task(actions.return_, "handler", reason="不归我们"),
    ("resolve", "rule"): _rule,
    ("resolve", "extend"): _extend,
    ("resolve", "decide_extension"): _on(_extending, actions.decide_extension, "secretary", granted=True),
    ("resolve", "suspend"): _suspend,
    ("resolve", "resume"): _on(Story.suspended, actions.resume, "dispatcher"),
    ("resolve", "report"): _on_task(actions.report, "neighbour", Part.ASSIST, text="电路已改"),
    ("resolve", "finish"): _on(Story.handling, actions.finish, "handler", result="solved", text="水来了"),
    ("resolve", "reexamine"): _on(Story.reexamining, actions.reexamine, "examiner", matched=True, finding="有水"),
    ("resolve", "reply"): _on(Story.matched, actions.reply, "dispatcher", text="水管已换好"),
    ("resolve", "attempt"): _on(Story.answered, actions.attempt, "dispatcher", way="phone", text="无人接听"),
    ("resolve", "confirm"): _confirm,
    ("resolve", "close"): _close,
    ("resolve", "reopen"): _on(Story.closed, actions.reopen, "dispatcher", reason="又停水了"),
    ("resolve", "merge"): _merge,
    ("resolve", "split"): _split,
    ("resolve", "instruct"): _on(Story.handling, actions.instruct, "secretary", text="抓紧办"),
    ("resolve", "alarm"): _on(Story.registered, actions.alarm, "dispatcher", reason="两百多户断水"),
    ("resolve", "draft_public"): _on(
        Story.closed, actions.draft_public, "dispatcher", title="停水", question="停水三天了", answer="水管已换"
    ),
    ("resolve", "publish"): _on(_drafted, actions.publish, "editor"),
    ("resolve", "compile_feedback"): _compile,
    ("resolve", "assign_line"): _on_line(actions.assign_line),
    ("resolve", "answer_line"): _on_line(actions.answer_line, result="修好了"),
    ("resolve", "give_back"): _give_back,
    ("resolve", "promote"): _promote,
    ("resolve", "withdraw"): _on(_published, actions.withdraw, "editor", reason="写错了"),
}

# Proved by the house rule that reads the code (writes.silent_actions), and by tests of their own where they differ.
BY_RULE_ONLY = {
    ("resolve", "save_filter"),
    ("resolve", "drop_filter"),
    ("resolve", "recount_deadlines"),
    ("resolve", "recount_after_import"),
}


@pytest.mark.django_db
@pytest.mark.parametrize("action", PROOFS, ids=lambda action: ".".join(action))
def test_no_event_no_change(story: Story, action: writes.Function) -> None:
    prove(PROOFS[action](story))


def test_every_deed_on_a_case_is_proved() -> None:
    found = writes.actions_of(HOUSE)
    public = {key for key in writes.writing(found) if key[0] == "resolve" and found[key].public}
    assert public - set(SILENT) - BY_RULE_ONLY == {key for key in PROOFS if key[0] == "resolve"}
