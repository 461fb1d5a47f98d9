"""The line: numbers taken, called, served, handed on. Two windows never call the same number."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from lianxin.kit.clock import local
from lianxin.kit.refusal import NotAllowed, Refusal
from lianxin.ledger.actions import note
from lianxin.people.models import User, calendar_now
from lianxin.people.rules import Power
from lianxin.serve.models import Line, LineDay, Serving, Skill, Ticket, Turn, Window, stood_for
from lianxin.serve.rules.line import MOVES, Reason, TicketState, rank

TRIES = 50  # numbers that others may snatch away between looking and calling


class HallClosed(Refusal):
    """No window of this line is open now."""


class NobodyWaits(Refusal):
    """The line is empty."""

    status = 404


class StillServing(Refusal):
    """Somebody is at the window."""


class NotCertified(Refusal):
    """Nobody who sits at this window may take in what its lines are for."""


class NoSuchStep(Refusal):
    """The number stands elsewhere by now."""


class OtherHall(Refusal):
    """The line belongs to another hall."""

    status = 422


@transaction.atomic
def take_ticket(
    line: Line, *, at: datetime, reason: str = Reason.NONE, by: User | None = None, rank_at: datetime | None = None
) -> Ticket:
    """Give the next number of a line. `rank_at` is when it counts as taken, for who comes by appointment.

    Raises HallClosed outside the hours of the windows of this line.
    """
    then = local(at)
    day = then.date()
    if line.closed_on or not is_open(line, at):
        raise HallClosed(_("No window of this line is open now. Please come in the opening hours, or book a time."))
    LineDay.objects.get_or_create(line=line, day=day)
    LineDay.objects.filter(line=line, day=day).update(given=F("given") + 1)
    given = LineDay.objects.get(line=line, day=day).given  # our own write holds the row: nobody else reads this number
    ticket = Ticket.objects.create(
        hall_id=line.hall_id, line=line, day=day, label=f"{line.letter}{given:03d}", key=secrets.token_hex(8),
        reason=reason, taken_at=at, waits_since=at, rank_at=rank_at or rank(at, reason),
    )  # fmt: skip
    note("ticket.taken", ticket, by=by, at=at, data={"line": line.pk, "reason": reason})
    return ticket


def is_open(line: Line, at: datetime) -> bool:
    """Tell whether a window of this line is open at that moment of a working day."""
    then = local(at)
    if not calendar_now().is_workday(then.date()):
        return False
    periods = [period for window in line.windows.open() for period in window.periods]
    return any(opens <= then.time() < closes for opens, closes in periods)


@transaction.atomic
def call_next(window: Window, *, by: User, at: datetime) -> Ticket:
    """Call whoever is first in the lines of this window, by the rule of the order.

    One conditional write takes the number: of two windows that call at once, one gets it and the other the next.
    Raises NobodyWaits, StillServing, NotCertified, NotAllowed.
    """
    clerk, whose = seat(window, by=by, at=at)
    if window.tickets.at_window().exists():
        raise StillServing(_("Somebody is at this window. Finish that first."))
    lines = _lines_for(window, clerk, at)
    waiting = Ticket.objects.on(local(at).date()).filter(line__in=lines).waiting()
    for _try in range(TRIES):
        ticket = waiting.first()
        if ticket is None:
            break
        if _taken(ticket, window):
            serving = Serving.objects.create(
                ticket=ticket, line_id=ticket.line_id, window=window, clerk=by, waited_from=ticket.waits_since,
                called_at=at,
            )  # fmt: skip
            note("ticket.called", ticket, by=by, at=at, behalf=whose, data={"window": window.pk, "serving": serving.pk})
            return ticket
    raise NobodyWaits(_("Nobody waits in the lines of this window."))


def _taken(ticket: Ticket, window: Window) -> bool:
    """Take a number for a window, if nobody was quicker. Raises StillServing."""
    waiting = Ticket.objects.filter(pk=ticket.pk, state=TicketState.WAITING)
    try:
        with transaction.atomic():
            taken = waiting.update(state=TicketState.CALLED, window=window)
    except IntegrityError as busy:  # the same window, called from two hands
        raise StillServing(_("Somebody is at this window. Finish that first.")) from busy
    ticket.state, ticket.window = TicketState.CALLED, window
    return bool(taken)


def _lines_for(window: Window, clerk: User, at: datetime) -> list[Line]:
    """Return the lines that may be served by who sits there now. Raises NotCertified."""
    skills = Skill.objects.by_clerk(local(at).date())
    seated = set(Turn.objects.at(at).filter(window=window).values_list("clerk", flat=True)) | {clerk.pk}
    able = {code for pk in seated for code in skills.get(pk, ())}
    lines = list(window.lines.open())
    served = [line for line in lines if set(line.codes) <= able]
    if lines and not served:
        raise NotCertified(
            _("Nobody who sits at this window is certified for its matters. Ask the manager of the hall.")
        )
    return served


def seat(window: Window, *, by: User, at: datetime) -> tuple[User, User | None]:
    """Return who sits at the window in the person of `by`, and for whom; the keeper of the hall may sit anywhere.

    Raises NotAllowed.
    """
    by.stand(at)
    seated = stood_for(by)
    turn = Turn.objects.at(at).filter(window=window, clerk__in=seated).select_related("clerk").first()
    if turn is not None:
        return by, None if turn.clerk_id == by.pk else turn.clerk
    holding = by.standing.find(Power.HALL, window.hall.office_id)
    if holding is None:
        raise NotAllowed(_("You are not on the plan of this window now. Ask the manager of the hall."))
    return by, holding.behalf


@transaction.atomic
def recall(ticket: Ticket, *, by: User, at: datetime) -> Ticket:
    """Call a number once more. Raises NoSuchStep, NotAllowed."""
    window, whose = _at_window(ticket, by=by, at=at)
    if not Ticket.objects.filter(pk=ticket.pk, state=TicketState.CALLED, window=window).exists():
        raise _elsewhere()
    Serving.objects.filter(ticket=ticket, ended_at=None).update(recalled=F("recalled") + 1)
    note("ticket.recalled", ticket, by=by, at=at, behalf=whose)
    return ticket


@transaction.atomic
def attend(ticket: Ticket, *, by: User, at: datetime) -> Ticket:
    """Begin to serve who was called and has come. Raises NoSuchStep, NotAllowed."""
    _window, whose = _at_window(ticket, by=by, at=at)
    _move(ticket, "attend")
    Serving.objects.filter(ticket=ticket, ended_at=None).update(started_at=at)
    note("ticket.attended", ticket, by=by, at=at, behalf=whose)
    return ticket


@transaction.atomic
def miss(ticket: Ticket, *, by: User, at: datetime) -> Ticket:
    """Note that nobody came when called; the number may come back. Raises NoSuchStep, NotAllowed."""
    _window, whose = _at_window(ticket, by=by, at=at)
    _move(ticket, "miss")
    _end_serving(ticket, Serving.End.ABSENT, at)
    note("ticket.missed", ticket, by=by, at=at, behalf=whose)
    return ticket


@transaction.atomic
def come_back(ticket: Ticket, *, at: datetime, by: User | None = None) -> Ticket:
    """Let who had not come when called stand in line again, from now; the number is kept. Raises NoSuchStep."""
    _move(ticket, "come_back", rank_at=rank(at, ticket.reason), waits_since=at, window=None)
    note("ticket.came_back", ticket, by=by, at=at)
    return ticket


@transaction.atomic
def conclude(ticket: Ticket, *, by: User, at: datetime) -> Ticket:
    """Finish serving. Raises NoSuchStep, NotAllowed."""
    _window, whose = _at_window(ticket, by=by, at=at)
    _move(ticket, "conclude", done_at=at)
    _end_serving(ticket, Serving.End.DONE, at)
    note("ticket.concluded", ticket, by=by, at=at, behalf=whose)
    return ticket


@transaction.atomic
def pass_on(ticket: Ticket, *, line: Line, by: User, at: datetime) -> Ticket:
    """Hand somebody on to another line with the number and the time already waited. Raises OtherHall, NoSuchStep."""
    _window, whose = _at_window(ticket, by=by, at=at)
    if line.hall_id != ticket.hall_id or line.closed_on:
        raise OtherHall(_("This line does not belong to this hall, or is closed."))
    before = ticket.line_id
    _move(ticket, "pass_on", line=line, window=None, waits_since=at)
    _end_serving(ticket, Serving.End.PASSED, at)
    note("ticket.passed_on", ticket, by=by, at=at, behalf=whose, data={"from": before, "to": line.pk})
    return ticket


@transaction.atomic
def give_back(ticket: Ticket, *, at: datetime, by: User | None = None) -> Ticket:
    """Take a number out of the line, for who cannot wait. Raises NoSuchStep."""
    _move(ticket, "give_back", done_at=at)
    note("ticket.given_back", ticket, by=by, at=at)
    return ticket


def _at_window(ticket: Ticket, *, by: User, at: datetime) -> tuple[Window, User | None]:
    """Return at which window a number is, and for whom `by` sits there. Raises NoSuchStep, NotAllowed."""
    window = Window.objects.select_related("hall").filter(tickets=ticket).first()
    if window is None:
        raise _elsewhere()
    if Serving.objects.filter(ticket=ticket, ended_at=None, clerk=by).exists():
        return window, None  # who has begun to serve somebody finishes it, also when the turn is over
    _clerk, whose = seat(window, by=by, at=at)
    return window, whose


def _move(ticket: Ticket, deed: str, **changes: object) -> None:
    """Move a number by one conditional write. Raises NoSuchStep where it stands elsewhere by now."""
    before, after = MOVES[deed]
    open_now = Ticket.objects.filter(pk=ticket.pk, state__in=[state.value for state in before])
    if not open_now.update(state=after, **changes):
        raise _elsewhere()
    ticket.refresh_from_db()


def _end_serving(ticket: Ticket, end: str, at: datetime) -> None:
    Serving.objects.filter(ticket=ticket, ended_at=None).update(ended_at=at, end=end)


def _elsewhere() -> NoSuchStep:
    return NoSuchStep(_("This number stands elsewhere by now. Please look at the line again."))
