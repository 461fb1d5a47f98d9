"""Files that are not what they seem, and lists that are broken in every way we could think of."""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Callable
from io import BytesIO
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from lianxin.ledger.models import Attachment
from lianxin.listen.models import Voice
from tests.cast import Cast

MEGABYTE = 1024 * 1024


def _picture(kind: str = "JPEG", size: tuple[int, int] = (40, 30)) -> bytes:
    kept = BytesIO()
    Image.new("RGB", size, "green").save(kept, kind)
    return kept.getvalue()


def _png_that_claims(width: int, height: int) -> bytes:
    """Return a small PNG that says it is enormous: what opens it without asking runs out of memory."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")
    )


def _zipped(entries: dict[str, bytes]) -> bytes:
    kept = BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as box:
        for name, content in entries.items():
            box.writestr(name, content)
    return kept.getvalue()


def _bomb() -> bytes:
    return _zipped({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"0" * (200 * MEGABYTE)})


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 200
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
FILES: dict[str, tuple[str, Callable[[], bytes], bool]] = {
    # what it is: its name, its bytes, whether it is taken
    "a picture": ("灯.jpg", _picture, True),
    "a paper": ("单.pdf", lambda: PDF, True),
    "a picture by another name": ("灯.txt", _picture, True),
    "a name from elsewhere": ("../../etc/passwd\u202egpj.jpg", _picture, True),
    "a name of 300 letters": ("长" * 300 + ".jpg", _picture, True),
    "a program as a picture": ("灯.jpg", lambda: b"MZ\x90\0" + b"\0" * 500, False),
    "a text as a picture": ("灯.jpg", lambda: b"#!/bin/sh\nrm -rf /\n", True),
    "a page as a picture": ("灯.jpg", lambda: b"<html><script>alert(1)</script>", False),
    "a drawing with a script": ("图.svg", lambda: SVG, False),
    "nothing at all": ("空.jpg", lambda: b"", False),
    "half a picture": ("灯.jpg", lambda: _picture(size=(400, 300))[:900], False),
    "a picture that claims to be enormous": ("大.png", lambda: _png_that_claims(60_000, 60_000), False),
    "a bomb": ("表.docx", _bomb, False),
    "too much": ("大.pdf", lambda: PDF + b"\0" * (30 * MEGABYTE), False),
}


@pytest.mark.parametrize("what", FILES)
def test_a_file_is_taken_for_what_it_is(client: Client, cast: Cast, what: str) -> None:
    name, content, taken = FILES[what]
    said = {"key": uuid4().hex, "text": "村口的路灯坏了三盏。", "identity": "anonymous"}
    client.raise_request_exception = False
    answer = client.post(reverse("speak"), {**said, "photos": SimpleUploadedFile(name, content())})
    if taken:
        assert answer.status_code == 302, answer.content.decode()[-3000:]
        kept = Attachment.objects.get()
        assert "/" not in kept.name and "\u202e" not in kept.name
        assert kept.mime in ("image/jpeg", "application/pdf", "text/plain"), "as what it is, whatever it is called"
    else:
        assert answer.status_code in (413, 422)
        assert said["text"] in answer.content.decode(), "what was written is still there"
        assert not Voice.objects.exists()


def test_a_telephone_picture_is_taken_or_told(client: Client, cast: Cast) -> None:
    """HEIC is what many telephones make: taken, or refused in words that say what to do."""
    said = {"key": uuid4().hex, "text": "村口的路灯坏了三盏。", "identity": "anonymous"}
    answer = client.post(reverse("speak"), {**said, "photos": SimpleUploadedFile("IMG_1.HEIC", HEIC)})
    assert answer.status_code in (302, 422)


HEAD = "反映内容,姓名,电话,时间\n"
ROW = "村口的路灯坏了三盏,李四,13900139000,2026-09-01 08:00\n"
LISTS: dict[str, bytes] = {
    "nothing": b"",
    "one empty line": b"\n",
    "a mark and nothing": b"\xef\xbb\xbf",
    "only a head": HEAD.encode(),
    "no head": (ROW * 3).encode(),
    "GBK": (HEAD + ROW).encode("gb18030"),
    "GBK with a mark of UTF-8": b"\xef\xbb\xbf" + (HEAD + ROW).encode("gb18030"),
    "UTF-16": (HEAD + ROW).encode("utf-16"),
    "half a character": (HEAD + ROW).encode()[:-3] + b"\xe6\x9d",
    "Latin": "Text,Name\nJosé,Ünal\n".encode("latin-1"),
    "semicolons": (HEAD + ROW).replace(",", ";").encode(),
    "tabs": (HEAD + ROW).replace(",", "\t").encode(),
    "an open quote": (HEAD + '"村口的路灯坏了三盏,李四\n' + ROW * 5).encode(),
    "more cells than heads": (HEAD + ROW.strip() + ",1,2,3,4,5\n").encode(),
    "fewer cells than heads": (HEAD + "只有一格\n").encode(),
    "two heads alike": ("反映内容,反映内容\n" + "一,二\n").encode(),
    "no text in any row": (HEAD + ",李四,13900139000,\n" * 3).encode(),
    "control characters": (HEAD + "水\x00\x01\x07,李\x1b[31m四,139,\n").encode(),
    "a formula": (HEAD + "=cmd|' /C calc'!A0,@SUM(1),+1,-1\n").encode(),
    "a line without end": (HEAD + "水" * 200_000 + ",李四,,\n").encode(),
    "500 columns": (",".join(f"列{n}" for n in range(500)) + "\n" + ",".join("1" for _ in range(500)) + "\n").encode(),
    "impossible times": (HEAD + "灯坏了,李四,139,9999-99-99\n灯坏了,李四,139,0001-01-01\n").encode(),
    "a picture": _picture(),
    "a bomb as a workbook": _zipped({"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"0" * (200 * MEGABYTE)}),
    "a box of other things": _zipped({"a.txt": b"a"}),
    "half a workbook": _zipped({"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<workbook"})[:150],
    "NUL after NUL": b"\0" * 5000,
}  # fmt: skip


@pytest.mark.parametrize("what", LISTS)
def test_a_broken_list_is_told_in_words(cast: Cast, sign_in: Callable[[str], Client], what: str) -> None:
    client = sign_in("dispatcher")
    client.raise_request_exception = False
    answer = client.post(
        reverse("desk:intake"), {"kind": "voices", "file": SimpleUploadedFile("诉求.csv", LISTS[what])}
    )
    assert answer.status_code < 500
    if answer.status_code != 302:
        assert 'role="alert"' in answer.content.decode() or answer.status_code in (413, 422)
        return
    page = client.get(answer["Location"])
    assert page.status_code == 200
    begun = client.post(f"{answer['Location']}begin/", {"dry": "on", "text": "0"})
    assert begun.status_code < 500
    again = client.get(answer["Location"])
    assert again.status_code == 200
