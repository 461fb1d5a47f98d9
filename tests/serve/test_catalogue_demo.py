"""Twenty services of the demo county stand from rows alone, and what they name is there."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from lianxin.people.models import Office
from lianxin.project.demo import catalogue, processes, sheets
from lianxin.serve.models import DatedRow, Service
from lianxin.serve.rules.catalogue import Line, ask
from tests.cast import Cast


@pytest.fixture
def offices(cast: Cast) -> dict[str, Office]:
    """Name offices that the tests lack after one that they have: rows are about keys, not about names."""
    keys = {said["office"] for said in catalogue.rows("services")}
    return {key: cast.offices.get(key, cast.offices["labour"]) for key in keys}


def test_the_county_has_twenty_services_that_can_be_applied_for(
    cast: Cast, offices: dict[str, Office], at: datetime
) -> None:
    sheets.publish(at)
    processes.publish(at)
    catalogue.publish(offices, at)
    live = Service.objects.live(at.date())
    assert live.count() == 20
    assert Service.objects.for_applying(at.date()).count() == 20
    assert {service.number: service.gaps for service in live if service.gaps} == {}
    assert live.get(number="YX-MED-003").self_check_key == "check.elsewhere"

    rows = DatedRow.objects.of("hospitals")
    lines = [Line(row.name, row.values, row.valid_from, row.valid_to) for row in rows]
    held = [ask(lines, "第一中医院", "admission", {"admission": day}) for day in (date(2026, 8, 31), date(2026, 9, 1))]
    assert [found and found.is_listed for found in held] == [False, True]
    assert rows.on(date(2026, 9, 1)).count() - rows.on(date(2026, 8, 31)).count() == 4
