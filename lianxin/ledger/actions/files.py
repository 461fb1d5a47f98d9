"""Keeping the files that people hand in."""

from __future__ import annotations

import hashlib
import lzma
import zipfile
import zlib
from datetime import datetime
from io import BytesIO

from django.conf import settings
from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

from lianxin.kit.refusal import Refusal
from lianxin.ledger.actions.events import Named, note
from lianxin.ledger.models import Attachment
from lianxin.ledger.rules import ENTRIES_MAX, PIXELS_MAX, RATIO_MAX, UNPACKED_MAX, Kind, guess, kinds_for, tidy_name

_ORIENTATION = 0x0112  # the EXIF tag by which a camera says how it was held
_QUALITY = 92
_WELCOME = _(
    "Photos (JPG, PNG, WebP), PDF, Word, Excel, plain text and voice recordings (MP3, M4A, OGG, AMR) can be handed in."
)


class FileEmpty(Refusal):
    """There is nothing in the file."""

    status = 422


class FileTooLarge(Refusal):
    """The file is larger than what can be taken."""

    status = 413


class FileKindRefused(Refusal):
    """Files of this kind are not taken, whatever their name."""

    status = 415


class FileDamaged(Refusal):
    """The file begins like its kind but cannot be read."""

    status = 422


class FileTooTightlyPacked(Refusal):
    """Unpacked, the file would be far larger than it looks."""

    status = 413


@transaction.atomic
def keep_file(
    *,
    content: bytes | File[bytes],
    name: str,
    by: Named | None,
    at: datetime,
    trust: str = Attachment.Trust.GIVEN,
) -> Attachment:
    """Keep a file that somebody handed in, known by its content, and return its row.

    Pictures are written anew, so that nothing is left of place, time and camera; they stay the right way up. Equal
    contents are stored once. `by` is the officer, or None for a resident. Raises FileEmpty, FileTooLarge,
    FileKindRefused, FileDamaged and FileTooTightlyPacked.
    """
    kept, kind = cleaned(content, name)
    digest = hashlib.sha256(kept).hexdigest()
    attachment = Attachment.objects.create(
        sha256=digest,
        name=tidy_name(name, kind),
        mime=kind.mime,
        size=len(kept),
        trust=trust,
        stored=_store(kept, digest),
        at=at,
        by_id=by.pk if by else None,
    )
    note("file.kept", attachment, by=by, at=at, data={"sha256": digest, "mime": kind.mime, "size": len(kept)})
    return attachment


def cleaned(content: bytes | File[bytes], name: str) -> tuple[bytes, Kind]:
    """Return a file as it is kept, and what it is. Raises what keep_file raises."""
    given = _read(content)
    kind = _kind_of(given, name)
    return (_without_traces(given, kind) if kind.is_picture else given), kind


def open_file(attachment: Attachment) -> File[bytes]:
    """Open the stored content for reading; the caller closes it. Raises FileNotFoundError when the store lost it."""
    return default_storage.open(attachment.stored, "rb")


def _read(content: bytes | File[bytes]) -> bytes:
    limit = settings.UPLOAD_MAX_BYTES
    found = content if isinstance(content, bytes) else content.read(limit + 1)
    if not found:
        raise FileEmpty(_("This file is empty. Please choose it again."))
    if len(found) > limit:
        raise FileTooLarge(
            format_lazy(
                _("This file is too large: at most {limit} MB can be taken. A smaller photo is enough."),
                limit=limit // 2**20,
            )
        )
    return found


def _kind_of(content: bytes, name: str) -> Kind:
    kinds = kinds_for(content)
    if any(kind.part for kind in kinds):
        return _document_kind(content, kinds)
    if not kinds:
        raise FileKindRefused(_why_not(content))
    if not kinds[0].is_text:
        return kinds[0]
    named = [kind for kind in kinds if name.lower().endswith(kind.suffixes)]
    return named[0] if named else kinds[-1]


def _why_not(content: bytes) -> Promise:
    if content[4:8] == b"ftyp" and content[8:12] in {b"heic", b"heix", b"mif1", b"msf1", b"hevc"}:
        return format_lazy(
            _(
                "This is a photo in the HEIC form of some telephones."
                " Please send it as JPG: a screenshot of it will do."
                " {welcome}"
            ),
            welcome=_WELCOME,
        )
    found = guess(content)
    if found:
        return format_lazy(
            _("This file is of a kind that cannot be taken ({found}). {welcome}"), found=found, welcome=_WELCOME
        )
    return format_lazy(_("This file is of a kind that cannot be taken. {welcome}"), welcome=_WELCOME)


def _document_kind(content: bytes, kinds: list[Kind]) -> Kind:
    """Return which document a zip holds, after making sure that it can be unpacked without harm."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            _measure(archive)
            names = set(archive.namelist())
            if archive.testzip() is not None:
                raise FileDamaged(_damaged())
    except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, RuntimeError, EOFError, ValueError, OSError) as problem:
        raise FileDamaged(_damaged()) from problem
    for kind in kinds:
        if kind.part in names and not any(name.endswith("vbaProject.bin") for name in names):
            return kind
    raise FileKindRefused(_why_not(content))


def _measure(archive: zipfile.ZipFile) -> None:
    """Refuse what would unpack to far more than it looks; Python never unpacks a part beyond its declared size."""
    parts = archive.infolist()
    dense = any(part.file_size > RATIO_MAX * max(part.compress_size, 1024) for part in parts)
    if len(parts) > ENTRIES_MAX or sum(part.file_size for part in parts) > UNPACKED_MAX or dense:
        raise FileTooTightlyPacked(
            _(
                "This file holds far more than it seems to, so it is not opened."
                " Please save it anew with less in it, or as PDF."
            )
        )


def _without_traces(content: bytes, kind: Kind) -> bytes:
    """Return the picture written anew: turned the right way up, without place, time, camera and remarks."""
    try:
        with Image.open(BytesIO(content), formats=["JPEG", "PNG", "WEBP"]) as picture:
            if picture.width * picture.height > PIXELS_MAX:
                raise FileTooLarge(
                    format_lazy(
                        _(
                            "This picture has too many points: at most {limit} million can be taken."
                            " A smaller photo is enough."
                        ),
                        limit=PIXELS_MAX // 1_000_000,
                    )
                )
            picture.load()
            return _written_anew(picture, kind)
    except Refusal:
        raise
    except Exception as problem:  # a broken picture makes Pillow raise whatever its decoder stumbled over
        raise FileDamaged(_damaged()) from problem


def _written_anew(picture: Image.Image, kind: Kind) -> bytes:
    out = BytesIO()
    colours = picture.info.get("icc_profile")
    if picture.mode == "P":
        picture = picture.convert("RGBA" if "transparency" in picture.info else "RGB")
    upright = picture.getexif().get(_ORIENTATION, 1) == 1
    if not upright:
        picture = ImageOps.exif_transpose(picture)
    picture.info.clear()
    if kind.mime == "image/jpeg":
        # An upright photo keeps its own tables, so that writing it anew loses next to nothing.
        picture.save(
            out, "JPEG", quality="keep" if upright and picture.format == "JPEG" else _QUALITY, icc_profile=colours
        )
    elif kind.mime == "image/png":
        picture.save(out, "PNG", icc_profile=colours)
    else:
        picture.save(out, "WEBP", quality=_QUALITY, icc_profile=colours or b"")
    return out.getvalue()


def _damaged() -> str:
    return str(_("This file cannot be read; it may have broken on its way. Please send it again."))


def _store(content: bytes, digest: str) -> str:
    """Store the content under its hash, unless it is there already, and whole: a killed process leaves halves."""
    place = f"{digest[:2]}/{digest}"
    if default_storage.exists(place) and _digest_of(place) == digest:
        return place
    return default_storage.save(place, ContentFile(content))


def _digest_of(place: str) -> str:
    with default_storage.open(place, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
