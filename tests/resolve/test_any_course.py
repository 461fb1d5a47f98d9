"""Whatever officers and people do, in whatever order: what must always hold, holds after every deed."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lianxin.kit.refusal import Refusal
from lianxin.ledger.models import Event
from lianxin.listen.models import Item
from lianxin.people.rules import Power
from lianxin.resolve import actions, rules
from lianxin.resolve.models import Attempt, Case, Confirmation, Join, Pause, Task, road_of
from lianxin.resolve.rules import BEFORE_DISPATCH, BY_OUTCOME, MOVES, Deed, State, TaskState
from tests.resolve.story import Story

OFFICES = ("water_section", "housing", "town_office", "water")
# Every deed is tried by people of every kind: most tries are refused, and a refusal must change nothing either.
OFFICERS = ("dispatcher", "handler", "neighbour", "examiner", "secretary", "chief", "registrar", "editor")


class County:
    """Does one random deed after another, most of them by somebody who may."""

    def __init__(self, story: Story, dice: random.Random) -> None:
        self.story, self.dice = story, dice
        self.first_due: dict[int, Any] = {}
        self.states: dict[int, str] = {}

    def case(self) -> Case:
        cases = list(Case.objects.order_by("pk"))
        return self.dice.choice(cases)

    def do(self, deed: Deed | str) -> None:
        story, dice = self.story, self.dice
        story.later(hours=dice.choice([1, 5, 30, 200]))
        case, at = self.case(), story.at
        by = story.who(dice.choice(OFFICERS))
        join = dice.choice(list(case.joins.order_by("pk")) or [None])
        task = dice.choice(list(case.tasks.order_by("-pk")[:2]) or [None])
        office = story.office(dice.choice(OFFICES))
        try:
            with transaction.atomic():
                self._call(deed, case, by, at, join, task, office)
        except Refusal:
            pass

    def _call(self, deed: str, case: Case, by: Any, at: Any, join: Any, task: Any, office: Any) -> None:
        story, dice = self.story, self.dice
        who = {"by": by, "at": at}
        later = (case.due_at or at) + timedelta(days=3)
        calls: dict[str, Any] = {
            "register": lambda: actions.register(items=story.items(), title="又一件", **who),
            "join": lambda: actions.join(case, items=story.items(), **who),
            "recount": lambda: actions.recount_deadlines(at=at, by=None),
            Deed.DIAGNOSE: lambda: actions.diagnose(case, **who),
            Deed.CONSULT: lambda: actions.consult(case, reason="修不了", **who),
            Deed.DISPATCH: lambda: actions.dispatch(
                case,
                lead=office,
                assists=[story.office(dice.choice(OFFICES))],
                coordinator=story.who("dispatcher"),
                **who,
            ),
            Deed.TAKE: lambda: actions.take(task, over=dice.random() < 0.5, **who),
            Deed.PROGRESS: lambda: actions.progress(case, text="在办", **who),
            Deed.RETURN: lambda: actions.return_(task, reason="不归我们", **who),
            Deed.RULE: lambda: actions.rule(case, lead=office, reason="主责", forced=dice.random() < 0.5, **who),
            Deed.EXTEND: lambda: actions.extend(case, due=later, reason="等件", **who),
            Deed.DECIDE_EXTENSION: lambda: actions.decide_extension(case, granted=dice.random() < 0.7, **who),
            Deed.SUSPEND: lambda: actions.suspend(
                case, reason="等件", review_on=(at + timedelta(days=9)).date(), **who
            ),
            Deed.RESUME: lambda: actions.resume(case, **who),
            Deed.REPORT: lambda: actions.report(task, text="好了", **who),
            Deed.FINISH: lambda: actions.finish(case, result="solved", text="好了", explained="不用", **who),
            Deed.REEXAMINE: lambda: actions.reexamine(case, matched=dice.random() < 0.7, finding="看过", **who),
            Deed.REPLY: lambda: actions.reply(case, text="好了", **who),
            Deed.ATTEMPT: lambda: actions.attempt(case, way=dice.choice(Attempt.Way.values), **who),
            Deed.CONFIRM: lambda: actions.confirm(
                case,
                join=join,
                solved=dice.choice(["yes", "partly", "no"]),
                result_grade=dice.choice([None, 1, 3, 5]),
                at=at,
            ),
            Deed.CLOSE: lambda: actions.close(case, root_cause=dice.choice(["", "老管"]), **who),
            Deed.REOPEN: lambda: actions.reopen(case, reason="又停", **who),
            Deed.MERGE: lambda: actions.merge(case, into=self.case(), **who),
            Deed.SPLIT: lambda: actions.split(case, joins=[join], title="一半", **who),
            Deed.INSTRUCT: lambda: actions.instruct(case, text="抓紧", **who),
            Deed.ALARM: lambda: actions.alarm(case, reason="泄漏", **who),
            Deed.DRAFT_PUBLIC: lambda: actions.draft_public(case, title="题", question="问", answer="答", **who),
            Deed.PUBLISH: lambda: actions.publish(case, **who),
            Deed.WITHDRAW: lambda: actions.withdraw(case, reason="写错", **who),
        }
        needs = {Deed.TAKE: task, Deed.RETURN: task, Deed.REPORT: task, Deed.CONFIRM: join, Deed.SPLIT: join}
        if needs.get(deed, case) is not None:  # type: ignore[call-overload]
            calls[deed]()

    def check(self, deed: str) -> None:
        """Say what always holds."""
        for case in Case.objects.all():
            self._check_moves(case, deed)
            self._check_clock(case)
            self._check_tasks(case)
            assert case.voices == case.joins.count()
        assert Item.objects.filter(outcome="joined").count() == Join.objects.count()
        assert not Join.objects.filter(case__result="merged").exists(), "nobody is left behind in a merged case"
        words = list(Confirmation.objects.values_list("join__item__voice", "case", "life"))
        assert len(words) == len(set(words)), "one word of each voice to each answer"
        # Two events for one change of state would be one too many: every event is about a case and has its verb.
        assert (
            not Event.objects.filter(kind="resolve.case")
            .exclude(verb__in=[*(rules.verb(each) for each in Deed), *rules.BESIDE])
            .exists()
        )

    def _check_moves(self, case: Case, deed: str) -> None:
        before = self.states.get(case.pk)
        self.states[case.pk] = case.state
        if before in (None, case.state):
            return
        assert deed in MOVES, f"{deed} moved a case"
        moves = [MOVES[Deed(deed)], *([BEFORE_DISPATCH[Deed(deed)]] if deed in BEFORE_DISPATCH else [])]
        ends = {move.end for move in moves if before in move.start} | BY_OUTCOME.get(Deed(deed), frozenset())
        assert State(case.state) in ends, f"{deed}: {before} → {case.state} is not in the table"

    def _check_clock(self, case: Case) -> None:
        if case.pk in self.first_due:
            assert case.first_due_at == self.first_due[case.pk], "the date first promised never changes"
        elif case.first_due_at:
            self.first_due[case.pk] = case.first_due_at
        still = Pause.objects.filter(case=case, ends=None).exists()
        assert still == (case.state == State.SUSPENDED)
        assert (case.answered_at is None) == (
            case.state not in (State.ANSWERED, State.CLOSED) or case.result == "merged"
        )

    def _check_tasks(self, case: Case) -> None:
        owed = Task.objects.filter(case=case, state=TaskState.OPEN)
        assert not owed.exclude(due_at=case.due_at).exists(), "a task has the date of its case"
        if State(case.state) not in (State.HANDLING, State.SUSPENDED):
            assert not owed.exists(), f"something is owed on a case that is {case.state}"


@settings(
    deadline=None, max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(
    seed=st.integers(min_value=0, max_value=10**6),
    deeds=st.lists(st.sampled_from([*Deed, "register", "join", "recount"]), min_size=30, max_size=60),
)
def test_no_sequence_of_deeds_breaks_what_must_hold(story: Story, seed: int, deeds: list[str]) -> None:
    start = story.at
    with transaction.atomic():
        story.at = start
        county = County(story, random.Random(seed))
        # In the midst of life: cases of every kind, so that few deeds come too early.
        voices = [story.voice() for _ in range(3)]
        story.handling(voices[0])
        story.matched(voices[1])
        story.answered(voices[2])
        county.check("register")
        for deed in deeds:
            county.do(deed)
            county.check(deed)
        for voice in voices:
            assert road_of(voice, at=story.at).steps
        transaction.set_rollback(True)


HOLDERS = {
    Power.DIAGNOSE: "dispatcher", Power.DISPATCH: "dispatcher", Power.HANDLE: "handler", Power.APPROVE: "secretary",
    Power.REEXAMINE: "examiner", Power.REPLY: "dispatcher", Power.INSTRUCT: "secretary", Power.PUBLISH: "editor",
}  # fmt: skip


def test_a_long_course_of_allowed_deeds_reaches_every_state(story: Story) -> None:
    dice = random.Random(2014)
    county = County(story, dice)
    seen: set[str] = set()
    for _ in range(3):
        story.registered()
    for _ in range(400):
        at, case = story.later(hours=3), county.case()
        deed = dice.choice([deed for deed in Deed if rules.may(deed, case.state) and deed is not Deed.MERGE])
        power = rules.move_of(deed, case.state).power
        by = story.who(HOLDERS[power] if power else "dispatcher")
        join, task = case.joins.order_by("pk").first(), case.tasks.order_by("pk").last()
        try:
            with transaction.atomic():
                county._call(deed, case, by, at, join, task, story.office("water_section"))
        except Refusal:
            pass
        county.check(deed)
        seen |= set(Case.objects.values_list("state", flat=True))
    assert seen == {state.value for state in State}
