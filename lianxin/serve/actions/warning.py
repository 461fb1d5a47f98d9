"""What a timer of a step tells: who owes it is reminded, then the heads are told; each once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings

from lianxin.flow.actions import Moved
from lianxin.flow.models import Step
from lianxin.listen.rules import Contact
from lianxin.outbox import actions as outbox
from lianxin.people.models import Office
from lianxin.serve.actions.telling import day
from lianxin.serve.models.application import Application


def alarm(application: Application, moved: Moved, *, at: datetime) -> int:
    """Write to the office that owes a step, or to the heads of that office and of the one that answers.

    Whoever can not be written to finds it on the desk all the same. Return how many messages were written.
    """
    written = 0
    for step in moved.warned:
        written += _write(application, step, "step.warned", [step.office], at=at)
    for step in moved.escalated:
        written += _write(application, step, "step.escalated", [step.office, application.office], at=at)
    return written


def _write(
    application: Application, step: Step, template: str, offices: Iterable[Office | None], *, at: datetime
) -> int:
    written = 0
    for office in dict.fromkeys(office for office in offices if office):
        context = {
            "number": application.number,
            "office": office.name,
            "due": day(step.due_at or application.promised_at),
            "url": f"{settings.PUBLIC_URL}/desk/applications/{application.number}/",
        }
        for way, address in Contact(phone=office.phone).ways[:1]:
            outbox.write(
                template=template, way=way, address=address, about=step, event=f"rung:{step.rung}", context=context,
                at=at, office=office,
            )  # fmt: skip
            written += 1
    return written
