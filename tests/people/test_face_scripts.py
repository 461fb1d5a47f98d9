"""The scripts of the face keep their promises, in a real browser under the real Content-Security-Policy."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.utils import translation
from django.utils.safestring import mark_safe
from playwright.sync_api import Browser, Page, Route, sync_playwright

from tests.people.faces import Speech, render

CHROMIUM = Path("/usr/bin/chromium")
CSP = "; ".join(f"{name} {' '.join(values)}" for name, values in settings.CONTENT_SECURITY_POLICY["DIRECTIVES"].items())
pytestmark = [pytest.mark.urls("tests.people.faces"), pytest.mark.browser]


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        pytest.skip("Chromium is not installed (Debian package chromium)")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-gpu"])
        yield chromium
        chromium.close()


Open = Callable[..., Page]


@pytest.fixture
def show(browser: Browser) -> Iterator[Open]:
    """Opens pages by name from a small site without a server, and fails on any complaint of the browser."""
    context = browser.new_context()
    pages: dict[str, str] = {}
    complaints: list[str] = []

    def answer(route: Route) -> None:
        name = route.request.url.removeprefix("http://face.test/").split("?")[0].split("#")[0]
        if name.startswith("static/"):
            route.fulfill(path=str(finders.find(name.removeprefix("static/"))))
        else:
            html = pages.get(name, "<title>elsewhere</title>")
            route.fulfill(
                body=html, headers={"content-type": "text/html; charset=utf-8", "content-security-policy": CSP}
            )

    context.route("**/*", answer)
    context.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    context.on("weberror", lambda error: complaints.append(str(error.error)))
    page = context.new_page()

    def goto(name: str, source: str = "", **values: Any) -> Page:
        if source:
            pages[name] = render(source, **values)
        page.goto(f"http://face.test/{name}")
        return page

    yield goto
    context.close()
    assert complaints == []


FORM = (
    "{% extends 'face/portal.html' %}{% block content %}<form data-draft='voice' method='get' novalidate>"
    "{% include 'face/form.html' %}{% include 'face/draft.html' %}<button>Send</button></form>{% endblock %}"
)


def test_draft_comes_back_until_it_was_sent(show: Open) -> None:
    page = show("form", FORM, form=Speech())
    page.get_by_label("Your words").fill("no water since Monday")
    page.get_by_label("No name").check()
    page.get_by_label("Phone").fill("13800000000")
    page.get_by_text("A draft is kept on this device only.").wait_for()
    kept = page.evaluate("() => localStorage.getItem('draft:voice')")
    assert "13800000000" not in kept  # marked data-draft="off"

    page = show("form")
    assert page.get_by_label("Your words").input_value() == "no water since Monday"
    assert page.get_by_label("No name").is_checked()
    assert page.get_by_label("Phone").input_value() == ""

    show("receipt", "{% extends 'face/portal.html' %}{% block content %}<p data-draft-clear='voice'></p>{% endblock %}")
    assert show("form").get_by_label("Your words").input_value() == ""


def test_draft_can_be_thrown_away(show: Open) -> None:
    page = show("form", FORM, form=Speech())
    page.get_by_label("Your words").fill("private")
    page.get_by_role("button", name="Clear the draft").click()
    assert page.get_by_label("Your words").input_value() == ""
    assert show("form").get_by_label("Your words").input_value() == ""


def test_limit_is_told_and_a_long_paste_is_not_cut(show: Open) -> None:
    page = show("form", FORM, form=Speech())
    words = page.get_by_label("Your words")
    words.fill("一" * 17 + "\n" + "😀")  # 17 + 2 + 1, as the server counts
    page.get_by_text("0 characters left").wait_for()
    words.fill("一" * 23)
    page.get_by_text("3 characters too many").wait_for()
    assert words.input_value() == "一" * 23
    assert words.evaluate("field => field.validity.customError")


DESK = (
    "{% extends 'face/desk.html' %}{% block list %}<header><input type='search' aria-label='Find'></header>"
    "<a class='row-item' href='#1' aria-current='true'>One</a><a class='row-item' href='#2'>Two</a>{% endblock %}"
    "{% block thing %}<a data-key='e' href='#edit'>Edit <kbd>E</kbd></a>{% endblock %}"
)


def test_keys_of_the_desk(show: Open) -> None:
    page = show("desk", DESK)
    page.keyboard.press("j")
    page.wait_for_url("**/desk#2")
    page.keyboard.press("e")
    page.wait_for_url("**/desk#edit")
    page.keyboard.press("/")
    page.keyboard.type("jek")  # letters, not commands, while writing
    assert page.get_by_label("Find").input_value() == "jek"
    assert page.url.endswith("#edit")


def test_keys_are_listed_and_can_be_switched_off(show: Open) -> None:
    page = show("desk", DESK)
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keys of this page")
    dialog.get_by_text("Edit", exact=True).wait_for()
    dialog.get_by_label("Use these keys").uncheck()
    dialog.get_by_role("button", name="Close").click()
    page.keyboard.press("e")
    assert "#edit" not in page.url
    page.keyboard.press("?")
    assert not dialog.get_by_label("Use these keys").is_checked()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_nothing_runs_over_the_edge_and_dark_is_dark(show: Open, scheme: str, width: int) -> None:
    page = show("form", FORM, form=Speech(data={"words": "x" * 300}))
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.set_viewport_size({"width": width, "height": 700})
    assert page.locator("html").evaluate("page => page.scrollWidth - page.clientWidth") == 0
    ground = page.locator("body").evaluate("body => getComputedStyle(body).backgroundColor")
    assert ground == ("rgb(21, 24, 28)" if scheme == "dark" else "rgb(250, 248, 244)")


def test_paper_has_a_button_that_prints(show: Open) -> None:
    source = "{% extends 'face/print.html' %}{% block heading %}Receipt{% endblock %}"
    page = show("paper", source, office="Office", number="1", qr=mark_safe("<svg></svg>"), date="1 May")
    assert page.get_by_role("button", name="Print").is_visible()
    page.emulate_media(media="print")
    assert not page.get_by_role("button", name="Print").is_visible()
