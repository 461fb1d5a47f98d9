"""What a person does about a message that did not arrive by itself."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lianxin.kit.refusal import Refusal
from lianxin.ledger.actions import note
from lianxin.outbox.models import Message
from lianxin.outbox.rules import MOVES, State, out_of_quiet, outer_key
from lianxin.people.actions import need
from lianxin.people.models import User
from lianxin.people.rules import Power

_HOW_MAX = 200


class NotInTrouble(Refusal):
    """The message is not one that waits for a person."""


class CodeErased(Refusal):
    """The message carried a code that nobody has any more."""


@transaction.atomic
def settle(message: Message, *, how: str, by: User, at: datetime) -> Message:
    """Say that the person was told another way, and how: by a call, a letter, at the counter.

    The message will not be sent any more. Raises NotAllowed and NotInTrouble.
    """
    return _move(
        message, State.SETTLED, by=by, at=at, verb="message.settled",
        settled_at=at, settled_by=by, settled_how=how.strip()[:_HOW_MAX], sealed_text=None,
    )  # fmt: skip


@transaction.atomic
def resend(message: Message, *, by: User, at: datetime) -> Message:
    """Have a message tried anew, from the first attempt on: under a new key where the carrier took it and lost it.

    For one that is unsure this is a person's decision: it may reach the recipient twice. Raises NotAllowed,
    NotInTrouble, and CodeErased where it carried a code.
    """
    message.refresh_from_db()
    need(by, Power.MESSAGES, office_id=message.office_id, at=at)
    if message.is_spent:
        raise CodeErased(
            _("The code in this message was erased when it was sent. Reach the person another way, and put down how.")
        )
    again: dict[str, Any] = {}
    if message.sent_at is not None:  # taken once: the gateway would answer that it has this key, and send nothing
        again = {"outer": outer_key(message.dedup_key, again=at), "sent_at": None, "transport_ref": ""}
    moment = at if message.urgent else out_of_quiet(at)
    return _move(
        message, State.WRITTEN, by=by, at=at, verb="message.resent",
        attempts=0, not_before=moment, carrier=None, **again,
    )  # fmt: skip


def _move(message: Message, to: State, *, by: User, at: datetime, verb: str, **fields: Any) -> Message:
    holding = need(by, Power.MESSAGES, office_id=message.office_id, at=at)
    sources = [state for state, targets in MOVES.items() if to in targets and state is not State.SENDING]
    if not Message.objects.filter(pk=message.pk, state__in=sources).update(state=to, **fields):
        raise NotInTrouble(
            _("Nothing needs to be done about this message any more. Somebody else may have seen to it.")
        )
    message.refresh_from_db()
    note(verb, message, by=by, behalf=holding.behalf, at=at)
    return message
