"""Words, hours and keys of messages."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianxin.kit.clock import ZONE
from lianxin.outbox import rules
from lianxin.outbox.rules import MOVES, QUIET_FROM, QUIET_UNTIL, RETRIES, State

SEEDS = json.loads((Path(rules.__file__).parent / "data" / "templates.json").read_text(encoding="utf-8"))
GIVEN = {
    "voice.heard": {"number", "code", "url"},
    "voice.answered": {"number", "url"},
    "voice.declined": {"number", "url"},
    "voice.transferred": {"number", "url"},
    "case.dispatched": {"number", "url", "office", "due"},
    "case.extended": {"number", "url", "old_due", "due"},
    "case.suspended": {"number", "url"},
    "case.resumed": {"number", "url", "due"},
    "case.answered": {"number", "url"},
    "case.reopened": {"number", "url"},
    "major.duty": {"number"},
    "phone.code": {"code", "minutes"},
    "contact.rate": {"number", "code", "url"},
    "duty.reminder": {"office", "what", "missing", "due", "url"},
    "step.warned": {"number", "url", "office", "due"},
    "step.escalated": {"number", "url", "office", "due"},
    "appointment.booked": {"number", "code", "when", "office", "url"},
    "appointment.moved": {"number", "when", "office", "url"},
    "appointment.cancelled": {"number", "when", "office", "url"},
    "application.submitted": {"number", "url", "code", "due"},
    "application.moved": {"number", "url", "due", "old_due"},
    **{f"application.{event}": {"number", "url", "due"} for event in (
        "supplied", "accepted", "step", "asked", "resumed",
    )},
    **{f"application.{event}": {"number", "url"} for event in (
        "correction", "refused", "suspended", "granted", "denied", "delivered", "replaced", "revoked", "withdrawn",
        "closed", "phone", "rating",
    )},
}  # fmt: skip


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


@pytest.mark.parametrize(
    ("written", "goes_out"),
    [
        ("2026-09-29T20:59:59", "2026-09-29T20:59:59"),
        ("2026-09-29T21:00:00", "2026-09-30T08:00:00"),
        ("2026-09-29T23:59:59", "2026-09-30T08:00:00"),
        ("2026-09-30T00:00:00", "2026-09-30T08:00:00"),
        ("2026-09-30T07:59:59", "2026-09-30T08:00:00"),
        ("2026-09-30T08:00:00", "2026-09-30T08:00:00"),
        ("2026-12-31T22:00:00", "2027-01-01T08:00:00"),
    ],
)
def test_quiet_hours(written: str, goes_out: str) -> None:
    assert rules.out_of_quiet(moment(written)) == moment(goes_out)
    assert rules.out_of_quiet(moment(written).astimezone(UTC)) == moment(goes_out)


@given(st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)))
def test_quiet_hours_only_delay_and_never_by_more_than_a_night(written: datetime) -> None:
    out = rules.out_of_quiet(written)
    assert timedelta(0) <= out - written <= timedelta(hours=11)
    assert QUIET_UNTIL <= out.astimezone(ZONE).time() < QUIET_FROM
    assert rules.out_of_quiet(out) == out


def test_retries_last_about_two_days_and_then_a_person_looks() -> None:
    at = moment("2026-09-29T10:00:00")
    assert timedelta(hours=44) < sum(RETRIES, timedelta()) < timedelta(hours=50)
    assert rules.next_try(1, at, urgent=False) == at + timedelta(minutes=1)
    assert rules.next_try(6, at, urgent=True) == at + timedelta(hours=8)
    assert rules.next_try(7, at, urgent=False) == moment("2026-09-30T08:00:00")
    assert rules.next_try(len(RETRIES) + 1, at, urgent=True) is None


def test_words_take_values_and_nothing_else() -> None:
    assert rules.render("{{number}} {{ office }}", {"number": "YX1", "office": "水务局", "more": "x"}) == "YX1 水务局"
    assert rules.render("{{a}}", {"a": "{{b}}\r\nBcc: x"}) == "{{b}} Bcc: x"
    with pytest.raises(KeyError):
        rules.render("{{number}}", {})


@given(st.text(max_size=200), st.text(max_size=40))
def test_any_words_can_be_rendered(text: str, value: str) -> None:
    rules.render(text, dict.fromkeys(rules.placeholders(text), value))


def test_keys_fit_their_column_and_differ() -> None:
    def key(event: str) -> str:
        return rules.dedup_key(kind="resolve.case", key=7, event=event, recipient="ab" * 16, template="case.answered")

    assert key("answered:1") == "resolve.case:7:answered:1:abababababababab:case.answered"
    assert len(key("x" * 200)) <= 160 and key("x" * 200) != key("x" * 201)
    assert len(rules.outer_key(key("a"))) == 64


@pytest.mark.parametrize(
    ("written", "tidy"),
    [(" 138-0000 0000 ", "13800000000"), ("A-B@Example.COM ", "a-b@example.com"), ("0717 - 1234567", "07171234567")],
)
def test_addresses_are_compared_in_one_form(written: str, tidy: str) -> None:
    assert rules.tidy_address(written) == tidy


def test_no_state_is_unreachable_and_none_a_trap() -> None:
    assert set(MOVES) == set(State)
    reached = {State.WRITTEN}.union(*MOVES.values())
    assert reached == set(State)
    assert {state for state, targets in MOVES.items() if not targets} == {State.DELIVERED, State.SETTLED}


def test_each_kind_has_words_in_both_languages() -> None:
    assert {(seed["key"], seed["language"]) for seed in SEEDS} == {
        (k, lang) for k in GIVEN for lang in ("zh-hans", "en")
    }


@pytest.mark.parametrize("seed", SEEDS, ids=lambda seed: f"{seed['key']}-{seed['language']}")
def test_words_ask_only_for_what_is_given(seed: dict[str, str]) -> None:
    assert rules.placeholders(seed["subject"] + seed["body"]) <= GIVEN[seed["key"]]
    assert len(seed["body"]) <= (200 if seed["language"] == "zh-hans" else 400) and len(seed["subject"]) <= 60
    assert "\n" not in seed["body"]


@pytest.mark.parametrize(("length", "parts"), [(0, 0), (1, 1), (70, 1), (71, 2), (134, 2), (135, 3), (500, 8)])
def test_how_many_text_messages(length: int, parts: int) -> None:
    assert rules.sms_parts("水" * length) == parts


def test_words_are_read_with_examples() -> None:
    possible = frozenset({"number", "office", "due"})
    read = rules.reading(subject="{{number}}", body="{{ number }}: {{office}}", language="en", possible=possible)
    assert (read.subject, read.text) == ("YX-2K7-M4P-9RT", "YX-2K7-M4P-9RT: County Water Bureau")
    assert (read.parts, read.left_out) == (1, ["due"])
