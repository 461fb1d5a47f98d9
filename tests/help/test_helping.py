"""A household in need: its helper, its plan, the rabbit farm, and what it earns (S12, POV-01 to POV-09, I-91)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pytest

from lianxin.help import actions
from lianxin.help.figures import coverage, effect
from lianxin.help.models import Entry, Income, Measure, Programme, Register, Ticks
from lianxin.help.rules import Part, months_between
from lianxin.kit.refusal import NotAllowed
from lianxin.people.models import User
from lianxin.record import actions as record
from lianxin.record.models import Household, Link, Resident
from lianxin.record.rules import Tie
from lianxin.sheets import actions as sheets
from tests.cast import Cast
from tests.house.witness import prove
from tests.record import making

BASIS = "县委办发〔2014〕8号"
DAY = timedelta(days=1)
THREE = [f"{a}{n}" for a in ("联", "帮", "带") for n in (1, 2, 3)]  # nine labels, which an office edits


@dataclass
class Homes:
    """103 households on the register, each with a helper; the first is the family that keeps rabbits."""

    cast: Cast
    at: datetime
    register: Register
    homes: list[Household]
    couple: list[Resident]

    @property
    def helper(self) -> User:
        return self.cast.officer("cadre")

    @property
    def day(self) -> date:
        return making.day(self.at)

    @property
    def entry(self) -> Entry:
        return Entry.objects.get(household=self.homes[0], left_on=None)


@pytest.fixture
def village(cast: Cast, at: datetime) -> Homes:
    register = actions.set_register(
        key="poor", name="贫困户", basis=BASIS, sheet="help.three", by=cast.officer("organiser"), at=at
    )
    day = making.day(at)
    homes = [
        Household(number=f"P{n:03d}", area=cast.areas["heping"], door=str(n), called=f"户{n}", opened_at=at)
        for n in range(103)
    ]
    Household.objects.bulk_create(homes)
    Entry.objects.bulk_create(
        Entry(register=register, household=home, entered_on=day - 400 * DAY, entered_because="建档") for home in homes
    )
    office, user = cast.offices["town_office"], cast.officers["cadre"]
    Link.objects.bulk_create(
        Link(tie=Tie.HELPER, user=user, office=office, household=home, starts=day - 300 * DAY) for home in homes
    )
    couple = [
        Resident.objects.create(household=homes[0], name=name, is_head=head)
        for name, head in (("陈某荣", True), ("其妻", False))
    ]
    return Homes(cast, at, register, homes, couple)


def test_each_of_103_has_a_helper(village: Homes) -> None:
    """S12: 103 of 103; without one it is 102, and the household is named to who helps."""
    found = coverage(village.register, village.day)
    assert (found.total, found.helped, found.without) == (103, 103, 0)
    link = Link.objects.get(household=village.homes[7])
    record.unlink(link, because="退休", by=village.cast.officer("organiser"), at=village.at)
    found = coverage(village.register, village.day)
    assert (found.helped, found.without) == (102, 1)
    entries = Entry.objects.visible_to(village.cast.officer("organiser")).on(village.day)
    alone = entries.exclude(pk__in=Entry.objects.helped(village.day).values("pk"))
    assert [entry.household for entry in alone] == [village.homes[7]]
    assert coverage(village.register, village.day - DAY).helped == 103


def test_coverage_is_that_of_its_day(village: Homes) -> None:
    """I-91: out and in again are days of their own; a number without its day says nothing."""
    out = prove(lambda: actions.leave(
        village.entry, because="脱贫", day=village.day - 100 * DAY, by=village.helper, at=village.at
    ))  # fmt: skip
    again = {"because": "因病返贫", "by": village.helper, "at": village.at}
    with pytest.raises(actions.AlreadyOn):
        actions.enter(village.homes[0], register=village.register, day=village.day - 200 * DAY, **again)  # type: ignore[arg-type]
    prove(lambda: actions.enter(village.homes[0], register=village.register, day=village.day - 10 * DAY, **again))  # type: ignore[arg-type]
    totals = [coverage(village.register, village.day - days * DAY).total for days in (101, 100, 11, 10, 0)]
    assert totals == [103, 102, 102, 103, 103]
    assert Entry.objects.filter(household=out.household).count() == 2


def test_plan_needs_a_skill_and_a_project(village: Homes) -> None:
    """POV-03."""
    assert village.entry.lacks == [Part.SKILL, Part.PROJECT]
    given = {"by": village.helper, "at": village.at}
    actions.plan(village.entry, part="project", words="獭兔养殖场务工", **given)  # type: ignore[arg-type]
    assert village.entry.lacks == [Part.SKILL]
    prove(lambda: actions.plan(village.entry, part="skill", words="养兔技术培训", **given))  # type: ignore[arg-type]
    assert village.entry.lacks == []


def test_two_wages_of_1200_are_2400_more_a_month(village: Homes) -> None:
    """S12, R-17: two persons at the rabbit farm; the chart of the household rises by 2400."""
    for person in village.couple:
        prove(lambda person=person: actions.earn(  # type: ignore[misc]
            person, source="兔场务工", monthly=1200, first=date(2026, 3, 1), by=village.helper, at=village.at
        ))  # fmt: skip
    found = effect(village.homes[0], date(2025, 11, 10), village.day)
    assert (found.before, found.now, found.more) == (0, 2400, 2400)
    values = dict(found.months)
    assert (values[date(2026, 2, 1)], values[date(2026, 3, 1)]) == (0, 2400)
    income = Income.objects.get(resident=village.couple[1])
    prove(lambda: actions.no_longer_earn(income, until=date(2026, 9, 1), by=village.helper, at=village.at))
    assert effect(village.homes[0], date(2025, 11, 10), village.day).more == 1200


def test_months_cross_the_year() -> None:
    assert months_between(date(2025, 12, 31), date(2026, 1, 1)) == [date(2025, 12, 1), date(2026, 1, 1)]
    assert months_between(date(2026, 2, 1), date(2026, 1, 31)) == []


def _programme(village: Homes, key: str, name: str) -> Programme:
    return actions.set_programme(key=key, name=name, basis=BASIS, form="money", by=None, at=village.at)


def test_two_programmes_in_a_month_want_a_reason(village: Homes) -> None:
    """POV-06: looked at, written down, and never silently."""
    one, two = _programme(village, "study", "金秋助学"), _programme(village, "illness", "大病救助")
    given = {"words": "发放", "day": village.day, "amount": 2000, "by": village.helper, "at": village.at}
    home, (man, woman) = village.homes[0], village.couple
    prove(lambda: actions.help_with(home, programme=one, resident=man, **given))  # type: ignore[arg-type]
    actions.help_with(home, programme=one, resident=man, **given)  # type: ignore[arg-type]
    actions.help_with(home, programme=two, resident=woman, **given)  # type: ignore[arg-type]
    with pytest.raises(actions.TwoProgrammes, match="金秋助学"):
        actions.help_with(home, programme=two, resident=man, **given)  # type: ignore[arg-type]
    both = actions.help_with(home, programme=two, resident=man, twice_because="学费和住院是两回事", **given)  # type: ignore[arg-type]
    assert both.twice_because
    actions.help_with(home, programme=two, resident=man, **{**given, "day": village.day - 40 * DAY})  # type: ignore[arg-type]
    assert Measure.objects.exclude(twice_because="").count() == 1


def test_nine_ticks_of_a_method_an_office_names_itself(village: Homes) -> None:
    """POV-02: nine labels edited, nine ticks shown."""
    fields = [{"key": f"t{n}", "label": label, "kind": "yesno"} for n, label in enumerate(THREE)]
    draft = sheets.draft_sheet(key="help.three", title="三联三帮三带", fields=fields, by=None, at=village.at)
    sheet = sheets.publish_sheet(draft, by=None, at=village.at)
    values = {f"t{n}": "yes" for n in range(9)}
    made = prove(lambda: actions.tick(village.entry, sheet=sheet, values=values, by=village.helper, at=village.at))
    assert Ticks.objects.get().pk == made.pk
    assert [line.label for line in made.answer.lines()] == THREE


def test_nobody_sees_who_is_on_it_but_who_helps(village: Homes) -> None:
    """POV-09: not another cadre, not the bureau, not the county secretary."""
    assert Entry.objects.visible_to(village.helper).count() == 103
    for key in ("cadre2", "neighbour", "secretary", "registrar", "mayor"):
        officer = village.cast.officer(key)
        assert not Entry.objects.visible_to(officer).exists()
        with pytest.raises(NotAllowed):
            actions.quote(village.homes[0], words="日子好过多了", may_publish=False, by=officer, at=village.at)
    prove(lambda: actions.quote(
        village.homes[0], words="现在日子好过多了", may_publish=True, by=village.helper, at=village.at
    ))  # fmt: skip
