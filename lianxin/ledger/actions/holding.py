"""Holding files for a short while: they were chosen in a form that came back, and are not handed in yet.

Nothing of it is a deed: no row is written and the ledger says nothing. A held file is known by a token that only the
session of its browser keeps; whoever does not send the form leaves nothing behind.
"""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.core.files.base import File
from django.utils.translation import gettext_lazy as _

from lianxin.kit.refusal import Refusal
from lianxin.ledger.actions.files import cleaned
from lianxin.ledger.rules import HELD_BYTES_MAX, HELD_FOR, tidy_name

_TOKEN = re.compile(r"[0-9a-f]{64}")


class NoRoomToHold(Refusal):
    """Too much is held already; the file must be chosen again."""

    status = 507


@dataclass(frozen=True, slots=True)
class Held:
    """A file that is held: by which token, and what to call it."""

    token: str
    name: str
    mime: str
    size: int


def hold_file(*, content: bytes | File[bytes], name: str, at: datetime) -> Held:
    """Hold a file as it would be kept, with no trace of place, time and camera, for HELD_FOR from `at`.

    Raises NoRoomToHold, and what keep_file raises: what could not be handed in is not held either.
    """
    found, kind = cleaned(content, name)
    if sum(size for _path, _mtime, size in _files()) + len(found) > HELD_BYTES_MAX:
        raise NoRoomToHold(_("Too many files are held just now. Please choose this one again."))
    token = secrets.token_hex(32)
    place = _place(token)
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with os.fdopen(os.open(place, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
        file.write(found)
    os.utime(place, (at.timestamp(), at.timestamp()))
    return Held(token, tidy_name(name, kind), kind.mime, len(found))


def held_content(token: str, *, at: datetime) -> bytes | None:
    """Return what is held under this token; None where it is held no longer."""
    if not _TOKEN.fullmatch(token):
        return None
    place = _place(token)
    try:
        return place.read_bytes() if not _is_over(place.stat().st_mtime, at) else None
    except FileNotFoundError:
        return None


def let_go(token: str) -> None:
    """Forget a held file, if it is held."""
    if _TOKEN.fullmatch(token):
        _place(token).unlink(missing_ok=True)


def let_go_old(*, at: datetime) -> int:
    """Forget every file whose time is over and return how many there were."""
    old = [path for path, mtime, _size in _files() if _is_over(mtime, at)]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


def _is_over(mtime: float, at: datetime) -> bool:
    return at.timestamp() - mtime >= HELD_FOR.total_seconds()


def _files() -> Iterator[tuple[Path, float, int]]:
    with suppress(FileNotFoundError), os.scandir(_folder()) as entries:
        for entry in entries:
            with suppress(FileNotFoundError):  # another process was faster
                facts = entry.stat()
                yield Path(entry.path), facts.st_mtime, facts.st_size


def _folder() -> Path:
    return settings.DATA / "held"


def _place(token: str) -> Path:
    return _folder() / token
