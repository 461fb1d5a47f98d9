"""The steps of an application: finished by the office that owes them, answered by the person, rung by the calendar."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lianxin.flow import actions as flow
from lianxin.flow.models import Process, Step
from lianxin.flow.rules import OWN, WITHDRAWN, Kind
from lianxin.kit.clock import ClockStopped
from lianxin.ledger import actions as ledger
from lianxin.ledger.models.sentence import Sentence
from lianxin.people import actions as people
from lianxin.people.models import Office, User
from lianxin.people.rules import Power
from lianxin.serve.actions import clock
from lianxin.serve.actions.deed import ApplicationRefusal, Begun, begin_deed, keep, note, tidy_words, words
from lianxin.serve.actions.telling import day, tell
from lianxin.serve.actions.warning import alarm
from lianxin.serve.models.application import Application
from lianxin.serve.models.course import Remark, Seat
from lianxin.serve.rules.application import Deed, State

REMARK_MOST = 2000
LAPSED = "lapsed"


class NotThisWay(ApplicationRefusal):
    """The step is one in which the decision is signed."""

    words = _("In the step “%(step)s” the decision is signed: please use “decide”.")


class NotForYou(ApplicationRefusal):
    """The step waits for somebody else."""

    words = _("The step “%(step)s” does not wait for the applicant.")


class NobodyDoes(ApplicationRefusal):
    """The process names an office that this county has not said who it is."""

    words = _("The process needs an office for “%(key)s”, and the catalogue does not say which one that is.")


class OfficeGone(ApplicationRefusal):
    """The office has ended, or cannot be given this."""

    status = 422
    words = _("“%(office)s” is not open on this day. Please choose another office.")


class StepOver(ApplicationRefusal):
    """The step is finished; only an open one is given to somebody else."""

    words = _("The step “%(step)s” is finished already.")


@transaction.atomic
def step(step: Step, *, outcome: str, by: User, at: datetime, remark: str = "") -> Application:
    """Finish an open step of the own office with one of its outcomes; the person is told, and it goes on.

    `remark` is for colleagues. Raises NotThisWay, NotAllowed, NotPossibleNow, ClockSetBack, TooMuch and, from the
    process, AlreadyFinished and NoSuchOutcome: of two who press at once, one succeeds.
    """
    begun = begin_deed(application_of(step), Deed.STEP, by=by, at=at, office_id=step.office_id or 0)
    if step.decides:
        raise NotThisWay(step=step.title)
    moved = flow.finish(step, outcome=outcome, by=by, at=at, behalf=begun.behalf)
    if said := tidy_words(remark):
        text = words(said, _("remark"), most=REMARK_MOST)
        Remark.objects.create(application=begun.application, step=step, text=text, at=at, by=by)
    note(begun, Deed.STEP, by=by, at=at, step=step.pk, node=step.node, title=step.title, outcome=outcome)
    follow(begun, moved, by=by, at=at)
    return begun.application


@transaction.atomic
def answer_step(step: Step, *, outcome: str, at: datetime) -> Application:
    """Take the answer of the person, who has shown number and code, to a step that waits for the person.

    Raises NotForYou, NotPossibleNow, ClockSetBack, AlreadyFinished, NoSuchOutcome.
    """
    begun = begin_deed(application_of(step), Deed.ANSWER_STEP, by=None, at=at)
    if step.kind != Kind.APPLICANT:
        raise NotForYou(step=step.title)
    moved = flow.finish(step, outcome=outcome, by=None, at=at)
    note(begun, Deed.ANSWER_STEP, by=None, at=at, step=step.pk, node=step.node, title=step.title, outcome=outcome)
    follow(begun, moved, by=None, at=at)
    return begun.application


@transaction.atomic
def ring(step: Step, *, at: datetime) -> bool:
    """Let the timers of a step ring whose time has come; tell whether there was an application to carry on.

    Raises AlreadyFinished and ClockSetBack.
    """
    application = Application.objects.filter(run=step.run_id).first()
    if application is None or application.state not in (State.ACCEPTED, State.DECIDING, State.DECIDED):
        return False
    begun = begin_deed(application, Deed.ANSWER_STEP, by=None, at=at)
    moved = flow.fire_timer(step, at=at)
    data = {"step": step.pk, "node": step.node, "title": step.title, "escalated": bool(moved.escalated)}
    ledger.note("application.remind", begun.application, by=None, at=at, data=data)
    follow(begun, moved, by=None, at=at)
    alarm(begun.application, moved, at=at)
    return True


@transaction.atomic
def reassign(step: Step, *, office: Office, reason: str, by: User, at: datetime) -> Step:
    """Give an open step to another office, as when its own was abolished. Needs DECIDE over the application's office.

    Raises StepOver, OfficeGone, NothingGiven, NotAllowed, NotPossibleNow, ClockSetBack.
    """
    begun = begin_deed(application_of(step), Deed.REASSIGN, by=by, at=at)
    held = Step.objects.select_for_update(of=("self",)).get(pk=step.pk)
    if not held.is_open or held.kind != Kind.TASK:
        raise StepOver(step=held.title)
    if not Office.objects.on(timezone.localdate(at)).filter(pk=office.pk).exists():
        raise OfficeGone(office=office.name)
    why = words(reason, _("why"), least=4)
    before, held.office = held.office, office
    held.save(update_fields=["office"])
    keep(begun.application, at=at)
    note(
        begun, Deed.REASSIGN, by=by, at=at, step=held.pk, title=held.title, was=before.name if before else "",
        office=office.name, reason=why,
    )  # fmt: skip
    return held


@transaction.atomic
def hand_over_closed(*, at: datetime) -> int:
    """Give open steps of offices that have ended to those that took over; return how many.

    What has no successor stays and is shown as a task of who decides for the service.
    """
    today = timezone.localdate(at)
    gone = Step.objects.open().filter(office__valid_to__lte=today, office__successor__isnull=False)
    moved = 0
    for step in gone.select_for_update(of=("self",)).select_related("office__successor").order_by("id"):
        application = Application.objects.filter(run=step.run_id).first()
        office = step.office
        if application is None or office is None:
            continue
        heir = _heir(office, at=at)
        if heir is None:
            continue
        step.office = heir
        step.save(update_fields=["office"])
        data = {"step": step.pk, "title": step.title, "was": office.name, "office": heir.name, "by_law": True}
        ledger.note("application.reassign", application, by=None, at=at, data=data)
        moved += 1
    return moved


@transaction.atomic
def seat(*, key: str, office: Office, by: User | None, at: datetime) -> Seat:
    """Say which office stands behind a name in the processes. Needs CATALOGUE. Raises NotAllowed and NothingGiven."""
    behalf = people.need(by, Power.CATALOGUE, at=at, anywhere=True).behalf if by else None
    name = words(key, _("name in the processes"), most=40)
    found, _made = Seat.objects.update_or_create(key=name, defaults={"office": office, "at": at})
    ledger.note("seat.set", found, by=by, at=at, behalf=behalf, data={"key": name, "office": office.pk})
    return found


def offices_for(application: Application, process: Process, *, at: datetime) -> dict[str, Office]:
    """Return the office for each name that the process asks for; who has taken over where one has ended.

    Raises NobodyDoes.
    """
    wanted = process.parsed.offices
    seats = {row.key: row.office for row in Seat.objects.filter(key__in=wanted).select_related("office")}
    found: dict[str, Office] = {}
    for key in sorted(wanted):
        office = application.office if key == OWN else seats.get(key)
        heir = _heir(office, at=at) if office else None
        if heir is None:
            raise NobodyDoes(key=key)
        found[key] = heir
    return found


def follow(begun: Begun, moved: flow.Moved, *, by: User | None, at: datetime) -> None:
    """Act on what a move of the process told: stage, state, dates, one message for each step that was finished."""
    held = begun.application
    held.stage = moved.stage[:80]
    fields = ["stage", *_placed(held, moved, at=at)]
    if any(one.stops_clock for one in [*moved.closed, *moved.opened]):
        fields += _recounted(held)
    keep(held, *dict.fromkeys(fields), at=at)
    for one in moved.escalated:
        ledger.note("application.escalate", held, by=None, at=at, data={"step": one.pk, "title": one.title})
    if held.state == State.CLOSED:
        tell(held, "application.closed", event="closed", at=at)
    else:
        _tell_steps(held, moved, at=at)


def _placed(held: Application, moved: flow.Moved, *, at: datetime) -> list[str]:
    """Set the state that follows from where the process stands, and return the fields that changed."""
    if moved.ended and moved.result == LAPSED and held.decided_at is None:
        held.state, held.closed_at, held.closed_why = State.CLOSED, at, gettext("The time for it has passed.")
        return ["state", "closed_at", "closed_why"]
    waits = any(one.decides for one in moved.opened)
    if held.state == State.ACCEPTED and (moved.ended or waits):
        held.state = State.DECIDING
        return ["state"]
    if held.state == State.DECIDING and not (moved.ended or waits or decides_now(held)):
        held.state = State.ACCEPTED  # sent back from the desk of who decides
        return ["state"]
    return []


def _tell_steps(held: Application, moved: flow.Moved, *, at: datetime) -> None:
    for one in moved.closed:
        if one.outcome != WITHDRAWN and not one.decides:
            tell(held, "application.step", event=f"step:{one.pk}", at=at, due=day(held.promised_at))
    for one in moved.opened:
        if one.kind == Kind.APPLICANT:
            tell(held, "application.asked", event=f"asked:{one.pk}", at=at, due=day(one.due_at or held.promised_at))


def application_of(step: Step) -> Application:
    """Return the application whose step it is. Raises Application.DoesNotExist."""
    found = _OF_RUN.first(run=step.run_id)
    if found is None:
        raise Application.DoesNotExist(step.run_id)
    return found


_OF_RUN = Sentence(lambda run: Application.objects.filter(run=run))


def _decider(held: Application) -> bool:
    return held.run_id is not None and any(
        one.decides for one in Step.objects.open().filter(run=held.run_id).select_related("run__process")
    )


def _recounted(held: Application) -> list[str]:
    """Count the dates again after the clock stood still; while it stands, the dates stay as they were."""
    try:
        clock.count(held)
    except ClockStopped:
        return []
    return clock.CLOCK


def _heir(office: Office, *, at: datetime) -> Office | None:
    """Return the office itself while it is open, else who has taken over, however often; None without one."""
    today = timezone.localdate(at)
    for _again in range(10):
        if office.valid_to is None or office.valid_to > today:
            return office
        if office.successor is None:
            return None
        office = office.successor
    return None


def decides_now(held: Application) -> bool:
    """Tell whether nothing is left but to decide: a step waits for it, or the process has ended."""
    return _decider(held) or bool(held.run and held.run.is_over)
