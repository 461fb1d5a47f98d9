"""By keyboard alone: everything is reached in the order in which it is read, and what has the focus is seen."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.cast import Cast
from tests.desk.road import Road
from tests.stories.browser import PHONE
from tests.stories.conftest import Enter, Now

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SEEN = """() => {
  const has = document.activeElement, style = getComputedStyle(has), box = has.getBoundingClientRect();
  const near = [has, has.parentElement, has.nextElementSibling].filter(Boolean).map(e => getComputedStyle(e));
  const shown = near.some(s => (s.outlineStyle !== "none" && parseFloat(s.outlineWidth) > 0) || s.boxShadow !== "none");
  return {
    what: has.tagName + ":" + (has.id || has.name || has.textContent.trim().slice(0, 20)), shown,
    inside: box.bottom > 0 && box.top < innerHeight, top: box.top + scrollY,
  };
}"""
MEANT = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']"
# Of radio buttons only one is a stop of the Tab key; what is folded, hidden or the skip link's is none.
STOPS = """(meant) => {
  const names = new Set();
  return [...document.querySelectorAll(meant)].filter(e => {
    if (!e.checkVisibility() || e.disabled || e.tabIndex < 0) return false;
    if (e.type !== "radio") return true;
    if (names.has(e.name)) return false;
    names.add(e.name);
    return true;
  }).length;
}"""


def _walk(page: Page) -> list[str]:
    """Press Tab through the page, and return where the focus was not seen."""
    stops = page.evaluate(STOPS, MEANT)
    page.evaluate("() => { document.body.tabIndex = -1; document.body.focus(); }")  # from the top
    faults, reached = [], set()
    for _ in range(stops + 3):
        page.keyboard.press("Tab")
        has = page.evaluate(SEEN)
        if has["what"].startswith("BODY"):
            break
        reached.add((has["what"], has["top"]))
        if not has["shown"]:
            faults.append(f"{page.url}: the focus on {has['what']} is not seen")
        if not has["inside"]:
            faults.append(f"{page.url}: {has['what']} has the focus and is not in sight")
    if len(reached) < stops - 1:
        faults.append(f"{page.url}: of {stops} stops only {len(reached)} are reached: {sorted(reached)}")
    return faults


def test_residents_need_no_mouse(person: Enter, county: Cast, now: Now) -> None:
    resident = person(size=PHONE, reduced_motion="reduce")
    faults = []
    for path in ("/", "/speak/", "/track/", "/sign-in"):
        faults += _walk(resident.go(path))
    assert faults == []


def test_officers_need_no_mouse(person: Enter, county: Cast, now: Now) -> None:
    road = Road(county, now.at)
    case, voice = road.handling(), road.hear()
    clerk = person(reduced_motion="reduce").enter(county.officers["dispatcher"])
    faults = []
    for path in ("/desk/", f"/desk/triage/{voice.number}/", f"/desk/cases/{case.number}/", "/desk/hear/"):
        faults += _walk(clerk.go(path))
    assert faults == []


def test_the_first_stop_leads_past_the_head(person: Enter, county: Cast) -> None:
    page = person().go("/speak/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("() => document.activeElement.id") == "main"


def test_what_is_wrong_is_found_by_keyboard(person: Enter, county: Cast) -> None:
    """After a form is refused the summary stands first, and leads to the field."""
    page = person(size=PHONE).go("/speak/")
    with page.expect_navigation():
        page.locator("form.speak button[type=submit]").last.click()
    link = page.locator("main a[href='#id_text']").first
    link.focus()
    page.keyboard.press("Enter")
    assert page.evaluate("() => document.activeElement.name") == "text"
    assert page.locator("[name=text]").get_attribute("aria-invalid") == "true"
