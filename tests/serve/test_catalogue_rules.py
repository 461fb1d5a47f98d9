"""What a service must say, and how a day decides."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianxin.serve.models import Material, Service
from lianxin.serve.rules.catalogue import (
    Gap,
    Governs,
    Kind,
    Line,
    Source,
    ask,
    gap_words,
    gaps,
    governing,
    holds_on,
    is_cell,
    share,
)

AUG, SEPT = date(2009, 8, 31), date(2009, 9, 1)
HOSPITALS = [
    Line("第一中医院", {}, SEPT, None),
    Line("市武警医院", {}, SEPT, None),
    Line("县人民医院", {}, None, None),
    Line("", {"referral": "yes", "self_pay": "10"}, None, None),
]


def _said(**more: object) -> Service:
    return Service(
        office_id=1, code="x", basis="x", audience="x", kind=Kind.PROMISED, legal_value=20, legal_unit="workday",
        legal_basis="x", promised_value=5, promised_unit="workday", conditions="x", is_free=True,
        places=[{"name": "x"}], visits=0, course="x", result="x", remedies="x", consult_phone="x",
        complaint_phone="x", **more,
    )  # fmt: skip


def _material(**more: object) -> Material:
    return Material(**{"form": "copy", "copies": 1, "necessity": "required", "source": Source.SELF, **more})


def test_a_service_that_says_everything_has_no_gap() -> None:
    assert gaps(_said(), [_material()]) == []


def test_an_empty_service_has_every_gap_that_can_be() -> None:
    conditional = {Gap.LEGAL_BASIS, Gap.MATERIAL_FORM, Gap.VISITS_REASON}
    assert set(gaps(Service(), [])) == set(Gap) - conditional


@pytest.mark.parametrize(
    ("change", "gap"),
    [
        ({"visits": 2}, Gap.VISITS_REASON),
        ({"visits": None}, Gap.VISITS),
        ({"legal_basis": ""}, Gap.LEGAL_BASIS),
        ({"is_free": None}, Gap.FEES),
        ({"course": ""}, Gap.COURSE),
    ],
)
def test_what_is_left_out_is_a_gap(change: dict[str, object], gap: Gap) -> None:
    service = _said()
    for key, value in change.items():
        setattr(service, key, value)
    assert gaps(service, [_material()]) == [gap]


def test_none_said_and_none_needed_are_two_things() -> None:
    assert gaps(_said(), []) == [Gap.MATERIALS]
    assert gaps(_said(needs_no_material=True), []) == []
    assert gaps(_said(), [_material(copies=0)]) == []
    assert gaps(_said(), [_material(copies=None)]) == [Gap.MATERIAL_FORM]


def test_on_the_spot_needs_no_limit() -> None:
    service = _said()
    service.kind, service.legal_value, service.promised_value = Kind.ON_THE_SPOT, None, None
    assert gaps(service, [_material()]) == []


def test_a_gap_that_is_no_longer_known_is_left_out() -> None:
    assert len(gap_words(["office", "of an older house"])) == 1


def test_a_process_tells_the_way() -> None:
    service = _said(process_key="process.simple")
    service.course = ""
    assert gaps(service, [_material()]) == []


@pytest.mark.parametrize(("day", "is_listed"), [(AUG, False), (SEPT, True)])
def test_hospitals_on_31_august_and_on_1_september(day: date, is_listed: bool) -> None:
    answer = ask(HOSPITALS, "第一中医院", Governs.ADMISSION, {"admission": day})
    assert answer is not None
    assert answer.is_listed == is_listed
    assert answer.values == ({} if is_listed else {"referral": "yes", "self_pay": "10"})


def test_ten_percent_of_ten_thousand() -> None:
    answer = ask(HOSPITALS, "第一中医院", Governs.ADMISSION, {"admission": AUG})
    assert answer is not None
    assert share(10_000, answer.values["self_pay"]) == 1000
    assert share(1, "10") == Fraction(1, 10)


@pytest.mark.parametrize(("governs", "is_listed"), [(Governs.ADMISSION, False), (Governs.DISCHARGE, True)])
def test_a_stay_over_the_day_is_decided_by_the_day_that_the_list_names(governs: Governs, is_listed: bool) -> None:
    stay = {"admission": date(2009, 8, 30), "discharge": date(2009, 9, 5)}
    answer = ask(HOSPITALS, "市武警医院", governs, stay)
    assert answer is not None
    assert answer.governed.governs == governs
    assert answer.governed.day == stay[governs]
    assert answer.is_listed == is_listed


def test_without_the_governing_day_nothing_is_decided() -> None:
    assert governing(Governs.DISCHARGE, {"admission": AUG, "discharge": None}) is None
    assert ask(HOSPITALS, "县人民医院", Governs.DISCHARGE, {"admission": AUG}) is None


def test_nobody_is_called_by_no_name() -> None:
    answer = ask(HOSPITALS, "", Governs.ADMISSION, {"admission": SEPT})
    assert answer is not None and not answer.is_listed


DAYS = st.dates(date(2000, 1, 1), date(2030, 1, 1))


@given(DAYS, DAYS, DAYS)
def test_lines_that_follow_each_other_leave_no_day_and_double_none(first: date, change: date, asked: date) -> None:
    held = [holds_on(None, change, asked), holds_on(change, None, asked)]
    assert sum(held) == 1
    assert not holds_on(first, first, asked)
    assert holds_on(asked, asked + timedelta(days=1), asked)


@pytest.mark.parametrize(
    ("kind", "cell", "fits"),
    [
        ("percent", "10", True), ("percent", "101", False), ("percent", "-1", False), ("percent", "１０", False),
        ("yesno", "yes", True), ("yesno", "maybe", False), ("text", "anything", True),
    ],
)  # fmt: skip
def test_what_can_stand_in_a_column(kind: str, cell: str, fits: bool) -> None:
    assert is_cell(kind, cell) == fits
