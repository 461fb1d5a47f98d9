"""Codes by which residents show that a phone is theirs. Sending them is the work of a door above."""

from __future__ import annotations

import secrets
import unicodedata
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from lianxin.kit import crypto
from lianxin.kit.refusal import Refusal
from lianxin.ledger.actions import note
from lianxin.people.actions.allow import allow
from lianxin.people.models import PhoneCode, key_of

CODE_MINUTES = 10
MOST_TRIES = 5
CODES_AN_HOUR = 5
VISITOR_CODES_AN_HOUR = 20
PAUSE = timedelta(minutes=1)  # between two codes to one phone
KEPT = timedelta(days=1)  # how long used and dead codes are kept, to count them


class TooManyCodes(Refusal):
    """Too many codes were asked for."""

    status = 429


class WrongPhone(Refusal):
    """This is no mobile number of mainland China."""


@transaction.atomic
def make_phone_code(*, phone: str, visitor: str, at: datetime) -> str:
    """Return a new code of six digits for a phone, good for ten minutes and five tries; older ones die.

    One a minute and five an hour per phone, twenty an hour per visitor's address. Raises WrongPhone, TooManyCodes.
    """
    index = _index(phone)
    if not allow(f"phone_code:{visitor}", VISITOR_CODES_AN_HOUR, 3600):
        raise TooManyCodes(_("Too many codes were asked for from here. Please try again in an hour."))
    PhoneCode.objects.filter(made_at__lt=at - KEPT).delete()
    earlier = PhoneCode.objects.filter(phone_index=index)
    if earlier.filter(made_at__gt=at - PAUSE).exists():
        raise TooManyCodes(_("A code was sent just now. Please wait a minute before you ask for another."))
    if earlier.filter(made_at__gt=at - timedelta(hours=1)).count() >= CODES_AN_HOUR:
        raise TooManyCodes(_("Too many codes were sent to this phone. Please try again in an hour."))
    earlier.filter(used_at=None, expires_at__gt=at).update(expires_at=at)
    code = f"{secrets.randbelow(10**6):06d}"
    row = PhoneCode.objects.create(
        phone_index=index,
        digest=_digest(code, index),
        made_at=at,
        expires_at=at + timedelta(minutes=CODE_MINUTES),
    )
    note("phone_code.made", row, by=None, at=at)
    return code


@transaction.atomic
def check_phone_code(*, phone: str, code: str, at: datetime) -> bool:
    """Tell whether the code is the one last sent to the phone; each is good once, and dead after five tries."""
    try:
        index = _index(phone)
    except WrongPhone:
        return False
    living = PhoneCode.objects.filter(phone_index=index, used_at=None, expires_at__gt=at, tries__lt=MOST_TRIES)
    row = living.order_by("-id").first()
    # Counting and checking the limit are one statement: two guesses at once cannot share a try.
    if row is None or not living.filter(pk=row.pk).update(tries=F("tries") + 1):
        return False
    if not crypto.same(row.digest, _digest("".join(code.split()), index)):
        return False
    if not PhoneCode.objects.filter(pk=row.pk, used_at=None).update(used_at=at):
        return False
    note("phone_code.used", row, by=None, at=at)
    return True


def tidy_phone(phone: str) -> str:
    """Return a mobile number as its eleven digits, however it was written; empty if it is none."""
    digits = "".join(c for c in unicodedata.normalize("NFKC", phone) if c in "0123456789")
    if len(digits) == 13 and digits.startswith("86"):
        digits = digits[2:]
    return digits if len(digits) == 11 and digits.startswith("1") else ""


def _index(phone: str) -> str:
    tidied = tidy_phone(phone)
    if not tidied:
        raise WrongPhone(_("This is not a mobile number. It has eleven digits and begins with 1."))
    return crypto.blind_index(tidied, key=key_of("people.phone_code"))


def _digest(code: str, index: str) -> str:
    return crypto.code_digest(code, receipt=index, key=key_of("people.phone_code"))
