"""Counting the dates of open steps again, when the calendar of their year has been announced."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from lianxin.flow.actions.dates import due_of, rings_at
from lianxin.flow.models import Step
from lianxin.ledger.actions import note
from lianxin.ledger.models import Event
from lianxin.people.models import CalendarDay, County


@transaction.atomic
def recount_steps(*, at: datetime) -> int:
    """Count the dates of open steps again, each from the moment it was opened; return how many moved.

    A date that has passed is counted too: who was late by a guess of the calendar is not late. Timers that have rung
    do not ring again.
    """
    moved = 0
    dated = Step.objects.open().exclude(due_at=None, rings_at=None).select_related("run__process")
    for step in dated.select_for_update(of=("self",)).order_by("pk"):
        node, old = step.definition_node, (step.due_at, step.due_provisional, step.rings_at)
        if node.limit:
            step.due_at, step.due_provisional = due_of(step.opened_at, node.limit, step.office_id)
        step.rings_at = rings_at(node, step)
        if (step.due_at, step.due_provisional, step.rings_at) == old:
            continue
        step.save(update_fields=["due_at", "due_provisional", "rings_at"])
        before, after = (each.isoformat() if each else None for each in (old[0], step.due_at))
        note("step.recounted", step, by=None, at=at, data={"run": step.run_id, "old_due": before, "due": after})
        moved += 1
    return moved


@transaction.atomic
def recount_after_import(*, at: datetime) -> bool:
    """Count the dates of steps again if a calendar was imported since that was last done; tell whether it was."""
    imports = Event.objects.filter(kind=CalendarDay._meta.label_lower, verb="calendar.imported").order_by("-id")
    last = imports.values_list("id", flat=True).first()
    county = County.objects.first()
    if last is None or county is None:
        return False
    if Event.objects.about(county).filter(verb="steps.recounted", data__import=last).exists():
        return False
    moved = recount_steps(at=at)
    note("steps.recounted", county, by=None, at=at, data={"import": last, "steps": moved})
    return True
