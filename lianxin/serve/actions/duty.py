"""A leader on duty in the hall: comes, hears, decides what may be decided on the spot, hands over."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from lianxin.kit.refusal import NotAllowed, Refusal
from lianxin.ledger.actions import note
from lianxin.listen import actions as listen
from lianxin.listen.rules import Channel, Identity
from lianxin.people.actions.words import line, said
from lianxin.people.models import Shift, User
from lianxin.people.rules import Power
from lianxin.serve.models import DutyEntry, DutyLog, Hall

EARLY = timedelta(hours=1)


class NotThen(Refusal):
    """The duty is at another time, or over."""


class AlreadyOnDuty(Refusal):
    """Somebody serves this duty already."""


@transaction.atomic
def come_on_duty(shift: Shift, *, by: User, at: datetime) -> DutyLog:
    """Begin the log of a duty, as its leader or who stands in. Raises NotThen, AlreadyOnDuty, NotAllowed."""
    whose = _as_leader(shift, by=by, at=at)
    if not Hall.objects.filter(office=shift.office_id).exists() or shift.duty != Shift.Duty.LEADER:
        raise NotThen(_("This is no leader's duty in a hall."))
    if not shift.starts - EARLY <= at < shift.ends:
        raise NotThen(_("This duty is at another time."))
    try:
        with transaction.atomic():
            log = DutyLog.objects.create(shift=shift, leader=by, came_at=at)
    except IntegrityError as there:
        raise AlreadyOnDuty(_("This duty is being served already.")) from there
    note("duty.begun", log, by=by, at=at, behalf=whose, data={"shift": shift.pk})
    return log


@transaction.atomic
def hear_on_duty(
    log: DutyLog, *, text: str, by: User, at: datetime, decision: str = "", competence: str = ""
) -> DutyEntry:
    """Write down an opinion heard in the hall: it becomes a voice like any other, and goes its road.

    A decision counts only with the rule by which this leader may take it; without one it is not kept as a decision:
    the matter goes to whoever is competent, and what the leader thought stands in the voice. Raises NotThen,
    NothingSaid, TooLong, NotAllowed.
    """
    whose = _open(log, by=by, at=at)
    rule = line(competence, most=200)
    decided = said(decision, most=500) if decision.strip() and rule else ""
    words = said(text, most=2000)
    voice = listen.hear(
        channel=Channel.HALL, text=words, identity=Identity.ANONYMOUS, at=at, office=log.shift.office,
        wants_reply=False,
    ).voice  # fmt: skip
    entry = DutyEntry.objects.create(
        log=log, text=words, decision=decided, competence=rule if decided else "", voice=voice, at=at, by=by
    )
    data = {"voice": voice.number, "on_the_spot": bool(decided)}
    note("duty.heard", entry, by=by, at=at, behalf=whose, data=data)
    return entry


@transaction.atomic
def leave_duty(log: DutyLog, *, handover: str, by: User, at: datetime) -> DutyLog:
    """End a duty with what the next leader must know. Raises NotThen, NotAllowed."""
    whose = _open(log, by=by, at=at)
    DutyLog.objects.filter(pk=log.pk).update(left_at=at, handover=said(handover, most=2000))
    log.refresh_from_db()
    note("duty.ended", log, by=by, at=at, behalf=whose)
    return log


def _open(log: DutyLog, *, by: User, at: datetime) -> User | None:
    whose = _as_leader(log.shift, by=by, at=at)
    if not DutyLog.objects.select_for_update().filter(pk=log.pk, left_at=None).exists():
        raise NotThen(_("This duty is over."))
    return whose


def _as_leader(shift: Shift, *, by: User, at: datetime) -> User | None:
    """Return for whom `by` serves this duty: nobody, or an absent leader. Who stands in must be a leader too.

    Raises NotAllowed.
    """
    if shift.user_id == by.pk:
        return None
    standing = by.stand(at)
    leads = any(h.behalf is None and Power.INSTRUCT in h.powers for h in standing.holdings)
    lent = [h.behalf for h in standing.holdings if h.behalf and h.behalf.pk == shift.user_id]
    if not lent or not leads:
        raise NotAllowed(_("Another leader is on duty. Only a leader who stands in may serve it."))
    found: User = lent[0]
    return found
