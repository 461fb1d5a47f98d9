"""Keeping a hall: its hours, lines and windows, and who is certified for what."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time
from itertools import pairwise

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from lianxin.kit.clock import local
from lianxin.kit.refusal import Refusal
from lianxin.ledger.actions import note
from lianxin.people.actions import behalf, need
from lianxin.people.models import Office, User
from lianxin.people.rules import Power
from lianxin.serve.models import Hall, Line, Skill, Ticket, Window


class AlreadyAHall(Refusal):
    """The office has its hall."""


class NumberTaken(Refusal):
    """Another window or line has this number or letter."""


class WrongTimes(Refusal):
    """The hours end before they begin, or the break lies outside them."""

    status = 422


class StillInUse(Refusal):
    """People wait there."""


class AlreadyCertified(Refusal):
    """The clerk may do this already."""


class NotAClerk(Refusal):
    """The officer holds no post at a window."""


class NotYourself(Refusal):
    """Nobody certifies oneself."""


@transaction.atomic
def open_hall(*, office: Office, by: User | None, at: datetime, place: str = "", basis: str = "") -> Hall:
    """Make a hall of an office; needs HALL over it. Raises AlreadyAHall, NotAllowed."""
    whose = behalf(by, Power.HALL, office_id=office.pk, at=at)
    try:
        with transaction.atomic():
            hall = Hall.objects.create(office=office, place=place, basis=basis)
    except IntegrityError as there:
        raise AlreadyAHall(_("This office has a hall already.")) from there
    note("hall.opened", hall, by=by, at=at, behalf=whose)
    return hall


@transaction.atomic
def set_hall(
    hall: Hall, *, lunch_from: time, lunch_to: time, meal_from: time, meal_to: time, meal_minutes: int,
    unattended_minutes: int, by: User | None, at: datetime, basis: str = "", place: str = "",
) -> Hall:  # fmt: skip
    """Change when lunch is and when everybody eats, with the document that says so. Raises WrongTimes, NotAllowed."""
    whose = behalf(by, Power.HALL, office_id=hall.office_id, at=at)
    length = (meal_to.hour - meal_from.hour) * 60 + meal_to.minute - meal_from.minute
    if lunch_from >= lunch_to or length < meal_minutes:
        raise WrongTimes(_("The hours end before they begin, or are too short for a meal."))
    hall = Hall.objects.select_for_update().get(pk=hall.pk)
    hall.lunch_from, hall.lunch_to, hall.meal_from, hall.meal_to = lunch_from, lunch_to, meal_from, meal_to
    hall.meal_minutes, hall.unattended_minutes, hall.basis = meal_minutes, unattended_minutes, basis
    hall.place = place or hall.place
    hall.save()
    data = {"lunch": [f"{lunch_from:%H:%M}", f"{lunch_to:%H:%M}"], "meal": meal_minutes, "basis": basis}
    note("hall.changed", hall, by=by, at=at, behalf=whose, data=data)
    return hall


@transaction.atomic
def open_line(
    hall: Hall, *, letter: str, name: str, by: User | None, at: datetime, codes: Iterable[str] = ()
) -> Line:  # fmt: skip
    """Open a line for the services of these codes; without any it serves general matters.

    Raises NumberTaken, NotAllowed.
    """
    whose = behalf(by, Power.HALL, office_id=hall.office_id, at=at)
    try:
        with transaction.atomic():
            line = Line.objects.create(hall=hall, letter=letter.upper(), name=name, codes=sorted(set(codes)))
    except IntegrityError as taken:
        raise NumberTaken(_("Another line of this hall has this letter.")) from taken
    note("line.opened", line, by=by, at=at, behalf=whose, data={"codes": line.codes})
    return line


@transaction.atomic
def set_line(line: Line, *, name: str, codes: Iterable[str], by: User | None, at: datetime) -> Line:
    """Change the name of a line and what it is for. Raises NotAllowed."""
    whose = behalf(by, Power.HALL, office_id=line.hall.office_id, at=at)
    line = Line.objects.select_for_update().get(pk=line.pk)
    line.name, line.codes = name, sorted(set(codes))
    line.save(update_fields=["name", "codes"])
    note("line.changed", line, by=by, at=at, behalf=whose, data={"codes": line.codes})
    return line


@transaction.atomic
def close_line(line: Line, *, by: User | None, at: datetime) -> None:
    """Let nobody stand in a line any more. Raises StillInUse, NotAllowed."""
    whose = behalf(by, Power.HALL, office_id=line.hall.office_id, at=at)
    day = local(at).date()
    if Ticket.objects.on(day).filter(line=line).waiting().exists():
        raise StillInUse(_("People wait in this line. Serve them first, or hand them on to another line."))
    Line.objects.filter(pk=line.pk, closed_on=None).update(closed_on=day)
    note("line.closed", line, by=by, at=at, behalf=whose)


@transaction.atomic
def set_window(
    hall: Hall, *, number: int, name: str, lines: Iterable[Line], opens: time, closes: time, by: User | None,
    at: datetime, pauses: time | None = None, resumes: time | None = None, place: str = "",
    window: Window | None = None,
) -> Window:  # fmt: skip
    """Open a window, or change one: its sign, its lines and its hours. Without a pause it is open at lunch.

    Raises WrongTimes, NumberTaken, NotAllowed.
    """
    whose = behalf(by, Power.HALL, office_id=hall.office_id, at=at)
    edges = [opens, pauses, resumes, closes] if pauses and resumes else [opens, closes]
    if bool(pauses) != bool(resumes) or any(a >= b for a, b in pairwise(edges)):
        raise WrongTimes(_("The hours end before they begin, or the break lies outside them."))
    kept = window or Window(hall=hall)
    kept.number, kept.name, kept.place = number, name, place
    kept.opens, kept.closes, kept.pauses, kept.resumes = opens, closes, pauses, resumes
    try:
        with transaction.atomic():
            kept.save()
    except IntegrityError as taken:
        raise NumberTaken(_("Another window of this hall has this number.")) from taken
    served = [line for line in lines if line.hall_id == hall.pk]
    kept.lines.set(served)
    data = {
        "number": number, "lines": [line.letter for line in served],
        "hours": [f"{a:%H:%M}-{b:%H:%M}" for a, b in kept.periods],
    }  # fmt: skip
    note("window.changed" if window else "window.opened", kept, by=by, at=at, behalf=whose, data=data)
    return kept


@transaction.atomic
def close_window(window: Window, *, by: User | None, at: datetime) -> None:
    """Close a window for good. Raises StillInUse, NotAllowed."""
    whose = behalf(by, Power.HALL, office_id=window.hall.office_id, at=at)
    if window.tickets.at_window().exists():
        raise StillInUse(_("Somebody is being served there."))
    Window.objects.filter(pk=window.pk, closed_on=None).update(closed_on=local(at).date())
    note("window.closed", window, by=by, at=at, behalf=whose)


@transaction.atomic
def certify(*, clerk: User, code: str, assessment: str, by: User | None, at: datetime, on: date | None = None) -> Skill:
    """Certify that a clerk may take in a service alone; needs HALL, never for oneself.

    Raises AlreadyCertified, NotAClerk, NotYourself, NotAllowed.
    """
    whose = _keeper(by, at)
    day = on or local(at).date()
    if by is not None and by.pk == clerk.pk:
        raise NotYourself(_("Nobody certifies oneself."))
    if not User.objects.holding(Power.WINDOW, day).filter(pk=clerk.pk).exists():
        raise NotAClerk(_("This officer holds no post at a window."))
    try:
        with transaction.atomic():
            skill = Skill.objects.create(
                clerk=clerk, code=code, certified_on=day, assessment=assessment, certified_by=by
            )
    except IntegrityError as there:
        raise AlreadyCertified(_("This clerk is certified for it already.")) from there
    note("skill.certified", skill, by=by, at=at, behalf=whose, data={"clerk": clerk.pk, "code": code})
    return skill


@transaction.atomic
def end_skill(skill: Skill, *, by: User | None, at: datetime) -> None:
    """Take a certificate back from today on. Raises NotAllowed."""
    whose = _keeper(by, at)
    Skill.objects.filter(pk=skill.pk, ends_on=None).update(ends_on=max(local(at).date(), skill.certified_on))
    note("skill.ended", skill, by=by, at=at, behalf=whose, data={"clerk": skill.clerk_id, "code": skill.code})


def _keeper(by: User | None, at: datetime) -> User | None:
    """Return for whom `by` stands in as keeper of any hall: clerks come from all bureaus to whichever hall it is."""
    found: User | None = need(by, Power.HALL, at=at, anywhere=True).behalf if by else None
    return found
