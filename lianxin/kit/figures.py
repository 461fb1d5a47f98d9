"""Numbers in words that never say more than was counted, each with its measure word.

多, 余 and 超过 stand only where the true value is above the printed number, 不到 only where it is below.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

Word = Literal["多", "余"]

WAN = 10_000
YI = 100_000_000

# From this value on, this much is rounded away. What is smaller than the first line is said exactly.
ROUNDED_FROM = ((YI, YI // 10), (WAN, WAN // 10), (100, 10))


class Measure(StrEnum):
    """What is counted. Measures are different counts and are never added to one another."""

    PERSON = "person"
    PERSON_TIME = "person_time"
    LISTED_PERSON = "listed_person"
    HOUSEHOLD = "household"
    ENTERPRISE = "enterprise"
    CASE = "case"
    ITEM = "item"
    PROBLEM = "problem"
    INCIDENT = "incident"
    KIND = "kind"
    MEASURE = "measure"
    SESSION = "session"
    TIME = "time"
    CARD = "card"
    BOOK = "book"
    LETTER = "letter"
    TEAM = "team"
    GROUP = "group"
    DAY = "day"
    MINUTE = "minute"


@dataclass(frozen=True, slots=True)
class MeasureWord:
    """How one measure is called."""

    simplified: str
    traditional: str
    one: str
    many: str


MEASURE_WORDS = {
    Measure.PERSON: MeasureWord("人", "人", "person", "people"),
    Measure.PERSON_TIME: MeasureWord("人次", "人次", "person-time", "person-times"),
    Measure.LISTED_PERSON: MeasureWord("名", "名", "person listed", "people listed"),
    Measure.HOUSEHOLD: MeasureWord("户", "戶", "household", "households"),
    Measure.ENTERPRISE: MeasureWord("家", "家", "enterprise", "enterprises"),
    Measure.CASE: MeasureWord("件", "件", "case", "cases"),
    Measure.ITEM: MeasureWord("条", "條", "item", "items"),
    Measure.PROBLEM: MeasureWord("个", "個", "problem", "problems"),
    Measure.INCIDENT: MeasureWord("起", "起", "incident", "incidents"),
    Measure.KIND: MeasureWord("类", "類", "kind", "kinds"),
    Measure.MEASURE: MeasureWord("项", "項", "measure", "measures"),
    Measure.SESSION: MeasureWord("场次", "場次", "session", "sessions"),
    Measure.TIME: MeasureWord("次", "次", "time", "times"),
    Measure.CARD: MeasureWord("张", "張", "card", "cards"),
    Measure.BOOK: MeasureWord("本", "本", "book", "books"),
    Measure.LETTER: MeasureWord("封", "封", "letter", "letters"),
    Measure.TEAM: MeasureWord("支", "支", "team", "teams"),
    Measure.GROUP: MeasureWord("组", "組", "group", "groups"),
    Measure.DAY: MeasureWord("天", "天", "day", "days"),
    Measure.MINUTE: MeasureWord("分钟", "分鐘", "minute", "minutes"),
}

_TRADITIONAL = str.maketrans({"余": "餘", "万": "萬", "亿": "億", "过": "過"})


def rounded(value: int, *, word: Word | None = None, unit: int | None = None, language: str = "zh-hans") -> str:
    """Return the value rounded down, 多 or 余 behind it where something was left out: 3057 → 3050多, 21340 → 2.1万余.

    Numbers below 100 stay exact, and so does one that is round already. Without a ``word``, numbers said in 万 or 亿
    take 余 and others 多. A ``unit`` rounds to that instead (213 by 100 → 200多). Languages are zh-hans, zh-hant and,
    for any other, English (over 3,050). Raises ValueError for a negative value.
    """
    floor = _floor(value, unit)
    number = _numeral(floor, language)
    if floor == value:
        return number
    if not _is_chinese(language):
        return f"over {number}"
    return number + _written(word or ("多" if number.isdigit() else "余"), language)


def more_than(value: int, *, unit: int | None = None, language: str = "zh-hans") -> str:
    """Return the value rounded down, with 超过 before it where something was left out: 203 → 超过200.

    Rounds like ``rounded`` and raises the same ValueError.
    """
    floor = _floor(value, unit)
    number = _numeral(floor, language)
    return number if floor == value else _before("超过", "over", number, language)


def less_than(value: int, *, unit: int | None = None, language: str = "zh-hans") -> str:
    """Return the value rounded up, with 不到 before it where something was added: 26 by 30 → 不到30.

    Rounds by the same units as ``rounded`` and raises the same ValueError.
    """
    step = unit or _unit_of(_counted(value))
    ceiling = value + -value % step
    number = _numeral(ceiling, language)
    return number if ceiling == value else _before("不到", "under", number, language)


def counted(value: int, measure: Measure, *, approximately: bool = False, language: str = "zh-hans") -> str:
    """Return a value with its measure word: 56条, or 3050多户 where it is said approximately.

    Chinese ones can be set side by side: 5类56条. Raises ValueError for a negative value.
    """
    number = rounded(value, language=language) if approximately else _exact(value, language)
    word = MEASURE_WORDS[measure]
    if not _is_chinese(language):
        return f"{number} {word.one if value == 1 else word.many}"
    return number + (word.traditional if _is_traditional(language) else word.simplified)


def _floor(value: int, unit: int | None) -> int:
    floor = _counted(value) - value % (unit or _unit_of(value))
    return floor or value  # "0多" says nothing


def _counted(value: int) -> int:
    if value < 0:
        raise ValueError(f"nothing is counted below zero: {value}")
    return value


def _unit_of(value: int) -> int:
    return next((unit for start, unit in ROUNDED_FROM if value >= start), 1)


def _exact(value: int, language: str) -> str:
    return str(_counted(value)) if _is_chinese(language) else f"{_counted(value):,}"


def _numeral(value: int, language: str) -> str:
    """Return the number exactly, in 万 or 亿 where one decimal is enough for it."""
    if _is_chinese(language):
        for size, sign in ((YI, "亿"), (WAN, "万")):
            if value >= size and value % (size // 10) == 0:
                whole, tenth = divmod(value // (size // 10), 10)
                return (f"{whole}.{tenth}" if tenth else f"{whole}") + _written(sign, language)
    return _exact(value, language)


def _before(chinese: str, english: str, number: str, language: str) -> str:
    return _written(chinese, language) + number if _is_chinese(language) else f"{english} {number}"


def _written(word: str, language: str) -> str:
    return word.translate(_TRADITIONAL) if _is_traditional(language) else word


def _is_chinese(language: str) -> bool:
    return language.startswith("zh")


def _is_traditional(language: str) -> bool:
    return language.startswith("zh-hant")


FEW = 5  # a public line of fewer could tell who is meant (requirements I-03)
SMALL = 30  # a rate of fewer is marked as a small sample (SAT-01)


@dataclass(frozen=True, slots=True)
class Rate:
    """A part of a whole, with both denominators."""

    part: int
    whole: int  # who or what could be judged
    everybody: int  # before exclusions

    @property
    def percent(self) -> float | None:
        """Of those that could be judged; None where there were none."""
        return 100 * self.part / self.whole if self.whole else None

    @property
    def percent_of_everybody(self) -> float | None:
        """Of all, before exclusions."""
        return 100 * self.part / self.everybody if self.everybody else None

    @property
    def is_small(self) -> bool:
        """Too few to say anything with certainty."""
        return self.whole < SMALL
