"""Numbers made for reading aloud: on a receipt, over the telephone, to a neighbour with better eyes."""

import re
import secrets
import unicodedata
from collections.abc import Sequence
from typing import Protocol, TypeVar

# 23 characters that cannot be taken for one another on a bad print-out: no I L 1, no O Q D 0, no S Z B G beside 5 2
# 8 6, no U V beside W and Y. 23 is a prime: that is why the check character catches everything it promises to catch.
ALPHABET = "23456789ACEFHJKMNPRTWXY"
DIGITS = "23456789"
LENGTH = 8
GROUP = 3

_VALUE = {character: value for value, character in enumerate(ALPHABET)}
# Written for a digit of the alphabet, and never for anything else, because the letter itself is not in the alphabet.
_MEANT = str.maketrans({"S": "5", "Z": "2", "B": "8", "G": "6"})
_LETTERS = re.compile(r"[A-Z]*")
_FOREIGN = re.compile(r"[^A-Z0-9]+")
_CODE_LENGTHS = range(6, 9)


T = TypeVar("T")


class Chooser(Protocol):
    """Something that picks at random: the module ``secrets``, or ``random.Random(seed)`` for a demo county."""

    def choice(self, seq: Sequence[T], /) -> T: ...


def new_reference(prefix: str = "", *, length: int = LENGTH, random: Chooser = secrets) -> str:
    """Return a fresh reference number such as ``YX-7K3-M4Q-2X9``.

    ``length`` counts the random characters; one check character follows them. Every third character is a digit, so
    that no words arise. Eight random characters give 23**6 * 8**2, about 9.5e9 numbers per prefix; a number may still
    come up twice, so the database keeps them unique. Raises ValueError for a prefix that is not of the letters A to Z.
    """
    if not _LETTERS.fullmatch(prefix):
        raise ValueError(f"a prefix has only the letters A to Z: {prefix!r}")
    body = "".join(random.choice(DIGITS if place % GROUP == 0 else ALPHABET) for place in range(1, length + 1))
    return _grouped(prefix, body + check_character(body))


def check_character(body: str) -> str:
    """Return the character that makes a single wrong character, or two neighbours in the wrong order, show.

    It is a sum weighted by place, modulo the prime 23: true for bodies of up to 21 characters. Raises KeyError for a
    character outside the alphabet.
    """
    total = sum(weight * _VALUE[character] for weight, character in enumerate(reversed(body), start=2))
    return ALPHABET[-total % len(ALPHABET)]


def tidy(text: str, *, length: int = LENGTH) -> str:
    """Return the number a person meant, in the form it was printed.

    Full-width and small letters, missing or odd dashes and spaces, and words around the number do not matter; S, Z, B
    and G are read as 5, 2, 8 and 6. Whether the outcome is a reference number at all, ``is_reference`` says.
    """
    letters = _FOREIGN.sub("", unicodedata.normalize("NFKC", text).upper())
    return _grouped(letters[: -length - 1], letters[-length - 1 :].translate(_MEANT))


def is_reference(text: str, *, length: int = LENGTH) -> bool:
    """Tell whether this text, tidied, is a reference number with the right check character.

    The prefix is not covered by the check: it names one of a few kinds, and a wrong one finds nothing.
    """
    number = tidy(text, length=length).replace("-", "")
    prefix, body, check = number[: -length - 1], number[-length - 1 : -1], number[-1:]
    if len(body) != length or not _LETTERS.fullmatch(prefix) or not _VALUE.keys() >= set(body):
        return False
    return check == check_character(body)


def new_code(length: int = 6, *, random: Chooser = secrets) -> str:
    """Return a query code of 6 to 8 digits, easy to key in on an old telephone.

    Six digits hold 19.9 bits, eight 26.6: enough beside a reference number only while tries are limited, for a machine
    allowed 1,000 tries a second is through a million codes in 17 minutes. So every check of a code is rate limited, and
    only a keyed digest of it is stored (``lianxin.kit.crypto.code_digest``). Raises ValueError for other lengths.
    """
    if length not in _CODE_LENGTHS:
        raise ValueError(f"a query code has 6 to 8 digits, not {length}")
    return "".join(random.choice("0123456789") for _ in range(length))


def tidy_code(text: str) -> str:
    """Return the digits of a query code as a person keyed it in: full-width, with spaces or dashes."""
    return re.sub(r"[^0-9]+", "", unicodedata.normalize("NFKC", text))


def _grouped(prefix: str, body: str) -> str:
    groups = [body[start : start + GROUP] for start in range(0, len(body), GROUP)]
    return "-".join(part for part in (prefix, *groups) if part)
