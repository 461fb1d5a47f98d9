"""Who may do what to an application now: the table of moves, asked of rows."""

from __future__ import annotations

from datetime import datetime

from lianxin.people.models import User
from lianxin.people.rules import Holding
from lianxin.serve.models.application import Application
from lianxin.serve.rules import application as rules
from lianxin.serve.rules.application import Deed, Reach


def holding_for(
    application: Application, deed: Deed, user: User, *, at: datetime, office_id: int | None = None
) -> Holding | None:
    """Return the holding by which the officer may do the deed to this application; None without one.

    `office_id` is the office that owes the step at hand.
    """
    move = rules.MOVES[deed]
    if move.power is None:
        return None
    standing = user.stand(at)
    offices: list[int | None]
    if move.reach is Reach.STEP:
        offices = [office_id]
    else:
        offices = [application.office_id, application.taken_in_id]
        if deed in DECIDING:  # a decision is never signed at a counter of another house
            offices = [application.office_id]
    for office in offices:
        for power in (move.power, *sorted(move.also)):
            if office is not None and (holding := standing.find(power, office)):
                return holding
    return None


DECIDING = frozenset({Deed.SUSPEND, Deed.PROPOSE, Deed.DECIDE, Deed.REPLACE, Deed.REVOKE, Deed.REASSIGN, Deed.RESUME})


def deeds_of(application: Application, user: User, *, at: datetime) -> list[Deed]:
    """Return the deeds that table and powers allow this officer now, in the order of the table; steps are asked apart.

    What only the action can know it still refuses by name.
    """
    return [
        deed
        for deed in Deed
        if rules.may(deed, application.state)
        and rules.MOVES[deed].reach is Reach.OWN
        and holding_for(application, deed, user, at=at)
    ]
