"""A telephone in the hands of a browser test."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import BrowserContext, Page, expect

from lianxin.people.models import User
from tests.stories.browser import PHONE, Person

PIN = "739146"


class Carried:
    """One browser with the app in it."""

    def __init__(self, person: Person, officer: User) -> None:
        self.person = person.enter(officer)
        self.page: Page = person.page
        self.context: BrowserContext = person.context

    def set_up(self) -> None:
        """Choose a PIN, get the key, open the app and let it fetch its files."""
        self.person.go("/field/enrol/")
        self.page.locator("#pin").fill(PIN)
        self.page.locator("#again").fill(PIN)
        self.page.locator("button[type=submit]").click()
        self.page.wait_for_url("**/field/")
        self.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        self.open()

    def open(self) -> None:
        """Open it with the PIN."""
        self.page.locator("#pin").fill(PIN)
        self.page.locator("form button[type=submit]").click()
        expect(self.page.locator("#dock")).to_be_visible()

    def reopen(self) -> None:
        """Close the app and open it again."""
        self.page.close()
        self.page = self.context.new_page()
        self.person.page = self.page
        self.page.goto(f"{self.person.address}/field/")
        self.open()

    def cut(self) -> None:
        """Go where there is no network."""
        self.context.set_offline(True)

    def find(self) -> None:
        """Come back to where there is one."""
        self.context.set_offline(False)

    def visit(self, name: str, *heard: str, outcome: str = "met", photos: int = 0) -> None:
        """Go to a door, write down what was said there, and see the receipts."""
        self.page.goto(f"{self.person.address}/field/#/")
        self.page.locator(".door-row", has_text=name).first.click()
        self.page.locator(f"[name=outcome][value={outcome}]").check()
        for number, text in enumerate(heard):
            if number:
                self.page.get_by_role("button", name="还有一件事").click()
            self.page.locator(f"#text-{number}").fill(text)
        for number in range(photos):
            with self.page.expect_file_chooser() as chooser:
                self.page.get_by_role("button", name="拍照").nth(number).click()
            chooser.value.set_files({"name": "a.jpg", "mimeType": "image/jpeg", "buffer": picture(number)})
            expect(self.page.locator(".shots img")).to_have_count(number + 1)
        self.page.locator("form > button[type=submit]").click()
        expect(self.page.locator("h1")).to_have_text("记下了")
        expect(self.page.locator(".receipt")).to_have_count(len(heard))

    def send(self) -> None:
        """Press the button that sends."""
        self.page.goto(f"{self.person.address}/field/#/queue")
        self.page.get_by_role("button", name="现在上传").click()

    def states(self) -> dict[str, str]:
        """Tell what is said of each entry."""
        self.page.goto(f"{self.person.address}/field/#/queue")
        rows: Any = self.page.locator(".door-row").all()
        return {row.locator("b").inner_text(): row.locator(".light").inner_text() for row in rows}


def picture(number: int) -> bytes:
    """A photo of a camera, with its place in it."""
    from io import BytesIO

    from PIL import Image

    out = BytesIO()
    made = Image.new("RGB", (2400, 1800), (40 + number * 60, 90, 120))
    exif = Image.Exif()
    exif[0x010F] = "Camera"
    exif[0x8825] = {1: "N", 2: (30.0, 15.0, 0.0)}
    made.save(out, "JPEG", exif=exif)
    return out.getvalue()


__all__ = ["PHONE", "PIN", "Carried", "picture"]
