"""The date of a case, moved only by what the rules allow: extend, decide_extension, suspend, resume."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lianxin.kit.clock import Pause as Still
from lianxin.kit.clock import local
from lianxin.people.actions.words import line, why
from lianxin.people.models import OfficeHours, User, calendar_now
from lianxin.resolve import rules
from lianxin.resolve.actions import clock
from lianxin.resolve.actions.deed import CaseRefusal, begin, iso, note, selves
from lianxin.resolve.actions.notice import day, tell, tell_of_new_date
from lianxin.resolve.models import Case, Extension, Pause
from lianxin.resolve.rules import Deed, State

NOTE_MAX = 400


class AskedTooLate(CaseRefusal):
    """A later date is asked for before the date, not after it."""

    words = _("The date was %(due)s. A later one can only be asked for before it has passed.")


class AskedBefore(CaseRefusal):
    """A later date has been asked for, or granted as often as the rule allows."""

    words = _("A later date was asked for already (%(count)s of %(most)s).")


class NothingAsked(CaseRefusal):
    """Nobody has asked for a later date."""

    words = _("Nobody has asked for a later date on this case, or it has been decided.")


class SamePerson(CaseRefusal):
    """Who asked does not decide."""

    status = 403
    words = _("Who asked for the later date cannot decide on it. Somebody else must do it.")


class ReviewInThePast(CaseRefusal):
    """A suspended case is looked at again on a day to come."""

    status = 422
    words = _("Please name a coming day on which the case will be looked at again.")


@transaction.atomic
def extend(case: Case, *, due: datetime, reason: str, by: User, at: datetime) -> Extension:
    """Ask for a later date (延期), as the office that leads, before the date in force, with a reason.

    At most rules.EXTENSIONS_MAX are granted in one life of a case. Nothing moves until somebody else decides. Raises
    AskedTooLate, AskedBefore, NotLater, TooShort, NoSuchMove, NotAllowed.
    """
    begun = begin(case, Deed.EXTEND, by=by, at=at)
    case, given = begun.case, why(reason)
    if case.due_at is None or at >= case.due_at:
        raise AskedTooLate(due=day(case.due_at) if case.due_at else "…")
    asked = _in_this_life(case)
    if len(asked) >= rules.EXTENSIONS_MAX:
        raise AskedBefore(count=len(asked), most=rules.EXTENSIONS_MAX)
    if due <= case.due_at:
        raise clock.NotLater(after=day(case.due_at), before="…")
    asked_for = Extension.objects.create(
        case=case, old_due_at=case.due_at, new_due_at=local(due), reason=given, asked_at=at, asked_by=by
    )
    note(begun, Deed.EXTEND, by=by, at=at, old_due=iso(case.due_at), due=iso(due), reason=given)
    return asked_for


@transaction.atomic
def decide_extension(case: Case, *, granted: bool, by: User, at: datetime, text: str = "") -> Case:
    """Grant or refuse the later date that was asked for; granted, it holds from now and the people are told both dates.

    The date first promised stays on the case. Raises NothingAsked, SamePerson, NoSuchMove, NotAllowed.
    """
    begun = begin(case, Deed.DECIDE_EXTENSION, by=by, at=at)
    case = begun.case
    asked = Extension.objects.filter(case=case, granted=None).first()
    if asked is None or case.due_at is None:
        raise NothingAsked()
    if asked.asked_by_id in selves(begun, by):
        raise SamePerson()
    old = case.due_at
    asked.granted, asked.decided_at, asked.decided_by = granted, at, by
    asked.decision_note = line(text, most=NOTE_MAX)
    asked.save(update_fields=["granted", "decided_at", "decided_by", "decision_note"])
    if granted:
        case.due_at, case.due_provisional = max(old, asked.new_due_at), False
        case.save(update_fields=["due_at", "due_provisional"])
        clock.move_tasks(case)
        tell_of_new_date(case, old=old, event=f"extension:{asked.pk}", at=at)
    note(
        begun, Deed.DECIDE_EXTENSION, by=by, at=at, granted=granted, old_due=iso(old), due=iso(case.due_at),
        first_due=iso(case.first_due_at), note=asked.decision_note,
    )  # fmt: skip
    return case


@transaction.atomic
def suspend(case: Case, *, reason: str, review_on: date, by: User, at: datetime) -> Case:
    """Let the clock stand still (挂账), approved by a leader, with a reason and a day on which it is looked at again.

    The people are told. Raises ReviewInThePast, TooShort, NoSuchMove, NotAllowed.
    """
    begun = begin(case, Deed.SUSPEND, by=by, at=at)
    case, given = begun.case, why(reason)
    if review_on <= timezone.localdate(at):
        raise ReviewInThePast()
    pause = Pause.objects.create(case=case, starts=at, reason=given, approved_by=by, review_on=review_on)
    case.state = State.SUSPENDED
    case.save(update_fields=["state"])
    tell(case, "case.suspended", event=f"suspend:{pause.pk}", at=at)
    note(begun, Deed.SUSPEND, by=by, at=at, reason=given, review_on=review_on.isoformat())
    return case


@transaction.atomic
def resume(case: Case, *, by: User, at: datetime) -> Case:
    """Let the clock run again; the date moves by the time it stood still, and the people are told if it did.

    A date that had passed before stays passed. Raises NoSuchMove, NotAllowed.
    """
    begun = begin(case, Deed.RESUME, by=by, at=at)
    case, old = begun.case, begun.case.due_at
    pause = Pause.objects.get(case=case, ends=None)
    pause.ends = at
    pause.save(update_fields=["ends"])
    case.state = State.HANDLING
    if old:
        _move_on(case, old, pause)
        clock.move_tasks(case)
    case.save(update_fields=["state", "due_at", "due_provisional"])
    event = note(begun, Deed.RESUME, by=by, at=at, old_due=iso(old), due=iso(case.due_at))
    if old and old != case.due_at:
        tell_of_new_date(case, old=old, event=f"resume:{event.pk}", at=at)
    return case


def _in_this_life(case: Case) -> list[Extension]:
    """Return the later dates asked for since the present clock started, those refused or lapsed left out."""
    start = case.dispatched_at
    return [each for each in case.extensions.exclude(granted=False) if start is None or each.asked_at >= start]


def _move_on(case: Case, old: datetime, pause: Pause) -> None:
    """Give a case the date it has after a pause: counted again, or, where a person had set it, later by as long."""
    if case.term and case.dispatched_at and not clock.is_by_hand(case):
        end = clock.recounted(case, case.dispatched_at, case.term)
        case.due_at, case.due_provisional = end.due, end.provisional
    else:
        still = Still(pause.starts, pause.ends, pause.reason)
        case.due_at = rules.moved_on(old, still, calendar_now(), hours=OfficeHours.of(case.clock_office_id))
