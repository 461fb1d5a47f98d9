"""What people do in the stories, by what stands on the pages."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Locator, Page

from tests.stories.browser import Person

WORDS = "我们小区从上个月起，每天晚上六点到九点四楼以上基本没水，做饭洗澡都成问题。希望有人来看一看。"
NAME, TELEPHONE = "张小三", "13800138000"


def fill(form: Locator, **given: Any) -> None:
    """Fill the fields of a form by their names: text, a choice by its words, a tick by True."""
    for name, value in given.items():
        found = form.locator(f"[name={name}]")
        kind = found.first.evaluate("field => field.tagName + ':' + (field.type || '')").lower()
        if kind == "input:radio":
            form.locator(f"[name={name}][value='{value}']").check()
        elif kind == "input:checkbox":
            found.set_checked(bool(value))
        elif kind.startswith("select"):
            found.select_option(label=value)
        else:
            found.fill(str(value))


def send(page: Page, form: Locator) -> None:
    """Send a form, and wait for the page that answers."""
    with page.expect_navigation():
        form.locator("button[type=submit]").last.click()


def tell(person: Person, path: str = "/speak/", **given: Any) -> tuple[str, str]:
    """Say something on the form, and return number and code of the receipt."""
    page = person.go(path)
    form = page.locator("form.speak")
    fill(form, **{"text": WORDS, "name": NAME, "phone": TELEPHONE, **given})
    send(page, form)
    assert page.url.endswith("/receipt/")
    return page.locator("#number").inner_text(), page.locator("#code").inner_text()


def look_up(person: Person, number: str, code: str) -> Page:
    """Open the progress with receipt and code, typed as people type."""
    page = person.go("/track/")
    form = page.locator("main form")
    fill(form, number=number.lower().replace("-", " "), code=code)
    send(page, form)
    assert page.url.endswith(f"/track/{number}/")
    return page


def sign_in(person: Person, username: str, password: str) -> Page:
    """Sign in by the form, with the keyboard."""
    page = person.go("/sign-in")
    page.locator("[name=username]").fill(username)
    page.locator("[name=password]").fill(password)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    return page


def do(person: Person, number: str, deed: str, **given: Any) -> Page:
    """Do one deed on a case: its button, its form, and back to the case."""
    page = person.page
    if not page.url.endswith(f"/desk/cases/{number}/"):
        person.go(f"/desk/cases/{number}/")
    button = page.locator(f".acts a[href*='/{deed}/']")
    if not button.is_visible():
        page.locator(".more-acts summary").click()
    button.click()
    form = page.locator("#deed-form")
    form.wait_for()
    fill(form, **given)
    send(page, form)
    assert page.url.endswith(f"/desk/cases/{number}/"), form.inner_text()
    return page


def dispatch(person: Person, number: str) -> Page:
    """Give the case to the water section; the hub coordinates."""
    return do(person, number, "dispatch", lead="县水务局供水股", wish="请查明水压不足的原因")


def case_on(page: Page) -> str:
    """Return the number of the case that a page links to."""
    href = page.locator("a[href*='/desk/cases/']", has_text=re.compile("[A-Z]")).last.get_attribute("href") or ""
    return href.rstrip("/").rsplit("/", 1)[-1]
