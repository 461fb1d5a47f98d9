"""What the applicant is told: number, what happened, whether it is finished, what comes next; nothing personal."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.utils import timezone

from lianxin.listen.rules import TRACK_PATH
from lianxin.outbox import actions as outbox
from lianxin.serve.models.application import Application


def tell(application: Application, template: str, *, event: str, at: datetime, **more: str) -> int:
    """Write one message to the applicant, or to who applies for the person; return how many were written.

    `event` makes it the only one of its kind. What happens quickly one after the other waits for the same person and
    goes out together, as the outbox does it.
    """
    number = application.number
    context = {"number": number, "url": f"{settings.PUBLIC_URL}{TRACK_PATH}?number={number}", **more}
    for way, address in application.ways()[:1]:
        outbox.write(
            template=template, way=way, address=address, about=application, event=event, context=context, at=at,
            office=application.office,
        )  # fmt: skip
        return 1
    return 0


def day(moment: datetime | None) -> str:
    """Return a date as a message writes it: the same digits in every language."""
    return timezone.localtime(moment).strftime("%Y-%m-%d %H:%M") if moment else ""
