"""The forms of the demo county: rows of a file, brought in and published as on the desk."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from lianxin.sheets import actions

FILE = Path(__file__).parent / "sheets.json"


def definitions() -> list[dict[str, Any]]:
    """Return the sheets of the demo county as files hold them."""
    found: list[dict[str, Any]] = json.loads(FILE.read_text(encoding="utf-8"))
    return found


def publish(at: datetime) -> None:
    """Put every sheet of the demo county into use."""
    for definition in definitions():
        actions.publish_sheet(actions.bring_sheet(definition, by=None, at=at), by=None, at=at)
