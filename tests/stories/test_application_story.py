"""Settling elsewhere, on a phone: asked, corrected once, through two departments, decided, fetched, checked, rated."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from lianxin.listen.models import code_of
from lianxin.outbox.models import Message
from lianxin.serve.models import Application, Document
from tests.cast import Cast
from tests.serve import settling
from tests.stories.browser import PHONE, Person
from tests.stories.conftest import Enter, Now

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def press(page: Page, selector: str) -> None:
    with page.expect_navigation():
        page.locator(selector).first.click()


def chosen(page: Page, name: str, folder: Path) -> None:
    path = folder / f"{name}.pdf"
    path.write_bytes(settling.PDF + name.encode())
    page.locator(f"[name='material-{name}']").set_input_files(path)


def step(clerk: Person, application: Application, outcome: str) -> None:
    page = clerk.go(f"/desk/applications/{application.number}/")
    press(page, f"button[name=outcome][value={outcome}]")


def test_one_settles_elsewhere_with_a_phone(person: Enter, county: Cast, now: Now, tmp_path: Path) -> None:
    settling.lay(county, now.at)
    now.on(9, 30, 10)
    resident = person(size=PHONE)
    page = resident.go(f"/services/{settling.NUMBER}/apply/")
    page.locator("[name=name]").fill(settling.NAME)
    page.locator("[name=phone]").fill(settling.PHONE)
    page.locator("[name='sheet-why'][value=retired]").check()
    page.locator("[name='sheet-place']").fill("西安市雁塔区")
    chosen(page, "card", tmp_path)
    press(page, "button[value=send]")
    assert "居住证明" in page.locator(".errors").first.inner_text()
    chosen(page, "card", tmp_path)
    chosen(page, "proof", tmp_path)
    press(page, "button[value=send]")
    number = page.locator("#number").inner_text()
    assert page.locator("#code").inner_text() == code_of(number)
    application = Application.objects.get(number=number)
    base = f"/desk/applications/{number}/"

    clerk = person().enter(county.officers["clerk"])
    page = clerk.go(f"{base}correct/")
    page.locator("[name='fault-proof']").fill("看不清公章，请重新拍照")
    press(page, "form.deed button[type=submit]")
    now.on(9, 30, 10, 5)
    page = resident.go(f"/applications/{number}/")
    assert "看不清公章" in page.locator("#supply").inner_text()
    chosen(page, "proof", tmp_path)
    press(page, "#supply button[type=submit]")
    press(clerk.go(f"{base}accept/"), "form.deed button[type=submit]")
    now.on(9, 30, 10, 10)
    step(clerk, application, "ok")
    step(person().enter(county.officers["labour_reviewer"]), application, "go")
    reviewer = person().enter(county.officers["reviewer"])
    step(reviewer, application, "go")
    page = resident.go(f"/applications/{number}/")
    assert page.locator(".flow-chart svg").count() == 1 and page.locator("li[aria-current=step]").count() >= 1
    wide: Any = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= PHONE["width"]
    page = reviewer.go(f"{base}propose/")
    page.locator("[name=result][value=granted]").check()
    press(page, "form.deed button[type=submit]")
    now.on(9, 30, 10, 26)
    press(person().enter(county.officers["approver"]).go(f"{base}decide/"), "form.deed button[type=submit]")

    application.refresh_from_db()
    assert application.minutes == 26 and application.result == "granted"
    document = Document.objects.decisions().get()
    page = resident.go(f"/applications/{number}/")
    with page.expect_download() as download:
        page.locator("#documents a").first.click()
    sent = tmp_path / "decision.pdf"
    download.value.save_as(sent)
    page = person(size=PHONE).go("/verify/")
    page.locator("[name=file]").set_input_files(sent)
    press(page, "main form button[type=submit]")
    assert document.number in page.locator("#verdict").inner_text()
    sent.write_bytes(sent.read_bytes() + b"%")
    page.locator("[name=file]").set_input_files(sent)
    press(page, "main form button[type=submit]")
    assert document.number not in page.locator("#verdict").inner_text()
    page = resident.go(f"/applications/{number}/")
    page.locator("#rate [name=grade][value='5']").check()
    press(page, "#rate button[type=submit]")
    assert application.ratings.get().grade == 5
    told = Message.objects.filter(about_kind="serve.application", about_key=application.pk)
    assert told.count() == 9 and not told.filter(text__contains=settling.NAME).exists()
