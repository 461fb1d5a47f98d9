"""Appointments: times opened, booked, moved, cancelled, kept. No time is given twice."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from lianxin.kit.clock import ZONE, local
from lianxin.kit.identity import tidy_phone
from lianxin.kit.reference import new_reference
from lianxin.kit.refusal import Refusal
from lianxin.ledger.actions import note
from lianxin.listen.models import code_of, digest_of, seal_contact
from lianxin.listen.rules import Contact
from lianxin.outbox import actions as outbox
from lianxin.people.actions import behalf
from lianxin.people.models import County, User, calendar_now, phone_index
from lianxin.people.rules import Power
from lianxin.serve.actions.line import take_ticket
from lianxin.serve.models import Appointment, Line, Slot, Ticket
from lianxin.serve.rules.line import EARLY, Booking, Reason, rank_by_appointment, slots

TRIES = 5  # a number comes up twice once in billions
LONGEST_AHEAD = 60  # days for which times are opened at once
HELD_MOST = 3  # times that one phone may hold at once, so that nobody books the week for others to buy
BOOK_PATH = "/hall/appointment/"


class Full(Refusal):
    """All places of this time are taken."""


class TooLate(Refusal):
    """The time is over, or the appointment is."""


class TooEarly(Refusal):
    """The appointment is later, or on another day."""


class AlreadyBooked(Refusal):
    """This phone holds this time already, or too many others."""


class NoSuchTime(Refusal):
    """No window of the line is open then, or the time belongs to another hall."""

    status = 422


class WhoIsIt(Refusal):
    """A name and a phone are needed, so that the hall can tell the person of a change."""

    status = 422


@transaction.atomic
def open_slots(
    line: Line, *, first: date, last: date, minutes: int, capacity: int, by: User | None, at: datetime
) -> int:  # fmt: skip
    """Open times for booking on the working days from the first to the last, within the hours of the line's windows.

    Times that are open already stay as they are. Returns how many were added. Raises NoSuchTime, NotAllowed.
    """
    whose = behalf(by, Power.HALL, office_id=line.hall.office_id, at=at)
    if not local(at).date() <= first <= last <= first + timedelta(days=LONGEST_AHEAD):
        raise NoSuchTime(_("The days must lie ahead, the first before the last, at most 60 days."))
    if not 5 <= minutes <= 240 or not 1 <= capacity <= 1000:
        raise NoSuchTime(_("A time has 5 to 240 minutes and room for 1 to 1000 people."))
    periods = _open_periods(line)
    if not periods:
        raise NoSuchTime(_("No window serves this line. Give it to a window first."))
    there = set(Slot.objects.filter(line=line).values_list("starts", flat=True))
    calendar, made = calendar_now(), []
    for day in (first + timedelta(days=n) for n in range((last - first).days + 1)):
        if not calendar.is_workday(day):
            continue
        for begins, ends in slots(periods, minutes):
            start, end = _moment(day, begins), _moment(day, ends)
            if start > at and start not in there:
                made.append(Slot(line=line, starts=start, ends=end, capacity=capacity))
    Slot.objects.bulk_create(made)
    data = {"from": first.isoformat(), "to": last.isoformat(), "minutes": minutes, "capacity": capacity}
    note("slots.opened", line, by=by, at=at, behalf=whose, data={**data, "count": len(made)})
    return len(made)


def _open_periods(line: Line) -> list[tuple[time, time]]:
    """Return when at least one window of the line is open."""
    merged: list[tuple[time, time]] = []
    for opens, closes in sorted(period for window in line.windows.open() for period in window.periods):
        if merged and opens <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], closes))
        else:
            merged.append((opens, closes))
    return merged


def _moment(day: date, then: time) -> datetime:
    return datetime.combine(day, then, ZONE)


@transaction.atomic
def book(slot: Slot, *, name: str, phone: str, at: datetime, matter: str = "", by: User | None = None) -> Appointment:
    """Give somebody a place in a time, and send number and code.

    One conditional write takes the place, so that of any number of people who ask at once exactly as many get one as
    there are. Raises Full, TooLate, AlreadyBooked, WhoIsIt.
    """
    contact = Contact(name=" ".join(name.split())[:40], phone=(tidy_phone(phone) or ""))
    if not contact.name or not contact.phone:
        raise WhoIsIt(_("Please give your name and your phone number."))
    index = phone_index(contact.phone)
    held = Appointment.objects.booked().filter(phone_index=index, slot__starts__gt=at)
    if held.count() >= HELD_MOST:
        raise AlreadyBooked(_("This phone holds several times already. Please cancel one that you do not need."))
    _take(slot, at)
    made = _written(slot, contact, index, matter[:80], at)
    note("appointment.booked", made, by=by, at=at, data={"slot": slot.pk})
    tell(made, "appointment.booked", event="booked", at=at, code=made.code)
    return made


def _take(slot: Slot, at: datetime) -> None:
    """Take one place by a conditional write. Raises Full, TooLate.

    The condition stands on the row alone: over a join it would become a subquery, which PostgreSQL does not ask again
    when it has waited for another's write.
    """
    free = Slot.objects.filter(pk=slot.pk, starts__gt=at, booked__lt=F("capacity"))
    if Line.objects.filter(pk=slot.line_id, closed_on=None).exists() and free.update(booked=F("booked") + 1):
        return
    if slot.starts <= at:
        raise TooLate(_("This time has begun. Please choose a later one."))
    raise Full(_("All places of this time have just been taken. Please choose another."))


def _written(slot: Slot, contact: Contact, index: str, matter: str, at: datetime) -> Appointment:
    sealed = seal_contact(contact) or b""
    if Appointment.objects.booked().filter(slot=slot, phone_index=index).exists():
        raise _twice()
    for left in reversed(range(TRIES)):
        number = new_reference(County.now().prefix)
        made = Appointment(
            number=number, code_digest=digest_of(code_of(number), number), slot=slot, contact=sealed,
            phone_index=index, matter=matter, made_at=at,
        )  # fmt: skip
        try:
            with transaction.atomic():
                made.save(force_insert=True)
        except IntegrityError as taken:
            if Appointment.objects.booked().filter(slot=slot, phone_index=index).exists():
                raise _twice() from taken
            if not left:
                raise
        else:
            break
    return made


def _twice() -> AlreadyBooked:
    return AlreadyBooked(_("This phone has a place at this time already."))


@transaction.atomic
def move_appointment(appointment: Appointment, *, slot: Slot, at: datetime, by: User | None = None) -> Appointment:
    """Give somebody another time in the same hall; the old place is free again. Number and code stay.

    Raises Full, TooLate, NoSuchTime, AlreadyBooked.
    """
    held = _open(appointment, at)
    if slot.line.hall_id != held.slot.line.hall_id:
        raise NoSuchTime(_("This time belongs to another hall."))
    if slot.pk == held.slot_id:
        raise AlreadyBooked(_("This is the time you have."))
    old = held.slot_id
    if slot.pk < old:  # rows are always held in one order, or two people who change places wait for each other
        _take(slot, at)
        _free(old)
    else:
        _free(old)
        _take(slot, at)
    try:
        with transaction.atomic():
            Appointment.objects.filter(pk=held.pk).update(slot=slot, moves=F("moves") + 1)
    except IntegrityError as taken:
        raise _twice() from taken
    held.refresh_from_db()
    note("appointment.moved", held, by=by, at=at, data={"from": old, "slot": slot.pk})
    tell(held, "appointment.moved", event=f"moved:{held.moves}", at=at)
    return held


@transaction.atomic
def cancel_appointment(appointment: Appointment, *, at: datetime, by: User | None = None) -> Appointment:
    """Give a time back, so that somebody else may have it. Raises TooLate."""
    held = _open(appointment, at)
    Appointment.objects.filter(pk=held.pk).update(state=Booking.CANCELLED, ended_at=at)
    _free(held.slot_id)
    held.refresh_from_db()
    note("appointment.cancelled", held, by=by, at=at, data={"slot": held.slot_id})
    tell(held, "appointment.cancelled", event="cancelled", at=at)
    return held


@transaction.atomic
def check_in(appointment: Appointment, *, at: datetime, reason: str = Reason.NONE, by: User | None = None) -> Ticket:
    """Give who has come for an appointment a number that is called at that time; who is late stands in line.

    Raises TooEarly, TooLate, HallClosed.
    """
    held = Appointment.objects.select_for_update(of=("self",)).select_related("slot__line").get(pk=appointment.pk)
    if held.state != Booking.BOOKED or (held.slot.ends < at and local(held.slot.starts).date() != local(at).date()):
        raise TooLate(_("This appointment is over, or was cancelled."))
    if at < held.slot.starts - EARLY:
        raise TooEarly(_("It is too early. Please come within the hour before your time."))
    ticket = take_ticket(
        held.slot.line, at=at, reason=reason, by=by, rank_at=rank_by_appointment(held.slot.starts, at, reason)
    )
    Appointment.objects.filter(pk=held.pk).update(state=Booking.ARRIVED, ended_at=at, ticket=ticket)
    note("appointment.kept", held, by=by, at=at, data={"ticket": ticket.pk})
    return ticket


def _open(appointment: Appointment, at: datetime) -> Appointment:
    """Return the appointment, held, while it can still be changed. Raises TooLate."""
    rows = Appointment.objects.select_for_update(of=("self",)).select_related("slot__line__hall")
    held = rows.get(pk=appointment.pk)
    if held.state != Booking.BOOKED or held.slot.starts <= at:
        raise TooLate(_("This appointment is over, or was cancelled."))
    return held


def _free(slot_id: int) -> None:
    Slot.objects.filter(pk=slot_id, booked__gt=0).update(booked=F("booked") - 1)


def tell(appointment: Appointment, template: str, *, event: str, at: datetime, **more: str) -> None:
    """Write the person a message with the time and the place; what it is about stands in none."""
    slot = Slot.objects.select_related("line__hall__office").get(pk=appointment.slot_id)
    hall = slot.line.hall
    context = {
        "number": appointment.number,
        "when": f"{local(slot.starts):%Y-%m-%d %H:%M}",
        "office": hall.office.name,
        "url": f"{settings.PUBLIC_URL}{BOOK_PATH}?number={appointment.number}",
        **more,
    }
    for way, address in appointment.opened_contact().ways:
        outbox.write(
            template=template, way=way, address=address, about=appointment, event=event, context=context, at=at,
            office=hall.office,
        )  # fmt: skip
