"""Conditions: what holds, what is refused, and that no condition can do more than compare."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianxin.kit.condition import BrokenConditionError, Is, fields_of, holds, phrases, shape, troubles, words

FIELDS = {"age": "number", "born": "date", "place": "choice", "ills": "many", "alone": "yesno", "name": "text", "x": ""}
JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-5, 100), st.floats(), st.text(max_size=8), st.sampled_from(Is)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from(["field", "is", "value", "all", "any", "not", "x"]), inner, max_size=3),
    ),
    max_leaves=12,
)


def part(field: str, how: str, *value: Any) -> dict[str, Any]:
    return {"field": field, "is": how, **({"value": value[0]} if value else {})}


AGED = part("age", "at_least", 60)
PARTS = st.sampled_from(
    [AGED, part("alone", "equals", True), part("place", "missing"), part("name", "differs", "a"), {}]
)
CONDITIONS = st.recursive(
    PARTS,
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(lambda each: {"all": each}),
        st.lists(inner, min_size=1, max_size=3).map(lambda each: {"any": each}),
        inner.map(lambda each: {"not": each}),
    ),
    max_leaves=6,
)
VALUES = st.fixed_dictionaries(
    {}, optional={"age": st.integers(0, 99), "alone": st.booleans(), "place": st.just("a"), "name": st.text(max_size=2)}
)


@pytest.mark.parametrize(
    ("asked", "value", "true"),
    [
        (part("f", "equals", 60), 60.0, True),
        (part("f", "equals", 1), True, False),  # yes is no number
        (part("f", "equals", True), 1, False),
        (part("f", "equals", "60"), 60, False),
        (part("f", "equals", "2026-01-31"), date(2026, 1, 31), True),
        (part("f", "equals", False), False, True),  # no was said
        (part("f", "differs", "a"), "b", True),
        (part("f", "differs", "a"), "a", False),
        (part("f", "one_of", ["a", "b"]), "b", True),
        (part("f", "one_of", [1, 2]), 3, False),
        (part("f", "at_least", 60), 60, True),
        (part("f", "at_most", 60), 61, False),
        (part("f", "above", 60), 60, False),
        (part("f", "below", 0.3), 0.1 + 0.1, True),
        (part("f", "at_least", "2026-10-01"), "2026-09-30", False),
        (part("f", "at_least", "2026-10-01"), "2026-10-01", True),
        (part("f", "at_least", 60), "many", False),
        (part("f", "above", 1), float("nan"), False),
        (part("f", "contains", "山"), "青山村", True),
        (part("f", "contains", "b"), ["a", "b"], True),
        (part("f", "contains", "b"), 5, False),
        (part("f", "given"), 0, True),
        (part("f", "given"), [], False),
        (part("f", "missing"), "", True),
        (part("f", "missing"), False, False),
        ({"not": part("f", "given")}, None, True),
        ({"all": []}, 1, True),
        ({"any": []}, 1, False),
        ({}, None, True),
    ],
)
def test_what_holds(asked: dict[str, Any], value: Any, true: bool) -> None:
    assert holds(asked, {"f": value}) is true


@pytest.mark.parametrize("how", [how for how in Is if how not in (Is.MISSING, Is.DIFFERS)])
def test_what_is_missing_never_holds(how: Is) -> None:
    assert not holds(part("f", how, ["a"] if how is Is.ONE_OF else "a"), {})


@pytest.mark.parametrize(
    ("asked", "trouble"),
    [
        ("age > 60", "no condition"),
        ([], "no condition"),
        ({"eval": "1"}, "no condition"),
        ({"all": [], "field": "age"}, "no condition"),
        ({"all": []}, "needs a list"),
        ({"all": {"field": "age"}}, "needs a list"),
        ({"any": [AGED], "note": "x"}, "nobody reads: note"),
        ({**AGED, "then": 1}, "nobody reads: then"),
        ({"all": [AGED] * 41}, "too many"),
        (part("height", "given"), "not there: height"),
        ({"field": ["age"], "is": "given"}, "not there"),
        (part("age", "like", 3), "unknown way: like"),
        (part("age", "contains", "6"), "cannot be asked"),
        (part("place", "at_least", 3), "cannot be asked"),
        (part("age", "at_least", "sixty"), "does not fit"),
        (part("age", "at_least", True), "does not fit"),
        (part("born", "below", "1966-02-30"), "does not fit"),
        (part("alone", "equals", "yes"), "does not fit"),
        (part("place", "one_of", "a"), "list of values"),
        (part("place", "one_of", ["a", 3]), "does not fit"),
        (part("place", "equals"), "does not fit"),
        (part("place", "given", 1), "no value"),
        (part("x", "at_least", "much"), "does not fit"),
    ],
)
def test_what_is_refused(asked: Any, trouble: str) -> None:
    found = troubles(asked, FIELDS, language="en")
    assert len(found) == 1
    assert trouble in found[0]


def test_nesting_has_an_end() -> None:
    deep: dict[str, Any] = AGED
    for _ in range(2000):
        deep = {"not": deep}
    assert troubles(deep, FIELDS, language="en") == ["The condition is nested too deeply."]
    with pytest.raises(BrokenConditionError):
        holds(deep, {})


@given(JSON, st.dictionaries(st.sampled_from(["age", "", "x"]), JSON, max_size=3))
def test_whatever_is_stored_only_holds_or_is_broken(asked: Any, values: dict[str, Any]) -> None:
    if troubles(asked, FIELDS):
        return
    assert holds(asked, values) in (True, False)
    assert fields_of(asked) <= FIELDS.keys()
    assert words(asked, {})


@given(CONDITIONS, VALUES)
def test_logic(asked: dict[str, Any], values: dict[str, Any]) -> None:
    true = holds(asked, values)
    assert holds({"not": asked}, values) is not true
    assert holds({"all": [asked, {}]}, values) is true
    assert holds({"any": [asked, {"not": {}}]}, values) is true
    # De Morgan
    assert holds({"not": {"any": [asked, AGED]}}, values) is holds({"all": [{"not": asked}, {"not": AGED}]}, values)


@given(st.integers(-100, 100) | st.decimals(-100, 100, places=2), st.integers(-100, 100))
def test_order_is_whole(value: Any, limit: int) -> None:
    said = {how: holds(part("f", how, limit), {"f": value}) for how in Is if how in shape.ORDERED}
    assert said[Is.AT_LEAST] is not said[Is.BELOW]
    assert said[Is.AT_MOST] is not said[Is.ABOVE]
    assert (said[Is.AT_LEAST] and said[Is.AT_MOST]) is holds(part("f", "equals", limit), {"f": value})


def test_in_words() -> None:
    asked = {"all": [AGED, {"any": [part("place", "one_of", ["a", "b"]), part("alone", "equals", True)]}]}
    labels = {"age": "年龄", "place": "地方", "alone": "独居"}
    options = {"place": {"a": "外省", "b": "外市"}}
    assert words(asked, labels, options=options) == "“年龄”不小于60，并且（“地方”为“外省”或“外市”，或者“独居”为“是”）"
    assert words({"not": AGED}, {"age": "age"}, language="en") == "not: age is 60 or more"
    assert words({}, {}, language="zh-hant") == "任何情況"


def test_every_language_says_everything() -> None:
    kinds = [phrases.phrases_of(language).keys() for language in ("en", "zh-hans", "zh-hant")]
    assert kinds[0] == kinds[1] == kinds[2] >= set(Is)
