"""Applications along any sound process, worked on by anybody in any order: what must always hold, holds.

No token is lost or doubled; whoever presses second is told; every step that was finished has its line in the ledger and
its message; and the explanation of the promised date accounts for every day from acceptance to that date.
"""

from __future__ import annotations

from datetime import timedelta
from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lianxin.flow.actions import AlreadyFinished
from lianxin.flow.models import Process, Step
from lianxin.flow.rules import WITHDRAWN, Kind
from lianxin.kit.clock import local
from lianxin.kit.refusal import Refusal
from lianxin.ledger.models import Event
from lianxin.outbox.models import Message
from lianxin.serve import actions
from lianxin.serve.models import Application, Seat
from lianxin.serve.models.road import clock_of
from lianxin.serve.rules.application import State
from tests.flow.making import sound
from tests.serve.settling import Settling

CLERKS = ("clerk", "clerk2", "reviewer", "approver", "labour_reviewer", "labour_approver", "handler")
DEEDS_MOST = 25


def test_any_application(settling: Settling) -> None:
    Seat.objects.create(key="other", office=settling.cast.offices["labour"], at=settling.at)
    process = Process.objects.get(key="process.elsewhere")

    @given(st.integers(0, 10**9))
    @settings(max_examples=12, suppress_health_check=[HealthCheck.too_slow])
    def one(seed: int) -> None:
        rng = Random(seed)
        Process.objects.filter(pk=process.pk).update(definition=sound(seed))
        application = settling.accepted()
        finished: list[Step] = []
        for _ in range(DEEDS_MOST):
            waiting = _open(application)
            if not waiting:
                break
            finished += _press(settling, rng, rng.choice(waiting))
            _holds(settling, settling.fresh(application), finished)
        _ended(settling.fresh(application))

    one()


def _open(application: Application) -> list[Step]:
    rows = Step.objects.open().filter(run=application.run_id).select_related("run__process", "office")
    return list(rows.order_by("id"))


def _press(settling: Settling, rng: Random, step: Step) -> list[Step]:
    """Let the one whose turn it is finish the step, then a second one press as well; return it if it was finished."""
    outcomes = [outcome.key for outcome in step.outcomes]
    at = settling.later(hours=rng.choice([1, 5, 30]))
    if step.kind == Kind.TIMER:
        settling.at = max(at, step.rings_at or at)
        assert actions.ring(step, at=settling.at)
        return [step]
    if step.kind == Kind.APPLICANT:
        actions.answer_step(step, outcome=rng.choice(outcomes), at=at)
    else:
        clerks = iter(rng.sample(CLERKS, len(CLERKS)))
        while not _finished(settling, step, rng.choice(outcomes), next(clerks)):
            assert Step.objects.get(pk=step.pk).is_open, "who was refused has changed nothing"
    assert not _finished(settling, step, outcomes[0], "approver"), "nobody finishes it a second time"
    return [step]


def _finished(settling: Settling, step: Step, outcome: str, who: str) -> bool:
    try:
        actions.step(step, outcome=outcome, by=settling.who(who), at=settling.at)
    except (Refusal, AlreadyFinished):
        return False
    return True


def _holds(settling: Settling, application: Application, finished: list[Step]) -> None:
    """Say what always holds."""
    run = application.run
    assert run
    waiting = _open(application)
    assert len({step.node for step in waiting}) == len(waiting), "a token is doubled"
    assert bool(waiting) is not run.is_over, "a token is lost"
    for step in finished:
        assert Event.objects.filter(kind="flow.step", key=step.pk, verb="step.finished").count() == 1
        messages = Message.objects.filter(about_kind="serve.application", about_key=application.pk)
        assert messages.filter(dedup_key__contains=f"step:{step.pk}").count() == 1, "nobody was told of a step"
    for step in run.steps.filter(outcome=WITHDRAWN):
        assert Event.objects.filter(kind="flow.step", key=step.pk, verb="step.withdrawn").count() == 1
    clock = clock_of(application, at=settling.at)
    if clock is not None and clock.due is not None and application.accepted_at:
        first, last = local(application.accepted_at).date(), local(clock.due).date()
        days = [line.date for line in clock.days]
        assert days == [first + timedelta(days=n) for n in range((last - first).days + 1)], "a day is not accounted for"
        assert clock.due == application.promised_at, "what is explained is what was promised"


def _ended(application: Application) -> None:
    assert application.run
    if application.run.is_over:
        assert application.state in (State.DECIDING, State.CLOSED)
        assert Event.objects.filter(kind="flow.run", key=application.run.pk, verb="run.ended").count() == 1
