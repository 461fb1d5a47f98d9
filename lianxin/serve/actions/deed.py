"""How a deed on an application begins: the row locked and read again, power and table asked; how it is noted."""

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
from lianxin.ledger.models.sentence import Sentence
from lianxin.people import actions as people
from lianxin.people.models import User
from lianxin.people.rules import Holding
from lianxin.serve.models.application import Application
from lianxin.serve.models.powers import holding_for
from lianxin.serve.rules import application as rules
from lianxin.serve.rules.application import Deed, State


class ApplicationRefusal(Refusal):
    """A refusal about an application: its words are fixed, `facts` fill them in and are there for machines too."""

    words: str | Promise = ""

    def __init__(self, **facts: Any) -> None:
        super().__init__()
        self.facts = facts

    def __str__(self) -> str:
        return str(self.words) % self.facts


class NotPossibleNow(ApplicationRefusal):
    """The table has no such move from where the application is, often because a colleague was faster."""

    words = _("This application is now “%(state)s”, and from there one cannot “%(deed)s”. Last: %(last)s")


class ClockSetBack(ApplicationRefusal):
    """The machine's clock, or the date given, lies before something that is on record already."""

    words = _(
        "The moment %(at)s lies before what is on record already (%(last)s). Please let the clock of this machine be "
        "checked; nothing was changed."
    )


class NothingGiven(ApplicationRefusal):
    """Words that are needed are missing or too short to say anything."""

    status = 422
    words = _("Please write a full sentence here: %(what)s.")


class TooMuch(ApplicationRefusal):
    """More words than there is room for."""

    status = 422
    words = _("There is room for %(most)s characters here: %(what)s.")


class Begun(NamedTuple):
    """The application as it is under the lock, and the holding by which the officer acts; None for the applicant."""

    application: Application
    holding: Holding | None

    @property
    def behalf(self) -> User | None:
        found: User | None = self.holding.behalf if self.holding else None
        return found


def begin_deed(
    application: Application, deed: Deed, *, by: User | None, at: datetime, office_id: int | None = None
) -> Begun:
    """Lock the application for a deed and see that officer, table and clock allow it.

    `by` None is the applicant, who has shown number and code, or the clockwork. Raises NotAllowed, NotPossibleNow and
    ClockSetBack.
    """
    held = lock(application)
    holding = None
    move = rules.MOVES[deed]
    if move.power is not None and by is not None:
        holding = holding_for(held, deed, by, at=at, office_id=office_id)
        if holding is None:
            raise people.NotAllowed(_("This is not a matter of your office, or your post does not include it."))
    if not rules.may(deed, held.state):
        raise not_possible(held, deed, at=at)
    refuse_past(held, at=at)
    return Begun(held, holding)


def lock(application: Application) -> Application:
    """Return the application as it is now, held until the transaction ends."""
    held = _HELD.first(pk=application.pk)
    if held is None:
        raise Application.DoesNotExist(application.pk)
    return held


_HELD = Sentence(
    lambda pk: (
        Application.objects.select_for_update(of=("self",))
        .select_related("service", "office", "taken_in")
        .filter(pk=pk)
    )
)


def refuse_past(held: Application, *, at: datetime) -> None:
    """Refuse a moment before the last one on record. Raises ClockSetBack."""
    if at < held.touched_at:
        raise ClockSetBack(at=moment(at, at=held.touched_at), last=moment(held.touched_at, at=at))


def not_possible(held: Application, deed: Deed, *, at: datetime) -> NotPossibleNow:
    """Return the refusal that names the present state, and who brought the application there and when."""
    last = Event.objects.about(held).order_by("-id").first()
    return NotPossibleNow(
        state=State(held.state).label, deed=rules.MOVES[deed].name, last=told(last, at=at) if last else ""
    )


def told(event: Event, *, at: datetime) -> str:
    """Return an event as one says it: who, what, when."""
    who = event.by_name or gettext("the person or the clock")
    return f"{who} · {rules.said(event.verb)} · {moment(event.at, at=at)}"


def moment(then: datetime, *, at: datetime) -> str:
    """Return a moment for a sentence; the year only where it is another one."""
    here = timezone.localtime(then)
    pattern = (
        pgettext("moment in a sentence", "j F H:i")
        if here.year == timezone.localtime(at).year
        else pgettext("moment with year in a sentence", "j F Y H:i")
    )
    return dateformat.format(here, pattern)


def keep(held: Application, *fields: str, at: datetime) -> None:
    """Write the named fields, and that the application was touched at this moment; the caller notes the deed."""
    held.touched_at = at
    held.save(update_fields=[*fields, "touched_at"])


def note(begun: Begun, deed: Deed, *, by: User | None, at: datetime, **data: Any) -> Event:
    """Write the line of the ledger for a deed."""
    held = begun.application
    facts = {name: value for name, value in data.items() if value not in (None, "", [])}
    return ledger.note(rules.verb(deed), held, by=by, at=at, behalf=begun.behalf, data={"to": held.state, **facts})


def words(text: str, what: str | Promise, *, least: int = 2, most: int = 300) -> str:
    """Return a text that must say something, tidied. Raises NothingGiven and TooMuch."""
    found = tidy_words(text)
    if len(found) < least:
        raise NothingGiven(what=what)
    if len(found) > most:
        raise TooMuch(most=most, what=what)
    return found


def tidy_words(text: str) -> str:
    """Return a text without control characters and without blanks around it."""
    return "".join(sign for sign in text if sign.isprintable() or sign in "\n\t").strip()
