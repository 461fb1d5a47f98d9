"""How every deed begins: the row locked and read again, power and table asked; and how it is written down."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from django.utils import dateformat, timezone
from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from lianxin.kit.refusal import Refusal
from lianxin.ledger import actions as ledger
from lianxin.ledger.models import Event
from lianxin.people import actions as people
from lianxin.people.models import User
from lianxin.people.rules import Holding
from lianxin.resolve import rules
from lianxin.resolve.models import Case, Task, holding_for
from lianxin.resolve.rules import Deed, State


class CaseRefusal(Refusal):
    """A refusal about a case: its words are fixed, `facts` fill them in and are there for machines too."""

    words: str | Promise = ""

    def __init__(self, **facts: Any) -> None:
        super().__init__()
        self.facts = facts

    def __str__(self) -> str:
        return str(self.words) % self.facts


class NoSuchMove(CaseRefusal):
    """The table has no such move from where the case is, often because a colleague was faster."""

    words = _("This case is now “%(state)s”, and from there one cannot “%(deed)s”. Last: %(last)s")


class Begun(NamedTuple):
    """The case as it is under the lock, and the holding by which the officer acts."""

    case: Case
    holding: Holding


def begin(case: Case, deed: Deed, *, by: User, at: datetime, task: Task | None = None) -> Begun:
    """Lock the case for a deed and see that officer and table allow it. Raises NotAllowed and NoSuchMove."""
    held = lock(case)
    holding = holding_for(held, deed, by, at=at, task=task)
    if holding is None:
        if not rules.may(deed, held.state):
            # Power may hang on the state: who holds it anywhere learns what happened, others that it is not theirs.
            people.need(by, _power(deed), at=at, anywhere=True)
            raise no_such_move(held, deed, at=at)
        raise people.NotAllowed(_("This is not a matter of your office, or your post does not include it."))
    if not rules.may(deed, held.state):
        raise no_such_move(held, deed, at=at)
    return Begun(held, holding)


def lock(case: Case) -> Case:
    """Return the case as it is now, held until the transaction ends."""
    return Case.objects.select_for_update(of=("self",)).select_related("subject", "office").get(pk=case.pk)


def no_such_move(case: Case, deed: Deed, *, at: datetime) -> NoSuchMove:
    """Return the refusal that names the present state, and who brought the case there and when."""
    last = Event.objects.about(case).order_by("-id").first()
    return NoSuchMove(
        state=State(case.state).label,
        deed=rules.MOVES[deed].name,
        last=told(last, at=at) if last else "",
        number=case.number,
    )


def told(event: Event, *, at: datetime) -> str:
    """Return an event as a sentence: who did what, and at what time (with the day, if it was not today)."""
    facts = {
        "name": event.by_name or gettext("the person"),
        "time": moment(event.at, at=at),
        "deed": rules.said(event.verb),
    }
    if event.behalf_name:
        return gettext("%(name)s (for %(behalf)s), %(time)s: %(deed)s") % {**facts, "behalf": event.behalf_name}
    return gettext("%(name)s, %(time)s: %(deed)s") % facts


def moment(then: datetime, *, at: datetime) -> str:
    """Return a moment of the past for a sentence: 10:02 today, 3 May 10:02 otherwise."""
    local = timezone.localtime(then)
    if local.date() == timezone.localtime(at).date():
        return local.strftime("%H:%M")
    return dateformat.format(local, pgettext("moment in a sentence", "j F H:i"))


def note(begun: Begun, deed: Deed, *, by: User, at: datetime, **data: Any) -> Event:
    """Write the one line of a deed into the ledger, with both names where a substitute did it."""
    return ledger.note(rules.verb(deed), begun.case, by=by, at=at, behalf=begun.holding.behalf, data=data)


def selves(begun: Begun, by: User) -> set[int]:
    """Return the officers as whom somebody acts: the own number and that of the colleague stood in for."""
    return {by.pk, begun.holding.behalf.pk} if begun.holding.behalf else {by.pk}


def iso(moment: datetime | None) -> str | None:
    """Return a moment for the ledger's data: local time with its offset."""
    return timezone.localtime(moment).isoformat() if moment else None


def _power(deed: Deed) -> Any:
    return rules.MOVES[deed].power
