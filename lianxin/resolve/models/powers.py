"""Who may do what to a case now: the table of moves, asked of rows."""

from __future__ import annotations

from datetime import datetime

from lianxin.ledger.models import Event
from lianxin.people.models import User
from lianxin.people.rules import Holding
from lianxin.resolve import rules
from lianxin.resolve.models.case import Case, Task
from lianxin.resolve.rules import Deed, Move, Reach, TaskState


def holding_for(case: Case, deed: Deed, user: User, *, at: datetime, task: Task | None = None) -> Holding | None:
    """Return the holding by which the officer may do the deed to this case as it is; None without one."""
    move = rules.move_of(deed, case.state)
    if move.power is None:
        return None
    standing = user.stand(at)
    offices = offices_of(case, move, task=task)
    for power in (move.power, *sorted(move.also)):
        for office in offices:
            if holding := standing.find(power, office):
                return holding
    return None


def offices_of(case: Case, move: Move, *, task: Task | None = None) -> list[int]:
    """Return the offices over one of which the power for a move must be held."""
    if move.reach is Reach.OWNER:
        return [case.office_id]
    if move.reach is Reach.LEAD:
        return [case.lead_id] if case.lead_id else []
    if task is not None:
        return [task.office_id]
    # All of them, so that a page that has read the tasks already does not ask again for each deed.
    owed = (each for each in case.tasks.all() if each.state == TaskState.OPEN)
    return [each.office_id for each in sorted(owed, key=lambda each: each.pk)]


def deeds_of(case: Case, user: User, *, at: datetime) -> list[Deed]:
    """Return the deeds that table and powers allow this officer now, in the order of the table.

    What only the action can know (already taken, returned before, same person) it still refuses by name.
    """
    return [deed for deed in Deed if rules.may(deed, case.state) and holding_for(case, deed, user, at=at)]


def hands_on(case: Case) -> set[int]:
    """Return the officers who worked on the case, by the record and as assigned; for substitutes both persons."""
    pairs = Event.objects.about(case).filter(verb__in=rules.HANDS).values_list("by_id", "behalf_id")
    assigned = case.tasks.filter(handler__isnull=False).values_list("handler_id", flat=True)
    return {pk for pair in pairs for pk in pair if pk} | {pk for pk in assigned if pk}
