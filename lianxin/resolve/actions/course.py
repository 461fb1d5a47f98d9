"""What is done on a case while it is under way: diagnose, consult, progress, report, finish."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lianxin.kit.clock import local
from lianxin.people.actions.words import line, said, why
from lianxin.people.models import Office, User
from lianxin.resolve.actions.deed import Begun, CaseRefusal, begin, iso, note
from lianxin.resolve.actions.dispatch import begin_task
from lianxin.resolve.actions.register import lapse
from lianxin.resolve.models import Case, Progress, Task
from lianxin.resolve.rules import MOVES, Deed, Part, Result, State, TaskState

ROOT_CAUSE_MAX = 200
DONE_RESULTS = frozenset(Result) - {Result.MERGED}  # what an office can say came of it


class NoSuchResult(CaseRefusal):
    """A result that is not in the list, or that only a merger gives."""

    status = 422
    words = _("Please choose what came of it from the list.")


class EffectOutsideLife(CaseRefusal):
    """The effect would be felt before the problem was told, or in the future."""

    status = 422
    words = _("The day on which people felt it must lie between %(first)s and %(last)s.")


class AssistsStillOwe(CaseRefusal):
    """Assisting offices have not reported their part."""

    words = _("These offices still owe their part: %(offices)s. Wait for them, or explain why it is done without them.")


class LeadFinishes(CaseRefusal):
    """The office that leads reports by finishing the case."""

    words = _("Your office leads this case: use “%(deed)s” and say what came of it.")


class StillReturned(CaseRefusal):
    """An office has returned its part and nobody has ruled yet."""

    words = _("An office has returned its part, and the coordinator has not ruled yet.")


@transaction.atomic
def diagnose(case: Case, *, by: User, at: datetime, text: str = "") -> Case:
    """Begin the first diagnosis (初诊): the office that registered the case tries by itself. `text` is what it tries.

    Raises NoSuchMove, TooLong, NotAllowed.
    """
    begun = begin(case, Deed.DIAGNOSE, by=by, at=at)
    _go(begun.case, State.DIAGNOSING)
    if text.strip():
        _say(begun, text, public=False, by=by, at=at)
    note(begun, Deed.DIAGNOSE, by=by, at=at)
    return begun.case


@transaction.atomic
def consult(case: Case, *, reason: str, by: User, at: datetime, offices: Sequence[Office] = ()) -> Case:
    """Call offices together on what one could not settle alone (会诊); a leader may call them at once.

    `reason` says what was tried or why it cannot wait, and what is needed. Raises TooShort, NoSuchMove, NotAllowed.
    """
    begun = begin(case, Deed.CONSULT, by=by, at=at)
    given = why(reason)
    _go(begun.case, State.CONSULTING)
    note(begun, Deed.CONSULT, by=by, at=at, reason=given, offices=[office.name for office in offices])
    return begun.case


@transaction.atomic
def progress(case: Case, *, text: str, by: User, at: datetime, public: bool = False) -> Progress:
    """Say how it goes; `public` shows it to the people who wait, else only colleagues see it.

    Raises NothingSaid, TooLong, NoSuchMove, NotAllowed.
    """
    begun = begin(case, Deed.PROGRESS, by=by, at=at)
    word = _say(begun, text, public=public, by=by, at=at)
    note(begun, Deed.PROGRESS, by=by, at=at, public=public, progress=word.pk)
    return word


@transaction.atomic
def report(task: Task, *, text: str, by: User, at: datetime) -> Task:
    """Report the own part done, as an office that assists.

    Raises LeadFinishes, NothingOwed, NothingSaid, NoSuchMove, NotAllowed.
    """
    begun, task = begin_task(task, Deed.REPORT, by=by, at=at)
    if task.part == Part.LEAD:
        raise LeadFinishes(deed=MOVES[Deed.FINISH].name)
    task.state, task.done_at, task.report = TaskState.DONE, at, said(text)
    task.save(update_fields=["state", "done_at", "report"])
    note(begun, Deed.REPORT, by=by, at=at, office=task.office.name)
    return task


@transaction.atomic
def finish(
    case: Case, *, result: str, text: str, by: User, at: datetime, effect_on: date | None = None, root_cause: str = "",
    explained: str = "",
) -> Case:  # fmt: skip
    """Say what came of it and ask for re-examination; the office that leads does it, or before dispatch the owner.

    `result` is solved, relieved, explained, refused or transferred, `text` says it in words, `effect_on` is the day
    from which people felt it. Assisting offices have reported, or `explained` says why it is done without them;
    their tasks
    are then cancelled. A question for a later date lapses. Raises NoSuchResult, EffectOutsideLife, AssistsStillOwe,
    StillReturned, NothingSaid, TooLong, NoSuchMove, NotAllowed.
    """
    begun = begin(case, Deed.FINISH, by=by, at=at)
    case = begun.case
    if result not in DONE_RESULTS:
        raise NoSuchResult()
    words = said(text)
    if effect_on:
        _refuse_far_effect(case, effect_on, at=at)
    left = _settle_tasks(case, words, explained=explained, at=at) if case.lead_id else []
    case.state, case.result, case.result_text, case.effect_on = State.REEXAMINING, result, words, effect_on
    case.root_cause = line(root_cause, most=ROOT_CAUSE_MAX) or case.root_cause
    case.finished_at, case.reexamined_at = at, None
    case.save(
        update_fields=[
            "state", "result", "result_text", "effect_on", "root_cause", "finished_at", "reexamined_at",
        ]
    )  # fmt: skip
    lapse(case, at=at)
    note(
        begun, Deed.FINISH, by=by, at=at, result=result, effect_on=effect_on.isoformat() if effect_on else None,
        without=left, explained=line(explained, most=400) if left else None, due=iso(case.due_at),
    )  # fmt: skip
    return case


def _go(case: Case, state: State) -> None:
    case.state = state
    case.save(update_fields=["state"])


def _say(begun: Begun, text: str, *, public: bool, by: User, at: datetime) -> Progress:
    return Progress.objects.create(
        case=begun.case, text=said(text), public=public, at=at, by=by, office_id=begun.holding.office_id
    )


def _refuse_far_effect(case: Case, effect_on: date, *, at: datetime) -> None:
    first, last = local(case.heard_at).date(), timezone.localdate(at)
    if not first <= effect_on <= last:
        raise EffectOutsideLife(first=first.isoformat(), last=last.isoformat())


def _settle_tasks(case: Case, words: str, *, explained: str, at: datetime) -> list[str]:
    """Close the lead's task, and cancel those of the offices it is explained to be done without; return their names."""
    owed = list(Task.objects.filter(case=case, state=TaskState.OPEN).select_related("office").order_by("id"))
    if not any(task.part == Part.LEAD for task in owed):
        raise StillReturned()
    left = [task.office.name for task in owed if task.part == Part.ASSIST]
    if left and not explained.strip():
        raise AssistsStillOwe(offices="、".join(left))
    for task in owed:
        if task.part == Part.LEAD:
            task.state, task.done_at, task.report = TaskState.DONE, at, words
            task.save(update_fields=["state", "done_at", "report"])
    if left:
        Task.objects.filter(case=case, state=TaskState.OPEN).update(state=TaskState.CANCELLED)
    return left
