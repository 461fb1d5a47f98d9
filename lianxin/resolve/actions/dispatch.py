"""Who owes what (派账): dispatch, take, return, rule."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lianxin.kit.clock import Term, local
from lianxin.people.actions.words import why
from lianxin.people.models import Office, User
from lianxin.people.rules import Power
from lianxin.resolve.actions import clock
from lianxin.resolve.actions.deed import Begun, CaseRefusal, begin, iso, moment, note
from lianxin.resolve.actions.notice import day, tell
from lianxin.resolve.models import Case, Return, Task
from lianxin.resolve.rules import Deadline, Deed, Part, State, TaskState


class NotACoordinator(CaseRefusal):
    """The person cannot answer for a case across offices."""

    status = 422
    words = _("%(name)s cannot be the coordinator: that needs a post from which all cases of the county are seen.")


class NotAHandler(CaseRefusal):
    """The person does not handle matters for that office."""

    status = 422
    words = _("%(name)s does not handle matters for %(office)s.")


class AlreadyTaken(CaseRefusal):
    """A colleague was faster."""

    words = _("%(name)s took this on at %(time)s. Take it over only if you have agreed on it.")


class NothingOwed(CaseRefusal):
    """The task is not open any more."""

    words = _("This task is not open any more: it is “%(state)s”.")


class MustKeep(CaseRefusal):
    """The coordinator has ruled that this office does it."""

    words = _("The coordinator has ruled that your office does this; it cannot be returned again.")


class ReturnedBefore(CaseRefusal):
    """An office returns a case once; after that only the coordinator rules."""

    words = _("Your office has returned this case once already. Now only the coordinator can rule who does it.")


class TooLateToReturn(CaseRefusal):
    """The time in which a task may be returned is over."""

    words = _("It could be returned until %(until)s. Please ask the coordinator to rule.")


class NothingToRule(CaseRefusal):
    """A ruling names at least one office."""

    status = 422
    words = _("Please name the office that is to do it.")


@transaction.atomic
def dispatch(
    case: Case, *, lead: Office, coordinator: User, by: User, at: datetime, due: datetime | None = None,
    limit: str = "", assists: Sequence[Office] = (), wish: str = "", handler: User | None = None,
) -> Case:  # fmt: skip
    """Give a case to the office that leads and to those that assist, with a coordinator and a date (派账).

    The clock starts here, at the first dispatch, and is counted by the `limit` named, else by that of the case (major,
    subject, ordinary), in the hours that the lead keeps. `due` sets an earlier date by hand; it may not lie later than
    the limit. A clock that runs already (reopened, major, split off) is not started again. The limit is kept on the
    case as it is today. The people are told office and date. Raises NotACoordinator, NotAHandler, NoLimit, NotLater,
    NoSuchMove, NotAllowed.
    """
    begun = begin(case, Deed.DISPATCH, by=by, at=at)
    case = begun.case
    _refuse_powerless(by if coordinator.pk == by.pk else coordinator, at=at)
    _start(case, lead=lead, limit=limit, due=due, at=at)
    case.state, case.lead, case.coordinator = State.HANDLING, lead, coordinator
    case.save(update_fields=["state", "lead", "coordinator", *clock.CLOCK])
    owed = _owe(case, lead=lead, assists=assists, wish=wish, at=at, handler=handler)
    note(
        begun, Deed.DISPATCH, by=by, at=at, lead=lead.name, assists=[task.office.name for task in owed[1:]],
        coordinator=coordinator.name, due=iso(case.due_at), limit=case.limit_basis, provisional=case.due_provisional,
    )  # fmt: skip
    if case.due_at:
        tell(case, "case.dispatched", event=f"dispatch:{case.reopened}", at=at, office=lead.name, due=day(case.due_at))
    return case


@transaction.atomic
def take(task: Task, *, by: User, at: datetime, over: bool = False) -> Task:
    """Take on a task as its handler; `over` takes it over from a colleague who had it.

    The time it was first taken stays. Raises AlreadyTaken, NothingOwed, NoSuchMove, NotAllowed.
    """
    begun, task = begin_task(task, Deed.TAKE, by=by, at=at)
    former = task.handler
    if task.taken_at and former and not over:
        raise AlreadyTaken(name=former.name, time=moment(task.taken_at, at=at))
    task.handler, task.taken_at = by, task.taken_at or at
    task.save(update_fields=["handler", "taken_at"])
    note(begun, Deed.TAKE, by=by, at=at, office=task.office.name, former=former.name if former else None)
    return task


@transaction.atomic
def return_(task: Task, *, reason: str, by: User, at: datetime, suggested: Office | None = None) -> Task:
    """Give a task back as not the own office's (退单), once per case, with a reason; the coordinator then rules.

    The clock does not stop for it, and every hop is counted. Where a limit `task.return` is set, it holds from the
    moment the task was given. Raises ReturnedBefore, MustKeep, TooLateToReturn, NothingOwed, TooShort, NoSuchMove,
    NotAllowed."""
    begun, task = begin_task(task, Deed.RETURN, by=by, at=at)
    if task.forced:
        raise MustKeep()
    if Return.objects.filter(task__case=task.case_id, task__office=task.office_id).exists():
        raise ReturnedBefore()
    _refuse_late_return(task, at=at)
    given = why(reason)
    Return.objects.create(task=task, reason=given, suggested=suggested, at=at, by=by)
    task.state = TaskState.RETURNED
    task.save(update_fields=["state"])
    begun.case.hops += 1
    begun.case.save(update_fields=["hops"])
    note(
        begun, Deed.RETURN, by=by, at=at, office=task.office.name, part=task.part, reason=given,
        suggested=suggested.name if suggested else None, hops=begun.case.hops,
    )  # fmt: skip
    return task


@transaction.atomic
def rule(
    case: Case, *, reason: str, by: User, at: datetime, lead: Office | None = None, assists: Sequence[Office] = (),
    forced: bool = True, wish: str = "",
) -> Case:  # fmt: skip
    """Rule who leads and who assists after a return, or at any time (裁定); all open returns are settled by it.

    An office named here may not return it again, unless `forced` is off and it has not returned the case before.
    Without `lead` the office that leads stays, if it has not returned its part. The date does not move. Raises
    NothingToRule, NoSuchMove, TooShort, NotAllowed.
    """
    begun = begin(case, Deed.RULE, by=by, at=at)
    case, given = begun.case, why(reason)
    owed = Task.objects.filter(case=case, state=TaskState.OPEN)
    if not (lead or assists) or not (lead or owed.filter(part=Part.LEAD).exists()):
        raise NothingToRule()
    if lead:
        owed.filter(Q(part=Part.LEAD) & ~Q(office=lead) | Q(part=Part.ASSIST, office=lead)).update(
            state=TaskState.CANCELLED
        )
        case.lead = lead
        case.save(update_fields=["lead"])
    _owe(case, lead=lead, assists=assists, wish=wish, at=at)
    named = owed.filter(office__in=[office.pk for office in (lead, *assists) if office])
    if not forced:
        named = named.filter(office__in=Return.objects.filter(task__case=case).values("task__office"))
    held = named.update(forced=True)
    settled = Return.objects.filter(task__case=case, ruled_at=None).update(ruled_at=at, ruled_by=by, ruling=given)
    note(
        begun, Deed.RULE, by=by, at=at, lead=lead.name if lead else None, assists=[office.name for office in assists],
        forced=bool(held), reason=given, returns=settled,
    )  # fmt: skip
    return case


def begin_task(task: Task, deed: Deed, *, by: User, at: datetime) -> tuple[Begun, Task]:
    """Lock case and task for a deed of the office that owes it. Raises NothingOwed, NoSuchMove, NotAllowed."""
    begun = begin(Case(pk=task.case_id), deed, by=by, at=at, task=task)
    task = Task.objects.select_related("office", "handler").get(pk=task.pk)  # after the lock, as it is now
    if task.state != TaskState.OPEN:
        raise NothingOwed(state=TaskState(task.state).label)
    return begun, task


def _start(case: Case, *, lead: Office, limit: str, due: datetime | None, at: datetime) -> None:
    """Start the clock by the limit unless it runs, and let an earlier date be set by hand. Raises NoLimit, NotLater."""
    running = case.dispatched_at if case.due_at else None
    latest = case.due_at
    if running is None:
        term = _term(case, limit, at=at, needed=due is None)
        if term:
            end = clock.counted(at, term, office=lead.pk)
            clock.start(case, term=term, end=end, at=at, office=lead.pk)
            latest = end.due
    if due is None:
        return
    if due <= at or (latest and due > latest):
        raise clock.NotLater(after=day(at), before=day(latest) if latest else "…")
    case.first_due_at = case.first_due_at if running else None
    whose = case.clock_office_id if running else lead.pk
    clock.start(case, term=None, end=Deadline(local(due), False), at=running or at, office=whose)


def _term(case: Case, limit: str, *, at: datetime, needed: bool) -> Term | None:
    try:
        return clock.limit_term(limit or clock.limit_key(case), at=at)
    except clock.NoLimit:
        if needed:
            raise
        return None


def _owe(
    case: Case, *, lead: Office | None, assists: Sequence[Office], wish: str, at: datetime, handler: User | None = None
) -> list[Task]:
    """Write the tasks, the lead's first; an office owes one of them at most."""
    parts = dict.fromkeys(assists, Part.ASSIST)
    if lead:
        parts = {lead: Part.LEAD, **{office: part for office, part in parts.items() if office != lead}}
    if handler and lead and not handler.stand(at).may(Power.HANDLE, lead.pk):
        raise NotAHandler(name=handler.name, office=lead.name)
    owing = set(Task.objects.filter(case=case, state=TaskState.OPEN).values_list("office", flat=True))
    return Task.objects.bulk_create(
        Task(
            case=case, office=office, part=part, wish=wish.strip(), opened_at=at, due_at=case.due_at,
            handler=handler if part is Part.LEAD else None,
        )
        for office, part in parts.items()
        if office.pk not in owing
    )  # fmt: skip


def _refuse_powerless(coordinator: User, *, at: datetime) -> None:
    if not coordinator.stand(at).everywhere(Power.SEE_CASES):
        raise NotACoordinator(name=coordinator.name)


def _refuse_late_return(task: Task, *, at: datetime) -> None:
    try:
        term = clock.limit_term("task.return", at=at)
    except clock.NoLimit:
        return
    until = clock.counted(task.opened_at, term, office=task.office_id).due
    if at >= until:
        raise TooLateToReturn(until=moment(until, at=at))
