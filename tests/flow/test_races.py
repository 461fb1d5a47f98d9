"""Two clerks press at the same moment: one succeeds, the other is told, and the tokens are as if they had queued."""

from __future__ import annotations

import pytest

from lianxin.flow import actions
from lianxin.flow.models import Run, Step
from lianxin.ledger.models import Event
from lianxin.project.demo import processes
from tests.flow.conftest import publish
from tests.resolve.test_races import Race, race

__all__ = ["race"]  # a fixture: used by its name
pytestmark = pytest.mark.django_db(transaction=True)


def begun(race: Race) -> Run:
    cast, at = race.story.cast, race.story.at
    offices = {key: cast.offices[key] for key in ("medical", "labour")} | {"own": cast.offices["medical"]}
    process = publish(cast, processes.ELSEWHERE, at)
    return actions.start(process, facts={}, offices=offices, by=None, at=at).run


def test_two_finish_one_step(race: Race) -> None:
    run, at = begun(race), race.story.at
    step, clerks = run.steps.get(), [race.story.who("clerk"), race.story.who("clerk2")]
    done, refused = race.run(
        lambda: actions.finish(step, outcome="pass", by=clerks[0], at=at),
        lambda: actions.finish(step, outcome="ask", by=clerks[1], at=at),
        lambda: actions.finish(step, outcome="pass", by=clerks[1], at=at),
    )
    assert (len(done), [type(each) for each in refused]) == (1, [actions.AlreadyFinished] * 2)
    assert Event.objects.about(step).filter(verb="step.finished").count() == 1
    assert Step.objects.open().filter(run=run).count() == len(done[0].opened)


def test_both_departments_finish_at_once(race: Race) -> None:
    run, at = begun(race), race.story.at
    actions.finish(run.steps.get(), outcome="pass", by=None, at=at)
    medical, labour = run.steps.open().order_by("id")
    done, refused = race.run(
        lambda: actions.finish(medical, outcome="agree", by=None, at=at),
        lambda: actions.finish(labour, outcome="agree", by=None, at=at),
    )
    assert (len(done), refused) == (2, [])
    assert [step.node for step in run.steps.open()] == ["decide"], "the join is passed once, whoever was last"


def test_one_cancels_while_another_finishes(race: Race) -> None:
    run, at = begun(race), race.story.at
    step = run.steps.get()
    race.run(
        lambda: actions.finish(step, outcome="pass", by=None, at=at),
        lambda: actions.cancel(run, by=None, at=at, reason="withdrawn"),
    )
    run.refresh_from_db()
    assert run.result == "cancelled"
    assert not run.steps.open().exists(), "nothing is left behind"
