"""Sealing of what only some may read, and digests of what must be found without being read.

A key is 32 bytes. One master key comes from the settings; every purpose gets its own with ``derive``. Passing several
keys means rotation: the first one seals, any of them opens.
"""

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32

# The first byte of a token names the cipher: SM4-GCM can stand beside AES, and what is sealed already still opens.
_AES_256_GCM = b"\x01"
_KEY_ID_BYTES = 4
_NONCE_BYTES = 12
_HEAD_BYTES = len(_AES_256_GCM) + _KEY_ID_BYTES
_INDEX_HEX = 32  # 128 bits: two of a billion persons meet with a chance of about 1 in 10**21

Keys = bytes | Sequence[bytes]


class WrongKeyError(ValueError):
    """Whoever configured this gave a key that is not 32 bytes, or none at all."""


class UnsealError(Exception):
    """The token was altered, is no token, or was sealed with a key that is not here."""


def derive(key: bytes, purpose: str) -> bytes:
    """Return the key for one purpose, 32 bytes, from the master key (HKDF-SHA256, RFC 5869).

    Keys of two purposes tell nothing about each other. Raises WrongKeyError.
    """
    return _derived(_checked(key), purpose)


def seal(text: str, *, key: Keys) -> bytes:
    """Return the text encrypted and protected against change (AES-256-GCM), with the first of the keys.

    The token is 33 bytes longer than the text in UTF-8, and differs each time. Raises WrongKeyError.
    """
    first = _keys(key)[0]
    head = _AES_256_GCM + _key_id(first)
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return head + nonce + _cipher(first).encrypt(nonce, text.encode(), head)


def unseal(token: bytes, *, key: Keys) -> str:
    """Return the text that was sealed, by whichever of the keys sealed it.

    Raises UnsealError when the token was altered or none of the keys fits, WrongKeyError for a key that is none.
    """
    token = bytes(token)  # some database drivers hand out a memoryview
    head, nonce, body = token[:_HEAD_BYTES], token[_HEAD_BYTES:][:_NONCE_BYTES], token[_HEAD_BYTES + _NONCE_BYTES :]
    for candidate in _keys(key):
        if head == _AES_256_GCM + _key_id(candidate):
            return _opened(candidate, nonce, body, head)
    raise UnsealError("sealed with another key or another cipher")


def blind_index(text: str, *, key: bytes) -> str:
    """Return a keyed digest by which an equal text is found without being stored (HMAC-SHA256, 128 bits, 32 hex).

    Equal means equal to the last character: tidy the telephone or identity number first. Raises WrongKeyError.
    """
    return hmac.digest(_checked(key), text.encode(), "sha256").hex()[:_INDEX_HEX]


def code_digest(code: str, *, receipt: str, key: bytes) -> str:
    """Return what is stored of a query code: 64 hex characters, different for each receipt (HMAC-SHA256).

    Six digits are soon tried through by whoever has the table alone, so the digest is keyed. Raises WrongKeyError.
    """
    return hmac.digest(_checked(key), f"{receipt}\0{code}".encode(), "sha256").hex()


def same(a: str | bytes, b: str | bytes) -> bool:
    """Tell whether two secrets are equal, in a time that does not tell where they differ."""
    return hmac.compare_digest(_raw(a), _raw(b))


def _raw(secret: str | bytes) -> bytes:
    return secret.encode() if isinstance(secret, str) else secret


def _opened(key: bytes, nonce: bytes, body: bytes, head: bytes) -> str:
    try:
        return _cipher(key).decrypt(nonce, body, head).decode()
    except (InvalidTag, ValueError) as problem:
        raise UnsealError("altered, or cut short") from problem


def _keys(key: Keys) -> Sequence[bytes]:
    keys = [key] if isinstance(key, bytes) else key
    if not keys:
        raise WrongKeyError("no key was given")
    return [_checked(each) for each in keys]


def _checked(key: bytes) -> bytes:
    if len(key) != KEY_BYTES:
        raise WrongKeyError(f"a key is {KEY_BYTES} bytes, not {len(key)}")
    return key


@lru_cache(maxsize=64)
def _derived(key: bytes, purpose: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=purpose.encode()).derive(key)


@lru_cache(maxsize=64)
def _cipher(key: bytes) -> AESGCM:
    return AESGCM(key)


@lru_cache(maxsize=64)
def _key_id(key: bytes) -> bytes:
    # A digest of the key, so that rotation needs no list of names; four bytes of it tell nothing of the key.
    return hashlib.sha256(b"lianxin key id" + key).digest()[:_KEY_ID_BYTES]
