"""Files: known by content, bounded, stripped of what a camera adds, stored once."""

from __future__ import annotations

import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from hypothesis import HealthCheck, given
from hypothesis import settings as tries
from hypothesis import strategies as st
from PIL import Image

from lianxin.kit.refusal import Refusal
from lianxin.ledger import actions, rules
from lianxin.ledger.actions import files, keep_file, open_file
from lianxin.ledger.models import Attachment, Event
from lianxin.ledger.rules import KIND_BY_MIME, tidy_name
from tests.ledger.test_seal import NOW

pytestmark = pytest.mark.django_db

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture(autouse=True)
def _own_store(tmp_path: Path, settings: Any) -> None:
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}}
    }


def keep(content: bytes, name: str = "文件.dat") -> Attachment:
    return keep_file(content=content, name=name, by=None, at=NOW)


def stored(attachment: Attachment) -> bytes:
    with open_file(attachment) as file:
        return bytes(file.read())


def picture(form: str = "JPEG", *, orientation: int = 1, mode: str = "RGB", size: tuple[int, int] = (40, 20)) -> bytes:
    """Make a picture, red on its left, with the place and the camera in it."""
    image = Image.new(mode, size, "blue")
    image.paste("red", (0, 0, size[0] // 2, size[1]))
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = orientation, "SecretCamera"
    exif.get_ifd(0x8825).update({1: "N", 2: (25.0, 2.0, 3.0)})
    out = BytesIO()
    image.save(out, form, exif=exif)
    return out.getvalue()


def packed(parts: dict[str, bytes], *, kind: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", kind) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def workbook() -> bytes:
    out = BytesIO()
    book = openpyxl.Workbook()
    book.active.append(["姓名", "诉求"])  # type: ignore[union-attr]
    book.save(out)
    return out.getvalue()


GOOD = {
    "image/jpeg": picture("JPEG"),
    "image/png": picture("PNG"),
    "image/webp": picture("WEBP"),
    "application/pdf": b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n",
    XLSX: workbook(),
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": packed({"word/document.xml": b"<w/>"}),
    "audio/mpeg": b"\xff\xfb\x90\x64" + bytes(400),
    "audio/mp4": b"\0\0\0\x20ftypM4A \0\0\0\0M4A mp42isom" + bytes(100),
    "audio/ogg": b"OggS\0\x02" + bytes(22) + b"\x01\x13OpusHead" + bytes(50),
    "audio/amr": b"#!AMR\n\x3c" + bytes(50),
    "text/plain": "水管坏了三天。\n".encode(),
}
BAD = {
    "exe": b"MZ\x90\0" + bytes(300),
    "elf": b"\x7fELF" + bytes(300),
    "html": b"  <!DOCTYPE html><script>alert(1)</script>",
    "svg": b"<svg xmlns='http://www.w3.org/2000/svg' onload='x'/>",
    "svg with mark": b"\xef\xbb\xbf<?xml version='1.0'?><svg/>",
    "gif": b"GIF89a" + bytes(30),
    "zip": packed({"a.txt": b"hello"}),
    "jar": packed({"META-INF/MANIFEST.MF": b"x", "A.class": b"y"}),
    "macros": packed({"xl/workbook.xml": b"x", "xl/vbaProject.bin": b"y"}),
    "mp4": b"\0\0\0\x20ftypisom\0\0\0\0isommp42" + bytes(100),
    "heic": b"\0\0\0\x18ftypheic\0\0\0\0heicmif1" + bytes(100),
    "video in ogg": b"OggS\0\x02" + bytes(22) + b"\x80theora" + bytes(50),
    "noise": bytes(range(256)),
    "old word": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
}


@pytest.mark.parametrize("mime", GOOD)
def test_welcome_kinds_are_known_by_content(mime: str) -> None:
    attachment = keep(GOOD[mime], "随便.exe")
    assert attachment.mime == mime and attachment.name.endswith(KIND_BY_MIME[mime].suffixes[0])
    assert attachment.size == len(stored(attachment))
    if not mime.startswith("image/"):
        assert stored(attachment) == GOOD[mime]


@pytest.mark.parametrize("what", BAD)
@pytest.mark.parametrize("name", ["照片.jpg", "报告.txt"])
def test_other_kinds_are_refused_with_what_is_welcome(what: str, name: str) -> None:
    with pytest.raises(actions.FileKindRefused) as refused:
        keep(BAD[what], name)
    assert "PDF" in str(refused.value) and refused.value.status == 415
    assert not Attachment.objects.exists() and not Event.objects.exists()


def test_telephone_photos_in_heic_get_an_own_hint() -> None:
    with pytest.raises(actions.FileKindRefused) as refused:
        keep(BAD["heic"])
    assert "HEIC" in str(refused.value)


def test_text_in_chinese_encodings_and_tables() -> None:
    assert keep("供水,三天\n".encode("gb18030"), "表.csv").mime == "text/csv"
    assert keep("供水".encode("gb18030"), "说明").mime == "text/plain"


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_nothing_is_left_of_place_and_camera(form: str) -> None:
    content = picture(form)
    assert b"SecretCamera" in content
    kept = stored(keep(content))
    assert b"SecretCamera" not in kept
    with Image.open(BytesIO(kept)) as image:
        assert not dict(image.getexif()) and not image.getexif().get_ifd(0x8825)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize(
    ("orientation", "size", "red"), [(1, (40, 20), (2, 2)), (3, (40, 20), (37, 17)), (6, (20, 40), (10, 2))]
)
def test_pictures_stay_the_right_way_up(
    form: str, orientation: int, size: tuple[int, int], red: tuple[int, int]
) -> None:
    kept = stored(keep(picture(form, orientation=orientation)))
    with Image.open(BytesIO(kept)) as image:
        assert image.size == size
        pixel = image.convert("RGB").getpixel(red)
        assert isinstance(pixel, tuple) and pixel[0] > 150 > pixel[2]


@pytest.mark.parametrize(
    ("form", "mode"), [("PNG", "P"), ("PNG", "RGBA"), ("PNG", "L"), ("PNG", "1"), ("JPEG", "L"), ("JPEG", "CMYK")]
)
def test_all_colour_modes(form: str, mode: str) -> None:
    out = BytesIO()
    Image.new(mode, (8, 8)).save(out, form)
    assert keep(out.getvalue()).mime.startswith("image/")


def test_remarks_and_what_hides_behind_a_picture_are_left_out() -> None:
    out = BytesIO()
    Image.new("RGB", (8, 8)).save(out, "JPEG", comment=b"SecretRemark")
    kept = stored(keep(out.getvalue() + b"<?php SecretTail ?>"))
    assert b"Secret" not in kept


def test_huge_picture_in_a_small_file_is_refused() -> None:
    out = BytesIO()
    Image.new("1", (8000, 8000)).save(out, "PNG")
    assert len(out.getvalue()) < 100_000
    with pytest.raises(actions.FileTooLarge):
        keep(out.getvalue())


def test_bombs_are_refused_unopened() -> None:
    bombs = [
        packed({"xl/workbook.xml": b"x", "xl/sheet.xml": bytes(rules.UNPACKED_MAX + 1)}),
        packed({"xl/workbook.xml": b"x", "xl/sheet.xml": bytes(20 * 2**20)}),
        packed({"xl/workbook.xml": b"x"} | {f"x{number}": b"" for number in range(rules.ENTRIES_MAX)}),
    ]
    for bomb in bombs:
        with pytest.raises(actions.FileTooTightlyPacked):
            keep(bomb, "表.xlsx")


@pytest.mark.parametrize("cut", [0.3, 0.6, 0.9])
@pytest.mark.parametrize("mime", ["image/jpeg", "image/png", "image/webp", XLSX])
def test_broken_files_are_named_broken(mime: str, cut: float) -> None:
    content = GOOD[mime] if mime == XLSX else picture(mime.removeprefix("image/").upper(), size=(400, 400))
    with pytest.raises(actions.FileDamaged):
        keep(content[: int(len(content) * cut)])


def test_flipped_bit_in_a_document_is_found() -> None:
    content = bytearray(packed({"xl/workbook.xml": b"0123456789" * 50}, kind=zipfile.ZIP_STORED))
    content[100] ^= 1
    with pytest.raises(actions.FileDamaged):
        keep(bytes(content))


def test_empty_and_too_large(settings: Any) -> None:
    with pytest.raises(actions.FileEmpty):
        keep(b"")
    settings.UPLOAD_MAX_BYTES = 2**20
    with pytest.raises(actions.FileTooLarge) as refused:
        keep_file(content=ContentFile(b"x" * (2**20 + 1)), name="a.txt", by=None, at=NOW)
    assert "1 MB" in str(refused.value) and refused.value.status == 413
    assert keep(b"x" * 2**20).size == 2**20


def test_same_content_is_stored_once(tmp_path: Path) -> None:
    first, second = keep(b"same words", "a.txt"), keep(b"same words", "b.txt")
    assert first.stored == second.stored and {first.name, second.name} == {"a.txt", "b.txt"}
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 1


def test_half_a_file_left_by_a_killed_process_is_not_taken_for_whole() -> None:
    whole = keep(b"same words")
    default_storage.delete(whole.stored)
    default_storage.save(whole.stored, ContentFile(b"same"))
    again = keep(b"same words")
    assert again.stored != whole.stored and stored(again) == b"same words"


def test_file_is_noted_without_its_name() -> None:
    attachment = keep(b"words", "张三身份证.txt")
    event = Event.objects.about(attachment).get()
    assert event.verb == "file.kept" and event.data["sha256"] == attachment.sha256
    assert "张三" not in repr(event.facts())


def test_lost_file_says_so(settings: Any) -> None:
    attachment = keep(b"words")
    default_storage.delete(attachment.stored)
    with pytest.raises(FileNotFoundError):
        open_file(attachment)


@pytest.mark.parametrize(
    ("given_", "kept"),
    [
        ("照片.JPG", "照片.jpg"), ("a.jpeg", "a.jpeg"), ("../../etc/passwd", "passwd.jpg"),
        ("C:\\x\\y.jpg", "y.jpg"),
        ("a\0b\n.jpg", "ab.jpg"), ("photo\u202egpj.exe", "photogpj.exe.jpg"), ("", "file.jpg"), ("...", "file.jpg"),
        (".jpg", "jpg.jpg"), ("长" * 300 + ".jpg", "长" * 96 + ".jpg"),
        ('a"<b>|c?.jpg', "a b c.jpg"), ("/", "file.jpg"),
    ],
)  # fmt: skip
def test_names_are_made_harmless(given_: str, kept: str) -> None:
    assert tidy_name(given_, KIND_BY_MIME["image/jpeg"]) == kept


@given(st.text(max_size=300))
def test_no_name_escapes(name: str) -> None:
    tidy = tidy_name(name, KIND_BY_MIME["text/plain"])
    assert tidy.endswith((".txt", ".md")) and len(tidy) <= 100 and not set(tidy) & set('/\\\0\r\n"<>:|?*')
    assert not tidy.startswith(".") and tidy == tidy_name(tidy, KIND_BY_MIME["text/plain"])


@tries(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=200)
@given(data=st.data())
def test_whatever_is_handed_in_is_kept_or_refused(data: st.DataObject) -> None:
    """Bend good files anywhere: there is a row or a named refusal, never anything else."""
    content = bytearray(data.draw(st.sampled_from(list(GOOD.values()))))
    for _ in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    try:
        kind = files._kind_of(bytes(content), "x")
        if kind.is_picture:
            files._without_traces(bytes(content), kind)
    except Refusal as refused:
        assert str(refused)
