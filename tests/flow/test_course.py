"""Tokens on their way: opened, finished, withdrawn, called off, each with its line in the ledger."""

from __future__ import annotations

import json
from copy import deepcopy
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from lianxin.flow import actions, rules
from lianxin.flow.models import FrozenError, Process, Run, Step
from lianxin.kit.refusal import NotAllowed
from lianxin.ledger.actions import note
from lianxin.ledger.models import Event
from lianxin.people.models import CalendarDay, Office, OfficeHours, forget_all
from lianxin.project.demo import processes
from tests.cast import Cast, seed_calendar
from tests.flow.conftest import publish
from tests.house.witness import prove

pytestmark = pytest.mark.django_db

Offices = dict[str, Office]


def start(process: Process, offices: Offices, at: datetime, **facts: object) -> Run:
    return actions.start(process, facts=facts, offices=offices, by=None, at=at).run


def step(run: Run, node: str) -> Step:
    return Step.objects.open().get(run=run, node=node)


def test_whole_course(cast: Cast, calendar: None, elsewhere: Process, offices: Offices, at: datetime) -> None:
    clerk, labour = cast.officer("clerk"), cast.officer("labour_reviewer")
    run = start(elsewhere, offices, at)
    first = step(run, "check")
    assert (first.office, first.stage, first.title) == (offices["own"], "受理", "窗口核对")
    # One working day, counted from the evening of 29 September.
    assert first.due_at and first.due_at.isoformat() == "2026-09-30T09:30:00+00:00"
    moved = actions.finish(first, outcome="pass", by=clerk, at=at)
    assert {each.node for each in moved.opened} == {"insured", "employed"}
    assert (moved.stage, moved.automatic, moved.ended) == ("审核", [], False)
    assert list(Step.objects.open().for_office(offices["labour"])) == [step(run, "employed")]
    moved = actions.finish(step(run, "employed"), outcome="agree", by=labour, at=at)
    assert moved.opened == [], "waits for the other department"
    moved = actions.finish(step(run, "insured"), outcome="agree", by=clerk, at=at)
    assert [each.node for each in moved.opened] == ["decide"]
    assert moved.opened[0].decides
    moved = actions.finish(step(run, "decide"), outcome="grant", by=cast.officer("approver"), at=at)
    assert (moved.automatic, moved.ended, moved.result) == (["decide", "issue", "notify"], True, "granted")
    run.refresh_from_db()
    assert (run.result, run.ended_at, run.open_nodes()) == ("granted", at, set())
    closed = Step.objects.filter(run=run)
    assert all(Event.objects.about(each).filter(verb="step.finished").count() == 1 for each in closed)
    assert Event.objects.about(run).filter(verb="run.ended").count() == 1


def test_an_objection_takes_the_other_way_and_a_loop_comes_back(
    cast: Cast, elsewhere: Process, offices: Offices, at: datetime
) -> None:
    clerk = cast.officer("clerk")
    run = start(elsewhere, offices, at)
    moved = actions.finish(step(run, "check"), outcome="ask", by=clerk, at=at)
    assert [(each.node, each.stops_clock, each.office) for each in moved.opened] == [("supply", True, None)]
    actions.finish(step(run, "supply"), outcome="supplied", by=None, at=at)
    actions.finish(step(run, "check"), outcome="pass", by=clerk, at=at)
    actions.finish(step(run, "insured"), outcome="agree", by=clerk, at=at)
    moved = actions.finish(step(run, "employed"), outcome="object", by=clerk, at=at)
    assert [each.node for each in moved.opened] == ["weigh"]


def test_any_withdraws_the_others(cast: Cast, offices: Offices, at: datetime) -> None:
    definition = deepcopy(processes.ELSEWHERE)
    next(node for node in definition["nodes"] if node["key"] == "both")["join"] = "any"
    run = start(publish(cast, definition, at), offices, at)
    actions.finish(step(run, "check"), outcome="pass", by=None, at=at)
    other = step(run, "employed")
    moved = actions.finish(step(run, "insured"), outcome="agree", by=cast.officer("clerk"), at=at)
    assert [(each.node, each.outcome) for each in moved.closed] == [("insured", "agree"), ("employed", "withdrawn")]
    assert Event.objects.about(other).get().verb == "step.withdrawn"
    assert run.open_nodes() == {"weigh"}


def test_refused_by_name(cast: Cast, elsewhere: Process, offices: Offices, at: datetime) -> None:
    clerk = cast.officer("clerk")
    run = start(elsewhere, offices, at)
    first = step(run, "check")
    with pytest.raises(actions.NoSuchOutcome, match="pass, ask"):
        actions.finish(first, outcome="fly", by=clerk, at=at)
    with pytest.raises(actions.ClockSetBack):
        actions.finish(first, outcome="pass", by=clerk, at=at - timedelta(hours=1))
    actions.finish(first, outcome="pass", by=clerk, at=at)
    with pytest.raises(actions.AlreadyFinished, match="韩窗"):
        actions.finish(first, outcome="pass", by=clerk, at=at)
    with pytest.raises(actions.OfficeMissing, match="labour"):
        actions.start(elsewhere, facts={}, offices={"own": offices["own"], "medical": offices["own"]}, by=None, at=at)
    actions.cancel(run, by=clerk, at=at, reason="withdrawn")
    with pytest.raises(actions.AlreadyOver):
        actions.cancel(run, by=clerk, at=at, reason="withdrawn")
    assert set(Step.objects.filter(run=run, by=None).values_list("outcome", flat=True)) == {"withdrawn"}
    assert Event.objects.about(run).filter(verb="run.cancelled").count() == 1


def test_only_facts_that_the_process_names_are_kept(cast: Cast, offices: Offices, at: datetime) -> None:
    process = publish(cast, processes.RETIREMENT, at)
    run = start(process, offices, at, special_work=True, name="张三", identity="110101")
    assert run.facts == {"special_work": True}
    actions.finish(step(run, "check"), outcome="pass", by=None, at=at)
    assert run.open_nodes() == {"wait"}, "shown in public for a time"
    wait = step(run, "wait")
    assert wait.due_at == wait.rings_at
    assert wait.due_at
    [moved] = actions.fire_timers(at=wait.due_at)
    assert [each.node for each in moved.opened] == ["reckon"]


def test_timers_warn_escalate_and_take_an_outcome(
    cast: Cast, calendar: None, elsewhere: Process, offices: Offices, at: datetime
) -> None:
    run = start(elsewhere, offices, at)
    first = step(run, "check")
    assert first.rings_at
    assert actions.due_timers(at=at) == []
    [moved] = actions.fire_timers(at=first.rings_at)
    assert [each.node for each in moved.warned] == ["check"]
    assert actions.fire_timers(at=first.rings_at + timedelta(days=9)) == [], "each rings once"
    actions.finish(first, outcome="ask", by=cast.officer("clerk"), at=first.rings_at)
    late = first.rings_at + timedelta(days=40)
    [moved] = actions.fire_timers(at=late)
    # Nobody looked for weeks: the warning is made up for, and the outcome is taken.
    assert ([each.node for each in moved.warned], [each.outcome for each in moved.closed]) == (["supply"], ["missing"])
    assert run.open_nodes() == {"decide"}
    verbs = set(Event.objects.filter(kind="flow.step").values_list("verb", flat=True))
    assert verbs == {"step.warned", "step.finished"}


def test_the_hours_of_the_office_count(calendar: None, elsewhere: Process, offices: Offices, at: datetime) -> None:
    OfficeHours.objects.create(office=offices["own"], opens="09:00", closes="15:00")
    due = step(start(elsewhere, offices, at), "check").due_at
    assert due and due.isoformat() == "2026-09-30T07:00:00+00:00"


def test_dates_follow_a_new_calendar(cast: Cast, elsewhere: Process, offices: Offices, at: datetime) -> None:
    seed_calendar()
    first = step(start(elsewhere, offices, at), "check")
    assert actions.recount_steps(at=at) == 0
    # The last of September becomes a holiday, and so are the eight days after it.
    CalendarDay.objects.filter(date="2026-09-30").delete()
    CalendarDay.objects.create(date="2026-09-30", is_workday=False, name="国庆节", source="test")
    forget_all()
    note("calendar.imported", CalendarDay.objects.latest("id"), by=None, at=at)
    assert actions.recount_after_import(at=at)
    assert not actions.recount_after_import(at=at), "once for each import"
    old, first = first.due_at, Step.objects.get(pk=first.pk)
    assert old and first.due_at and (first.due_at - old).days >= 8
    assert first.rings_at == first.due_at
    assert Event.objects.about(first).get().verb == "step.recounted"


def test_an_office_that_ended_hands_over(cast: Cast, elsewhere: Process, offices: Offices, at: datetime) -> None:
    run = start(elsewhere, offices, at)
    heir = cast.offices["housing"]
    Office.objects.filter(pk=offices["labour"].pk).update(valid_to=at.date(), successor=heir)
    actions.finish(step(run, "check"), outcome="pass", by=None, at=at)
    assert step(run, "employed").office == heir
    assert step(run, "insured").office == offices["medical"]


def test_a_run_keeps_its_version(cast: Cast, elsewhere: Process, offices: Offices, at: datetime) -> None:
    by = cast.officer("cataloguer")
    run = start(elsewhere, offices, at)
    draft = actions.new_process_version(elsewhere, by=by, at=at)
    draft = actions.edit_process(draft, title="新", basis="", definition=processes.SIMPLE, by=by, at=at)
    later = at + timedelta(hours=1)
    actions.publish_process(draft, by=by, at=later)
    assert Process.objects.current("process.test", at) == elsewhere
    assert Process.objects.current("process.test", later) == draft
    moved = actions.finish(step(run, "check"), outcome="pass", by=None, at=later)
    assert {each.node for each in moved.opened} == {"insured", "employed"}, "by the version it began with"
    elsewhere.refresh_from_db()
    with pytest.raises(actions.NotInForce):
        actions.start(elsewhere, facts={}, offices=offices, by=None, at=later)
    elsewhere.title = "changed"
    with pytest.raises(FrozenError):
        elsewhere.save()


def test_writing_is_refused_by_name(cast: Cast, elsewhere: Process, at: datetime) -> None:
    by = cast.officer("cataloguer")
    neighbour = cast.officer("neighbour")
    given: Any = {"title": "新", "definition": processes.SIMPLE}
    with pytest.raises(NotAllowed):
        actions.add_process(key="process.other", by=neighbour, at=at, **given)
    with pytest.raises(actions.KeyTaken):
        actions.add_process(key="process.test", by=by, at=at, **given)
    with pytest.raises(actions.BadKey):
        actions.add_process(key="../x", by=by, at=at, **given)
    with pytest.raises(actions.NotADraft):
        actions.edit_process(elsewhere, basis="", by=by, at=at, **given)
    draft = actions.new_process_version(elsewhere, by=by, at=at)
    with pytest.raises(actions.DraftWaits):
        actions.new_process_version(elsewhere, by=by, at=at)
    seen = draft.changed_at
    actions.edit_process(draft, title="新", basis="", definition={"nodes": []}, by=by, at=at + timedelta(1), seen=seen)
    with pytest.raises(actions.ChangedMeanwhile):
        actions.edit_process(draft, basis="", by=by, at=at, seen=seen, **given)
    with pytest.raises(actions.NotSound, match="1"):
        actions.publish_process(draft, by=by, at=at)
    broken: Any
    for broken in ([], {"a": float("nan")}, {"a": "\x00"}, {"a": "\ud800"}, {"a": "x" * 200_001}):
        with pytest.raises(actions.NotKept):
            actions.edit_process(draft, title="新", basis="", definition=broken, by=by, at=at)
    actions.retire_process(elsewhere, by=by, at=at)
    with pytest.raises(actions.NotLive):
        actions.retire_process(elsewhere, by=by, at=at)


@pytest.mark.parametrize("deed", ["start", "finish", "cancel", "fire_timer", "publish"])
def test_no_event_no_change(cast: Cast, elsewhere: Process, offices: Offices, at: datetime, deed: str) -> None:
    run = start(elsewhere, offices, at)
    first = step(run, "check")
    by = cast.officer("cataloguer")
    draft = actions.new_process_version(elsewhere, by=by, at=at)
    rings_at = first.rings_at
    assert rings_at
    deeds = {
        "start": lambda: start(elsewhere, offices, at),
        "finish": lambda: actions.finish(first, outcome="pass", by=None, at=at),
        "cancel": lambda: actions.cancel(run, by=None, at=at, reason="withdrawn"),
        "fire_timer": lambda: actions.fire_timer(first, at=rings_at),
        "publish": lambda: actions.publish_process(draft, by=by, at=at),
    }
    prove(deeds[deed])


def test_the_demo_processes_are_sound() -> None:
    for key, _title, definition in processes.PROCESSES:
        assert rules.troubles_of(definition) == [], key


def test_the_definition_in_the_documents_is_sound() -> None:
    page = (Path(settings.ROOT) / "docs/flow.md").read_text()
    assert rules.troubles_of(json.loads(page.split("```json")[1].split("```")[0])) == []
