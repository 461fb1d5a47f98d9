"""What a file says of who somebody is, sealed for the database, and the index by which it is found unread."""

from __future__ import annotations

import json
from typing import Any

from lianxin.kit import crypto
from lianxin.kit.identity import check_id
from lianxin.people.models import key_of


def seal(text: str) -> bytes | None:
    """Return a text sealed for the database, or nothing where there is none."""
    return crypto.seal(text, key=key_of("record")) if text else None


def unseal(sealed: bytes | memoryview | None) -> str:
    """Return the text that was sealed. Raises kit.crypto.UnsealError when it was altered or the key is another."""
    return crypto.unseal(bytes(sealed), key=key_of("record")) if sealed else ""


def seal_all(values: dict[str, Any]) -> bytes | None:
    """Return values sealed together, without those that are empty."""
    full = {key: value for key, value in values.items() if value}
    return seal(json.dumps(full, ensure_ascii=False)) if full else None


def unseal_all(sealed: bytes | memoryview | None) -> dict[str, Any]:
    """Return the values that were sealed together."""
    found: dict[str, Any] = json.loads(unseal(sealed) or "{}")
    return found


def identity_index(number: str) -> str:
    """Return the blind index of an identity number, equal for every way of writing it; empty for none."""
    tidied = check_id(number).number if number else ""
    return crypto.blind_index(tidied, key=key_of("record.identity")) if tidied else ""
