"""Take the pictures of the documents, docs/pictures/*.png, from the demo county: make pictures."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Locator, Page

from tests.stories.chromium import chromium

ROOT = Path(__file__).resolve().parent.parent.parent
INTO = ROOT / "docs/pictures"
PASSWORD, PIN = "lianxin-demo-2026", "739146"
LARGEST = 250_000  # bytes: a document is read over slow lines, too
WIDE, NARROW = {"width": 1280, "height": 860}, {"width": 360, "height": 780}
WORDS = (
    "我们小区从上个月起，每天晚上六点到九点四楼以上基本没水，做饭洗澡都成问题。"
    "打物业电话说是水厂的事，打水厂说是物业的事。希望有人管一管。"
)
# A voice on its way with its code, a case that waits to be answered, and an application on its way, as JSON.
SAMPLES = """
import json
from lianxin.listen.models import Voice, code_of
from lianxin.resolve.models import Case
busy = Case.objects.filter(state="handling", due_at__isnull=False).order_by("-due_at").first()
told = Case.objects.filter(state="reexamining").order_by("-id").first() or busy
voice = Voice.objects.filter(items__join__case=busy).first()
from lianxin.serve.models import Application
applied = Application.objects.filter(state="accepted", service__number="YX-MED-003").order_by("-id").first()
print(json.dumps({"case": told.number, "voice": voice.number, "code": code_of(voice.number),
                  "applied": applied.number, "applied_code": code_of(applied.number)}))
"""


@contextmanager
def county() -> Iterator[tuple[str, dict[str, str]]]:
    """Serve a demo county of its own, and give its address and samples of what is in it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory() as data:
        manage = ["env", f"DATA={data}", f"PORT={port}", "DATABASE_URL=", sys.executable, "manage.py"]
        subprocess.run([*manage, "migrate", "--verbosity", "0"], cwd=ROOT, check=True)
        subprocess.run([*manage, "demo"], cwd=ROOT, check=True)
        told = subprocess.run([*manage, "shell", "-v0", "-c", SAMPLES], cwd=ROOT, check=True, capture_output=True)
        with subprocess.Popen([*manage, "serve", "--workers", "1", "--no-demo"], cwd=ROOT) as server:
            try:
                _wait(port)
                yield f"http://localhost:{port}", json.loads(told.stdout)
            finally:
                server.terminate()


def _wait(port: int) -> None:
    for _ in range(300):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise RuntimeError("The demo county does not answer.")


class Camera:
    """A browser that goes through the county and takes pictures."""

    def __init__(self, browser: Browser, address: str) -> None:
        self.browser, self.address = browser, address
        self.page = self._page(WIDE)

    def _page(self, size: dict[str, int]) -> Page:
        return self.browser.new_context(viewport=size, locale="zh-CN").new_page()  # type: ignore[arg-type]

    def narrow(self) -> None:
        """Go on with a telephone, as somebody who has not been here."""
        self.page = self._page(NARROW)

    def sign_in(self, username: str) -> None:
        """Go on as an officer at a desk."""
        self.page = self._page(WIDE)
        self.go("/sign-in")
        self.page.locator("[name=username]").fill(username)
        self.page.locator("[name=password]").fill(PASSWORD)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        self.page.wait_for_load_state("networkidle")

    def go(self, path: str) -> None:
        """Open a page, and wait for what it asks for afterwards."""
        self.page.goto(f"{self.address}{path}")
        self.page.wait_for_load_state("networkidle")

    def follow(self, link: Locator) -> None:
        """Follow a link, and wait likewise."""
        link.click()
        self.page.wait_for_load_state("networkidle")

    def take(self, name: str) -> None:
        """Keep what is seen, in few colours and few bytes."""
        seen = Image.open(BytesIO(self.page.screenshot(animations="disabled"))).convert("RGB")
        path = INTO / f"{name}.png"
        seen.quantize(colors=256, dither=Image.Dither.NONE).save(path, optimize=True)
        size = path.stat().st_size
        if size > LARGEST:
            raise RuntimeError(f"{path.name} has {size} bytes: more than {LARGEST}")
        sys.stdout.write(f"{path.relative_to(ROOT)}  {seen.width} × {seen.height}, {size // 1000} kB\n")


def residents(camera: Camera, sample: dict[str, str]) -> None:
    """Take what residents see."""
    camera.go("/")
    camera.take("home")
    camera.go("/figures/")
    camera.take("figures")
    camera.narrow()
    camera.go("/")
    camera.take("home-360")
    camera.go("/speak/")
    camera.page.locator("[name=text]").fill(WORDS)
    camera.page.wait_for_timeout(1500)  # for similar matters, asked for while one writes
    camera.page.evaluate("() => scrollTo(0, 0)")
    camera.take("speak-360")
    camera.follow(camera.page.locator("form.speak button[type=submit]").last)
    camera.take("receipt-360")
    camera.narrow()
    camera.go("/track/")
    camera.page.locator("[name=number]").fill(sample["voice"])
    camera.page.locator("[name=code]").fill(sample["code"])
    camera.follow(camera.page.locator("main form button[type=submit]").first)
    camera.take("progress-360")
    camera.go("/services/YX-MED-003/")
    camera.take("service-360")
    camera.go("/hall/")
    camera.take("hall-360")
    camera.narrow()
    camera.go("/track/")
    camera.page.locator("[name=number]").fill(sample["applied"])
    camera.page.locator("[name=code]").fill(sample["applied_code"])
    camera.follow(camera.page.locator("main form button[type=submit]").first)
    camera.take("application-360")


def officers(camera: Camera, sample: dict[str, str]) -> None:
    """Take what officers see."""
    camera.sign_in("dispatcher")
    camera.take("desk-day")
    camera.go("/desk/triage/")
    camera.take("desk-triage")
    camera.go("/desk/map/")
    camera.take("map")
    camera.sign_in("examiner")
    camera.go(f"/desk/cases/{sample['case']}/")
    camera.take("desk-case")
    camera.sign_in("secretary")
    camera.go("/desk/letters/")
    camera.follow(camera.page.locator(".list .row-item", has_text="已读").first)
    camera.take("letters")
    camera.go("/desk/leader/")
    camera.take("leader")
    camera.sign_in("window")
    camera.go("/desk/applications/")
    camera.take("desk-applications")
    camera.go(f"/desk/applications/{sample['applied']}/")
    camera.take("desk-application")
    camera.sign_in("cataloguer")
    camera.go("/desk/processes/")
    camera.follow(camera.page.locator(".list .row-item").first)
    camera.take("desk-process")


def carried(camera: Camera) -> None:
    """Take what a cadre carries to doors, and what is kept of it."""
    camera.sign_in("cadre")
    camera.page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    camera.go("/field/enrol/")
    for box in ("#pin", "#again"):
        camera.page.locator(box).fill(PIN)
    camera.page.locator("button[type=submit]").click()
    camera.page.wait_for_url("**/field/")
    camera.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    camera.page.locator("#pin").fill(PIN)
    camera.page.locator("form button[type=submit]").click()
    camera.page.locator(".door-row").first.wait_for()
    camera.page.context.set_offline(True)
    camera.page.locator(".door-row").nth(1).click()
    camera.page.locator("[name=outcome][value=met]").check()
    camera.page.locator("#text-0").fill("通水了，水压也够。路灯还没修，娃晚上回来怕。")
    camera.page.evaluate("() => { document.activeElement.blur(); scrollTo(0, 0); }")
    camera.take("field-360")
    camera.page.locator("form > button[type=submit]").click()
    camera.page.locator(".receipt").first.wait_for()
    camera.take("field-receipt-360")
    camera.sign_in("village_keeper")
    camera.go("/desk/archives/")
    camera.follow(camera.page.locator("tbody th a").first)
    camera.take("household")
    camera.sign_in("organiser")
    camera.go("/desk/visits/campaigns/")
    camera.follow(camera.page.locator(".thing li.sheet a").first)
    camera.take("campaign")
    camera.narrow()
    camera.go("/decisions/")
    camera.follow(camera.page.locator("main h2 a, main h3 a").first)
    camera.take("decision-360")


def main() -> None:
    """Take every picture."""
    INTO.mkdir(parents=True, exist_ok=True)
    with county() as (address, sample), chromium() as browser:
        camera = Camera(browser, address)
        residents(camera, sample)
        officers(camera, sample)
        carried(camera)


if __name__ == "__main__":
    main()
