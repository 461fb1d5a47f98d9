"""Handing messages over, each key once, whatever dies in between.

A message is claimed by one conditional UPDATE and that claim is committed; then the transport is called, outside any
transaction; then what it said is committed. Whoever finds a claim whose time is over asks the transport whether it has
the message, and never hands it over again on a guess.

Several are claimed at once, and what became of them is written at once, where the transport can be asked afterwards: a
commit waits for the disk, and residents wait behind it. A transport that keeps no list gets one after the other, so
that a worker that dies leaves one message in doubt, not twenty.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from itertools import groupby
from typing import Any

from django.db import transaction
from django.db.models import F

from lianxin.ledger.actions import note
from lianxin.outbox.models import Message
from lianxin.outbox.rules import (
    ASK_AFTER,
    ASK_UNTIL,
    LEASE,
    TOGETHER_MAX,
    State,
    next_try,
)
from lianxin.outbox.transports import TRANSPORTS, NotNow, NotTaken, Parcel, Unclear, transport_for

SLICE = 20  # messages in one go
SLICE_SECONDS = (
    10.0  # after which no further one is begun: a slow gateway must not keep the worker from its other duties
)

Claimed = tuple[Message, list[Message]]  # a message, and those that go with it

logger = logging.getLogger(__name__)


def send_ready(*, at: datetime) -> int:
    """Hand over messages whose time has come, at most SLICE, and return how many were tried. Many workers may do so."""
    tried, began = 0, time.monotonic()
    for bunch in _bunches(Message.objects.ready(at)[:SLICE]):
        passed = time.monotonic() - began
        if passed > SLICE_SECONDS:
            break
        # The lease of the last of a slice is as long as that of the first.
        claimed = _claim(bunch, at, lease=at + timedelta(seconds=passed) + LEASE)
        tried += _send(claimed, at, since=time.time(), until=began + SLICE_SECONDS)
    return tried


def _bunches(messages: Iterable[Message]) -> Iterator[list[Message]]:
    """Yield what is claimed together, in order."""
    for keeps_list, group in groupby(messages, key=lambda one: TRANSPORTS[transport_for(one.way)].keeps_list):
        if keeps_list:
            yield list(group)
        else:
            yield from ([message] for message in group)


def _send(claimed: Sequence[Claimed], at: datetime, *, since: float, until: float) -> int:
    """Hand over what is claimed; what the time does not suffice for is put back. Return how many were tried."""
    told: list[Callable[[], None]] = []
    tried = 0
    try:
        for message, fellows in claimed:
            if tried and time.monotonic() > until:
                told.append(partial(_put_back, message, fellows))
                continue
            tried += 1
            if conclude := _hand_over(message, fellows, at, claimed=since):
                told.append(conclude)
    finally:  # whatever stops us: what was handed over is written down
        with transaction.atomic():
            for conclude in told:
                conclude()
    return tried


def recover(*, at: datetime) -> int:
    """Find out what became of messages whose worker died or whose line broke, at most SLICE, and return how many.

    Taken: sent. Not taken: written again. The transport keeps no list: unsure, and a person must look. It cannot be
    reached: asked again later, for two days.
    """
    found = 0
    for message in Message.objects.stuck(at)[:SLICE]:
        lease = at + LEASE
        mine = Message.objects.filter(pk=message.pk, state=State.SENDING, lease_until=message.lease_until)
        if not mine.update(lease_until=lease):
            continue
        message.lease_until = lease
        found += 1
        try:
            taken = TRANSPORTS[message.transport].known(message.outer)
        except NotNow as problem:
            _ask_later(message, str(problem), at)
            continue
        if taken:
            _conclude(message, at, "message.sent", state=State.SENT, sent_at=at)
        elif taken is None:
            _conclude(message, at, "message.unsure", state=State.UNSURE, trouble=message.trouble or "cannot be asked")
        else:
            _try_again(message, at, trouble=message.trouble, at_once=not message.trouble)
    return found


@transaction.atomic
def _claim(bunch: Sequence[Message], at: datetime, *, lease: datetime) -> list[Claimed]:
    """Take the messages, each with what goes with it to the same person; what another worker has taken is left out."""
    wanted = Message.objects.ready(at).filter(pk__in=[message.pk for message in bunch])
    # Nobody waits for another worker's rows: two that wait for each other would both fail.
    free = set(wanted.select_for_update(skip_locked=True, of=("self",)).values_list("pk", flat=True))
    found: list[Claimed] = []
    for message in bunch:
        if message.pk in free and (fellows := _claim_one(message, at, lease=lease)) is not None:
            found.append((message, fellows))
    return found


def _claim_one(message: Message, at: datetime, *, lease: datetime) -> list[Message] | None:
    claim: dict[str, Any] = {
        "state": State.SENDING,
        "lease_until": lease,
        "attempts": F("attempts") + 1,
        "transport": transport_for(message.way),
        "trouble": "",
    }
    if not Message.objects.ready(at).filter(pk=message.pk).order_by().update(**claim):
        return None  # it goes with one before it
    fellows = [] if message.urgent else _fellows(message, at)
    if fellows:
        Message.objects.filter(pk__in=fellows, state=State.WRITTEN).update(**claim, carrier=message)
    message.refresh_from_db()
    return list(message.carried.order_by("id")) if fellows else []


def _fellows(message: Message, at: datetime) -> list[int]:
    """Return which messages can go with this one: for the same person by the same way, while the text stays short."""
    room = TOGETHER_MAX - len(message.full_text)
    found = []
    others = Message.objects.ready(at).filter(recipient=message.recipient, way=message.way, urgent=False)
    for other in others.exclude(pk=message.pk).select_for_update(skip_locked=True, of=("self",))[:SLICE]:
        room -= len(other.full_text) + 1
        if room < 0:
            break
        found.append(other.pk)
    return found


def _hand_over(
    message: Message, fellows: Sequence[Message], at: datetime, *, claimed: float
) -> Callable[[], None] | None:
    """Call the transport, and return how to write down what it said; nothing where the claim has grown too old."""
    parcel = _parcel(message, fellows)
    if time.time() - claimed > LEASE.total_seconds() / 2:
        return None  # this process slept; another one will ask what became of the message
    try:
        reference = TRANSPORTS[message.transport].hand_over(parcel)
    except NotTaken as answer:
        if answer.permanent:
            return partial(_conclude, message, at, "message.failed", state=State.FAILED, trouble=str(answer))
        return partial(_try_again, message, at, trouble=str(answer))
    except Unclear as answer:
        return partial(_ask_later, message, str(answer), at)
    except Exception as problem:
        # A fault of ours; whether it struck before or after the hand-over is unclear too. No address in the log.
        logger.error("transport %s: %s", message.transport, type(problem).__name__)
        return partial(_ask_later, message, type(problem).__name__, at)
    conclude = partial(_conclude, message, at, "message.sent", alone=not fellows, state=State.SENT)
    return partial(conclude, sent_at=at, transport_ref=reference)


def _parcel(message: Message, fellows: Sequence[Message]) -> Parcel:
    texts = [message.full_text, *(other.full_text for other in fellows)]
    return Parcel(
        key=message.outer,
        way=message.way,
        to=message.to,
        hint=message.address_hint,
        subject=message.subject,
        text="\n".join(texts),
    )


def _put_back(message: Message, fellows: Sequence[Message]) -> None:
    """Leave a message that was claimed and not handed over for the next round, as if it had not been touched."""
    mine = Message.objects.filter(state=State.SENDING, lease_until=message.lease_until)
    untouched = {"state": State.WRITTEN, "lease_until": None, "attempts": F("attempts") - 1, "carrier": None}
    mine.filter(pk__in=[message.pk, *(other.pk for other in fellows)]).update(**untouched)


def _try_again(message: Message, at: datetime, *, trouble: str, at_once: bool = False) -> None:
    """Put the message back until its next time, or give it to a person after the last one.

    `at_once` when only our worker died: the transport has refused nothing, so there is nothing to wait for.
    """
    moment = next_try(message.attempts, at, urgent=message.urgent)
    if moment is None:
        _conclude(message, at, "message.failed", state=State.FAILED, trouble=trouble)
    else:
        later = at if at_once else moment
        _conclude(message, at, "message.postponed", state=State.WRITTEN, trouble=trouble, not_before=later)


@transaction.atomic
def _conclude(message: Message, at: datetime, verb: str, *, state: State, alone: bool = False, **fields: Any) -> None:
    """Write down what became of the message and of those it carried, unless another worker has done so meanwhile.

    Nobody need be asked what a message carried that is known to go `alone`.
    """
    if state is State.SENT:
        fields |= {"trouble": "", "sealed_text": None}
    elif state is not State.UNSURE:
        fields |= {"carrier": None}
    mine = Message.objects.filter(pk=message.pk, state=State.SENDING, lease_until=message.lease_until)
    carried = [] if alone else list(message.carried.filter(state=State.SENDING))
    if not mine.update(state=state, lease_until=None, **fields):
        return
    if carried:
        Message.objects.filter(pk__in=[other.pk for other in carried]).update(state=state, lease_until=None, **fields)
    for each in (message, *carried):
        note(verb, each, by=None, at=at, data={"attempt": message.attempts, "transport": message.transport})


def _ask_later(message: Message, trouble: str, at: datetime) -> None:
    """Leave the message claimed until the transport can be asked, or give it to a person after two days."""
    if at - message.written_at > ASK_UNTIL:
        _conclude(message, at, "message.unsure", state=State.UNSURE, trouble=trouble)
        return
    mine = Message.objects.filter(pk=message.pk, state=State.SENDING, lease_until=message.lease_until)
    mine.update(lease_until=at + ASK_AFTER, trouble=trouble)
