"""What the people behind a case are told: numbers and what comes next, nothing of the matter itself (I-10)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from lianxin.listen.models import Item, Voice
from lianxin.listen.rules import TRACK_PATH, Contact
from lianxin.outbox import actions as outbox
from lianxin.people.models import Shift
from lianxin.resolve.models import Case

NUMBERS_SHOWN = 3  # of one person who spoke several times; more would not fit a text message


def tell(
    case: Case, template: str, *, event: str, at: datetime, voices: QuerySet[Voice] | None = None, **more: str
) -> int:
    """Write one message to each person behind the case who wants a reply and can be reached; return how many.

    Somebody who spoke several times is told once, with all receipt numbers, by the first way that was given.
    """
    behind = voices_behind(case) if voices is None else voices
    people = _by_address(behind.filter(wants_reply=True).order_by("id"))
    for (way, address), numbers in people.items():
        context = {
            "number": "、".join(numbers[:NUMBERS_SHOWN]),
            "url": f"{settings.PUBLIC_URL}{TRACK_PATH}?number={numbers[0]}",
            **more,
        }
        outbox.write(
            template=template,
            way=way,
            address=address,
            about=case,
            event=event,
            context=context,
            at=at,
            office=case.office,
        )
    return len(people)


def tell_of_new_date(case: Case, *, old: datetime, event: str, at: datetime) -> None:
    """Write to the people that the date has moved, with both dates."""
    if case.due_at:
        tell(case, "case.extended", event=event, at=at, old_due=day(old), due=day(case.due_at))


def tell_duty(case: Case, shifts: Iterable[Shift], *, at: datetime) -> int:
    """Call the leaders on duty at once, also in quiet hours; return how many have an address that takes messages."""
    context = {"number": case.number, "due": day(case.due_at) if case.due_at else "", "url": settings.PUBLIC_URL}
    reached = 0
    for shift in shifts:
        for way, address in Contact(phone=shift.phone or shift.office.phone).ways[:1]:
            outbox.write(
                template="major.duty", way=way, address=address, about=case, event=f"alarm:{shift.pk}", context=context,
                at=at, office=shift.office, urgent=True,
            )  # fmt: skip
            reached += 1
    return reached


def voices_behind(case: Case) -> QuerySet[Voice]:
    """Return the voices that feed a case, each once."""
    return Voice.objects.filter(pk__in=Item.objects.filter(join__case=case).values("voice"))


def day(moment: datetime) -> str:
    """Return a date as a message writes it: the same digits in every language."""
    return timezone.localtime(moment).strftime("%Y-%m-%d %H:%M")


def _by_address(voices: Iterable[Voice]) -> dict[tuple[str, str], list[str]]:
    found: dict[tuple[str, str], list[str]] = {}
    for voice in voices:
        contact = voice.opened_contact()
        if contact and contact.ways:
            found.setdefault(contact.ways[0], []).append(voice.number)
    return found
