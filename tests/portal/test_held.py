"""Files of a form that came back: still there, for this browser alone, for a while, and then gone without a trace."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image

from lianxin.ledger import actions as ledger
from lianxin.ledger import jobs
from lianxin.ledger.actions import holding, open_file
from lianxin.ledger.models import Attachment, Event
from lianxin.ledger.rules import HELD_FOR
from lianxin.listen.models import Voice
from tests.html import flat
from tests.portal.test_speak import form, picture

pytestmark = pytest.mark.usefixtures("county")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Any) -> Path:
    settings.DATA = tmp_path
    return tmp_path / "held"


def back(client: Client, *files: SimpleUploadedFile, **more: Any) -> tuple[str, dict[str, Any]]:
    """Send a form without words; return the page and what its second sending carries along."""
    answer = client.post("/speak/", form(text="", photos=list(files), **more))
    assert answer.status_code == 422
    page = answer.content.decode()
    found = re.search(r'name="held" value="(\w+)"', page)
    return page, {"held": found[1]} if found else {}


def names() -> list[str]:
    return sorted(Voice.objects.get().attachments.values_list("name", flat=True))


def test_files_are_there_the_second_time(client: Client, folder: Path) -> None:
    page, along = back(client, picture("井盖.jpg"), picture("路口.jpg"))
    assert "井盖.jpg" in page and "路口.jpg" in page and along
    assert not Attachment.objects.exists() and not Event.objects.filter(verb="file.kept").exists()
    page, along = back(client, **along)  # a second mistake
    assert "井盖.jpg" in page
    assert client.post("/speak/", form(**along)).status_code == 302
    assert names() == ["井盖.jpg", "路口.jpg"]


def test_new_files_come_beside_and_some_are_left_out(client: Client) -> None:
    page, along = back(client, picture("一.jpg"), picture("二.jpg"))
    boxes = dict(re.findall(r'name="leave_out" value="(\w+)"><span>\D*?([一二]\.jpg)', flat(page)))
    leave = next(key for key, name in boxes.items() if name == "一.jpg")
    assert client.post("/speak/", form(**along, leave_out=leave, photos=[picture("三.jpg")])).status_code == 302
    assert names() == ["三.jpg", "二.jpg"]


def test_not_more_than_may_be_sent_at_once(client: Client) -> None:
    _page, along = back(client, *(picture(f"{n}.jpg") for n in range(3)))
    answer = client.post("/speak/", form(**along, photos=[picture("a.jpg"), picture("b.jpg"), picture("c.jpg")]))
    assert answer.status_code == 422 and not Voice.objects.exists()
    page = answer.content.decode()
    assert all(name in page for name in ("0.jpg", "2.jpg", "a.jpg", "c.jpg"))  # who has too many chooses what stays


def test_another_browser_does_not_get_them(client: Client) -> None:
    _page, along = back(client, picture("一.jpg"))
    stranger = Client()
    answer = stranger.post("/speak/", form(**along))
    assert answer.status_code == 422 and "一.jpg" not in answer.content.decode()
    assert not Voice.objects.exists()


def test_two_forms_of_one_browser_do_not_mix(client: Client) -> None:
    _page, first = back(client, picture("一.jpg"))
    _page, second = back(client, picture("二.jpg"))
    client.post("/speak/", form(**first))
    assert names() == ["一.jpg"]
    client.post("/speak/", form(key="z" * 32, **second))
    assert Voice.objects.count() == 2


def test_what_is_gone_is_said_and_not_lost_in_silence(
    client: Client, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    _page, along = back(client, picture("一.jpg"))
    now = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: now + HELD_FOR)
    answer = client.post("/speak/", form(**along))
    page = answer.content.decode()
    assert answer.status_code == 422 and "一.jpg" in page and 'name="held"' not in page
    assert client.post("/speak/", form()).status_code == 302  # without it, on purpose


def test_the_worker_forgets_them(client: Client, folder: Path) -> None:
    back(client, picture("一.jpg"))
    (held,) = folder.iterdir()
    assert oct(held.stat().st_mode)[-3:] == "600"
    jobs.let_go(at=timezone.now() + HELD_FOR - timedelta(minutes=1))
    assert held.exists()
    jobs.let_go(at=timezone.now() + HELD_FOR)
    assert not held.exists()


def test_who_leaves_leaves_nothing_behind(client: Client, folder: Path) -> None:
    back(client, picture("一.jpg"))
    client.post("/leave/")
    assert list(folder.iterdir()) == []


def test_nothing_of_where_a_picture_was_taken_is_held(client: Client, folder: Path) -> None:
    taken = Image.Exif()
    taken[0x010F] = "Kamera-des-Melders"
    file = BytesIO()
    Image.new("RGB", (40, 30), "white").save(file, "JPEG", exif=taken)
    assert b"Kamera-des-Melders" in file.getvalue()
    back(client, SimpleUploadedFile("a.jpg", file.getvalue()))
    (held,) = folder.iterdir()
    assert b"Kamera-des-Melders" not in held.read_bytes()


@pytest.mark.parametrize("content", [b"MZ\x90\x00 program", b"\xff\xd8\xff broken"])
def test_what_cannot_be_handed_in_is_not_held(client: Client, folder: Path, content: bytes) -> None:
    page, along = back(client, picture("good.jpg"), SimpleUploadedFile("bad.jpg", content))
    assert len(list(folder.iterdir())) == 1 and along
    assert page.index("bad.jpg") < page.index("good.jpg")  # named as one to choose again


def test_a_full_house_holds_nothing_more(client: Client, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(holding, "HELD_BYTES_MAX", 100)
    page, along = back(client, picture("一.jpg"))
    assert not along and "一.jpg" in page and not folder.exists()


@pytest.mark.parametrize("number", ["x", "../../etc", "\x00", "f" * 5000])
def test_numbers_that_were_never_given_open_nothing(client: Client, number: str) -> None:
    answer = client.post("/speak/", form(held=number, leave_out=[number, ""]))
    assert answer.status_code == 422
    assert ledger.held_content(number, at=timezone.now()) is None
    ledger.let_go(number)


def test_nothing_of_it_is_logged(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    back(client, picture("王小二的房产证.jpg"), SimpleUploadedFile("李四.exe", b"MZ"))
    assert "王小二" not in caplog.text and "李四" not in caplog.text


def test_letters_hold_them_too(client: Client, cast: Any) -> None:
    answer = client.post("/letter/?tier=county", form(text="", photos=[picture("信.jpg")]))
    assert answer.status_code == 422 and "信.jpg" in answer.content.decode()


def test_held_content_is_what_was_sent(client: Client) -> None:
    back_, along = back(client, SimpleUploadedFile("说明.pdf", b"%PDF-1.4 whole"))
    assert "说明.pdf" in back_
    client.post("/speak/", form(**along))
    with open_file(Attachment.objects.get()) as file:
        assert file.read() == b"%PDF-1.4 whole"
