"""Special procedures: the clock stands still, in writing, only for what the law lists."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lianxin.people.models import User
from lianxin.serve.actions import clock
from lianxin.serve.actions.deed import ApplicationRefusal, begin_deed, keep, note, words
from lianxin.serve.actions.documents import issue
from lianxin.serve.actions.stepping import decides_now
from lianxin.serve.actions.telling import day, tell
from lianxin.serve.models.application import Application
from lianxin.serve.models.course import Standstill
from lianxin.serve.rules.application import Deed, Paper, Special, State

DAYS_MOST = 365


class NotListed(ApplicationRefusal):
    """Only the procedures that the law names stop the clock."""

    status = 422
    words = _("Only these stop the clock: %(possible)s. Waiting for anything else does not.")


class NoDays(ApplicationRefusal):
    """The person is told in writing how long it takes."""

    status = 422
    words = _("Please say how many days it will take: 1 to %(most)s.")


@transaction.atomic
def suspend(
    application: Application, *, kind: str, days: int, basis: str, reason: str = "", by: User, at: datetime
) -> Standstill:
    """Let the clock stand still for a listed special procedure and tell the person in writing how long it will take.

    Raises NotListed, NoDays, NothingGiven, NotAllowed, NotPossibleNow, ClockSetBack.
    """
    begun = begin_deed(application, Deed.SUSPEND, by=by, at=at)
    held = begun.application
    if kind not in Special.values:
        raise NotListed(possible="、".join(str(label) for label in Special.labels))
    if not 1 <= days <= DAYS_MOST:
        raise NoDays(most=DAYS_MOST)
    law = words(basis, _("the legal basis"), most=200)
    standstill = Standstill.objects.create(
        application=held, kind=kind, days=days, basis=law, reason=reason.strip()[:300], starts=at, by=by
    )
    held.state = State.SUSPENDED
    keep(held, "state", at=at)
    note(begun, Deed.SUSPEND, by=by, at=at, kind=kind, days=days, basis=law)
    values = {"kind": str(Special(kind).label), "days": str(days), "basis": law, "reason": standstill.reason}
    issue(held, Paper.SPECIAL, by=by, at=at, values=values)
    tell(held, "application.suspended", event=f"suspend:{standstill.pk}", at=at)
    return standstill


@transaction.atomic
def resume(application: Application, *, by: User, at: datetime, result: str = "") -> Application:
    """End the special procedure; the dates move by the days that did not count.

    Raises NotAllowed, NotPossibleNow, ClockSetBack.
    """
    begun = begin_deed(application, Deed.RESUME, by=by, at=at)
    held = begun.application
    standstill = held.standstills.get(ends=None)
    standstill.ends = at
    standstill.save(update_fields=["ends"])
    old = held.promised_at
    clock.count(held)
    held.state = State.DECIDING if decides_now(held) else State.ACCEPTED
    keep(held, "state", *clock.CLOCK, at=at)
    note(
        begun, Deed.RESUME, by=by, at=at, old_due=old.isoformat() if old else "",
        due=held.promised_at.isoformat() if held.promised_at else "", result=result.strip()[:200],
    )  # fmt: skip
    tell(held, "application.resumed", event=f"resume:{standstill.pk}", at=at, due=day(held.promised_at))
    return held
