"""Reading what people write, answering it, and finding fault with a sheet before anybody meets it."""

from __future__ import annotations

import copy
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lianxin.sheets.rules import Purpose, faults, fields_of, lines, outcome, read, split
from tests.sheets.definitions import CARD, FIELDS, OUTCOMES, RAW, VALUES

TODAY = date(2026, 9, 29)
WRITTEN = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=30),
    st.lists(st.text(max_size=3), max_size=3),
    st.sampled_from([CARD, "13800001234", "2026-01-31", "15", "work", "settled", "yes", "7"]),
)  # fmt: skip
JSON = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(-3, 99), st.text(max_size=6), st.sampled_from(["text", "choice", "a"])
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(
                ["key", "label", "kind", "options", "when", "min", "max", "known", "required", "says", "then", "link"]
            ),
            inner,
            max_size=6,
        ),
    ),
    max_leaves=15,
)


def test_reads_a_sheet_as_people_write_it() -> None:
    reading = read(FIELDS, RAW, today=TODAY)
    assert reading.troubles == {}
    assert reading.values == VALUES  # the firm was not asked, whatever was written into it


@pytest.mark.parametrize(
    ("key", "written", "trouble"),
    [
        ("name", "  ", "fill this in"),
        ("name", "名" * 201, "At most 200"),
        ("name", {"a": 1}, "no single answer"),
        ("card", "1101051949123100", "18 characters"),
        ("card", "110105194912310021", "is wrong"),
        ("card", "110105194902310021", "does not exist"),
        ("phone", "none", "phone number"),
        ("born", "31.12.1949", "day of the calendar"),
        ("born", "1949-02-30", "day of the calendar"),
        ("born", "2026-09-30", "too late"),
        ("born", "1899-12-31", "day of the calendar"),
        ("years", "many", "in digits"),
        ("years", "1e9", "in digits"),
        ("years", "-1", "At least 0"),
        ("years", "60.01", "At most 60"),
        ("years", "9" * 13, "too large"),
        ("years", "", "fill this in"),
        ("why", "holiday", "one of these"),
        ("why", None, "choose"),
        ("ills", ["a", "b"], "at most 1"),
        ("ills", ["c"], "among these"),
        ("alone", "perhaps", "yes or no"),
        ("place", "next door", "place of the list"),
        ("place", "8", "place of the list"),
        ("note", "字" * 21, "At most 20"),
    ],
)
def test_says_what_is_wrong_and_keeps_the_rest(key: str, written: Any, trouble: str) -> None:
    reading = read(FIELDS, RAW | {key: written}, today=TODAY, areas={"7"})
    assert reading.troubles.keys() == {key}
    assert trouble in reading.troubles[key]
    assert key not in reading.values
    assert reading.values.items() <= VALUES.items()


def test_a_hidden_question_hides_those_that_hang_on_it() -> None:
    fields: list[dict[str, Any]] = [
        {"key": "a", "label": "a", "kind": "yesno"},
        {"key": "b", "label": "b", "kind": "number", "when": {"field": "a", "is": "equals", "value": True}},
        {"key": "c", "label": "c", "kind": "text", "required": True, "when": {"field": "b", "is": "given"}},
    ]
    assert faults(fields, []) == []
    assert read(fields, {"a": "no", "b": "3", "c": ""}).troubles == {}
    assert read(fields, {"a": "yes", "b": "3", "c": ""}).troubles.keys() == {"c"}


@given(st.dictionaries(st.sampled_from([field["key"] for field in FIELDS]), WRITTEN))
@settings(max_examples=60)
def test_whatever_is_written_is_read_once_and_for_all(raw: dict[str, Any]) -> None:
    reading = read(FIELDS, raw, today=TODAY)
    assert not reading.values.keys() & reading.troubles.keys()
    again = read(FIELDS, reading.values, today=TODAY)
    assert again.values == reading.values
    for line in lines(FIELDS, reading.values, masked=True):
        assert line.text


def test_the_first_answer_that_holds() -> None:
    found = [outcome(OUTCOMES, {"years": years}) for years in (15, 14.9)]
    assert [each and each.then for each in found] == ["apply", "need"]
    assert outcome([OUTCOMES[0]], {}) is None


def test_what_says_who_somebody_is_lies_apart() -> None:
    plain, personal = split(fields_of(FIELDS), VALUES)
    assert personal.keys() == {"name", "card", "phone", "note"}
    assert plain | personal == VALUES


def test_in_words_and_masked() -> None:
    said = {line.key: line.text for line in lines(FIELDS, VALUES | {"place": "7"}, areas={"7": "和平村"})}
    assert (said["why"], said["alone"], said["place"], said["years"]) == ("定居", "no", "和平村", "15.5")
    masked = {line.key: line.text for line in lines(FIELDS, VALUES, masked=True)}
    assert masked["years"] == "15.5"
    assert not any(VALUES[key] in masked[key] for key in ("name", "card", "phone", "note"))


def test_a_sound_sheet_has_no_faults() -> None:
    assert faults(FIELDS, OUTCOMES) == []
    assert faults(FIELDS, OUTCOMES, purpose=Purpose.SELF_CHECK) == []


@pytest.mark.parametrize(
    ("place", "change", "fault"),
    [
        (1, {"key": "Name"}, "small letters"),
        (2, {"key": "name"}, "there already"),
        (1, {"label": " "}, "question is missing"),
        (1, {"help": "长" * 301}, "help is too long"),
        (1, {"kind": "code"}, "kind is not known"),
        (1, {"kind": ["text"]}, "kind is not known"),
        (1, {"required": "yes"}, "true or false"),
        (1, {"script": "x"}, "Nobody reads"),
        (1, {"options": [{"key": "a", "label": "a"}]}, "Only a choice"),
        (6, {"options": []}, "needs options"),
        (8, {"options": [{"key": "a"}]}, "a key and a label"),
        (8, {"options": [{"key": "a", "label": "甲"}, {"key": "a", "label": "乙"}]}, "same key"),
        (1, {"known": "phone"}, "does not fit"),
        (1, {"known": "age"}, "known already is"),
        (4, {"min": "1900"}, "limit does not fit"),
        (5, {"min": 61}, "above the upper"),
        (9, {"min": 1}, "no limits"),
        (7, {"when": {"field": "ills", "is": "given"}}, "not there: ills"),  # it stands below
        (7, {"when": {"field": "firm", "is": "given"}}, "not there: firm"),
        (7, {"when": {"field": "why", "is": "equals", "value": "wrok"}}, "an option that is not there"),
        (7, {"when": "why = work"}, "no condition"),
    ],
)
def test_says_where_a_field_is_wrong(place: int, change: dict[str, Any], fault: str) -> None:
    fields = copy.deepcopy(FIELDS)
    fields[place - 1] |= change
    found = faults(fields, [])
    assert [each.place for each in found] == [place]
    assert fault in str(found[0])
    assert f"field {place}" in str(found[0])


@pytest.mark.parametrize(
    ("outcomes", "fault"),
    [
        ([OUTCOMES[0]], "must hold always"),
        ([OUTCOMES[1], OUTCOMES[1]], "never given"),
        ([{"says": "", "then": "apply"}], "says nothing"),
        ([{"says": "好", "then": "run"}], "What follows"),
        ([{"says": "好", "then": "apply", "link": "javascript:alert(1)"}], "address begins"),
        ([{"says": "好", "then": "apply", "link": "//evil.example"}], "address begins"),
        ([{"when": {"field": "x", "is": "given"}, "says": "好", "then": "need"}, OUTCOMES[1]], "not there: x"),
    ],
)
def test_says_where_an_answer_is_wrong(outcomes: list[dict[str, Any]], fault: str) -> None:
    found = faults(FIELDS, outcomes)
    assert len(found) == 1
    assert fault in str(found[0])


@pytest.mark.parametrize(
    ("fields", "outcomes"), [({}, []), ([1], []), ([{}] * 81, []), (FIELDS, [{}] * 21), ([{"max": float("nan")}], [])]
)
def test_what_is_no_sheet_at_all(fields: Any, outcomes: Any) -> None:
    assert [fault.part for fault in faults(fields, outcomes)] == ["sheet"]


def test_a_self_check_must_answer() -> None:
    assert len(faults(FIELDS, [], purpose=Purpose.SELF_CHECK)) == 1


@given(JSON, JSON)
@settings(max_examples=80)
def test_whatever_is_brought_in_is_judged_and_can_be_filled_in_when_sound(fields: Any, outcomes: Any) -> None:
    if not faults(fields, outcomes):
        values = read(fields, {"a": "1"}).values
        outcome(outcomes, values)
        assert lines(fields, values) is not None
