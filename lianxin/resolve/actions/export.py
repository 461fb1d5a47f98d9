"""Lists that officers take away."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from lianxin.ledger import actions as ledger
from lianxin.ledger.models import Event
from lianxin.people import actions as people
from lianxin.people.models import User
from lianxin.people.rules import Power


@transaction.atomic
def note_export(*, query: str, count: int, by: User, at: datetime) -> Event:
    """Put on record that an officer took a list of cases away: by which filter, and how many. Raises NotAllowed."""
    holding = people.need(by, Power.EXPORT, at=at, anywhere=True)
    return ledger.note(
        "cases.exported", by, by=by, at=at, behalf=holding.behalf, data={"query": query[:400], "count": count}
    )
