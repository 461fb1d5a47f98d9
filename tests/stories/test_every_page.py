"""Every page as people need it: readable by machines that read aloud, on a telephone, in the dark, by keyboard alone.

The pages come from the URL table (pages.py): a new page is here without anybody thinking of it.
"""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser

from tests.cast import Cast
from tests.desk.road import Road
from tests.stories.browser import DESK, PHONE, Person, complaints, serving
from tests.stories.conftest import Now
from tests.stories.pages import Sight, complete, sights, viewers
from tests.strangers.world import World, make

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"], "resultTypes": ["violations"]}
QUIET = "() => !document.querySelector('.htmx-request')"
# What hangs over the right edge, by what it is: what scrolls in a frame of its own does not.
OVER = """() => {
  const page = document.documentElement;
  if (page.scrollWidth <= page.clientWidth) return [];
  return [...document.querySelectorAll("body *")].filter(e => e.getBoundingClientRect().right > page.clientWidth + 1)
    .slice(0, 3).map(e => `${e.tagName}.${e.className}`);
}"""


class Looker:
    """Looks at pages through the eyes of whoever may open them."""

    def __init__(self, browser: Browser, address: str, by: dict[str, Client], **options: Any) -> None:
        self.axe, self.found = Axe(), list[str]()
        self.people: dict[str, Person] = {}
        for who, client in by.items():
            self.people[who] = person = Person(browser, address, **options)
            if session := client.cookies.get(settings.SESSION_COOKIE_NAME):
                person.context.add_cookies(
                    [{"name": settings.SESSION_COOKIE_NAME, "value": session.value, "url": address}]
                )

    def look(self, sight: Sight) -> None:
        page = self.people[sight.viewer].go(sight.address)
        page.wait_for_function(QUIET)
        where = f"{sight.address} ({sight.viewer})"
        for fault in self.axe.run(page, options=RULES).response["violations"]:
            node = fault["nodes"][0]
            self.found.append(f"{where}: {fault['id']}: {node['target']} {node['html'][:160]}")
        self.found += [f"{where}: runs over the edge: {part}" for part in page.evaluate(OVER)]

    def leave(self) -> None:
        for person in self.people.values():
            person.leave()


@pytest.fixture
def whole(county: Cast, now: Now) -> tuple[list[Sight], dict[str, Client]]:
    """Everything that can be looked at."""
    world: World = make(Road(county, now.at))
    complete(world)
    by = viewers(world)
    return sights(world, by), by


@pytest.mark.parametrize(("size", "scheme"), [(DESK, "light"), (PHONE, "dark")], ids=["desk-light", "phone-dark"])
def test_every_page_can_be_read_by_everybody(
    browser: Browser, whole: tuple[list[Sight], dict[str, Client]], size: dict[str, int], scheme: str
) -> None:
    found, by = whole
    assert len(found) > 80
    with serving() as address:
        looker = Looker(browser, address, by, size=size, color_scheme=scheme)
        try:
            for sight in found:
                looker.look(sight)
        finally:
            looker.leave()
    assert looker.found == []
    assert complaints(looker.people.values()) == []
