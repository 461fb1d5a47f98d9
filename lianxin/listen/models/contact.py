"""Who spoke, sealed; and the code that opens a voice to who holds its receipt."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from functools import lru_cache

from django.conf import settings

from lianxin.kit import crypto
from lianxin.kit.identity import tidy_phone
from lianxin.listen.rules import Contact

CODE_DIGITS = 6


@lru_cache(maxsize=16)
def key_for(purpose: str, master: str) -> bytes:
    """Return the key of one purpose from the county's master key."""
    return crypto.derive(hashlib.sha256(master.encode()).digest(), purpose)


def _key(purpose: str) -> bytes:
    return key_for(purpose, settings.DATA_KEY)


def seal_contact(contact: Contact) -> bytes | None:
    """Return the contact sealed for the database, or nothing where there is none."""
    if not contact:
        return None
    return crypto.seal(json.dumps(asdict(contact), ensure_ascii=False), key=_key("listen.contact"))


def open_contact(sealed: bytes | memoryview | None) -> Contact | None:
    """Return the contact that was sealed. Raises kit.crypto.UnsealError when it was altered or the key is another."""
    return Contact(**json.loads(crypto.unseal(bytes(sealed), key=_key("listen.contact")))) if sealed else None


def phone_index(phone: str) -> str:
    """Return the blind index of a phone, equal for every way of writing it; empty for what is none."""
    tidied = tidy_phone(phone)
    return crypto.blind_index(tidied, key=_key("phone")) if tidied else ""


def code_of(number: str) -> str:
    """Return the query code of a receipt: derived, so that a repeated request is told the same one."""
    digest = crypto.code_digest("code", receipt=number, key=_key("listen.code"))
    return f"{int(digest, 16) % 10**CODE_DIGITS:0{CODE_DIGITS}d}"


def digest_of(code: str, number: str) -> str:
    """Return what is stored of a code."""
    return crypto.code_digest(code, receipt=number, key=_key("listen.digest"))


def fingerprint(*parts: str) -> str:
    """Return a keyed digest of a request, by which a repetition is known and nothing can be guessed back."""
    return crypto.code_digest(json.dumps(parts), receipt="", key=_key("listen.fingerprint"))
