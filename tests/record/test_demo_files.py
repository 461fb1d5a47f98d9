"""The files of the demo county."""

from __future__ import annotations

from datetime import datetime
from random import Random

from lianxin.people.models import Jurisdiction
from lianxin.project.demo import archives, land
from lianxin.project.demo.staff import Staff
from lianxin.record.models import Enterprise, Household
from tests.cast import Cast


def test_a_village_has_its_files(cast: Cast, at: datetime) -> None:
    ground = land.lay(Random(1), at)
    staff = Staff(
        offices={"town1": cast.offices["town_office"]},
        officers={"archivist": cast.officers["archivist"]},
        posts={},
        handlers={},
    )
    Jurisdiction.objects.filter(office=cast.offices["town_office"]).update(area=ground.towns[1])
    archives.keep(staff, ground, at)
    assert (Household.objects.count(), Enterprise.objects.count()) == (40, 12)
