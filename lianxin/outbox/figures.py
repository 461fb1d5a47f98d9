"""Counts of messages, by what became of them. No personal data."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, QuerySet

from lianxin.outbox.models import Message
from lianxin.outbox.rules import State


@dataclass(frozen=True, slots=True)
class Fates:
    """How many messages there are, in 条, and what became of them; the parts add up to all of them."""

    written: int
    waiting: int
    sent: int  # the carrier has them; it has not said that they arrived
    arrived: int
    trouble: int
    settled: int


def fates(messages: QuerySet[Message]) -> Fates:
    """Count messages by what became of them, in one query."""
    found = dict(messages.order_by().values_list("state").annotate(n=Count("pk")))

    def of(*states: State) -> int:
        return sum(found.get(state, 0) for state in states)

    return Fates(
        written=of(*State),
        waiting=of(State.WRITTEN, State.SENDING),
        sent=of(State.SENT),
        arrived=of(State.DELIVERED),
        trouble=of(State.FAILED, State.UNSURE),
        settled=of(State.SETTLED),
    )
