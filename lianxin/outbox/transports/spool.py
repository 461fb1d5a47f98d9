"""Into a folder, one file each, which a person can read: what an installation without a gateway does."""

from __future__ import annotations

import json
import os
import secrets
import sys
from pathlib import Path

from django.conf import settings

from lianxin.outbox.transports.parcel import NotTaken, Parcel


class Spool:
    """Writes DATA/spool/<key>.json. The file system allows one file of a name, so nothing is handed over twice."""

    keeps_list = True

    def hand_over(self, parcel: Parcel) -> str:
        place = self._place(parcel.key)
        content = {
            "key": parcel.key,
            "way": parcel.way,
            "to": parcel.to,
            "subject": parcel.subject,
            "text": parcel.text,
        }
        try:
            _write_once(place, json.dumps(content, ensure_ascii=False, indent=1).encode())
        except FileExistsError:
            return place.name  # this key was handed over before
        except OSError as problem:
            raise NotTaken(f"spool: {problem.strerror}") from problem
        sys.stdout.write(f"[{parcel.way}] {parcel.hint} {place.name[:12]}\n")
        sys.stdout.flush()
        return place.name

    def known(self, key: str) -> bool | None:
        return self._place(key).exists()

    def _place(self, key: str) -> Path:
        return settings.DATA / "spool" / f"{key}.json"


def _write_once(place: Path, content: bytes) -> None:
    """Write a whole file or none, and only if there is none yet. Raises FileExistsError."""
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = place.with_name(f".{place.stem[:12]}.{secrets.token_hex(6)}")
    try:
        with os.fdopen(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, place)  # unlike a rename, fails where the name is taken
    finally:
        draft.unlink(missing_ok=True)
    folder = os.open(place.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
