"""Keys that are derived from the county's one secret, each for one purpose."""

from __future__ import annotations

import hashlib
from functools import lru_cache

from django.conf import settings

from lianxin.kit import crypto
from lianxin.kit.identity import tidy_phone


def key_of(purpose: str) -> bytes:
    """Return the key of one purpose, derived from the county's master key."""
    return _derived(purpose, settings.DATA_KEY)


def phone_index(phone: str) -> str:
    """Return the blind index of a phone, equal for every way of writing it; empty for what is none."""
    tidied = tidy_phone(phone)
    return crypto.blind_index(tidied, key=key_of("phone")) if tidied else ""


@lru_cache(maxsize=64)
def _derived(purpose: str, master: str) -> bytes:
    return crypto.derive(hashlib.sha256(master.encode()).digest(), purpose)
