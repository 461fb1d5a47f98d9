"""The life of a message, its words and its hours."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from lianxin.kit.clock import ZONE
from lianxin.kit.crypto import same


class State(StrEnum):
    """Where a message is in its life."""

    WRITTEN = "written"  # in the transaction of the deed; nobody has it yet
    SENDING = "sending"  # claimed by a worker, perhaps already with the transport
    SENT = "sent"  # the transport has it
    DELIVERED = "delivered"  # the transport says the person has it
    FAILED = "failed"  # will not arrive by itself: a visible task
    UNSURE = "unsure"  # the worker died while handing over and the transport cannot be asked: a visible task
    SETTLED = "settled"  # a person took care of it another way


STATE_NAMES: dict[State, str | Promise] = {
    State.WRITTEN: _("waits to be sent"),
    State.SENDING: _("is being sent"),
    State.SENT: _("sent"),
    State.DELIVERED: _("has arrived"),
    State.FAILED: _("did not arrive"),
    State.UNSURE: _("unsure whether it was sent"),
    State.SETTLED: _("settled by a person"),
}

MOVES: dict[State, frozenset[State]] = {
    State.WRITTEN: frozenset({State.SENDING, State.SETTLED}),
    State.SENDING: frozenset({State.SENT, State.WRITTEN, State.FAILED, State.UNSURE, State.DELIVERED}),
    State.SENT: frozenset({State.DELIVERED, State.FAILED}),
    State.DELIVERED: frozenset(),
    State.FAILED: frozenset({State.SETTLED, State.WRITTEN, State.DELIVERED}),
    State.UNSURE: frozenset({State.SETTLED, State.WRITTEN, State.DELIVERED, State.FAILED}),
    State.SETTLED: frozenset(),
}

# How old the signature of a receipt may be: clocks differ, lines are slow, and a copy must not serve for ever.
RECEIPT_FRESH = timedelta(minutes=10)
RECEIPTS_AT_ONCE = 100
REASON_MAX = 100  # characters kept of why a carrier could not deliver

# Quiet hours. No law sets them; nobody wants to be woken by an office. What is written then waits for the morning,
# nothing is ever dropped, and what is urgent (a sign-in code, a major matter) does not wait.
QUIET_FROM = time(21)
QUIET_UNTIL = time(8)

# How long to wait after each attempt that the transport refused: about two days in all, then a person must look.
RETRIES: tuple[timedelta, ...] = tuple(timedelta(minutes=m) for m in (1, 5, 15, 60, 4 * 60, 8 * 60, 12 * 60, 22 * 60))

# How long one worker may keep a message to itself: many times longer than any transport takes to answer or give up.
LEASE = timedelta(minutes=10)
# After an unclear answer, how soon the transport is asked what became of it; and after how long nobody asks any more.
ASK_AFTER = timedelta(minutes=1)
ASK_UNTIL = timedelta(hours=48)

TOGETHER_MAX = 500  # characters; several messages that wait for one person go together up to this length

SECRET = frozenset({"code"})  # what these stand for is sent but is not kept readable
HIDDEN = "******"

_PLACEHOLDER = re.compile(r"\{\{\s*([a-z_]+)\s*\}\}")
_SIGNED = re.compile(r"t=(?P<stamp>[0-9]{1,12}),v1=(?P<v1>[0-9a-f]{64})")
_BRACES = re.compile(r"\{\{|\}\}")

# A text message carries 140 octets: 70 characters of Chinese, and 67 in each part of a longer one, where a header of
# 6 octets goes along (3GPP TS 23.040, 9.2.3.24.1). Gateways in China count and charge every script so.
SMS_ALONE, SMS_PART = 70, 67


@dataclass(frozen=True, slots=True)
class Value:
    """What stands for a placeholder: told to whoever writes the words, with an example."""

    words: str | Promise
    sample: str | Promise


# Everything a message may be given. Nothing here tells who somebody is or what it is about: whoever picks up a phone
# that is not theirs learns only that there is a matter of this number.
VALUES: dict[str, Value] = {
    "number": Value(_("the number of the receipt or case"), "YX-2K7-M4P-9RT"),
    "code": Value(_("the query code, or the code to sign in; it is kept hidden"), "482913"),
    "url": Value(
        _("the address of the page where it goes on"), "https://12345.example.gov.cn/track/?number=YX-2K7-M4P-9RT"
    ),
    "office": Value(_("the office that works on it"), _("County Water Bureau")),
    "due": Value(_("the day by which it is due"), "2026-10-13 17:30"),
    "old_due": Value(_("the day by which it was due before"), "2026-10-09 17:30"),
    "when": Value(_("day and time of an appointment"), "2026-10-13 09:30"),
    "what": Value(_("what must be done regularly"), _("visit to a linked enterprise")),
    "missing": Value(_("how often it must still be done"), "1"),
    "minutes": Value(_("for how many minutes the code is valid"), "5"),
}

# When a message of each kind is written, and to whom.
KINDS: dict[str, str | Promise] = {
    "voice.heard": _("somebody was heard: receipt and code"),
    "voice.answered": _("answered on the spot"),
    "voice.declined": _("not taken on, with the reason"),
    "voice.transferred": _("handed over to who is responsible"),
    "case.dispatched": _("an office works on it"),
    "case.extended": _("a later date"),
    "case.suspended": _("the clock stands still"),
    "case.resumed": _("work goes on"),
    "case.answered": _("there is a result: please confirm"),
    "case.reopened": _("taken up again"),
    "major.duty": _("a major matter: to the leader on duty"),
    "phone.code": _("code to sign in"),
    "application.submitted": _("an application came in: number and code"),
    "application.correction": _("an application waits for what is missing"),
    "application.supplied": _("what was missing came in"),
    "application.accepted": _("an application is accepted"),
    "application.refused": _("an application is not accepted"),
    "application.step": _("a step of an application is done"),
    "application.asked": _("an application waits for the person"),
    "application.suspended": _("a special procedure stops the clock"),
    "application.resumed": _("a special procedure is over"),
    "application.granted": _("an application is granted"),
    "application.denied": _("an application is denied"),
    "application.delivered": _("a decision was handed over"),
    "application.replaced": _("a decision was replaced"),
    "application.revoked": _("a decision was revoked"),
    "application.withdrawn": _("an application is withdrawn"),
    "application.closed": _("an application was closed without a decision"),
    "application.phone": _("the phone of an application was changed: to the old one"),
    "application.moved": _("the promised day of an application moved"),
    "application.rating": _("a bad rating was looked into"),
    "step.warned": _("a step is due soon: to the office that owes it"),
    "step.escalated": _("a step is late: to the heads of who owes it and of who answers"),
    "duty.reminder": _("something that must be done regularly is due soon: to the office of who owes it"),
    "contact.rate": _("a visit to a home is over: how it can be rated"),
    "appointment.booked": _("an appointment in the hall: number and code"),
    "appointment.moved": _("the appointment has another time"),
    "appointment.cancelled": _("the appointment is cancelled"),
}


def placeholders(text: str) -> frozenset[str]:
    """Return the names in double braces."""
    return frozenset(_PLACEHOLDER.findall(text))


def is_broken(text: str) -> bool:
    """Tell whether braces are left that stand for nothing: people would read them as they are."""
    return _BRACES.search(_PLACEHOLDER.sub("", text)) is not None


def sms_parts(text: str) -> int:
    """Return as how many text messages a text goes out, 0 for none; the gateway's signature is not counted."""
    return 1 if 0 < len(text) <= SMS_ALONE else -(-len(text) // SMS_PART)


@dataclass(frozen=True, slots=True)
class Reading:
    """How words read with examples put in, and what whoever wrote them should know."""

    subject: str
    text: str
    parts: int  # as how many text messages it goes out
    left_out: list[str]  # placeholders that could stand in the words and do not


def reading(*, subject: str, body: str, language: str, possible: frozenset[str]) -> Reading:
    """Return how words read with the examples of VALUES put in. Raises KeyError for a placeholder without one."""
    with override(language):
        values = {name: str(value.sample) for name, value in VALUES.items()}
    text = render(body, values)
    return Reading(render(subject, values), text, sms_parts(text), sorted(possible - placeholders(body)))


def render(text: str, values: Mapping[str, str]) -> str:
    """Return the text with each placeholder replaced; other values are ignored. Raises KeyError for a missing one.

    A value is put in as it is, on one line: it cannot bring placeholders or mail headers of its own.
    """
    return _PLACEHOLDER.sub(lambda found: " ".join(values[found[1]].split()), text)


def hide(values: Mapping[str, str]) -> dict[str, str]:
    """Return the values with the secret ones made unreadable."""
    return {name: HIDDEN if name in SECRET else value for name, value in values.items()}


def out_of_quiet(moment: datetime) -> datetime:
    """Return the moment itself, or the end of the quiet hours in which it lies (Asia/Shanghai, half-open)."""
    local = moment.astimezone(ZONE)
    if QUIET_UNTIL <= local.time() < QUIET_FROM:
        return moment
    morning = local.replace(hour=QUIET_UNTIL.hour, minute=QUIET_UNTIL.minute, second=0, microsecond=0)
    return morning + timedelta(days=1) if local.time() >= QUIET_FROM else morning


def next_try(attempts: int, at: datetime, *, urgent: bool) -> datetime | None:
    """Return when to try again after so many attempts, or None when it is time for a person to look."""
    if attempts > len(RETRIES):
        return None
    moment = at + RETRIES[max(attempts, 1) - 1]
    return moment if urgent else out_of_quiet(moment)


def dedup_key(*, kind: str, key: int, event: str, recipient: str, template: str) -> str:
    """Return the key under which a message is written once: thing, event, recipient and template."""
    text = f"{kind}:{key}:{event}:{recipient[:16]}:{template}"
    return text if len(text) <= 160 else hashlib.sha256(text.encode()).hexdigest()


def outer_key(dedup_key: str, *, again: datetime | None = None) -> str:
    """Return the key by which a transport knows a message: 64 hex characters that tell nothing of what it is about.

    `again`: since when it is tried anew, where the transport took it once: it would not send the same key twice.
    """
    text = dedup_key if again is None else f"{dedup_key}@{again.isoformat()}"
    return hashlib.sha256(text.encode()).hexdigest()


def told_from(to: State) -> frozenset[State]:
    """Return the states from which the carrier's word moves a message to `to`, arrived or not."""
    return frozenset(state for state, targets in MOVES.items() if to in targets)


def signature(body: bytes, *, stamp: int, secret: str) -> str:
    """Return the signature of a receipt: HMAC-SHA256 over the stamp (Unix seconds), a full stop, the body; in hex."""
    return hmac.digest(secret.encode(), f"{stamp}.".encode() + body, "sha256").hex()


def is_signed(header: str, body: bytes, *, secret: str, at: datetime) -> bool:
    """Tell whether a header `t=<Unix seconds>,v1=<signature>` stands for this body, with this secret, and is fresh."""
    found = _SIGNED.fullmatch(header.strip())
    if found is None or not secret:
        return False
    stamp = int(found["stamp"])
    is_fresh = abs(at.timestamp() - stamp) <= RECEIPT_FRESH.total_seconds()
    return same(signature(body, stamp=stamp, secret=secret), found["v1"]) and is_fresh


def tidy_address(address: str) -> str:
    """Return an address in the one form in which it is compared: no blanks, hyphens only within e-mail, lower case."""
    tight = "".join(address.split())
    return tight.lower() if "@" in tight else tight.replace("-", "")
