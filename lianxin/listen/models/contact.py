"""Who spoke, sealed; and the code that opens a voice to who holds its receipt."""

from __future__ import annotations

import json
from dataclasses import asdict

from lianxin.kit import crypto
from lianxin.listen.rules import Contact
from lianxin.people.models import key_of

CODE_DIGITS = 6


def seal_contact(contact: Contact) -> bytes | None:
    """Return the contact sealed for the database, or nothing where there is none."""
    if not contact:
        return None
    return crypto.seal(json.dumps(asdict(contact), ensure_ascii=False), key=key_of("listen.contact"))


def open_contact(sealed: bytes | memoryview | None) -> Contact | None:
    """Return the contact that was sealed. Raises kit.crypto.UnsealError when it was altered or the key is another."""
    return Contact(**json.loads(crypto.unseal(bytes(sealed), key=key_of("listen.contact")))) if sealed else None


def code_of(number: str) -> str:
    """Return the query code of a receipt: derived, so that a repeated request is told the same one."""
    digest = crypto.code_digest("code", receipt=number, key=key_of("listen.code"))
    return f"{int(digest, 16) % 10**CODE_DIGITS:0{CODE_DIGITS}d}"


def digest_of(code: str, number: str) -> str:
    """Return what is stored of a code."""
    return crypto.code_digest(code, receipt=number, key=key_of("listen.digest"))


def fingerprint(*parts: str) -> str:
    """Return a keyed digest of a request, by which a repetition is known and nothing can be guessed back."""
    return crypto.code_digest(json.dumps(parts), receipt="", key=key_of("listen.fingerprint"))
