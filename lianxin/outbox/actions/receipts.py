"""What the carrier says became of a message it took."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Coalesce

from lianxin.kit.text import clean, cut, mask_text
from lianxin.ledger.actions import note
from lianxin.outbox.models import Message
from lianxin.outbox.rules import REASON_MAX, State, told_from


@transaction.atomic
def take_receipt(*, key: str, arrived: bool, reason: str = "", told_at: datetime | None = None, at: datetime) -> bool:
    """Take the carrier's word on what it was handed under this key, and return whether it changed anything.

    All messages that went together under the key have one fate. A second receipt, one for a key that is not known (any
    more) and one that comes after a person has settled the message change nothing and are no error: carriers repeat
    themselves. `told_at` is when the carrier says that it happened; a moment that cannot be true gives way to `at`.
    """
    to = State.DELIVERED if arrived else State.FAILED
    bearer = Message.objects.filter(outer=key).select_for_update(of=("self",)).first()
    if bearer is None:
        return False
    open_now = Message.objects.filter(state__in=told_from(to))
    told = list(open_now.filter(Q(pk=bearer.pk) | Q(carrier=bearer)).order_by("id"))
    possible = told_at is not None and bearer.written_at <= told_at <= at
    fields = _arrived(told_at if possible else at) if arrived else _lost(reason)
    for message in told:
        # A worker that is still waiting for the gateway's answer finds its claim gone, and writes nothing over this.
        mine = open_now.filter(pk=message.pk)
        if not mine.update(state=to, lease_until=None, sent_at=Coalesce("sent_at", at), **fields):
            continue
        data = {"transport": message.transport, "by": "carrier"}
        note("message.delivered" if arrived else "message.failed", message, by=None, at=at, data=data)
    return bool(told)


def _arrived(moment: datetime | None) -> dict[str, Any]:
    return {"delivered_at": moment, "trouble": "", "sealed_text": None}


def _lost(reason: str) -> dict[str, Any]:
    """Keep why, as far as it names nobody; each message then goes its own way to a person."""
    said = cut(mask_text(" ".join(clean(reason).split())), REASON_MAX)
    return {"trouble": f"carrier: {said or '?'}", "carrier": None}
