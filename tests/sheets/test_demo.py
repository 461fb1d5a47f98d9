"""The sheets of the demo county are sound, and do what their services need."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from lianxin.project.demo import sheets
from lianxin.sheets.models import Sheet
from lianxin.sheets.rules import Definition, Then, faults, outcome, unpack

KEYS = {
    "apply.elsewhere", "apply.retirement", "apply.file_loan", "apply.unemployment", "apply.loan", "apply.simple",
    "check.elsewhere",
}  # fmt: skip


def test_all_are_sound() -> None:
    found = sheets.definitions()
    assert {each["key"] for each in found} == KEYS
    for each in found:
        assert isinstance(unpack(each), Definition)
        assert faults(each["fields"], each["outcomes"], purpose=each["purpose"]) == []


def test_all_come_into_use(db: None, at: datetime) -> None:
    sheets.publish(at)
    assert set(Sheet.objects.live(at).values_list("key", flat=True)) == KEYS


@pytest.mark.parametrize(
    ("said", "then"),
    [
        ({"here": False, "why": "retired", "months": 60, "paid": True}, Then.ELSEWHERE),
        ({"here": True, "why": "cure", "paid": True}, Then.ELSEWHERE),
        ({"here": True, "why": "work", "months": 3, "paid": True}, Then.ELSEWHERE),
        ({"here": True, "why": "living", "months": 6, "paid": False}, Then.NEED),
        ({"here": True, "why": "retired", "months": 60, "paid": True}, Then.APPLY),
    ],
)
def test_whoever_settles_elsewhere_is_answered(said: dict[str, Any], then: Then) -> None:
    check = next(each for each in sheets.definitions() if each["key"] == "check.elsewhere")
    found = outcome(check["outcomes"], said)
    assert found is not None
    assert found.then is then
