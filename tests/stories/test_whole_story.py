"""A voice from the first word to the last, in a real browser: as it would be on the first day in a county."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from lianxin.ledger import actions as ledger
from lianxin.people import actions as people
from lianxin.resolve.models import Case
from tests.cast import Cast
from tests.stories.acts import WORDS, dispatch, do, fill, look_up, send, sign_in, tell
from tests.stories.browser import PHONE
from tests.stories.conftest import Enter, Now

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "ba-shan-ye-yu-1978"
DONE = "更换了加压泵，水压恢复正常。"
REPLY = "水泵已经更换，10月9日起恢复正常供水。"


def test_from_the_first_word_to_the_last(person: Enter, county: Cast, now: Now, tmp_path: Path) -> None:
    resident = person(size=PHONE)
    # -- a resident speaks, on a telephone
    page = resident.go("/")
    with page.expect_navigation():
        page.locator("a[href='/speak/']").first.click()
    number, code = tell(resident)
    assert len(code.replace(" ", "")) == 6
    # -- the dispatcher signs in and registers it without touching the mouse
    people.set_password(county.officers["dispatcher"], password=PASSWORD, by=county.officers["dispatcher"], at=now.at)
    now.on(9, 30, 9)
    clerk = person()
    page = sign_in(clerk, "dispatcher", PASSWORD)
    assert page.url.endswith("/desk/")
    page = clerk.go("/desk/triage/")
    assert "没水" in page.locator(".words").inner_text()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    case = Case.objects.get()
    assert case.state == "registered"
    # -- who owes what
    dispatch(clerk, case.number)
    # -- the water section takes it, tells how it goes, and is done
    now.on(9, 30, 15)
    handler = person().enter(county.officers["handler"])
    handler.go("/desk/")
    do(handler, case.number, "take")
    do(handler, case.number, "progress", text="已到现场看过，正在备料。", public=True)
    page = look_up(person(size=PHONE), number, code)
    assert "正在备料" in page.locator("main").inner_text()
    assert "10月13日" in page.locator("main").inner_text(), "30 September and five working days, over the holidays"
    now.on(10, 9, 10)
    handler = person().enter(county.officers["handler"])
    do(handler, case.number, "finish", result="solved", text=DONE, root_cause="加压泵老化")
    # -- somebody else looks, and answers everybody
    now.on(10, 10, 9)
    examiner = person().enter(county.officers["examiner"])
    do(examiner, case.number, "reexamine", matched="True", finding="晚上七点到现场看过，有水。", on_site=True)
    do(examiner, case.number, "reply", text=REPLY)
    # -- the resident reads the answer, how the date was counted, and has the last word
    now.on(10, 10, 20)
    resident = person(size=PHONE)
    page = look_up(resident, number, code)
    said = page.locator("main").inner_text()
    assert REPLY in said and WORDS in said
    with page.expect_navigation():
        page.locator("a[href*='solved=yes']").click()
    form = page.locator("form.confirm")
    fill(form, result_grade=5, handling_grade=5, words="没想到这么快，谢谢。")
    send(page, form)
    assert page.url.endswith(f"/track/{number}/")
    case.refresh_from_db()
    assert (case.state, case.result) == ("closed", "solved")
    # -- it counts in public
    page = resident.go("/figures/")
    shown = {figure.split("\n")[-1]: figure.split("\n")[0] for figure in page.locator(".figures > *").all_inner_texts()}
    assert [value[0] for value in list(shown.values())[:4]] == ["1", "1", "1", "1"], shown
    # -- and anybody can check that the record was not altered
    ledger.seal_events(at=now.at)
    page = resident.go(f"/track/{number}/")
    with page.expect_download() as download:
        page.locator(f"a[href$='/{number}/proof.json']").click()
    download.value.save_as(proof := tmp_path / "proof.json")
    checked = subprocess.run(
        [sys.executable, settings.ROOT / "docs/check_proof.py", proof], capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0 and "RIGHT" in checked.stdout, checked.stdout + checked.stderr
    page = resident.go("/ledger/")
    root = checked.stdout.split("root   ")[1].split()[0]
    assert root[:16] in page.content().replace(" ", ""), "the root of the proof is the published one"
