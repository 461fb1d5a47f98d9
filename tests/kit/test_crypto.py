"""Sealed is unreadable, altered is noticed, and rotated keys still open what they sealed."""

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianxin.kit import crypto

KEY = bytes(range(32))
OTHER = bytes(range(1, 33))
texts = st.text(st.characters(exclude_categories=["Cs"]))


@given(texts)
def test_what_was_sealed_comes_back(text: str) -> None:
    token = crypto.seal(text, key=KEY)
    assert crypto.unseal(token, key=KEY) == text
    assert len(token) == len(text.encode()) + 33


def test_token_does_not_show_the_text_and_differs_each_time() -> None:
    first, second = (crypto.seal("13800001234", key=KEY) for _ in range(2))
    assert b"13800001234" not in first
    assert first != second


def test_every_altered_bit_is_noticed() -> None:
    token = crypto.seal("洋县金塔村四组", key=KEY)
    for place in range(len(token) * 8):
        altered = bytearray(token)
        altered[place // 8] ^= 1 << place % 8
        with pytest.raises(crypto.UnsealError):
            crypto.unseal(bytes(altered), key=KEY)


@pytest.mark.parametrize("length", [0, 1, 5, 16, 17, 32, 33])
def test_token_cut_short_is_noticed(length: int) -> None:
    with pytest.raises(crypto.UnsealError):
        crypto.unseal(crypto.seal("水", key=KEY)[:length], key=KEY)


def test_another_key_does_not_open() -> None:
    with pytest.raises(crypto.UnsealError):
        crypto.unseal(crypto.seal("水", key=KEY), key=OTHER)


def test_rotation_seals_with_the_first_and_opens_with_any() -> None:
    old = crypto.seal("旧", key=KEY)
    new = crypto.seal("新", key=[OTHER, KEY])
    assert crypto.unseal(old, key=[OTHER, KEY]) == "旧"
    assert crypto.unseal(new, key=OTHER) == "新"
    with pytest.raises(crypto.UnsealError):
        crypto.unseal(new, key=KEY)


def test_memoryview_from_a_database_driver_is_read() -> None:
    assert crypto.unseal(memoryview(crypto.seal("水", key=KEY)), key=KEY) == "水"  # type: ignore[arg-type]


@pytest.mark.parametrize("key", [b"", b"short", bytes(33), [], [KEY, b"short"]])
def test_wrong_key_is_refused_by_name(key: crypto.Keys) -> None:
    with pytest.raises(crypto.WrongKeyError):
        crypto.seal("水", key=key)
    with pytest.raises(crypto.WrongKeyError):
        crypto.unseal(b"", key=key)


def test_digests_refuse_a_wrong_key() -> None:
    for digest in (
        lambda: crypto.blind_index("1", key=b"short"),
        lambda: crypto.code_digest("1", receipt="R", key=b"short"),
        lambda: crypto.derive(b"short", "x"),
    ):
        with pytest.raises(crypto.WrongKeyError):
            digest()


def test_derived_keys_differ_by_purpose_and_by_key() -> None:
    keys = {crypto.derive(key, purpose) for key in (KEY, OTHER) for purpose in ("seal", "index", "")}
    assert len(keys) == 6
    assert all(len(key) == crypto.KEY_BYTES for key in keys)
    assert crypto.derive(KEY, "seal") == crypto.derive(KEY, "seal")


def test_derive_is_hkdf_of_rfc_5869() -> None:
    import hashlib
    import hmac

    extracted = hmac.digest(bytes(hashlib.sha256().digest_size), KEY, "sha256")
    assert crypto.derive(KEY, "seal") == hmac.digest(extracted, b"seal\x01", "sha256")


def test_blind_index_finds_equals_and_only_equals() -> None:
    index = crypto.blind_index("11010519491231002X", key=KEY)
    assert index == crypto.blind_index("11010519491231002X", key=KEY)
    assert len(index) == 32
    assert index != crypto.blind_index("110105194912310021", key=KEY)
    assert index != crypto.blind_index("11010519491231002X", key=OTHER)


def test_code_digest_differs_by_receipt_code_and_key() -> None:
    digests = {
        crypto.code_digest(code, receipt=receipt, key=key)
        for code in ("123456", "123457")
        for receipt in ("YX-1", "YX-2")
        for key in (KEY, OTHER)
    }
    assert len(digests) == 8


def test_code_and_receipt_cannot_run_into_each_other() -> None:
    assert crypto.code_digest("3456", receipt="R12", key=KEY) != crypto.code_digest("23456", receipt="R1", key=KEY)


@given(texts, texts)
def test_same_is_equality(a: str, b: str) -> None:
    assert crypto.same(a, b) == (a == b)
    assert crypto.same(a, a.encode())


def test_same_compares_bytes() -> None:
    secret = os.urandom(16)
    assert crypto.same(secret, bytes(secret))
    assert not crypto.same(secret, secret[:-1])
