"""Every page as people need it: readable by machines that read aloud, on a telephone, in the dark, by keyboard alone.

The pages come from the URL table (pages.py): a new page is here without anybody thinking of it.
"""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page

from tests.cast import Cast
from tests.desk.road import Road
from tests.stories.browser import DESK, PHONE, Person, complaints, serving
from tests.stories.conftest import Now
from tests.stories.pages import Sight, complete, sights, unprinted, viewers
from tests.strangers.world import World, make

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"], "resultTypes": ["violations"]}
# What light and room change; everything else of WCAG is the same page.
SEEN = {
    "runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block", "scrollable-region-focusable"]},
    "resultTypes": ["violations"],
}
PARTS = 2  # so that both cores look
# All in one call, for each is a way through three processes: wait until nothing is being fetched, then judge.
JUDGE = """async options => {
  while (document.querySelector(".htmx-request")) await new Promise(done => setTimeout(done, 20));
  return {violations: (await axe.run(options)).violations, over: over()};
}"""
# What hangs over the right edge, by what it is: what scrolls in a frame of its own does not.
OVER = """window.over = () => {
  const page = document.documentElement;
  if (page.scrollWidth <= page.clientWidth) return [];
  return [...document.querySelectorAll("body *")].filter(e => e.getBoundingClientRect().right > page.clientWidth + 1)
    .slice(0, 3).map(e => `${e.tagName}.${e.className}`);
};"""


class Looker:
    """Looks at pages through the eyes of whoever may open them."""

    def __init__(self, browser: Browser, address: str, sessions: dict[str, str]) -> None:
        self.found = list[str]()
        self.people: dict[str, Person] = {}
        for who, session in sessions.items():
            self.people[who] = person = Person(browser, address)
            # Given to the browser once, which then brings it into each page itself.
            person.context.add_init_script(f"{Axe().axe_script}\n{OVER}")
            if session:
                person.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": address}])

    def look(self, sight: Sight) -> None:
        """Look at one page: on a desk by day, then on a telephone in the dark."""
        page = self.people[sight.viewer].page
        page.set_viewport_size(DESK)  # type: ignore[arg-type]
        page.emulate_media(color_scheme="light", reduced_motion="reduce")  # colours do not glide
        self.people[sight.viewer].go(sight.address)
        self._judge(page, f"{sight.address} ({sight.viewer}), desk", RULES)
        page.set_viewport_size(PHONE)  # type: ignore[arg-type]
        page.emulate_media(color_scheme="dark", reduced_motion="reduce")
        self._judge(page, f"{sight.address} ({sight.viewer}), phone in the dark", SEEN)

    def _judge(self, page: Page, where: str, options: dict[str, Any]) -> None:
        seen = page.evaluate(JUDGE, options)
        for fault in seen["violations"]:
            node = fault["nodes"][0]
            self.found.append(f"{where}: {fault['id']}: {node['target']} {node['html'][:160]}")
        self.found += [f"{where}: runs over the edge: {part}" for part in seen["over"]]

    def leave(self) -> None:
        for person in self.people.values():
            person.leave()


def _session(client: Client) -> str:
    held = client.cookies.get(settings.SESSION_COOKIE_NAME)
    return held.value if held else ""


@pytest.mark.parametrize("part", range(PARTS))
def test_every_page_can_be_read_by_everybody(browser: Browser, county: Cast, now: Now, part: int) -> None:
    world: World = make(Road(county, now.at))
    complete(world)
    by = viewers(world)
    with unprinted():
        found = sights(world, by, part, PARTS)
    assert len(found) > 80
    sessions = {who: _session(client) for who, client in by.items()}
    kept = {(sessions[sight.viewer], sight.address): (sight.html, sight.headers) for sight in found}
    with serving(kept) as address:
        looker = Looker(browser, address, sessions)
        try:
            for sight in found:
                looker.look(sight)
        finally:
            looker.leave()
    assert not looker.found, "\n".join(looker.found)
    assert complaints(looker.people.values()) == []
