"""A day of a cadre without a network: three doors, five things said, two photos, and a line that breaks."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Route, expect

from lianxin.ledger.models import Attachment
from lianxin.listen.models import Item, Reserved, Voice
from lianxin.people.models import Post
from lianxin.record import actions
from lianxin.record.models import Conflict, Encounter, Handset, Household, Sent
from tests.cast import Cast
from tests.field.carried import PHONE, Carried
from tests.field.conftest import linked, settled
from tests.stories.conftest import Enter, Now

pytestmark = pytest.mark.browser


@pytest.fixture
def carried(county: Cast, person: Enter, now: Now) -> Iterator[Carried]:
    linked(county)
    settled(county, now.at)
    one = person(size=PHONE)
    yield Carried(one, county.officer("cadre"))
    # A line that broke is what these stories are about; whatever else the browser complains of is a fault.
    one.complaints[:] = [text for text in one.complaints if "net::ERR_" not in text]


def test_a_day_without_a_network_arrives_once(carried: Carried, now: Now) -> None:
    carried.set_up()
    expect(carried.page.locator(".door-row")).to_have_count(3)
    left, carried_on = now.at, carried.page
    carried.cut()
    carried.reopen()
    carried.visit("陈家", "通水了，水压也够。", "路灯还没修，娃晚上回来怕。", photos=1)
    carried.visit("王家", "屋顶漏雨，去年报过一次。", photos=1)
    carried.visit("赵家", "想学开挖机。", "老人要办高龄补贴。")
    carried.reopen()
    expect(carried.page.locator("#net b")).to_have_text("8条待传")
    assert carried_on.is_closed() and Encounter.objects.count() == 0
    now.at += timedelta(hours=3)
    _break(carried, 0.4)
    carried.find()
    for _each in range(6):
        carried.send()
        carried.page.wait_for_timeout(200)
    carried.context.unroute("**/api/v1/field/**")
    carried.send()
    expect(carried.page.locator("#net b")).to_have_text("")
    carried.send()
    expect(carried.page.locator("#net")).to_have_class("net ok")
    assert (Encounter.objects.count(), Voice.objects.count(), Item.objects.count()) == (3, 5, 5)
    assert Attachment.objects.filter(mime="image/jpeg").count() == 2
    assert Reserved.objects.filter(used_at__isnull=False).count() == 5
    times = Encounter.objects.values_list("starts_at", "recorded_at")
    assert all(left <= held <= left + timedelta(minutes=5) and entered >= now.at for held, entered in times)


FULL = """() => {
  const put = IDBObjectStore.prototype.put;
  IDBObjectStore.prototype.put = function (...given) {
    if (this.name === "queue") throw new DOMException("full", "QuotaExceededError");
    return put.apply(this, given);
  };
  window.roomAgain = () => { IDBObjectStore.prototype.put = put; };
}"""


def test_a_full_telephone_two_changes_of_the_same_and_a_cadre_who_left(
    carried: Carried, county: Cast, now: Now
) -> None:
    carried.set_up()
    page, home = carried.page, Household.objects.get(called="陈家")
    carried.cut()

    page.locator(".door-row", has_text="陈家").click()
    page.locator("[name=outcome][value=met]").check()
    page.locator("#text-0").fill("路灯还没修。")
    page.evaluate(FULL)
    page.locator("form > button[type=submit]").click()
    expect(page.locator("form .notice.late")).to_contain_text("存储空间满了")
    expect(page.locator("#text-0")).to_have_value("路灯还没修。")
    expect(page.locator("#net b")).to_have_text("")
    page.evaluate("() => window.roomAgain()")
    page.locator("form > button[type=submit]").click()
    expect(page.locator(".receipt .number")).to_have_text(re.compile("^YXD-"))
    expect(page.locator("#net b")).to_have_text("2条待传")

    page.goto(f"{carried.person.address}/field/#/people/{home.pk}/house")
    page.locator("#door").fill("17号之一")
    page.locator("form > button[type=submit]").click()
    expect(page.locator("#net b")).to_have_text("3条待传")
    actions.change(home, values={"door": "17号附2"}, by=county.officer("archivist"), at=now.at)
    now.at += timedelta(hours=1)
    carried.find()
    carried.send()
    page.locator(".door-row", has_text="两处改动").click()
    expect(page.locator("form")).to_contain_text("17号附2")
    page.locator("[name=door][value=mine]").check()
    page.locator("form > button[type=submit]").click()
    expect(page.locator(".door-row", has_text="选择").locator(".light")).to_have_text("已到")
    home.refresh_from_db()
    assert home.door == "17号之一" and not Conflict.objects.filter(settled_at=None).exists()

    Post.objects.filter(pk=county.posts["cadre"].pk).update(holder=None)
    carried.visit("赵家")
    expect(page.locator("h1")).to_have_text("走访，没有网络也能用")
    assert Sent.objects.get(state=Sent.State.ASIDE).household == Household.objects.get(called="赵家")
    assert Handset.objects.get().wiped_at


def test_every_screen_can_be_used_by_everybody(carried: Carried) -> None:
    """WCAG AA by axe at 360 px, nothing wider than the screen, targets of 48 px."""
    carried.set_up()
    home = Household.objects.get(called="陈家").pk
    faults = []
    for screen in ("", f"door/{home}", f"people/{home}", f"people/{home}/new", "door/elsewhere", "queue", "village"):
        carried.page.goto(f"{carried.person.address}/field/#/{screen}")
        carried.page.wait_for_timeout(250)
        found = Axe().run(carried.page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]})
        faults += [f"{screen}: {each['id']} {each['nodes'][0]['html'][:120]}" for each in found.response["violations"]]
        faults += [f"{screen}: {each}" for each in carried.page.evaluate(SMALL)]
    assert faults == []


SMALL = """() => {
  const all = "main a, main button, main input:not(.visually-hidden), main select, #dock a";
  const seen = [...document.querySelectorAll(all)];
  const small = seen.map((each) => each.closest("label") ?? each).filter((each) => {
    const box = each.getBoundingClientRect();
    return box.height > 0 && box.height < 47.5;
  });
  const wide = document.documentElement.scrollWidth > innerWidth ? ["wider than the screen"] : [];
  return [...wide, ...small.map((each) => `too small: ${each.outerHTML.slice(0, 90)}`)];
}"""


def _break(carried: Carried, share: float) -> None:
    """Let that share of all requests break, half of them after the county has heard them."""
    chance = random.Random(7)

    def handle(route: Route) -> Any:
        if chance.random() >= share:
            return route.continue_()
        if chance.random() < 0.5:
            return route.abort()
        route.fetch()
        return route.abort()

    carried.context.route("**/api/v1/field/**", handle)
