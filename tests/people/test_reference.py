"""What the IT officer keeps by hand: the county, its offices, limits of another kind."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from lianxin.kit.clock import OFFICE
from lianxin.kit.refusal import NotAllowed
from lianxin.ledger.models import Event
from lianxin.people import actions
from lianxin.people.models import County, Jurisdiction, Limit, OfficeHours
from tests.cast import Cast

pytestmark = pytest.mark.django_db
SignIn = Callable[[str], Client]


def _post(browser: Client, name: str, data: dict[str, Any], *args: int) -> Any:
    return browser.post(reverse(name, args=args), data)


def test_the_county_gets_another_name_and_hotline(sign_in: SignIn, cast: Cast) -> None:
    browser = sign_in("it")
    assert County.now().hotline == "12345"
    said = {"name": "云溪区", "hotline": "0000-12345678"}
    assert _post(browser, "edit_county", said).status_code == 302
    assert (County.now().name, County.now().hotline, County.now().prefix) == ("云溪区", "0000-12345678", "YX")
    assert "云溪区" in browser.get("/sign-in", follow=True).content.decode()
    _post(browser, "edit_county", said)
    event = Event.objects.get(verb="county.edited")
    assert event.data == {"before": {"name": "云溪县", "hotline": "12345"}, "after": said}
    for bad in (
        {"name": "", "hotline": "12345"},
        {"name": "x", "hotline": "call me"},
        {"name": "x" * 41, "hotline": "1"},
    ):
        assert _post(browser, "edit_county", bad).status_code == 422
    with pytest.raises(actions.NotAllowed):
        actions.edit_county(name="x", hotline="1", by=cast.officer("chief"), at=event.at)


def test_an_office_is_renamed_and_answers_for_other_areas(sign_in: SignIn, cast: Cast) -> None:
    browser, town, areas = sign_in("it"), cast.offices["town_office"], cast.areas
    said = {"name": "清水街道办事处", "address": "老街1号", "areas": [areas["qingshui"].pk, areas["baishi"].pk]}
    assert _post(browser, "edit_office", said, town.pk).status_code == 302
    town.refresh_from_db()
    assert (town.name, town.address) == ("清水街道办事处", "老街1号")
    today = timezone.localdate()
    held = Jurisdiction.objects.filter(office=town, valid_to=None)
    assert {(each.area.name, each.valid_from) for each in held} == {("清水镇", None), ("白石镇", today)}
    assert _post(browser, "edit_office", {**said, "areas": [areas["baishi"].pk]}, town.pk).status_code == 302
    assert Jurisdiction.objects.get(office=town, area=areas["qingshui"]).valid_to == today
    first, second = Event.objects.filter(verb="office.edited").order_by("id")
    assert first.data["before"]["name"] == "清水镇人民政府" and first.data["after"]["name"] == "清水街道办事处"
    assert second.data["after"]["areas"] == [areas["baishi"].pk]
    _post(browser, "edit_office", {**said, "areas": [areas["baishi"].pk]}, town.pk)
    assert Event.objects.filter(verb="office.edited").count() == 2, "what changes nothing is not on record"
    assert _post(browser, "edit_office", {**said, "name": ""}, town.pk).status_code == 422
    assert _post(browser, "edit_office", {**said, "areas": [999]}, town.pk).status_code == 422


def test_the_form_of_an_office_shows_every_area_it_answers_for(sign_in: SignIn, cast: Cast, at: datetime) -> None:
    group = actions.add_area(name="三组", kind="group", parent=cast.areas["heping"], by=None, at=at)
    office = actions.open_office(
        name="三组工作站", kind="station", parent=cast.offices["town_office"], areas=[group], by=None, at=at
    )
    page = sign_in("it").get(reverse("edit_office", args=[office.pk])).content.decode()
    assert f'<option value="{group.pk}" selected>' in page


def test_an_office_has_hours_of_its_own_or_those_of_the_county(sign_in: SignIn, cast: Cast) -> None:
    browser, hub = sign_in("it"), cast.offices["hub"]
    hours = {"morning_opens": "07:30", "morning_closes": "20:15"}
    assert _post(browser, "office_hours", hours, hub.pk).status_code == 302
    assert "07:30–20:15" in browser.get(reverse("offices")).content.decode()
    assert OfficeHours.of_county() is OFFICE
    assert 'value="07:30' in browser.get(reverse("office_hours", args=[hub.pk])).content.decode()
    for bad in (
        {"morning_opens": "08:00"}, {"afternoon_opens": "14:00", "afternoon_closes": "17:00"},
        {"morning_opens": "09:00", "morning_closes": "08:00"}, {"morning_opens": "x", "morning_closes": "y"},
    ):  # fmt: skip
        assert _post(browser, "office_hours", bad, hub.pk).status_code == 422, bad
    assert _post(browser, "office_hours", {"morning_opens": ""}, hub.pk).status_code == 302
    assert not OfficeHours.objects.filter(office=hub).exists()


def test_a_limit_of_another_kind_is_added_once(sign_in: SignIn, cast: Cast, at: datetime) -> None:
    actions.seed_limits(at=at)
    browser = sign_in("it")
    said = {
        "name": "供水事项时限", "value": 3, "unit": "workday", "start_fact": "派出",
        "legal_basis": "云溪办发〔2099〕2号", "starts": timezone.localdate().isoformat(),
    }  # fmt: skip
    assert _post(browser, "add_limit", {**said, "key": "case.water"}).status_code == 302
    assert Limit.objects.on(timezone.localdate()).get(key="case.water").legal_basis == "云溪办发〔2099〕2号"
    for bad in ("case.water", "triage", "", "case.", "case.供水", "Case.X", "water", "task.other", "case." + "x" * 40):
        assert _post(browser, "add_limit", {**said, "key": bad}).status_code == 422, bad
    assert _post(browser, "add_limit", {**said, "key": "case.gas", "legal_basis": ""}).status_code == 422
    assert _post(browser, "add_limit", {**said, "key": "case.gas", "starts": "2020-01-01"}).status_code == 422
    Limit.objects.filter(key="task.return").delete()
    assert _post(browser, "add_limit", {**said, "key": "task.return"}).status_code == 302


def test_the_calendar_says_where_its_years_come_from(sign_in: SignIn, at: datetime) -> None:
    actions.seed_calendar(at=at)
    page = sign_in("neighbour").get(reverse("calendar")).content.decode()
    assert "按 chinesecalendar 软件包预置，请以国务院办公厅通知为准" in page


def test_who_answers_for_areas_answers_for_what_they_become(cast: Cast, at: datetime) -> None:
    it, office, other = cast.officer("it"), cast.offices["town_office"], cast.offices["water"]
    one, two = cast.areas["qingshui"], cast.areas["baishi"]
    actions.edit_office(office, name=office.name, phone="", address="", areas=[one, two], by=it, at=at)
    actions.edit_office(other, name=other.name, phone="", address="", areas=[two], by=it, at=at)
    on = at.date() + timedelta(days=90)
    heir = actions.merge_areas([one, two], name="清白镇", on=on, by=it, at=at)
    for held in (office, other):
        assert list(held.jurisdictions.filter(valid_to=None).values_list("area", "valid_from")) == [(heir.pk, on)]
    old = office.jurisdictions.filter(area__in=[one, two])
    assert set(old.values_list("area", "valid_to")) == {(one.pk, on), (two.pk, on)}, "who answered before is on record"
    told = Event.objects.about(other).latest("id")
    assert (told.verb, told.data["after"]["areas"], told.by_id) == ("office.edited", [heir.pk], it.pk)
    again = actions.rename_area(heir, name="清白街道", on=on + timedelta(days=9), by=it, at=at)
    assert list(office.jurisdictions.filter(valid_to=None).values_list("area", flat=True)) == [again.pk]


def test_a_merger_that_fails_leaves_who_answers_as_it_was(cast: Cast, at: datetime) -> None:
    it, office, one = cast.officer("it"), cast.offices["town_office"], cast.areas["qingshui"]
    actions.edit_office(office, name=office.name, phone="", address="", areas=[one], by=it, at=at)
    with pytest.raises(NotAllowed):
        actions.merge_areas([one], name="x", on=at.date(), by=cast.officer("dispatcher"), at=at)
    assert office.jurisdictions.filter(valid_to=None).get().area == one
