"""Moving tokens. Who runs processes checks the powers, calls these, and acts on what they tell in one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from lianxin.flow import rules
from lianxin.flow.actions.dates import due_of, rings_at
from lianxin.flow.actions.refusals import (
    AlreadyFinished,
    AlreadyOver,
    ClockSetBack,
    NoSuchOutcome,
    NotInForce,
    OfficeMissing,
)
from lianxin.flow.models import Process, Run, Step
from lianxin.ledger.actions import note
from lianxin.ledger.models.sentence import Sentence
from lianxin.people.models import Office, User

RINGS_MAX = 200  # timers looked at in one round of the worker
SUCCESSORS_MAX = 10  # offices that have followed each other


@dataclass
class Moved:
    """What a deed has done to a run."""

    run: Run
    opened: list[Step] = field(default_factory=list)
    closed: list[Step] = field(default_factory=list)  # finished or withdrawn (outcome tells)
    automatic: list[str] = field(default_factory=list)  # of rules.Automatic, in their order: the caller does them
    warned: list[Step] = field(default_factory=list)
    escalated: list[Step] = field(default_factory=list)
    stage: str = ""  # where it stands now, in the words the people see
    ended: bool = False
    result: str = ""


@transaction.atomic
def start(
    process: Process,
    *,
    facts: Mapping[str, Any],
    offices: Mapping[str, Office],
    by: User | None,
    at: datetime,
    behalf: User | None = None,
) -> Moved:
    """Start a run of a published version and open its first steps.

    Of the facts only those that the definition names are kept. `offices` gives an office for each key that its tasks
    name. Raises NotInForce, OfficeMissing.
    """
    if process.published_at is None or process.published_at > at or (process.retired_at and process.retired_at <= at):
        raise NotInForce(process=process.title)
    definition = process.parsed
    for key in sorted(definition.offices):
        if key not in offices:
            raise OfficeMissing(key=key)
    run = Run.objects.create(
        process=process,
        facts=_kept(definition, facts),
        offices={key: offices[key].pk for key in definition.offices},
        started_at=at,
    )
    moved = Moved(run)
    _carry_out(moved, rules.begin(definition, run.facts), at=at)
    note("run.started", run, by=by, at=at, behalf=behalf, data={"process": str(process), **_told(moved)})
    _finish_run(moved, at=at)
    return moved


@transaction.atomic
def finish(
    step: Step,
    *,
    outcome: str,
    by: User | None,
    at: datetime,
    facts: Mapping[str, Any] | None = None,
    behalf: User | None = None,
) -> Moved:
    """Finish an open step with one of its outcomes and move on from it. `by` None: the person, or the calendar.

    Raises AlreadyFinished, NoSuchOutcome, ClockSetBack.
    """
    run = _hold(step.run_id)
    held = _open_step(step, at=at)
    node = run.process.parsed.by_key[held.node]
    to = rules.target(node, outcome)
    if to is None:
        raise NoSuchOutcome(outcome=outcome, possible=", ".join(o.key for o in node.outcomes) or rules.PASSED)
    return _finish(run, held, to, outcome=outcome, by=by, at=at, facts=facts or {}, behalf=behalf)


@transaction.atomic
def cancel(run: Run, *, by: User | None, at: datetime, reason: str, behalf: User | None = None) -> Moved:
    """Call a run off: open steps are withdrawn. `reason` names a kind of reason, no personal detail.

    Raises AlreadyOver, ClockSetBack.
    """
    held = _hold(run.pk)
    if held.is_over:
        raise AlreadyOver()
    moved = Moved(held)
    for step in held.steps.open().order_by("id"):
        _not_before(step.opened_at, at)
        moved.closed.append(_close(step, rules.WITHDRAWN, by=None, at=at))
    _not_before(held.started_at, at)
    held.ended_at, held.result = at, rules.CANCELLED
    held.save(update_fields=["ended_at", "result"])
    moved.ended, moved.result = True, held.result
    note("run.cancelled", held, by=by, at=at, behalf=behalf, data={"reason": reason[:200], **_told(moved)})
    return moved


def due_timers(*, at: datetime) -> list[Step]:
    """Return the open steps with a timer whose time has come; hand each to fire_timer."""
    return list(Step.objects.ringing(at).select_related("run__process", "office")[:RINGS_MAX])


@transaction.atomic
def fire_timer(step: Step, *, at: datetime) -> Moved:
    """Let the timers of an open step ring whose time has come; a second time the same ones do nothing.

    A warning and an escalation are told for the caller to act on; a default outcome finishes the step, and so does the
    end of a wait. Raises AlreadyFinished, ClockSetBack.
    """
    run = _hold(step.run_id)
    held = _open_step(step, at=at)
    moved = Moved(run, stage=held.stage)
    node = run.process.parsed.by_key[held.node]
    while held.rings_at and held.rings_at <= at:
        if node.kind is rules.Kind.TIMER:
            return _finish(run, held, node.to, outcome=rules.PASSED, by=None, at=at, facts={}, behalf=None)
        timer = node.timers[held.rung]
        if timer.does is rules.Ring.DEFAULT:
            outcome = node.outcome(timer.outcome)
            assert outcome  # a sound definition has it
            further = _finish(run, held, outcome.to, outcome=outcome.key, by=None, at=at, facts={}, behalf=None)
            further.warned, further.escalated = moved.warned, moved.escalated
            return further
        is_warning = timer.does is rules.Ring.WARN
        (moved.warned if is_warning else moved.escalated).append(held)
        setattr(held, "warned_at" if is_warning else "escalated_at", at)
        note(_RUNG[timer.does], held, by=None, at=at, data={"run": run.pk, "timer": held.rung})
        held.rung += 1
        held.rings_at = rings_at(node, held)
        held.save(update_fields=["rung", "rings_at", "warned_at", "escalated_at"])
    return moved


def fire_timers(*, at: datetime) -> list[Moved]:
    """Let all timers ring whose time has come, each in a transaction of its own; for runs that nobody else carries."""
    moved = []
    for step in due_timers(at=at):
        try:
            moved.append(fire_timer(step, at=at))
        except AlreadyFinished:
            continue  # somebody finished it while we came
    return moved


_RUNG = {rules.Ring.WARN: "step.warned", rules.Ring.ESCALATE: "step.escalated"}


def _hold(pk: int) -> Run:
    """Return the run, held until the transaction ends: all moves of one run queue here."""
    held = _HELD.first(pk=pk)
    if held is None:
        raise Run.DoesNotExist(pk)
    return held


_HELD = Sentence(lambda pk: Run.objects.select_for_update(of=("self",)).select_related("process").filter(pk=pk))
_STEP = Sentence(lambda pk: Step.objects.select_related("by", "office").filter(pk=pk))


def _open_step(step: Step, *, at: datetime) -> Step:
    held = _STEP.first(pk=step.pk)
    if held is None:
        raise Step.DoesNotExist(step.pk)
    if not held.is_open:
        name = held.by.name if held.by else gettext("by itself, or by the person")
        then = timezone.localtime(held.closed_at).strftime("%Y-%m-%d %H:%M") if held.closed_at else ""
        raise AlreadyFinished(last=f"{name}, {then}")
    _not_before(held.opened_at, at)
    return held


def _not_before(then: datetime, at: datetime) -> None:
    if at < then:
        raise ClockSetBack()


def _finish(
    run: Run,
    step: Step,
    to: str,
    *,
    outcome: str,
    by: User | None,
    at: datetime,
    facts: Mapping[str, Any],
    behalf: User | None,
) -> Moved:
    definition = run.process.parsed
    node = definition.by_key[step.node]
    run.facts = {**run.facts, **_kept(definition, facts)}
    if node.kind in rules.ANSWERED:
        run.facts[node.key] = outcome
    run.save(update_fields=["facts"])
    moved = Moved(run, closed=[_close(step, outcome, by=by, at=at)])
    move = rules.move(definition, node, to, facts=run.facts, still=run.open_nodes())
    _carry_out(moved, move, at=at)
    data = {"run": run.pk, "node": step.node, "outcome": outcome, **_told(moved)}
    note("step.finished", step, by=by, at=at, behalf=behalf, data=data)
    _finish_run(moved, at=at)
    return moved


def _close(step: Step, outcome: str, *, by: User | None, at: datetime) -> Step:
    step.closed_at, step.outcome, step.by, step.rings_at = at, outcome, by, None
    step.save(update_fields=["closed_at", "outcome", "by", "rings_at"])
    if outcome == rules.WITHDRAWN:
        note("step.withdrawn", step, by=None, at=at, data={"run": step.run_id, "node": step.node})
    return step


def _carry_out(moved: Moved, move: rules.Move, *, at: datetime) -> None:
    """Write the rows of a move."""
    run, definition = moved.run, moved.run.process.parsed
    for step in run.steps.open().filter(node__in=move.withdrawn).order_by("id"):
        moved.closed.append(_close(step, rules.WITHDRAWN, by=None, at=at))
    for key in move.opened:
        moved.opened.append(_open(run, definition, definition.by_key[key], at=at))
    moved.automatic = move.automatic
    moved.ended = bool(move.end)
    if moved.ended:
        end = definition.by_key[move.end]
        moved.result, moved.stage = end.result, definition.stage_name(end.stage)
    else:
        moved.stage = stage_of(run)


def _finish_run(moved: Moved, *, at: datetime) -> None:
    if moved.ended:
        moved.run.ended_at, moved.run.result = at, moved.result
        moved.run.save(update_fields=["ended_at", "result"])
        note("run.ended", moved.run, by=None, at=at, data={"result": moved.result})


def _open(run: Run, definition: rules.Definition, node: rules.Node, *, at: datetime) -> Step:
    step = Step(
        run=run,
        node=node.key,
        title=node.title,
        stage=definition.stage_name(node.stage),
        kind=node.kind,
        office_id=_who_does(run.offices[node.office], at=at) if node.kind is rules.Kind.TASK else None,
        stops_clock=node.stops_clock,
        opened_at=at,
    )
    if node.limit:
        step.due_at, step.due_provisional = due_of(at, node.limit, step.office_id)
    step.rings_at = rings_at(node, step)
    step.save()
    return step


def _who_does(office: int, *, at: datetime) -> int:
    """Return the office, or who has taken over where it has ended since the run began."""
    today = timezone.localdate(at)
    for _again in range(SUCCESSORS_MAX):
        heirs = _HEIR.rows(pk=office, today=today)
        if not heirs or heirs[0][0] is None:
            break
        office = heirs[0][0]
    return office


_HEIR = Sentence(lambda pk, today: Office.objects.filter(pk=pk, valid_to__lte=today).values_list("successor"))


def stage_of(run: Run) -> str:
    """Return the stage in which a run stands: of several open steps, the earliest; once over, that of its last step."""
    definition = run.process.parsed
    nodes: Iterable[str] = run.open_nodes()
    stages = [definition.by_key[key].stage for key in nodes]
    if not stages:
        last = run.steps.order_by("-closed_at", "-id").first()
        return last.stage if last else ""
    return definition.stage_name(min(stages, key=definition.stage_rank))


def _told(moved: Moved) -> dict[str, Any]:
    """Return a move for the ledger: nodes and names of the definition, nothing of the person."""
    return {
        "opened": [step.node for step in moved.opened],
        "withdrawn": [step.node for step in moved.closed if step.outcome == rules.WITHDRAWN],
        "automatic": moved.automatic,
    }


def _kept(definition: rules.Definition, facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return those of the facts that the definition names, in a form that JSON holds: no more is kept of a person."""
    return {key: _plain(facts[key]) for key in definition.facts if key in facts}


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else str(value)
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value
