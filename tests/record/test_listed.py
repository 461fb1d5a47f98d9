"""Registers of households as offices keep them, brought in: merged cells, GBK, odd rows, twice."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from lianxin.intake import actions as intake
from lianxin.intake.models import Intake
from lianxin.ledger.models import Event
from lianxin.places.models import Area
from lianxin.record import actions
from lianxin.record.channels.listing import HOUSEHOLDS
from lianxin.record.models import Household, Resident, unseal
from tests.cast import Cast
from tests.record.test_household import ODD, SOUND

REGISTER = f"""和平村民情台账,,,,,,,,
村名,组别,门牌号,户主,姓名,与户主关系,身份证号,联系电话,就业
和平村,,12号,王小满,王小满,户主,{SOUND},13800001234,
,,,,王大宝,子,,,务农
,,,,王二宝,女,{ODD},,
和平村,,13号,劉𠀀,劉𠀀,户主,,,
石桥村,,1号,外村人,外村人,户主,,,
和平村,,14号,赵来,赵来,户主,,,炼丹
"""


@pytest.fixture
def listed(cast: Cast, at: datetime) -> Intake:
    actions.keep_kind(of="work", key="farm", name="务农", by=None, at=at)
    return _bring(cast, REGISTER, at)


def _bring(cast: Cast, text: str, at: datetime, *, dry: bool = False) -> Intake:
    by = cast.officers["archivist"]
    opened, seen = intake.open_list(HOUSEHOLDS, content=text.encode("gb18030"), name="台账.csv", by=by, at=at)
    intake.begin_intake(opened, listing=HOUSEHOLDS, mapping=seen.mapping, dry=dry, by=by, at=at)
    while intake.take_in(HOUSEHOLDS, at=at):
        pass
    opened.refresh_from_db()
    return opened


def test_merged_cells_belong_to_the_household_above(listed: Intake) -> None:
    household = Household.objects.get(called="王小满")
    assert list(household.residents.order_by("id").values_list("name", flat=True)) == ["王小满", "王大宝"]
    head = household.residents.get(is_head=True)
    assert unseal(head.identity) == SOUND
    assert head.born_on == date(1949, 12, 31)
    assert household.facts.get().kind.name == "务农"
    assert Household.objects.search("刘").get().called == "劉𠀀"


def test_rows_that_do_not_fit_say_why(listed: Intake) -> None:
    assert (listed.added, listed.failed) == (3, 3)
    troubles = {error.row: error.trouble for error in listed.errors.all()}
    assert set(troubles) == {5, 7, 8}
    assert ODD not in str(list(listed.errors.values_list("cells", flat=True)))


def test_twice_is_once(listed: Intake, cast: Cast, at: datetime) -> None:
    again = _bring(cast, REGISTER, at)
    assert (again.added, again.known) == (0, 3)
    assert (Household.objects.count(), Resident.objects.count()) == (2, 3)


def test_a_trial_leaves_nothing(cast: Cast, at: datetime) -> None:
    tried = _bring(cast, REGISTER.replace("务农", ""), at, dry=True)
    assert tried.added == 3
    assert not Household.objects.exists()


def test_groups_are_looked_for_in_their_village(cast: Cast, at: datetime) -> None:
    for key in ("heping", "liushu"):
        above = cast.areas[key]
        made = Area(name="4组", kind=Area.Kind.GROUP, parent=above, full_name=f"{above.full_name}4组", path="")
        made.save()
        made.path = f"{above.path}{made.pk}/"
        made.save()
    _bring(cast, "村名,组别,门牌号,户主\n和平村,4组,1号,甲\n", at)
    assert Household.objects.get().area.parent == cast.areas["heping"]


def test_a_household_whose_people_are_all_refused_has_no_file(cast: Cast, at: datetime) -> None:
    long = "很" * 61
    done = _bring(cast, f"村名,门牌号,户主,姓名\n和平村,1号,甲,{long}\n和平村,2号,乙,乙\n", at)
    assert (done.added, done.failed) == (1, 1)
    assert Household.objects.get().called == "乙"


def test_a_later_list_adds_to_the_file_and_both_stand_in_the_ledger(cast: Cast, at: datetime) -> None:
    _bring(cast, "村名,门牌号,户主,姓名,页码\n和平村,1号,甲乙,甲乙,\n", at)
    again = _bring(cast, "村名,门牌号,户主,姓名,页码\n和平村,1号,甲乙,甲乙,7\n和平村,1号,甲乙,丙丁,7\n", at)
    assert (again.added, again.known) == (1, 1)
    household = Household.objects.get()
    assert household.page == 7
    assert Household.objects.search("丙丁").get() == Household.objects.search("甲乙").get() == household
    assert household.residents.get(is_head=True).name == "甲乙"
    lines = Event.objects.about(household).filter(verb="household.listed").order_by("id")
    assert [line.data["people"] for line in lines] == [1, 1]
    assert lines[1].data["list"] == again.pk
