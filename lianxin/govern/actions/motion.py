"""Putting a question to the people: the procedure, the motion, its notice, the steps on record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from lianxin.govern.models import Motion, Procedure, StepRecord
from lianxin.govern.rules import MOVES, Deed, Electorate, State, StepKind, WrongSteps, steps_of
from lianxin.kit.reference import new_reference
from lianxin.kit.refusal import Refusal
from lianxin.ledger.actions import note
from lianxin.people.actions import behalf, need
from lianxin.people.actions.words import line, said, why
from lianxin.people.models import County, Office, User
from lianxin.people.rules import Power
from lianxin.places.models import Area
from lianxin.record.models import Enterprise, keeper_reach_of


class ProcedureTaken(Refusal):
    """The steps are no procedure, or its key is taken."""

    status = 422


class MotionElsewhere(Refusal):
    """The motion has gone on, or is not there yet."""


class NoticeTooShort(Refusal):
    """Everybody must have had time to read it."""


class OpenObjection(Refusal):
    """Somebody said that the list is wrong, and nobody has ruled on it."""


@transaction.atomic
def set_procedure(
    *, key: str, name: str, basis: str, steps: Iterable[Mapping[str, Any]], by: User | None, at: datetime, **values: Any
) -> Procedure:
    """Write down by which steps decisions are taken; a change is a new one. Needs GOVERN. Raises ProcedureTaken."""
    whose = behalf(by, Power.GOVERN, at=at) if by is None else need(by, Power.GOVERN, at=at, anywhere=True).behalf
    rows = [dict(step) for step in steps]
    try:
        steps_of(rows)
        with transaction.atomic():
            made = Procedure.objects.create(
                key=key, name=line(name, most=80), basis=why(basis), steps=rows, made_at=at, **values
            )
    except (WrongSteps, IntegrityError) as wrong:
        raise ProcedureTaken(
            _("Each step needs a key of its own, a name, and how it is known. The key must be new.")
        ) from wrong
    note("procedure.set", made, by=by, at=at, behalf=whose, data={"steps": [row["key"] for row in rows]})
    return made


@transaction.atomic
def move(
    *, title: str, text: str, office: Office, procedure: Procedure, electorate: str, manner: str, proposed_by: str,
    by: User, at: datetime, area: Area | None = None, enterprise: Enterprise | None = None,
) -> Motion:  # fmt: skip
    """Bring a motion in, for a place or for the workers of an enterprise; needs GOVERN over the office.

    The place, or the enterprise, is one whose files one keeps: its list of voters names who lives there (I-04). Raises
    MotionElsewhere, NothingSaid, TooLong, NotAllowed.
    """
    whose = need(by, Power.GOVERN, office_id=office.pk, at=at).behalf
    if (area is None) == (enterprise is None) or (enterprise is None) == (electorate == Electorate.WORKER):
        raise MotionElsewhere(_("A motion is of one place, or of the workers of one enterprise."))
    if not keeper_reach_of(by, at).covers(area or (enterprise.area if enterprise else None)):
        raise MotionElsewhere(_("You do not keep the files of this place."))
    motion = Motion.objects.create(
        number=new_reference(County.now().prefix), title=line(why(title)), text=said(text), office=office,
        procedure=procedure, electorate=electorate, manner=manner, area=area, enterprise=enterprise,
        proposed_by=line(why(proposed_by), most=80), opened_at=at,
    )  # fmt: skip
    note("motion.moved", motion, by=by, at=at, behalf=whose, data={"procedure": procedure.key, "manner": manner})
    return motion


@transaction.atomic
def notice(motion: Motion, *, by: User, at: datetime) -> Motion:
    """Make a motion known to everybody, again where a vote had no quorum; its list of voters is public from now on.

    Raises MotionElsewhere, NotAllowed.
    """
    again = motion.state == State.NO_QUORUM
    motion, whose = held(motion, Deed.NOTICE_AGAIN if again else Deed.NOTICE, by=by, at=at)
    if not motion.voters.exists():
        raise MotionElsewhere(_("Write the list of voters first: it is made known together with the motion."))
    if again:  # a new vote begins at nothing
        motion.voters.update(voted=False, proxy=None, digest="")
        motion.tallies.all().delete()
    motion.state, motion.noticed_at, motion.vote_opened_at, motion.vote_closed_at = State.NOTICED, at, None, None
    motion.save(update_fields=["state", "noticed_at", "vote_opened_at", "vote_closed_at"])
    note("motion.noticed", motion, by=by, at=at, behalf=whose, data={"again": again})
    return motion


@transaction.atomic
def withdraw(motion: Motion, *, reason: str, by: User, at: datetime) -> Motion:
    """Take a motion back before it is voted on. Raises MotionElsewhere, TooShort, NotAllowed."""
    motion, whose = held(motion, Deed.WITHDRAW, by=by, at=at)
    motion.state = State.WITHDRAWN
    motion.save(update_fields=["state"])
    note("motion.withdrawn", motion, by=by, at=at, behalf=whose, data={"reason": why(reason)})
    return motion


@transaction.atomic
def record_step(motion: Motion, *, key: str, day: date, words: str, by: User, at: datetime) -> StepRecord:
    """Put a step of the procedure on record: who met on which day and what was said. Raises MotionElsewhere."""
    whose = need(by, Power.GOVERN, office_id=motion.office_id, at=at).behalf
    known = {step.key for step in motion.procedure.read_steps if step.kind == StepKind.RECORD}
    if key not in known or day > at.date() + timedelta(days=1):
        raise MotionElsewhere(_("This procedure has no such step to be written down, or the day is still to come."))
    try:
        with transaction.atomic():
            made = StepRecord.objects.create(motion=motion, key=key, day=day, words=said(words), by=by, at=at)
    except IntegrityError as there:
        raise MotionElsewhere(_("This step is on record already.")) from there
    note("motion.step_recorded", made, by=by, at=at, behalf=whose, data={"step": key})
    return made


def held(motion: Motion, deed: Deed, *, by: User, at: datetime) -> tuple[Motion, User | None]:
    """Return the motion as it is now, locked, and for whom `by` stands in. Raises MotionElsewhere, NotAllowed."""
    whose = need(by, Power.GOVERN, office_id=motion.office_id, at=at).behalf
    motion = Motion.objects.select_for_update(of=("self",)).select_related("procedure").get(pk=motion.pk)
    if State(motion.state) not in MOVES[deed][0]:
        raise MotionElsewhere(_("This motion has gone on meanwhile. Please look at it again."))
    return motion, whose
