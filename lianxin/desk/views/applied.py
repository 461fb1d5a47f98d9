"""What waits for an officer among applications, as sections of the day."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lianxin.desk.views.applications import rows_of
from lianxin.desk.views.rows import Row, due_words, number_words
from lianxin.people.models import User
from lianxin.resolve.models.duties import COUNT_MOST
from lianxin.serve.models.duties import Duty, duties
from lianxin.serve.rules.application import Grade

ROWS_SHOWN = 5


class Section(NamedTuple):
    """One kind of thing that waits, with the first of it."""

    title: str | Promise
    what: str | Promise
    href: str
    number: str
    more: bool
    rows: list[Row]


SHOWN: dict[Duty, tuple[str | Promise, str | Promise]] = {
    Duty.STEPS: (_("Steps of your office"), _("The next date first.")),
    Duty.ESCALATED: (_("Late steps brought before you"), _("A timer has told you as head; please ask why.")),
    Duty.RECEIVE: (_("Applications to check"), _("Tell once what is missing, or accept.")),
    Duty.DECIDE: (_("Applications to decide"), _("All have looked at them.")),
    Duty.DELIVER: (_("Decisions to hand out"), _("Who fetches them here needs nothing more.")),
    Duty.RATINGS: (_("Bad ratings"), _("Each with the day by which it is taken care of.")),
}


def applied(user: User, at: datetime) -> list[Section]:
    """Return what waits for this officer among applications; nothing for who has no such power."""
    waiting = duties(user)
    sections = []
    for duty, (title, what) in SHOWN.items():
        if duty not in waiting:
            continue
        found = waiting[duty]
        number = found.order_by().values("pk")[: COUNT_MOST + 1].count()
        if number:
            rows = _rows(duty, found, at)
            sections.append(Section(title, what, _href(duty), number_words(number), number > ROWS_SHOWN, rows))
    return sections


def _href(duty: Duty) -> str:
    return reverse("desk:ratings") if duty is Duty.RATINGS else f"{reverse('desk:applications')}?look={duty}"


def _rows(duty: Duty, found: Any, at: datetime) -> list[Row]:
    if duty in (Duty.STEPS, Duty.ESCALATED):
        steps = found.select_related("run__application__service")[:ROWS_SHOWN]
        return [
            Row(
                reverse("desk:application", args=[step.run.application.number]), str(step.pk), step.title,
                "late" if step.due_at and step.due_at <= at else "near" if step.warned_at else "ok",
                due_words(step.due_at, at) or step.stage,
                f"{step.run.application.service.name} · {step.run.application.number}",
            )
            for step in steps
        ]  # fmt: skip
    if duty is Duty.RATINGS:
        found = found.select_related("application__service", "ticket__line", "ticket__window", "home")
        ratings = found.order_by("answer_by", "id")[:ROWS_SHOWN]
        return [
            Row(
                reverse("desk:answer_rating", args=[rating.pk]), str(rating.pk), str(Grade(rating.grade).label),
                "late" if rating.answer_by and rating.answer_by <= at else "near",
                due_words(rating.answer_by, at), rating.title,
            )
            for rating in ratings
        ]  # fmt: skip
    return rows_of(
        found.select_related("service", "office").order_by("tell_by", "promised_at", "id")[:ROWS_SHOWN], at=at
    )
