"""Words of number never overstate, and exact stays exact."""

from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lianxin.kit import figures
from lianxin.kit.figures import Measure

VALUES = st.one_of(st.integers(0, 20_000), st.integers(0, 10**12))
UNITS = st.one_of(st.none(), st.sampled_from([10, 30, 50, 100, 500, 1_000, 10_000]))
LANGUAGES = st.sampled_from(["zh-hans", "zh-hant", "en"])
SIGNS = {"万": figures.WAN, "萬": figures.WAN, "亿": figures.YI, "億": figures.YI}


def read(phrase: str) -> Fraction:
    """Return the number a reader takes from the phrase."""
    number = "".join(character for character in phrase if character.isdigit() or character == ".")
    return Fraction(number) * next((size for sign, size in SIGNS.items() if sign in phrase), 1)


def is_marked(phrase: str) -> bool:
    return any(mark in phrase for mark in ("多", "余", "餘", "超", "over"))


@pytest.mark.parametrize(
    ("value", "phrase"),
    [
        (0, "0"),
        (1, "1"),
        (12, "12"),
        (56, "56"),
        (99, "99"),
        (100, "100"),
        (104, "100多"),
        (213, "210多"),
        (3_050, "3050"),
        (3_051, "3050多"),
        (3_057, "3050多"),
        (9_999, "9990多"),
        (10_000, "1万"),
        (10_001, "1万余"),
        (21_000, "2.1万"),
        (21_340, "2.1万余"),
        (999_999, "99.9万余"),
        (1_234_567, "123.4万余"),
        (99_999_999, "9999.9万余"),
        (100_000_000, "1亿"),
        (123_456_789, "1.2亿余"),
    ],
)
def test_known_phrases(value: int, phrase: str) -> None:
    assert figures.rounded(value) == phrase


@given(VALUES, UNITS, LANGUAGES, st.sampled_from([None, "多", "余"]))
@example(21_340, None, "zh-hans", None)
def test_never_more_than_was_counted(value: int, unit: int | None, language: str, word: figures.Word | None) -> None:
    for phrase in (
        figures.rounded(value, word=word, unit=unit, language=language),
        figures.more_than(value, unit=unit, language=language),
    ):
        assert read(phrase) <= value
        assert is_marked(phrase) == (read(phrase) < value)


@given(VALUES, LANGUAGES)
def test_never_far_below_what_was_counted(value: int, language: str) -> None:
    assert value - read(figures.rounded(value, language=language)) <= value / 10


@given(st.integers(0, 99), LANGUAGES)
def test_small_numbers_are_exact(value: int, language: str) -> None:
    assert figures.rounded(value, language=language) == str(value)


@given(VALUES, UNITS, LANGUAGES)
def test_less_than_is_said_only_of_less(value: int, unit: int | None, language: str) -> None:
    phrase = figures.less_than(value, unit=unit, language=language)
    assert read(phrase) >= value
    assert ("不到" in phrase or "under" in phrase) == (read(phrase) > value)


@given(VALUES, VALUES)
def test_larger_is_never_said_smaller(one: int, other: int) -> None:
    less, more = sorted((one, other))
    assert read(figures.rounded(less)) <= read(figures.rounded(more))


def test_chosen_word_and_unit() -> None:
    assert figures.rounded(213, word="余", unit=100) == "200余"
    assert figures.rounded(21_340, word="多") == "2.1万多"
    assert figures.rounded(26, unit=30) == "26"
    assert figures.less_than(26, unit=30) == "不到30"
    assert figures.less_than(30, unit=30) == "30"
    assert figures.less_than(2_961) == "不到2970"
    assert figures.less_than(9_995) == "不到1万"
    assert figures.more_than(203) == "超过200"
    assert figures.more_than(200) == "200"


def test_traditional_and_english() -> None:
    assert figures.rounded(21_340, language="zh-hant") == "2.1萬餘"
    assert figures.more_than(203, language="zh-hant") == "超過200"
    assert figures.rounded(3_057, language="en") == "over 3,050"
    assert figures.less_than(2_961, language="en") == "under 2,970"


@pytest.mark.parametrize(
    ("value", "measure", "phrase"),
    [
        (56, Measure.ITEM, "56条"),
        (21_340, Measure.PERSON_TIME, "21340人次"),
        (0, Measure.CASE, "0件"),
        (103, Measure.HOUSEHOLD, "103户"),
    ],
)
def test_counted_is_exact(value: int, measure: Measure, phrase: str) -> None:
    assert figures.counted(value, measure) == phrase


def test_counted_side_by_side_and_approximately() -> None:
    assert figures.counted(5, Measure.KIND) + figures.counted(56, Measure.ITEM) == "5类56条"
    assert figures.counted(3_057, Measure.HOUSEHOLD, approximately=True) == "3050多户"
    assert figures.counted(3_057, Measure.HOUSEHOLD, approximately=True, language="zh-hant") == "3050多戶"
    assert figures.counted(21_340, Measure.PERSON_TIME, approximately=True) == "2.1万余人次"


def test_counted_in_english() -> None:
    assert figures.counted(1, Measure.PERSON, language="en") == "1 person"
    assert figures.counted(3_057, Measure.HOUSEHOLD, language="en") == "3,057 households"
    assert figures.counted(3_057, Measure.HOUSEHOLD, approximately=True, language="en") == "over 3,050 households"


def test_every_measure_has_its_own_word() -> None:
    assert figures.MEASURE_WORDS.keys() == set(Measure)
    assert len({word.simplified for word in figures.MEASURE_WORDS.values()}) == len(Measure)


@given(st.integers(max_value=-1))
def test_less_than_nothing_is_refused(value: int) -> None:
    for say in (figures.rounded, figures.more_than, figures.less_than, count_items):
        with pytest.raises(ValueError, match="below zero"):
            say(value)


def count_items(value: int) -> str:
    return figures.counted(value, Measure.ITEM)
