"""Which kinds of file can be handed in, and how each is known by its content."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import PurePosixPath

import puremagic

PIXELS_MAX = 50_000_000  # a picture unpacks to about four bytes each
ENTRIES_MAX = 2_000
UNPACKED_MAX = 100 * 1024 * 1024  # bytes of all parts of a document together
RATIO_MAX = 200  # how many times larger one part may be than it is packed
NAME_MAX = 100  # characters
HELD_FOR = timedelta(minutes=31)  # files of a form that came back with an error; the page promises a minute less
HELD_BYTES_MAX = 1024**3  # of all held files together: nobody can fill the disk with forms that come back

_HEAD = 4096
_MARKUP = re.compile(rb"\s*<(?:!doctype|html|svg|script|\?xml|body|head|iframe)\b", re.IGNORECASE)
# What may stand in a text besides its characters: tab, new lines, form feed.
_CONTROL = bytes(set(range(32)) - {9, 10, 12, 13})
_FORBIDDEN = re.compile(r'[<>:"/\\|?*]+')


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file that can be handed in."""

    mime: str
    suffixes: tuple[str, ...]  # the first is given to a file whose name has another
    fits: Callable[[bytes], bool]
    is_picture: bool = False
    is_text: bool = False
    part: str = ""  # a document in a zip holds this


def _begins(*heads: bytes) -> Callable[[bytes], bool]:
    return lambda content: content.startswith(heads)


def _is_webp(content: bytes) -> bool:
    return content[:4] == b"RIFF" and content[8:12] == b"WEBP"


def _is_m4a(content: bytes) -> bool:
    return content[4:8] == b"ftyp" and content[8:12] in {b"M4A ", b"M4B "}


def _is_mp3(content: bytes) -> bool:
    # A tag, or the first frame: eleven bits of sync, a version that exists, layer III, a bit rate and a sampling rate.
    if content.startswith(b"ID3"):
        return True
    if len(content) < 4 or content[0] != 0xFF or content[1] & 0xE6 != 0xE2:
        return False
    return content[1] & 0x18 != 0x08 and content[2] & 0xF0 not in {0x00, 0xF0} and content[2] & 0x0C != 0x0C


def _is_voice_in_ogg(content: bytes) -> bool:
    return content.startswith(b"OggS") and any(
        codec in content[:_HEAD] for codec in (b"OpusHead", b"\x01vorbis", b"Speex   ")
    )


def _is_zip(content: bytes) -> bool:
    return content.startswith(b"PK\x03\x04")


def is_readable(content: bytes) -> bool:
    """Tell whether this is text that a person can read, in UTF-8 or GB 18030, and no web page or drawing."""
    if _MARKUP.match(content.removeprefix(b"\xef\xbb\xbf")) or len(content.translate(None, _CONTROL)) < len(content):
        return False
    for encoding in ("utf-8", "gb18030"):
        try:
            content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return True
    return False


_JPEG = Kind("image/jpeg", (".jpg", ".jpeg"), _begins(b"\xff\xd8\xff"), is_picture=True)
_PNG = Kind("image/png", (".png",), _begins(b"\x89PNG\r\n\x1a\n"), is_picture=True)
_WEBP = Kind("image/webp", (".webp",), _is_webp, is_picture=True)
_PDF = Kind("application/pdf", (".pdf",), _begins(b"%PDF-"))
_XLSX = Kind(
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", (".xlsx",), _is_zip,
    part="xl/workbook.xml",
)  # fmt: skip
_DOCX = Kind(
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document", (".docx",), _is_zip,
    part="word/document.xml",
)  # fmt: skip
_MP3 = Kind("audio/mpeg", (".mp3",), _is_mp3)
_M4A = Kind("audio/mp4", (".m4a",), _is_m4a)
_OGG = Kind("audio/ogg", (".ogg", ".oga", ".opus"), _is_voice_in_ogg)
_AMR = Kind("audio/amr", (".amr",), _begins(b"#!AMR\n", b"#!AMR-WB\n"))
# Text and tables of text cannot be told apart by content, and need not be: both are harmless. Here the name decides.
_CSV = Kind("text/csv", (".csv",), is_readable, is_text=True)
_TEXT = Kind("text/plain", (".txt", ".md"), is_readable, is_text=True)

KINDS: tuple[Kind, ...] = (_JPEG, _PNG, _WEBP, _PDF, _XLSX, _DOCX, _MP3, _M4A, _OGG, _AMR, _CSV, _TEXT)
KIND_BY_MIME: dict[str, Kind] = {kind.mime: kind for kind in KINDS}


def kinds_for(content: bytes) -> list[Kind]:
    """Return the kinds that this content can be, the surest first, by what it holds and never by its name."""
    return [kind for kind in KINDS if kind.fits(content)]


def guess(content: bytes) -> str:
    """Return how a refused file is usually named, as ".exe", or nothing: only for the words of the refusal."""
    try:
        found = puremagic.magic_string(content[:_HEAD])
    except (puremagic.PureError, ValueError):
        return ""
    return str(found[0].extension) if found else ""


def tidy_name(name: str, kind: Kind) -> str:
    """Return a name without folders, control or deceiving characters, at most 100 long, with the suffix of its kind."""
    last = PurePosixPath(unicodedata.normalize("NFC", name).replace("\\", "/")).name
    seen = "".join(character for character in last if unicodedata.category(character)[0] != "C")
    clean = " ".join(_FORBIDDEN.sub(" ", seen).split()).strip(". ")
    stem, dot, suffix = clean.rpartition(".")
    if dot and f".{suffix.lower()}" in kind.suffixes:
        ending = f".{suffix.lower()}"
    else:
        # A wrong suffix stays as part of the stem: "invoice.exe" that is a text becomes "invoice.exe.txt".
        stem, ending = clean, kind.suffixes[0]
    return (stem.strip(". ")[: NAME_MAX - len(ending)] or "file") + ending
