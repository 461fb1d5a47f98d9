"""Numbers that name a person, a firm or a telephone: what kind it is, and what is wrong with it.

Checks say what they found and refuse nothing; the form decides, and has the words.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Problem(StrEnum):
    """What is wrong with a number."""

    LENGTH = "length"
    CHARACTERS = "characters"
    BIRTH_DATE = "birth_date"
    CHECK_CHARACTER = "check_character"


class Document(StrEnum):
    """Which document an identity number of 18 characters belongs to."""

    RESIDENT_CARD = "resident_card"  # 居民身份证
    RESIDENCE_PERMIT = "residence_permit"  # 港澳台居民居住证: begins with 81, 82 or 83
    PERMANENT_RESIDENCE = "permanent_residence"  # 外国人永久居留身份证: begins with 9


class Sex(StrEnum):
    """What the seventeenth digit of an identity number says."""

    FEMALE = "female"
    MALE = "male"


@dataclass(frozen=True, slots=True)
class IdNumber:
    """An identity number as it was understood; what could not be read is None.

    ``area_code`` is where the number was first given out: a hint at most. Codes are abolished and people move, and a
    code may be younger than its bearer.
    """

    number: str
    problems: tuple[Problem, ...]
    document: Document | None = None
    area_code: str | None = None
    birth_date: date | None = None
    sex: Sex | None = None

    @property
    def is_valid(self) -> bool:
        return not self.problems


@dataclass(frozen=True, slots=True)
class CreditCode:
    """A unified social credit code of a firm or other unit as it was understood."""

    code: str
    problems: tuple[Problem, ...]

    @property
    def is_valid(self) -> bool:
        return not self.problems


_LENGTH = 18

_ID_SHAPE = re.compile(r"[0-9]{17}[0-9X]")
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECKS = "10X98765432"

_CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CREDIT_VALUE = {character: value for value, character in enumerate(_CREDIT_ALPHABET)}
_CREDIT_WEIGHTS = tuple(pow(3, place, 31) for place in range(_LENGTH - 1))

_GAPS = re.compile(r"[\s\u2010-\u2015\u2212-]+")
_COUNTRY = re.compile(r"^(?:\+|00)?86-?(?=1[3-9](?:-?\d){9}$)|^(?:\+|00)86-?(?=0)", re.ASCII)
_MOBILE = re.compile(r"1[3-9]\d{9}", re.ASCII)
# Three-digit area codes are 010 and 02x; whoever writes a dash knows better.
_LANDLINE = re.compile(
    r"(?:(?P<area>0\d{2,3})-(?P<number>\d{7,8})|(?P<area_run>010|02\d|0[3-9]\d{2})(?P<number_run>\d{7,8}))"
    r"(?:-(?P<extension>\d{1,6}))?",
    re.ASCII,
)
_SERVICE = re.compile(r"[48]00\d{7}", re.ASCII)
_SHORT = re.compile(r"[1-9]\d{2,5}", re.ASCII)
_SEPARATORS = re.compile(rf"(?:{_GAPS.pattern}|[()#]|转|轉|分机|分機)+")


def check_id(text: str, *, today: date | None = None) -> IdNumber:
    """Return what an identity number of 18 characters says, and what is wrong with it (GB 11643).

    Checked are length, characters, a birth date that exists (and is not after ``today`` where that is given) and the
    check character; the area code never makes a number wrong. Permits of residents from Hong Kong, Macao and Taiwan and
    permanent residence cards of foreigners have the same shape. Passports and people without papers are not for here.
    """
    number = _plain(text)
    if len(number) != _LENGTH:
        return IdNumber(number, (Problem.LENGTH,))
    if not _ID_SHAPE.fullmatch(number):
        return IdNumber(number, (Problem.CHARACTERS,))
    birth_date = _birth_date(number, today)
    problems = []
    if birth_date is None:
        problems.append(Problem.BIRTH_DATE)
    if number[-1] != id_check_character(number[:-1]):
        problems.append(Problem.CHECK_CHARACTER)
    return IdNumber(
        number,
        tuple(problems),
        document=_document(number),
        area_code=number[:6],
        birth_date=birth_date,
        sex=Sex.MALE if int(number[16]) % 2 else Sex.FEMALE,
    )


def id_check_character(body: str) -> str:
    """Return the eighteenth character that belongs to the first seventeen digits (GB 11643)."""
    return _ID_CHECKS[_weighed((int(digit) for digit in body), _ID_WEIGHTS) % 11]


def check_credit_code(text: str) -> CreditCode:
    """Return a unified social credit code (统一社会信用代码) and what is wrong with it (GB 32100-2015)."""
    code = _plain(text)
    if len(code) != _LENGTH:
        return CreditCode(code, (Problem.LENGTH,))
    if not _CREDIT_VALUE.keys() >= set(code):
        return CreditCode(code, (Problem.CHARACTERS,))
    if code[-1] != credit_check_character(code[:-1]):
        return CreditCode(code, (Problem.CHECK_CHARACTER,))
    return CreditCode(code, ())


def credit_check_character(body: str) -> str:
    """Return the eighteenth character that belongs to the first seventeen (GB 32100-2015)."""
    return _CREDIT_ALPHABET[-_weighed((_CREDIT_VALUE[character] for character in body), _CREDIT_WEIGHTS) % 31]


def tidy_phone(text: str) -> str | None:
    """Return a telephone number in the one form it is stored and compared in, or None when it is none.

    Mobile numbers become 11 digits, landlines 0914-1234567 or 0914-1234567-801, 400 and 800 numbers 10 digits; short
    numbers such as 12345 stay. Whether the number was ever given out is not asked.
    """
    number = _COUNTRY.sub("", _SEPARATORS.sub("-", _normal(text)).strip("-"))
    joined = number.replace("-", "")
    if any(kind.fullmatch(joined) for kind in (_MOBILE, _SERVICE, _SHORT)):
        return joined
    return _landline(number)


def is_mobile(text: str) -> bool:
    """Tell whether this is a mobile number, one that can be sent a message."""
    number = tidy_phone(text)
    return number is not None and _MOBILE.fullmatch(number) is not None


def _landline(number: str) -> str | None:
    found = _LANDLINE.fullmatch(number)
    if not found:
        return None
    area, local = found["area"] or found["area_run"], found["number"] or found["number_run"]
    return "-".join(part for part in (area, local, found["extension"]) if part)


def _document(number: str) -> Document:
    if number.startswith(("81", "82", "83")):
        return Document.RESIDENCE_PERMIT
    return Document.PERMANENT_RESIDENCE if number.startswith("9") else Document.RESIDENT_CARD


def _birth_date(number: str, today: date | None) -> date | None:
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None
    return None if today is not None and born > today else born


def _weighed(values: Iterable[int], weights: Iterable[int]) -> int:
    return sum(value * weight for value, weight in zip(values, weights, strict=True))


def _plain(text: str) -> str:
    return _GAPS.sub("", _normal(text)).upper()


def _normal(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()
